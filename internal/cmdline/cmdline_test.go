package cmdline

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

func TestQuote(t *testing.T) {
	for arg, want := range map[string]string{
		"scp":               `scp`,
		"user@host:/a-b_c":  `user@host:/a-b_c`,
		"--opt=a,b+c%d":     `--opt=a,b+c%d`,
		"":                  `''`,
		"a b":               `'a b'`,
		"$HOME":             `'$HOME'`,
		"it's":              `'it'\''s'`,
		"~":                 `'~'`,
		"*.key":             `'*.key'`,
		"a\\b":              `'a\b'`,
		"größe":             `'größe'`,
		"a\nb":              `$'a\nb'`,
		"\t\r":              `$'\t\r'`,
		"\x1b[2Jx":          `$'\x1b[2Jx'`,
		"\x1bdead":          `$'\x1b'$'dead'`,
		"\xff":              `$'\xff'`,
		"it's\n":            `$'it\'s\n'`,
		"back\\\n":          `$'back\\\n'`,
		"\u202etxt.exe":     `$'\xe2\x80\xaetxt.exe'`,
		"zero\u200bwidth":   `$'zero\xe2\x80\x8bwidth'`,
		"line\u2028sep":     `$'line\xe2\x80\xa8sep'`,
		"no-break\u00a0":    `$'no-break\xc2\xa0'`,
		"\x7f":              `$'\x7f'`,
		"\ufffd":            "'\ufffd'",
		"half\xe2\x80":      `$'half\xe2\x80'`,
		"\u0085next line":   `$'\xc2\x85next line'`,
		"[...9 bytes cut.]": `'[...9 bytes cut.]'`,
	} {
		assert.Equal(t, want, Quote([]byte(arg)), "%q", arg)
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":            "plain",
		"größe\n\x1b":      "größe\n\x1b",
		"\xffa":            `\xffa`,
		"\xe2\x80":         `\xe2\x80`,
		"ok\xc3(":          `ok\xc3(`,
		"\ufffd stays":     "\ufffd stays",
		"\xed\xa0\x80surr": `\xed\xa0\x80surr`,
	} {
		assert.Equal(t, want, Text([]byte(in)), "%q", in)
	}
}

func TestAppendJoined(t *testing.T) {
	assert.Equal(t, `> scp '' 'a b' h:`, string(AppendJoined([]byte("> "), [][]byte{[]byte("scp"), {}, []byte("a b"), []byte("h:")})))
	assert.Empty(t, AppendJoined(nil, nil))
}

// A shell must give the very bytes back, or an analyst who repeats a command runs another.
func TestShellReadsItBack(t *testing.T) {
	bash := testhost.NeedCommand(t, "bash", "bash")
	args := [][]byte{{}, []byte("a'b\\c"), []byte("\x1b1\x1bag\xffff"), []byte("$(x)`y`"), []byte("\u202e\u00a0ü\n\n"), {'-'}, []byte("~!#&*")}
	for first := 1; first < 256; first++ {
		args = append(args, []byte{byte(first)}, []byte{byte(first), 'a'}, []byte{'0', byte(first), '\\', '7'})
	}
	out, err := exec.Command(bash, "-c", "printf '%s\\0' "+string(AppendJoined(nil, args))).Output()
	require.NoError(t, err)
	assert.Equal(t, append(bytes.Join(args, []byte{0}), 0), out)
}

func FuzzQuote(f *testing.F) {
	f.Add([]byte("a\x1bb\xff'\\"))
	f.Fuzz(func(t *testing.T, arg []byte) {
		line := Quote(arg)
		if !utf8.ValidString(line) {
			t.Errorf("%q is not UTF-8", line)
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("%q shows nothing at %d", line, i)
		}
		if text := Text(arg); !utf8.ValidString(text) {
			t.Errorf("%q is not UTF-8", text)
		}
	})
}

func TestTimeIsLinear(t *testing.T) {
	huge := bytes.Repeat([]byte("a\xff\n'"), 1<<18)
	begin := time.Now()
	Quote(huge)
	Text(huge)
	assert.Less(t, time.Since(begin), time.Second)
}

func BenchmarkAppendJoined(b *testing.B) {
	args := [][]byte{[]byte("scp"), []byte("-P"), []byte("2222"), []byte("build.tgz"), []byte("deploy@203.0.113.7:/in")}
	buf := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendJoined(buf[:0], args)
	}
}
