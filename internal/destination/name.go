package destination

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// maxName is the longest name in the DNS in bytes, without the last dot (RFC 1035, 2.3.4).
// What is longer cannot be resolved, and is not looked at.
const maxName = 253

// nameBuffer holds a name on the stack of who looks it up.
type nameBuffer [maxName]byte

// normalize writes a host as the resolver gets it: in lower case, without the
// brackets of an IPv6 address and without the last dot; percent-encoding
// decoded as curl does it, and the characters replaced that IDNA maps to ASCII
// (UTS 46), so that neither hides a name. False where the host is empty or too long.
func normalize(buffer *nameBuffer, host string) ([]byte, bool) {
	if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
		host = host[1 : len(host)-1]
	}
	encoded := strings.IndexByte(host, ':') < 0 // a % in an IPv6 address begins the zone
	n := 0
	for i := 0; i < len(host); {
		if c := host[i]; isPlain(c) && n < len(buffer) { // nearly all
			buffer[n] = c
			i, n = i+1, n+1
			continue
		}
		r, size := decode(host[i:], encoded)
		i += size
		r = foldRune(r)
		if r == ignored {
			continue
		}
		if n+utf8.RuneLen(r) > len(buffer) {
			return nil, false
		}
		n += utf8.EncodeRune(buffer[n:], r)
	}
	name := buffer[:n]
	if n > 0 && name[n-1] == '.' {
		name = name[:n-1]
	}
	return name, len(name) > 0
}

// isPlain says that a character stands for itself.
func isPlain(c byte) bool { return c >= 'a' && c <= 'z' || c >= '-' && c <= '9' }

// decode is the first character of s and its size; one of ASCII may be percent-encoded.
func decode(s string, encoded bool) (rune, int) {
	if encoded && s[0] == '%' && len(s) >= 3 {
		high, ok1 := digit(s[1], 16)
		low, ok2 := digit(s[2], 16)
		if c := high<<4 | low; ok1 && ok2 && c < utf8.RuneSelf {
			return rune(c), 3
		}
	}
	return utf8.DecodeRuneInString(s)
}

// ignored is for characters that IDNA drops.
const ignored rune = -1

// foldRune maps a character as IDNA does, as far as letters, digits and dots of ASCII come out of it.
func foldRune(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r < utf8.RuneSelf:
		return r
	case r == 0x3002 || r == 0xFF0E || r == 0xFF61: // ideographic, fullwidth and halfwidth full stop
		return '.'
	case r == 0xAD || r == 0x200B || r == 0x2060 || r == 0xFEFF: // soft hyphen, zero width space, word joiner, no-break space
		return ignored
	case r >= 0xFF01 && r <= 0xFF5E: // fullwidth forms
		return foldRune(r - 0xFF01 + '!')
	case r >= 0x24B6 && r <= 0x24CF: // circled capital letters
		return r - 0x24B6 + 'a'
	case r >= 0x24D0 && r <= 0x24E9: // circled small letters
		return r - 0x24D0 + 'a'
	case r >= 0x2460 && r <= 0x2468: // circled digits, of which zero came later
		return r - 0x2460 + '1'
	case r == 0x24EA:
		return '0'
	}
	return r
}

// isName says whether a host may be a name: letters, digits, hyphens and
// underscores between dots. Variables, globs and masks are none.
func isName(name []byte) bool {
	label := 0 // its length so far
	for _, c := range name {
		switch {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_', c >= utf8.RuneSelf:
			label++
		default:
			return false
		}
	}
	return label > 0
}

// hasForeignLetters says whether a name has letters beyond ASCII, as they are or in Punycode (RFC 3492).
func hasForeignLetters(name []byte) bool {
	for i, c := range name {
		if c >= utf8.RuneSelf {
			return true
		}
		if (i == 0 || name[i-1] == '.') && len(name) >= i+4 && string(name[i:i+4]) == "xn--" {
			return true
		}
	}
	return false
}

// entry is what is known of a host name and of those under it.
type entry struct {
	class Class // empty where only its paths or labels tell
	under bool  // only names under it, not itself
	// labels are of names under it: where one of the labels before it matches, its class counts.
	labels []labelRule
	paths  []pathRule
}

// labelRule is for one label, or for all that begin with it.
type labelRule struct {
	text   string
	prefix bool
	class  Class
}

// pathRule is for paths that begin with these components, of which * is any.
type pathRule struct {
	components []string
	class      Class
}

// ofName is the class of the longest known suffix of a name that has one for it.
func (c *Classes) ofName(name []byte, path string) (Class, bool) {
	for start := 0; ; {
		if e, ok := c.hosts[string(name[start:])]; ok {
			if class := e.of(name[:start], path); class != "" {
				return class, true
			}
		}
		dot := bytes.IndexByte(name[start:], '.')
		if dot < 0 {
			return "", false
		}
		start += dot + 1
	}
}

// of is the class of a name; before is what it has before the entry's own, with the dot.
func (e *entry) of(before []byte, path string) Class {
	if len(before) == 0 && e.under {
		return ""
	}
	for i := range e.paths {
		if e.paths[i].matches(path) {
			return e.paths[i].class
		}
	}
	for len(e.labels) > 0 && len(before) > 0 {
		dot := bytes.IndexByte(before, '.')
		for i := range e.labels {
			if e.labels[i].matches(before[:dot]) {
				return e.labels[i].class
			}
		}
		before = before[dot+1:]
	}
	return e.class
}

func (l *labelRule) matches(label []byte) bool {
	if l.prefix {
		return len(label) > len(l.text) && string(label[:len(l.text)]) == l.text
	}
	return string(label) == l.text
}

// matches compares component by component; a path may have more of them, and slashes may be repeated.
func (p *pathRule) matches(path string) bool {
	for _, want := range p.components {
		for len(path) > 0 && path[0] == '/' {
			path = path[1:]
		}
		end := strings.IndexAny(path, "/?#")
		if end < 0 {
			end = len(path)
		}
		if end == 0 || want != "*" && path[:end] != want {
			return false
		}
		path = path[end:]
	}
	return true
}

// fact is what is known of a name as such.
type fact struct {
	code  string
	under bool // only of names under it
}

// factsOf are the facts of every suffix of a name, or of an address in its usual notation.
func (c *Classes) factsOf(name []byte) Facts {
	var f Facts
	for start := 0; ; {
		if known, ok := c.facts[string(name[start:])]; ok && !(known.under && start == 0) {
			f.set(known.code)
		}
		dot := bytes.IndexByte(name[start:], '.')
		if dot < 0 {
			return f
		}
		start += dot + 1
	}
}

func (f *Facts) set(code string) {
	switch code {
	case factDynamicDNS:
		f.DynamicDNS = true
	case factOnion:
		f.Onion = true
	case factMetadataService:
		f.MetadataService = true
	}
}
