package netfilecopyprocessor

import (
	"unicode/utf8"

	"github.com/copywatch/copywatch/internal/cmdline"
)

// joinArgs returns arguments as a command line, or of a long one at least as
// much of its head as [commandLineLimit] bytes show.
func joinArgs(args []string) string {
	var line []byte
	for i, arg := range args {
		if i > 0 {
			line = append(line, ' ')
		}
		line = cmdline.AppendQuoted(line, []byte(head(arg, commandLineLimit+utf8.UTFMax)))
		if len(line) > commandLineLimit {
			break
		}
	}
	return string(line)
}

// head returns the first n bytes of s, less those of a character that does not fit whole.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for back := 1; back < utf8.UTFMax && !utf8.RuneStart(s[n]); back++ {
		n--
	}
	return s[:n]
}
