package grammar

import (
	"math"
	"strings"
)

// Remote is the other end of a copy. Every field but one of Host and URL may be empty.
type Remote struct {
	User string
	Host string // name or address, IPv6 without brackets; a bucket, alias or container where the tool names no host
	Port int    // 0 where it is the protocol's own
	Path string // as given, percent-encoding kept
	// Scheme is that of a URL or of the tool's own notation (s3, gs, rclone); empty for user@host:path.
	Scheme string
	// URL is the operand as given, where it is one.
	URL string
}

// parseURL splits scheme://[user[:password]@]host[:port][/path]. False where s is no URL.
// It is lenient as the tools are: what follows the scheme may be anything.
func parseURL(s string) (r Remote, ok bool) {
	colon := strings.IndexByte(s, ':')
	if colon < 1 || !strings.HasPrefix(s[colon:], "://") || !isScheme(s[:colon]) {
		return r, false
	}
	r.setAuthority(s[colon+len("://"):])
	r.Scheme, r.URL = strings.ToLower(s[:colon]), s
	return r, true
}

// isScheme follows RFC 3986 3.1.
func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (i == 0 || !strings.ContainsRune("0123456789+-.", rune(s[i]))) {
			return false
		}
	}
	return s != ""
}

// parseAuthority splits [user[:password]@]host[:port][/path][?query][#fragment].
func parseAuthority(s string) (r Remote) {
	r.setAuthority(s)
	return r
}

func (r *Remote) setAuthority(s string) {
	end := 0
	for end < len(s) && s[end] != '/' && s[end] != '?' && s[end] != '#' {
		end++
	}
	r.setHost(s[:end])
	r.Path = s[end:]
}

// parseHost splits [user[:password]@]host[:port], an IPv6 address in brackets. The password is left out.
func parseHost(s string) (r Remote) {
	r.setHost(s)
	return r
}

func (r *Remote) setHost(s string) {
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		r.User, _, _ = strings.Cut(s[:at], ":")
		s = s[at+1:]
	}
	r.Host, r.Port = splitPort(s)
}

// splitPort splits host:port and [v6]:port. What follows the last colon of a
// bare host belongs to the host where it is no port.
func splitPort(s string) (host string, port int) {
	if strings.HasPrefix(s, "[") {
		if end := strings.IndexByte(s, ']'); end > 0 {
			if after, ok := strings.CutPrefix(s[end+1:], ":"); ok {
				port = parsePort(after)
			}
			return s[1:end], port
		}
	}
	colon := strings.IndexByte(s, ':')
	if colon < 0 || strings.LastIndexByte(s, ':') != colon { // none, or an IPv6 address without brackets
		return s, 0
	}
	if s[colon+1:] == "" {
		return s[:colon], 0
	}
	if port = parsePort(s[colon+1:]); port == 0 {
		return s, 0
	}
	return s[:colon], port
}

// parsePort is 0 for what is no port.
func parsePort(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
		if n = 10*n + int(s[i]-'0'); n > math.MaxUint16 {
			return 0
		}
	}
	return n
}

// findColon is where OpenSSH splits host:path (colon() in misc.c), or -1 for a
// local path: one that begins with a colon, or has a slash before the first.
// A host in brackets may have colons itself.
func findColon(s string) int {
	if s == "" || s[0] == ':' {
		return -1
	}
	bracket := s[0] == '['
	for i := range len(s) {
		switch {
		case s[i] == '@' && i+1 < len(s) && s[i+1] == '[':
			bracket = true
		case s[i] == ']' && i+1 < len(s) && s[i+1] == ':' && bracket:
			return i + 1
		case s[i] == ':' && !bracket:
			return i
		case s[i] == '/':
			return -1
		}
	}
	return -1
}

// parseHostPath splits [user@]host:path as OpenSSH does; false for a local path.
func parseHostPath(s string) (Remote, bool) {
	colon := findColon(s)
	if colon < 0 {
		return Remote{}, false
	}
	r := Remote{Host: s[:colon], Path: s[colon+1:]}
	if at := strings.LastIndexByte(r.Host, '@'); at >= 0 {
		r.User, r.Host = r.Host[:at], r.Host[at+1:]
	}
	r.Host = strings.TrimSuffix(strings.TrimPrefix(r.Host, "["), "]")
	return r, true
}
