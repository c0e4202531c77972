package netfilecopyprocessor

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"github.com/copywatch/copywatch/internal/cmdline"
)

const ellipsis = "…"

// appendText adds s to a line that people read, as at most limit bytes. What
// could break or disguise the line is escaped as in [cmdline.AppendQuoted]:
// control characters, line separators, invisible characters, those that change
// the direction of writing, and bytes that are not UTF-8.
func appendText(line []byte, s string, limit int) []byte {
	full := len(line) + limit
	cut := len(line) // where the ellipsis goes if s does not fit
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		line = appendRune(line, s[:size], r)
		if len(line) > full {
			return append(line[:cut], ellipsis...)
		}
		if len(line)+len(ellipsis) <= full {
			cut = len(line)
		}
		s = s[size:]
	}
	return line
}

// appendRune adds one character, which encoded is the UTF-8 of.
func appendRune(line []byte, encoded string, r rune) []byte {
	notUTF8 := r == utf8.RuneError && len(encoded) == 1
	switch {
	case r == '\n':
		return append(line, `\n`...)
	case r == '\t':
		return append(line, `\t`...)
	case r == '\r':
		return append(line, `\r`...)
	case unicode.IsPrint(r) && !notUTF8:
		return append(line, encoded...)
	}
	const hex = "0123456789abcdef"
	for i := range len(encoded) {
		line = append(line, '\\', 'x', hex[encoded[i]>>4], hex[encoded[i]&0xf])
	}
	return line
}

// joinArgs returns arguments as a command line, or of a long one at least as
// much of its head as [commandLineLimit] bytes show.
func joinArgs(args iter.Seq[string]) string {
	var line []byte
	for arg := range args {
		if line != nil {
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
