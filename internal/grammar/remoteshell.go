package grammar

import "strings"

// remoteShell splits what a POSIX shell is told into simple commands (IEEE Std
// 1003.1-2024, Shell Command Language, 2.3 and 2.9). Nothing is expanded.
type remoteShell struct {
	line  string
	at    int
	piped bool     // the command before writes to the next
	words []string // room for those of a command
}

// remoteSimple is one command with its redirections.
type remoteSimple struct {
	words   []string
	input   string // of < file
	output  string // of > and >> file
	ownIn   bool   // standard input is not the shell's
	ownOut  bool
	piped   bool // into the next command
	reading bool // from the one before
}

// next returns the next command; false at the end of the line. Its words are
// valid until the next.
func (r *remoteShell) next() (cmd remoteSimple, ok bool) {
	cmd.reading, r.piped = r.piped, false
	r.words = r.words[:0]
	for r.at < len(r.line) {
		if op := r.operator(); op != "" {
			if r.redirect(&cmd, op) {
				ok = true
				continue
			}
			cmd.piped = op == "|" || op == "|&"
			if ok || cmd.piped {
				r.piped = cmd.piped
				return cmd, true
			}
			continue
		}
		if c := r.line[r.at]; c == ' ' || c == '\t' {
			r.at++
			continue
		}
		r.words = append(roomFor(r.words), r.word())
		cmd.words, ok = r.words, true
	}
	return cmd, ok
}

// operator reads the longest operator that stands here, with the descriptor before it.
func (r *remoteShell) operator() string {
	rest := r.line[r.at:]
	if !beginsOperator[rest[0]] {
		return ""
	}
	digits := 0
	for digits < len(rest) && digits < 3 && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	if digits == len(rest) || digits > 0 && rest[digits] != '<' && rest[digits] != '>' {
		return ""
	}
	end := digits
	for _, op := range remoteOperators[rest[digits]] {
		if strings.HasPrefix(rest[digits:], op) {
			end += len(op)
			break
		}
	}
	r.at += end
	return rest[:end]
}

// remoteOperators are those that begin with a byte, in the order in which they are tried: those of bash too.
var remoteOperators = func() (all [256][]string) {
	for _, op := range []string{
		"<<<", "<<-", "&>>", "<<", "<&", "<>", ">>", ">&", ">|", "&>", "&&", "||", ";;", "|&",
		"|", "&", ";", "<", ">", "(", ")", "\n",
	} {
		all[op[0]] = append(all[op[0]], op)
	}
	return all
}()

// beginsOperator: descriptors may stand before one.
var beginsOperator = func() (begins [256]bool) {
	for c := range begins {
		begins[c] = len(remoteOperators[c]) > 0 || c >= '0' && c <= '9'
	}
	return begins
}()

// redirect reads the operand of a redirection; false where op is none.
func (r *remoteShell) redirect(cmd *remoteSimple, op string) bool {
	if strings.IndexByte(op, '<') < 0 && strings.IndexByte(op, '>') < 0 {
		return false
	}
	for r.at < len(r.line) && (r.line[r.at] == ' ' || r.line[r.at] == '\t') {
		r.at++
	}
	target := r.word()
	switch op {
	case "<", "0<":
		cmd.input, cmd.ownIn = target, true
	case "<<", "<<<", "<<-", "<&", "0<&":
		cmd.ownIn = true
	case ">", ">>", ">|", "1>", "1>>", "&>", "&>>":
		cmd.output, cmd.ownOut = target, true
	case ">&", "1>&":
		cmd.ownOut = target != "1"
	}
	return true
}

// endsRemotePlain are the bytes at which a word ends, or is no longer as written.
var endsRemotePlain = func() (ends [256]bool) {
	for _, c := range []byte("'\"\\`$ \t\n|&;<>()") {
		ends[c] = true
	}
	return ends
}()

// word reads up to the next blank or operator. What $(...) and `...` hold belongs to it, as it stands.
func (r *remoteShell) word() string {
	start, plain := r.at, true
	for r.at < len(r.line) && !endsRemotePlain[r.line[r.at]] {
		r.at++
	}
	var word []byte
	for r.at < len(r.line) {
		c := r.line[r.at]
		special := strings.IndexByte("'\"\\`$", c) >= 0
		if !special && strings.IndexByte(" \t\n|&;<>()", c) >= 0 {
			break
		}
		if special && plain {
			word, plain = append(word, r.line[start:r.at]...), false
		}
		switch {
		case special:
			word = r.special(word, c)
		case plain:
			r.at++
		default:
			word = append(word, c)
			r.at++
		}
	}
	if plain {
		return r.line[start:r.at]
	}
	return string(word)
}

func (r *remoteShell) special(word []byte, c byte) []byte {
	rest := r.line[r.at+1:]
	switch {
	case c == '\\':
		if rest == "" {
			r.at++
			return word
		}
		r.at += 2
		return append(word, rest[0])
	case c == '\'' || c == '`':
		end := strings.IndexByte(rest, c)
		if end < 0 {
			end = len(rest)
		}
		r.at = min(r.at+end+2, len(r.line))
		return append(word, rest[:end]...)
	case c == '"':
		return r.doubleQuoted(word)
	case strings.HasPrefix(rest, "("):
		end := closingParenthesis(rest)
		r.at += 1 + end
		return append(append(word, '$'), rest[:end]...)
	}
	r.at++
	return append(word, c)
}

func (r *remoteShell) doubleQuoted(word []byte) []byte {
	for r.at++; r.at < len(r.line); r.at++ {
		c := r.line[r.at]
		if c == '"' {
			r.at++
			break
		}
		if c == '\\' && r.at+1 < len(r.line) && strings.IndexByte("$`\"\\\n", r.line[r.at+1]) >= 0 {
			r.at++
			c = r.line[r.at]
		}
		word = append(word, c)
	}
	return word
}

// closingParenthesis is where the parenthesis at the start of s has been closed.
func closingParenthesis(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}
