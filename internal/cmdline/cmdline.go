// Package cmdline shows what someone passed to a program: bytes of any kind,
// chosen by whoever ran it, as text that cannot mislead its reader.
package cmdline

import (
	"unicode"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// Text returns b as valid UTF-8: each byte that is not part of a character is
// written \xNN. Everything else, control characters too, stays as it is.
func Text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	out := make([]byte, 0, len(b)+16)
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			out = appendByte(out, b[0])
		} else {
			out = append(out, b[:size]...)
		}
		b = b[size:]
	}
	return string(out)
}

// AppendJoined appends the arguments, quoted and separated by spaces, to dst.
// The result is one line of valid UTF-8 without control characters. Evaluated
// by a POSIX shell (IEEE Std 1003.1-2024, for $'...') it gives the same bytes.
func AppendJoined(dst []byte, args [][]byte) []byte {
	for i, arg := range args {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = AppendQuoted(dst, arg)
	}
	return dst
}

// Quote is AppendQuoted as a string.
func Quote(arg []byte) string { return string(AppendQuoted(nil, arg)) }

// AppendQuoted appends one argument as a shell would need it: as it is, in
// single quotes, or, where it has something that a reader would not see or
// that would move the text on his screen, as $'...' with escapes.
func AppendQuoted(dst, arg []byte) []byte {
	switch classify(arg) {
	case plain:
		return append(dst, arg...)
	case special:
		return appendSingleQuoted(dst, arg)
	default:
		return appendEscaped(dst, arg)
	}
}

type class int

const (
	plain   class = iota // no character means anything to a shell
	special              // printable, but some do
	hidden               // some are not printable, or no characters at all
)

// wordBytes are those that mean nothing to a shell wherever they stand in a word.
var wordBytes = func() (set [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-") {
		set[c] = true
	}
	return set
}()

func classify(arg []byte) class {
	if len(arg) == 0 {
		return special
	}
	found := plain
	for i := 0; i < len(arg); {
		c := arg[i]
		if wordBytes[c] {
			i++
			continue
		}
		found = special
		if c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				return hidden
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(arg[i:])
		if r == utf8.RuneError && size == 1 || !isShown(r) {
			return hidden
		}
		i += size
	}
	return found
}

// isShown is false for what has no shape of its own: control and format
// characters (text direction, zero width), and spaces other than the usual one.
func isShown(r rune) bool { return unicode.IsPrint(r) }

func appendSingleQuoted(dst, arg []byte) []byte {
	dst = append(dst, '\'')
	for _, c := range arg {
		if c == '\'' {
			dst = append(dst, `'\''`...)
		} else {
			dst = append(dst, c)
		}
	}
	return append(dst, '\'')
}

func appendEscaped(dst, arg []byte) []byte {
	dst = append(dst, '$', '\'')
	afterHex := false // a digit here would be read as part of the escape before it
	for len(arg) > 0 {
		r, size := utf8.DecodeRune(arg)
		shown := isShown(r) && !(r == utf8.RuneError && size == 1)
		switch {
		case shown && afterHex && isHexDigit(arg[0]):
			dst = append(dst, `'$'`...)
			dst = append(dst, arg[0])
			afterHex = false
		case r == '\'' || r == '\\':
			dst = append(dst, '\\', byte(r))
			afterHex = false
		case shown:
			dst = append(dst, arg[:size]...)
			afterHex = false
		default:
			dst, afterHex = appendHidden(dst, arg[:size])
		}
		arg = arg[size:]
	}
	return append(dst, '\'')
}

// appendHidden escapes the bytes of one character that is not shown.
func appendHidden[T string | []byte](dst []byte, char T) (out []byte, hex bool) {
	switch char[0] {
	case '\n':
		return append(dst, `\n`...), false
	case '\t':
		return append(dst, `\t`...), false
	case '\r':
		return append(dst, `\r`...), false
	}
	for i := range len(char) {
		dst = appendByte(dst, char[i])
	}
	return dst, true
}

func appendByte(dst []byte, c byte) []byte {
	return append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
}

func isHexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
