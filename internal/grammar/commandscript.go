package grammar

import (
	"cmp"
	"slices"
	"strings"
)

// Clients of FTP and SMB have a language of their own for what to copy (put,
// get, mirror). Where it is in an argument (lftp -e, smbclient -c), it says
// more than all options. This file splits it, and keeps what it adds up to.

// scriptSyntax says how a client splits a script. It is compiled once by
// [scriptSyntax.compiled] and read by many.
type scriptSyntax struct {
	separators string // end a command
	quotes     string // hold a word together
	escapes    bool   // a backslash takes away the meaning of what follows
	shell      bool   // as in lftp: # comments, ( groups, > redirects, | and ! give the rest to a shell

	plain [256]bool // bytes that mean themselves
}

// compiled returns s, ready for use.
func (s scriptSyntax) compiled() scriptSyntax {
	for i := range s.plain {
		c := byte(i)
		s.plain[i] = !s.endsWord(c) && strings.IndexByte(s.quotes, c) < 0 && (c != '\\' || !s.escapes)
	}
	return s
}

// scriptReader reads one command after another, in one pass.
type scriptReader struct {
	*scriptSyntax
	rest   string
	words  []string // of the command; overwritten by the next
	output string   // where > sends what it prints
}

// next reads a command. It may have no words.
func (r *scriptReader) next() bool {
	if r.rest == "" {
		return false
	}
	r.words, r.output = r.words[:0], ""
	redirected := false
	for r.skipBlanks() {
		switch c := r.rest[0]; {
		case strings.IndexByte(r.separators, c) >= 0:
			r.rest = r.rest[1:]
			return true
		case r.shell && r.opens(c):
			return true
		case r.shell && c == '>':
			r.rest, redirected = strings.TrimLeft(r.rest, ">"), true
			continue
		}
		word := r.word()
		if redirected {
			r.output, redirected = word, false
			continue
		}
		r.words = append(roomFor(r.words), word)
	}
	return true
}

// skipBlanks skips line ends, too, where they do not end a command.
func (r *scriptReader) skipBlanks() bool {
	for r.rest != "" && isBlank(r.rest[0]) && strings.IndexByte(r.separators, r.rest[0]) < 0 {
		r.rest = r.rest[1:]
	}
	return r.rest != ""
}

// opens treats what only lftp's syntax has, and says that the command ends there.
func (r *scriptReader) opens(c byte) bool {
	first := len(r.words) == 0
	switch {
	case c == '|' && strings.HasPrefix(r.rest, "||"):
		r.rest = r.rest[2:]
	case c == '|': // the shell's command ends as one of lftp's does
		r.skipTo(";&\n")
	case c == '#' && first, c == '!' && first:
		r.skipTo("\n")
	case c == '(' && first, c == ')':
		r.rest = r.rest[1:]
	default:
		return false
	}
	return true
}

func (r *scriptReader) skipTo(ends string) {
	if end := strings.IndexAny(r.rest, ends); end >= 0 {
		r.rest = r.rest[end:]
	} else {
		r.rest = ""
	}
}

// word reads one word, without its quotes.
func (r *scriptReader) word() string {
	s, quote := r.rest, byte(0)
	i := 0
	for i < len(s) && r.plain[s[i]] {
		i++
	}
	if i == len(s) || r.endsWord(s[i]) { // nearly always
		r.rest = s[i:]
		return s[:i]
	}
	word := []byte(s[:i])
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case r.escapes && c == '\\' && i+1 < len(s) && (quote == 0 || s[i+1] == quote || s[i+1] == '\\'):
			i++
			word = append(word, s[i])
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word = append(word, c)
		case strings.IndexByte(r.quotes, c) >= 0:
			quote = c
		case r.endsWord(c):
			r.rest = s[i:]
			return string(word)
		default:
			word = append(word, c)
		}
	}
	r.rest = ""
	return string(word)
}

func (s *scriptSyntax) endsWord(c byte) bool {
	return isBlank(c) || strings.IndexByte(s.separators, c) >= 0 || s.shell && (c == '>' || c == '|' || c == ')')
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// copies is what the commands of a script add up to.
type copies struct{ up, down, across, within bool }

func (s *copies) any() bool { return s.up || s.down || s.across || s.within }

// direction is Informative where nothing was copied: the script only lists.
func (s *copies) direction() Direction {
	switch {
	case s.up && s.down, s.across && (s.up || s.down):
		return Bidirectional
	case s.up:
		return Upload
	case s.down:
		return Download
	case s.across:
		return RemoteToRemote
	case s.within:
		return Local
	}
	return Informative
}

// awaitCommands is for a client whose arguments say at most where to connect:
// what it copies is said later, by a person or by what feeds its standard input.
func awaitCommands(c *Command, t *Transfer) {
	switch {
	case c.Stdin.HoldsData():
		t.Direction = Unknown
		t.signal(BatchMode)
		t.addOpaque("-")
	case c.Stdin.Type == StreamNull: // a macro in ~/.netrc may still copy
		t.Direction = Unknown
	default:
		t.Direction = Interactive
	}
}

// readCommandsFrom is for a client that takes its commands from a file.
func readCommandsFrom(t *Transfer, file string) {
	t.Direction = Unknown
	t.signal(BatchMode)
	t.addOpaque(file)
}

// maxDirectory bounds what a script can cost that changes into a directory of a
// directory, again and again, and a long directory before many names: not the
// square of its length.
const maxDirectory = 256

// maxName is longer than any path that is opened (PATH_MAX of Linux).
const maxName = 4096

// under is a path seen from a directory that the client changed to.
func under(directory, path string) string {
	switch {
	case len(directory) > maxDirectory:
		return path
	case path == ".":
		return cmp.Or(directory, path)
	case directory == "" || path == "" || path == "-" || path[0] == '/' || path[0] == '~' || path[0] == '\\':
		return path
	case strings.HasSuffix(directory, "/") || strings.HasSuffix(directory, `\`):
		return directory + path
	}
	return directory + "/" + path
}

// sortedNames is for completeName.
func sortedNames(names string) []string { return slices.Sorted(strings.FieldsSeq(names)) }

// completeName finds the only name that begins so, as clients do with their
// commands, or returns what it was given.
func completeName(sorted []string, name string) string {
	at, exact := slices.BinarySearch(sorted, name)
	if exact || name == "" || at == len(sorted) || !strings.HasPrefix(sorted[at], name) ||
		at+1 < len(sorted) && strings.HasPrefix(sorted[at+1], name) {
		return name
	}
	return sorted[at]
}
