package cmdline

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestJoined(t *testing.T) {
	var l Joined
	for _, args := range [][]string{
		{},
		{"scp", "-r", "a b", "host:/x"},
		{"", "it's", `"`, "\\", "a'b'c", "''", "'"},
		{"\xff", "\n", "größe", "\u2028", "\x1b[2J", "a\xc3"},
		{"$x", "`", "!", "x'\n"},
	} {
		var raw [][]byte
		for _, arg := range args {
			raw = append(raw, []byte(arg))
		}
		assert.Equal(t, string(AppendJoined(nil, raw)), l.Join(raw))
		for i := range raw {
			assert.Equal(t, Text(raw[i]), l.Text(i), "%q", raw[i])
		}
	}
}

func FuzzJoined(f *testing.F) {
	for _, seed := range []string{"scp", "a b", "it's", "\xff\n", "", "'", "$'"} {
		f.Add([]byte(seed), []byte("x"))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var l Joined
		args := [][]byte{a, b, a}
		assert.Equal(t, string(AppendJoined(nil, args)), l.Join(args))
		for i := range args {
			assert.Equal(t, Text(args[i]), l.Text(i))
		}
	})
}
