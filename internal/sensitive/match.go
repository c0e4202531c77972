package sensitive

import (
	"path"
	"slices"
	"strings"
)

// index finds patterns by the name that they end in.
type index struct {
	exact    map[string][]pattern
	names    []string             // the keys of exact, sorted
	prefixes [256][]pattern       // by the first byte
	suffixes map[string][]pattern // by what follows the last dot, in lower case
	any      []pattern            // those that end in any name
	root     uint64               // the classes of the root directory
}

// pattern is one of a class.
type pattern struct {
	class    uint64 // its bit, the lower the more severe
	not      bool   // takes the class away
	absolute bool   // from the root, where it is otherwise the end of any path
	under    bool   // all that is in the directory as well
	digits   bool   // only digits follow the prefix
	text     string // the prefix or suffix; for an exact one, the name
	parents  []string
}

// anyComponent as a parent is any one component.
const anyComponent = "*"

// match returns the classes of a path, as bits.
func (x *index) match(p *resolved) uint64 {
	if len(p.components) == 0 {
		if p.absolute {
			return x.root
		}
		return 0
	}
	var m matches
	last := len(p.components) - 1
	for i, name := range p.components {
		known := x.exact[name]
		for j := range known {
			if i == last || known[j].under {
				m.add(&known[j], p, i)
			}
		}
	}
	x.matchLast(&m, p, last)
	return m.found &^ m.taken
}

// matches collects classes.
type matches struct{ found, taken uint64 }

// add notes the class of a pattern whose name is the component at i, if what is before fits.
func (m *matches) add(candidate *pattern, p *resolved, i int) {
	if !candidate.fits(p.components[:i], p.absolute) {
		return
	}
	if candidate.not {
		m.taken |= candidate.class
	} else {
		m.found |= candidate.class
	}
}

func (c *pattern) fits(before []string, absolute bool) bool {
	skipped := len(before) - len(c.parents)
	if skipped < 0 || c.absolute && (!absolute || skipped > 0) {
		return false
	}
	for i, want := range c.parents {
		if want != anyComponent && before[skipped+i] != want {
			return false
		}
	}
	return true
}

// matchLast looks for patterns that know of the last component only the beginning or the end, or nothing.
func (x *index) matchLast(m *matches, p *resolved, last int) {
	name := p.components[last]
	for i := range x.any {
		m.add(&x.any[i], p, last)
	}
	prefixes := x.prefixes[name[0]]
	for i := range prefixes {
		if prefixes[i].begins(name) {
			m.add(&prefixes[i], p, last)
		}
	}
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		var buffer [maxExtension]byte
		suffixes := x.suffixes[string(lower(&buffer, name[dot+1:]))]
		for i := range suffixes {
			if hasSuffixFold(name, suffixes[i].text) {
				m.add(&suffixes[i], p, last)
			}
		}
	}
	if p.pattern {
		x.matchPattern(m, p, last)
	}
}

func (c *pattern) begins(name string) bool {
	rest, ok := strings.CutPrefix(name, c.text)
	return ok && rest != "" && (!c.digits || strings.Trim(rest, "0123456789") == "")
}

// maxExtension is the length in bytes of the longest extension that a pattern may have.
const maxExtension = 16

// lower writes an extension in lower case; one that is too long is empty.
func lower(buffer *[maxExtension]byte, s string) []byte {
	if len(s) > len(buffer) {
		return nil
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buffer[i] = c
	}
	return buffer[:len(s)]
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) > len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

// maxPattern is the longest pattern of a shell in bytes that is compared with names.
const maxPattern = 64

// matchPattern looks for names that a pattern in the arguments matches: those
// that begin with its text before the first special character.
func (x *index) matchPattern(m *matches, p *resolved, last int) {
	given := p.components[last]
	begin := given[:strings.IndexAny(given, patternCharacters)]
	if begin == "" || len(given) > maxPattern {
		return
	}
	first, _ := slices.BinarySearch(x.names, begin)
	for _, name := range x.names[first:] {
		if !strings.HasPrefix(name, begin) {
			return
		}
		if ok, err := path.Match(given, name); err != nil || !ok {
			continue
		}
		for i := range x.exact[name] {
			if candidate := &x.exact[name][i]; !candidate.not {
				m.add(candidate, p, last)
			}
		}
	}
}
