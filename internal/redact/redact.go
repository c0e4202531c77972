// Package redact masks secrets in the arguments of a program before they leave
// the host: passwords, tokens and keys that their place, their name or their
// shape gives away. The structure stays readable: -u ana:***.
//
// Most command lines hold no secret, and are known not to by one pass over
// their bytes; only what that pass finds suspicious is looked at closely.
package redact

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// Options say what is masked beyond the built-in rules.
type Options struct {
	// Names of further options and variables whose values are secret, in any case, without leading dashes.
	Names []string
}

// Redactor masks secrets. It may be used by several goroutines.
type Redactor struct {
	hints *hints
	texts []textRule
}

// mask stands for a secret. What is masked already is left alone and not counted again.
var mask = []byte("***")

// New returns a Redactor. The error names an Options.Names entry that cannot be the name of an option or variable.
func New(o Options) (*Redactor, error) {
	words := secretWords
	var names []string
	for _, name := range o.Names {
		name = strings.ToLower(strings.TrimLeft(strings.TrimSpace(name), "-"))
		if name == "" || strings.ContainsAny(name, "= \t\n'\"") {
			return nil, fmt.Errorf("redaction: %q is not the name of an option or a variable", name)
		}
		names = append(names, name)
		words = append(words[:len(words):len(words)], regexp.QuoteMeta(name))
	}
	return &Redactor{hints: newHints(names), texts: textRules(strings.Join(words, "|"))}, nil
}

// Args appends to dst the arguments with their secrets masked, and returns it
// with the number of values masked. The bytes of args stay as they are, and
// arguments without secrets are appended as such. name is the base name of the
// executable; which options hold secrets is known by it or by args[0].
func (r *Redactor) Args(dst [][]byte, name string, args [][]byte) (masked [][]byte, count int) {
	start := len(dst)
	dst = append(dst, args...)
	list := dst[start:]
	if tool, at := findTool(name, args); tool != nil {
		count += tool.apply(list[at:])
	}
	for i := 0; i < len(list); i++ {
		kinds := r.hints.in(list[i])
		if kinds == 0 {
			continue
		}
		if kinds&named != 0 && i+1 < len(list) && r.announcesSecret(list[i]) && !startsOption(list[i+1]) && !(string(list[i]) == "--secret" && isSecretID(list[i+1])) {
			count += maskWhole(&list[i+1])
			i++
			continue
		}
		n := 0
		list[i], n = r.text(list[i], kinds)
		count += n
	}
	return dst, count
}

// announcesSecret says that an argument is an option whose value, a secret, is the next argument.
func (r *Redactor) announcesSecret(arg []byte) bool {
	return len(arg) > 2 && arg[0] == '-' && !bytes.ContainsAny(arg, "= ") && r.texts[0].pattern.Match(append(arg[:len(arg):len(arg)], "=x"...))
}

func startsOption(arg []byte) bool { return len(arg) > 1 && arg[0] == '-' && arg[1] == '-' }

// text masks the secrets within one argument, which may itself be a command line.
func (r *Redactor) text(arg []byte, of kinds) ([]byte, int) {
	count := 0
	for i := range r.texts {
		if r.texts[i].kind&of != 0 {
			var n int
			arg, n = r.texts[i].apply(arg)
			count += n
		}
	}
	return arg, count
}

// maskWhole replaces an argument that is a secret.
func maskWhole(arg *[]byte) int {
	if len(*arg) == 0 || bytes.Equal(*arg, mask) {
		return 0
	}
	*arg = mask
	return 1
}

// maskFrom replaces what follows the first n bytes of an argument.
func maskFrom(arg *[]byte, n int) int {
	if len(*arg) <= n || bytes.Equal((*arg)[n:], mask) {
		return 0
	}
	*arg = append((*arg)[:n:n], mask...)
	return 1
}

// maskAfter replaces what follows the first sep after the first n bytes: the password in user:password.
func maskAfter(arg *[]byte, n int, sep byte) int {
	if len(*arg) < n {
		return 0
	}
	i := bytes.IndexByte((*arg)[n:], sep)
	if i < 0 {
		return 0
	}
	return maskFrom(arg, n+i+1)
}
