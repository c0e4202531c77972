package cmdline

import (
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	for line, want := range map[string][]string{
		``:                          nil,
		"  \t\n":                    nil,
		`scp -P 22 f u@h:`:          {"scp", "-P", "22", "f", "u@h:"},
		`ssh -i 'my key' "a b"`:     {"ssh", "-i", "my key", "a b"},
		`'' "" $''`:                 {"", "", ""},
		`a'b'"c"$'d'\e`:             {"abcde"},
		`"\$HOME \"x\" \n"`:         {`$HOME "x" \n`},
		`$'tab\tnl\n\x41\x4g\'\\'`:  {"tab\tnl\nA\x04g'\\"},
		`'open`:                     {"open"},
		`"open`:                     {"open"},
		`$'open`:                    {"open"},
		`end\`:                      {`end\`},
		`cat f | nc h 9 > /dev/tcp`: {"cat", "f", "|", "nc", "h", "9", ">", "/dev/tcp"},
	} {
		if got := Split(line); !slices.Equal(got, want) {
			t.Errorf("Split(%q) = %q, want %q", line, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("plain"), []byte("it's $'quoted'"))
	f.Add([]byte("\x00\xff\n"), []byte(""))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		line := AppendJoined(nil, [][]byte{first, second})
		if got, want := Split(string(line)), []string{string(first), string(second)}; !slices.Equal(got, want) {
			t.Errorf("Split(%q) = %q, want %q", line, got, want)
		}
		Split(string(first)) // must not panic on what was not quoted
	})
}
