package cmdline

import "unicode/utf8"

const ellipsis = "…"

// AppendLine appends a text that is there already to a line that people read,
// as at most limit bytes: what could break or disguise the line is escaped as
// in [AppendQuoted], but nothing is quoted.
func AppendLine(line []byte, s string, limit int) []byte {
	full := len(line) + limit
	cut := len(line) // where the ellipsis goes if s does not fit
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if isShown(r) && !(r == utf8.RuneError && size == 1) {
			line = append(line, s[:size]...)
		} else {
			line, _ = appendHidden(line, s[:size])
		}
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
