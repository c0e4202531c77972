package grammar

import (
	"net/url"
	"strings"
)

// wire is what a URL scheme says about the way to the peer.
type wire struct {
	protocol string
	channel  Channel
}

// wireOf knows the schemes of curl, Wget and aria2 (curl(1), PROTOCOLS).
func wireOf(scheme string) wire {
	switch scheme {
	case "http", "ws":
		return wire{"http", Clear}
	case "https", "wss":
		return wire{"http", Encrypted}
	case "scp":
		return wire{"ssh", Encrypted}
	case "sftp":
		return wire{"sftp", Encrypted}
	case "ftps", "smtps", "imaps", "ldaps", "gophers", "mqtts", "rtmps", "smbs":
		return wire{strings.TrimSuffix(scheme, "s"), Encrypted}
	case "pop3s":
		return wire{"pop3", Encrypted}
	case "ftp", "tftp", "smtp", "imap", "pop3", "ldap", "gopher", "mqtt", "rtmp", "rtsp", "smb", "telnet", "dict":
		return wire{scheme, Clear}
	}
	return wire{} // ipfs, magnet and what is to come: the tool tells
}

// connect adds a remote end that is reached as its scheme says.
func (t *Transfer) connect(r Remote) { t.connectBy(r, wireOf(r.Scheme)) }

// connectBy adds a remote end. Where several differ in protocol none is named;
// one clear channel is enough for a listener.
func (t *Transfer) connectBy(r Remote, w wire) {
	switch {
	case len(t.Remotes) == 0:
		t.Protocol, t.Channel = w.protocol, w.channel
	default:
		if t.Protocol != w.protocol {
			t.Protocol = ""
		}
		if t.Channel != w.channel && t.Channel != Clear {
			t.Channel = w.channel
		}
	}
	t.addRemote(r)
}

// webURL is for tools that take what is no URL for a host and a path of that scheme.
func webURL(s, scheme string) Remote {
	if r, ok := parseURL(s); ok {
		return r
	}
	r := parseAuthority(s)
	r.Scheme, r.URL = scheme, s
	return r
}

// fileName is the last part of the path of a URL, without query: the name under
// which most tools save it.
func fileName(path string) string {
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}

// joinPath puts a directory before a name, as it was given. Of the two a very
// long one stands for itself: it may come with any number of the others.
func joinPath(directory, name string) string {
	switch {
	case directory == "":
		return name
	case len(directory) > maxDirectory:
		return directory
	case len(name) > maxName:
		return name
	}
	return strings.TrimSuffix(directory, "/") + "/" + name
}

// unescape undoes percent-encoding where that is possible.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// sent is the name of a file to send; the device files of standard input are "-".
func sent(path string) string {
	switch path {
	case "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0":
		return "-"
	}
	return path
}

// isOff reads the value of a switch: --check-certificate=false, -e use_proxy=off.
func isOff(value string) bool {
	switch strings.ToLower(value) {
	case "off", "no", "false", "n", "0":
		return true
	}
	return false
}

// proxied says that the environment names a proxy for the remote end. The
// variables are those of libcurl, Wget, LWP and Python's requests; all of them
// leave HTTP_PROXY out, which a CGI request could set.
func proxied(c *Command, r Remote) bool {
	if c.Env == nil || r.Scheme == "" || len(r.Scheme) > 8 || exempt(c, r.Host) {
		return false
	}
	if c.env(r.Scheme+"_proxy") != "" {
		return true
	}
	if c.Tool == "wget" || c.Tool == "wget2" {
		return false
	}
	return r.Scheme != "http" && c.env(strings.ToUpper(r.Scheme)+"_PROXY") != "" ||
		c.env("all_proxy") != "" || c.env("ALL_PROXY") != ""
}

// proxyCheck asks that for one remote end after the other, and only for the
// first: there may be as many as arguments, and the environment is as long as its owner likes.
type proxyCheck struct{ asked int }

func (p *proxyCheck) proxied(c *Command, r Remote) bool {
	if p.asked >= lookBack {
		return false
	}
	p.asked++
	return proxied(c, r)
}

// maxNoProxy is how much of no_proxy is read, in bytes.
const maxNoProxy = 1 << 13

// exempt says that no_proxy holds for the host: it is a list of domains, or "*".
func exempt(c *Command, host string) bool {
	list := c.env("no_proxy")
	if list == "" {
		list = c.env("NO_PROXY")
	}
	for domain := range strings.SplitSeq(list[:min(len(list), maxNoProxy)], ",") {
		domain = strings.TrimPrefix(strings.TrimSpace(domain), ".")
		if domain == "*" || domain != "" && (host == domain || strings.HasSuffix(host, "."+domain)) {
			return true
		}
	}
	return false
}
