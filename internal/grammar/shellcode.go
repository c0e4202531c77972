package grammar

import (
	"iter"
	"strings"
)

// shellCommand is a simple command of a shell's script: enough of it to see where its bytes go.
type shellCommand struct {
	words     []string // without quotes; what is expanded stays as it is
	redirects []redirect
	fed       bool // reads what the command before it writes
}

// group is in place of the name of a command, for redirections of several.
const group = "{}"

// redirect is [fd]op target; fd is empty where it is the operator's own.
type redirect struct{ fd, op, target string }

func (c *shellCommand) name() string {
	if len(c.words) == 0 {
		return ""
	}
	return c.words[0][strings.LastIndexByte(c.words[0], '/')+1:]
}

// args are the words behind the name: none where a command is nothing but a redirection.
func (c *shellCommand) args() []string { return c.words[min(len(c.words), 1):] }

// shellCommands yields the simple commands of a script, those in groups and
// substitutions too. It reads as POSIX 2.3 (token recognition) has it, without
// the bodies of here-documents, which look like commands. What is yielded is
// valid until the next.
func shellCommands(script string) iter.Seq[*shellCommand] {
	return func(yield func(*shellCommand) bool) {
		var c shellCommand
		closed := false // a subshell ended: what it was is redirected
		for rest := script; rest != ""; {
			end, fed := c.read(rest)
			if len(c.words) == 0 && closed && len(c.redirects) > 0 {
				c.words = append(c.words, group)
			}
			closed = rest[end-1] == ')'
			if (len(c.words) > 0 || len(c.redirects) > 0) && !yield(&c) {
				return
			}
			rest = rest[end:]
			c = shellCommand{words: c.words[:0], redirects: c.redirects[:0], fed: fed}
		}
	}
}

// read reads up to the end of a simple command, and says where that is and whether it feeds the next.
func (c *shellCommand) read(s string) (end int, feeds bool) {
	for i := 0; i < len(s); {
		switch b := s[i]; {
		case b == ' ' || b == '\t':
			i++
		case b == '#':
			if nl := strings.IndexByte(s[i:], '\n'); nl >= 0 {
				i += nl
			} else {
				i = len(s)
			}
		case b == '>' || b == '<' || b == '&' && i+1 < len(s) && s[i+1] == '>':
			i += c.readRedirect(s[i:], "")
		case strings.IndexByte(";\n()&", b) >= 0:
			return i + 1, false
		case b == '|':
			if i+1 < len(s) && (s[i+1] == '|' || s[i+1] == '&') {
				return i + 2, s[i+1] == '&'
			}
			return i + 1, true
		default:
			word, n := shellWord(s[i:])
			i += n
			if i < len(s) && (s[i] == '>' || s[i] == '<') && isDescriptor(word) {
				i += c.readRedirect(s[i:], strings.Trim(word, "{}"))
			} else if len(c.words) > 0 || !isReserved(word) {
				c.words = append(roomFor(c.words), word)
			} else if word == "done" || word == "fi" || word == "}" {
				c.words = append(c.words, group)
			}
		}
	}
	return len(s), false
}

// isReserved: a word before a command that is not its name.
func isReserved(word string) bool {
	switch word {
	case "{", "}", "!", "if", "then", "else", "elif", "fi", "while", "until", "do", "done", "time":
		return true
	}
	return false
}

func isDescriptor(word string) bool {
	if strings.HasPrefix(word, "{") && strings.HasSuffix(word, "}") {
		return true // {name}>: the shell picks a number
	}
	return word != "" && len(word) <= 3 && strings.Trim(word, "0123456789") == ""
}

func (c *shellCommand) readRedirect(s, fd string) int {
	op := redirectOperator(s)
	i := len(op)
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	target, n := shellWord(s[i:])
	c.addRedirect(redirect{fd, op, target})
	return i + n
}

// manyRedirects is from how many on only the last to a file is kept.
const manyRedirects = 64

// addRedirect keeps all that may lead to a connection. Of those to files, the last of its direction counts.
func (c *shellCommand) addRedirect(r redirect) {
	if n := len(c.redirects); n > manyRedirects && r.isFile() {
		for _, last := range []*redirect{&c.redirects[n-1], &c.redirects[n-2]} {
			if last.isFile() && (last.op[0] == '<') == (r.op[0] == '<') {
				*last = r
				return
			}
		}
	}
	c.redirects = append(roomFor(c.redirects), r)
}

func (r *redirect) isFile() bool {
	return r.target == "" || !strings.HasSuffix(r.op, "&") && !strings.HasPrefix(r.target, "/dev/")
}

// redirectOperator reads one of > >> >| >& < << <<- <<< <> <& &> &>>.
func redirectOperator(s string) string {
	n := 1
	if s[0] == '&' {
		n = 2
	}
	for n < len(s) && n < 3 {
		if c := s[n]; c == s[n-1] || n == 1 && (c == '&' || c == '|' && s[0] == '>' || c == '>') || n == 2 && c == '-' && s[1] == '<' {
			n++
			continue
		}
		break
	}
	if n == 3 && s[0] == '>' { // >>> is >> and >
		n = 2
	}
	return s[:n]
}

// endsPlain are the bytes at which a word ends, or is no longer as written.
var endsPlain = func() (set [256]bool) {
	for _, c := range []byte(" \t\n;&|<>()'\"\\") {
		set[c] = true
	}
	return set
}()

// shellWord reads one word, and how long it is with its quotes.
func shellWord(s string) (word string, length int) {
	end := 0
	for end < len(s) && !endsPlain[s[end]] {
		end++
	}
	if end == len(s) || s[end] != '\'' && s[end] != '"' && s[end] != '\\' {
		return s[:end], end
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')':
			return b.String(), i
		case '\\':
			if i++; i < len(s) {
				b.WriteByte(s[i])
			}
		case '\'':
			inner, _, _ := strings.Cut(s[i+1:], "'")
			b.WriteString(inner)
			i += len(inner) + 1
		case '"':
			i += doubleQuoted(&b, s[i+1:])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), len(s)
}

// doubleQuoted writes what follows a double quote, up to the next, and returns its length with that.
func doubleQuoted(b *strings.Builder, s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return i + 1
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`"\$`+"`", s[i+1]) >= 0:
			i++
		}
		b.WriteByte(s[i])
	}
	return len(s)
}
