package cmdline

import "unicode/utf8"

const ellipsis = "…"

// AppendLine appends a text that is there already to a line that people read,
// as at most limit bytes: what could break or disguise the line is escaped as
// in [AppendQuoted], but nothing is quoted.
func AppendLine[T string | []byte](line []byte, s T, limit int) []byte {
	if len(s) <= limit && isPrintable(s) { // nearly always
		return append(line, s...)
	}
	return appendLine(line, string(s), limit)
}

// isPrintable says that there are only printable characters of ASCII.
func isPrintable[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func appendLine(line []byte, s string, limit int) []byte {
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
