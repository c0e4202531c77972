package grammar

import "strings"

// roles are what the value of an option, or an operand, can be to a [verb].
var roles = map[string]role{
	"skip":   func(*reading, string) {},
	"input":  func(r *reading, v string) { r.addInput(r.Command, v) },
	"output": func(r *reading, v string) { r.addOutput(r.Command, v) },
	"file":   func(r *reading, v string) { r.LocalPaths = append(r.LocalPaths, v) },
	"opaque": func(r *reading, v string) { r.addOpaque(v); r.signal(OpaqueConfig) },

	"url":      func(r *reading, v string) { r.remote(parseURLOrHost(v)) },
	"endpoint": func(r *reading, v string) { r.remote(parseURLOrHost(v)); r.signal(CustomEndpoint) },
	"daemon":   takeDaemon,
	"host":     func(r *reading, v string) { r.remote(parseHost(v)) },
	"alias":    takeAlias,
	"image":    takeImage,
	"name":     func(r *reading, v string) { r.dir = v },
	"value":    func(r *reading, v string) { r.value = v },
	"git":      func(r *reading, v string) { takeGitEnd(r, v, true) },
	"config":   takeGitConfig,
	"enter":    func(r *reading, v string) { r.enter(v) },
	"mailto":   takeAddress,
	"proxy":    func(r *reading, v string) { r.signal(ViaProxy) },

	"help":       func(r *reading, _ string) { r.shows = true },
	"other":      func(r *reading, _ string) { r.refuses = true },
	"stdin":      func(r *reading, v string) { r.stdin = v != "false" },
	"unverified": func(r *reading, v string) { r.unlessFalse(v, Unverified) },
	"verify": func(r *reading, v string) {
		if v == "false" {
			r.signal(Unverified)
		}
	},
	"clear":     func(r *reading, _ string) { r.Protocol, r.Channel = "http", Clear },
	"removes":   func(r *reading, _ string) { r.signal(RemovesSource) },
	"deletes":   func(r *reading, _ string) { r.signal(DeletesExtra) },
	"public":    func(r *reading, _ string) { r.signal(PublicAccess) },
	"relay":     func(r *reading, _ string) { r.signal(Relay) },
	"anonymous": func(r *reading, _ string) { r.signal(Anonymous) },
	"inline":    func(r *reading, _ string) { r.signal(InlineData) },
	"later":     func(r *reading, _ string) { r.signal(Background) },
	"transport": func(r *reading, _ string) { r.signal(AlternateTransport) },

	"upload":   func(r *reading, _ string) { r.Direction = Upload },
	"download": func(r *reading, _ string) { r.Direction = Download },
	"local":    func(r *reading, _ string) { r.Direction = Local },
	"listen":   func(r *reading, _ string) { r.Direction = Listen },

	"docker-context": takeDockerContext,

	"tag":   func(r *reading, v string) { r.tags = append(r.tags, v) },
	"built": takeBuilt,
	"cache": takeCache,
	"context": func(r *reading, v string) { // name=path
		_, path, _ := strings.Cut(v, "=")
		r.addPath(path)
	},
	"feed": takeFeed,
	"bake": func(r *reading, v string) { // *.output=type=registry
		if _, value, ok := strings.Cut(v, ".output="); ok {
			takeBuilt(r, value)
		}
	},

	// Marks for the verb's own read.
	"push": func(r *reading, v string) {
		if v != "false" {
			r.mark("A")
		}
	},
	"from":   func(r *reading, v string) { takeAlias(r, v); r.mark("A") },
	"to":     func(r *reading, v string) { takeAlias(r, v); r.mark("B") },
	"target": func(r *reading, v string) { r.addOutput(r.Command, v); r.mark("A") },
	"A":      func(r *reading, _ string) { r.mark("A") },
	"B":      func(r *reading, _ string) { r.mark("B") },
}

func findRole(name string) role {
	if r, ok := roles[name]; ok {
		return r
	}
	panic("grammar: there is no role " + name)
}

// unlessFalse gives the signal of a switch, which Go's tools let one write --switch=false.
func (r *reading) unlessFalse(value string, s Signal) {
	if value != "false" {
		r.signal(s)
	}
}

// mark leaves a mark, once.
func (r *reading) mark(mark string) {
	if !r.flag(mark) {
		r.flags += mark
	}
}

// flag says whether a role left this mark.
func (r *reading) flag(mark string) bool { return strings.Contains(r.flags, mark) }

func (r *reading) remote(remote Remote) { addRemoteTo(&r.Transfer, remote) }

func addRemoteTo(t *Transfer, remote Remote) {
	if remote.Host != "" || remote.URL != "" {
		t.addRemote(remote)
	}
}

// takeAlias reads a name that a configuration resolves.
func takeAlias(r *reading, name string) {
	r.remote(Remote{Host: name})
	r.signal(Alias)
}

// parseURLOrHost reads what may be a URL, and else is a host with a port and path.
func parseURLOrHost(s string) Remote {
	if r, ok := parseURL(s); ok {
		return r
	}
	return parseAuthority(s)
}

// takeDaemon reads where a daemon is that does the work; a socket of this host is no remote end.
func takeDaemon(r *reading, v string) {
	if strings.HasPrefix(v, "unix:") || strings.HasPrefix(v, "npipe:") || strings.HasPrefix(v, "fd:") || strings.HasPrefix(v, "/") {
		return
	}
	r.remote(parseURLOrHost(v))
}

// protocolOfScheme is what a URL shows of the protocol and of who could read along.
func protocolOfScheme(scheme string) (string, Channel) {
	switch scheme {
	case "http", "ws":
		return "http", Clear
	case "https", "wss":
		return "http", Encrypted
	case "ssh", "git+ssh", "ssh+git", "svn+ssh":
		return "ssh", Encrypted
	case "sftp":
		return "sftp", Encrypted
	case "ftps":
		return "ftp", Encrypted
	case "ftp", "tftp", "git", "svn", "rsync":
		return scheme, Clear
	case "smb":
		return "smb", ""
	}
	return "", ""
}
