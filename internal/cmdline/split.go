package cmdline

import "strings"

// Split returns the words of a command line as a POSIX shell would pass them
// to a program, where nothing is expanded: quotes, backslashes and $'...' with
// the escapes that [Quote] writes are understood; operators are part of words.
// An open quote ends with the line.
func Split(line string) []string {
	var (
		words  []string
		word   []byte
		within bool // a word
	)
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t' || c == '\n':
			if within {
				words = append(words, string(word))
				word, within = word[:0], false
			}
			i++
		case c == '\'':
			end := strings.IndexByte(line[i+1:], '\'')
			if end < 0 {
				end = len(line) - i - 1
			}
			word, within = append(word, line[i+1:i+1+end]...), true
			i += end + 2
		case c == '"':
			word, i = appendDoubleQuoted(word, line, i+1)
			within = true
		case c == '$' && strings.HasPrefix(line[i:], "$'"):
			word, i = appendUnescaped(word, line, i+2)
			within = true
		case c == '\\' && i+1 < len(line):
			word, within = append(word, line[i+1]), true
			i += 2
		default:
			word, within = append(word, c), true
			i++
		}
	}
	if within {
		words = append(words, string(word))
	}
	return words
}

// appendDoubleQuoted adds what stands from i to the closing quote, and returns where it goes on.
func appendDoubleQuoted(word []byte, line string, i int) ([]byte, int) {
	for ; i < len(line) && line[i] != '"'; i++ {
		if line[i] == '\\' && i+1 < len(line) && strings.IndexByte("$`\"\\\n", line[i+1]) >= 0 {
			i++
		}
		word = append(word, line[i])
	}
	return word, i + 1
}

// appendUnescaped is the same for $'...'.
func appendUnescaped(word []byte, line string, i int) ([]byte, int) {
	for ; i < len(line) && line[i] != '\''; i++ {
		if line[i] != '\\' || i+1 == len(line) {
			word = append(word, line[i])
			continue
		}
		i++
		switch c := line[i]; c {
		case 'n':
			word = append(word, '\n')
		case 't':
			word = append(word, '\t')
		case 'r':
			word = append(word, '\r')
		case 'a', 'b', 'e', 'f', 'v':
			word = append(word, "\a\b\x1b\f\v"[strings.IndexByte("abefv", c)])
		case 'x':
			value, digits := 0, 0
			for digits < 2 && i+1 < len(line) && isHexDigit(line[i+1]) {
				i, digits, value = i+1, digits+1, value<<4|hexValue(line[i+1])
			}
			word = append(word, byte(value))
		default: // quotes and the backslash itself
			word = append(word, c)
		}
	}
	return word, i + 1
}

func hexValue(c byte) int { return strings.IndexByte(hexDigits, c|0x20) }
