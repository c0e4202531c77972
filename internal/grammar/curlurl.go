package grammar

import "strings"

// curlURL reads a URL as curl does: one to three slashes may follow the scheme
// (urlapi.c), without a scheme the first part of the host tells one, and braces
// and brackets are for globbing, which is left as it is.
func curlURL(s, defaultScheme string) Remote {
	scheme, rest, ok := cutScheme(s)
	if scheme == "file" {
		return Remote{Scheme: scheme, URL: s, Path: filePath(rest)}
	}
	if ok {
		for range min(3, len(rest)) {
			rest = strings.TrimPrefix(rest, "/")
		}
	}
	r := parseAuthority(rest)
	fixHost(&r, rest)
	switch {
	case ok:
	case defaultScheme != "":
		scheme = defaultScheme
	default:
		scheme = guessScheme(r.Host)
	}
	r.Scheme, r.URL = scheme, s
	return r
}

// cutScheme cuts scheme:/ off, with one slash that begins the rest.
func cutScheme(s string) (scheme, rest string, ok bool) {
	colon := strings.IndexByte(s, ':')
	if colon < 1 || colon > 16 || !strings.HasPrefix(s[colon+1:], "/") || !isScheme(s[:colon]) {
		return "", s, false
	}
	return strings.ToLower(s[:colon]), s[colon+1:], true
}

// guessScheme is what curl guesses from the host name, curl(1): "ftp.example.com" is an FTP server.
func guessScheme(host string) string {
	name, _, ok := strings.Cut(host, ".")
	if ok && len(name) <= 4 {
		switch name = strings.ToLower(name); name {
		case "ftp", "dict", "ldap", "imap", "smtp", "pop3":
			return name
		}
	}
	return "http"
}

// filePath is the path of what stands after "file:".
func filePath(rest string) string {
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		rest = after[min(len(after), max(0, strings.IndexByte(after, '/'))):] // a host can only be this one
	}
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end]
	}
	return unescape(rest)
}

// fixHost mends what differs from the general rule: [1-3].example.com is a
// range of hosts, not an IPv6 address; %65xample.com is decoded.
func fixHost(r *Remote, authority string) {
	authority = authority[:len(authority)-len(r.Path)]
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	if strings.HasPrefix(authority, "[") {
		end := strings.IndexByte(authority, ']')
		if end < 0 || strings.IndexByte(authority[:end], ':') >= 0 {
			return
		}
		r.Host, r.Port = authority, 0
		if colon := strings.LastIndexByte(authority, ':'); colon > end {
			r.Host, r.Port = authority[:colon], parsePort(authority[colon+1:])
		}
	}
	if strings.IndexByte(r.Host, ':') < 0 {
		r.Host = unescape(r.Host)
	}
}
