package grammar

// remoteParser says what a notation means: a remote end, or a local path (false).
type remoteParser func(string) (Remote, bool)

// copyOperands is for the many tools that copy all operands but the last to
// the last, as cp does. A tool with one operand copies to or from a place of
// its own choice: to here, where the operand is remote.
func copyOperands(c *Command, t *Transfer, operands []string, parse remoteParser) {
	if len(operands) == 0 {
		return
	}
	var flow copies
	last := len(operands) - 1
	target, toRemote := parse(operands[last])
	if last == 0 {
		if !toRemote {
			return
		}
		addEnd(t, target)
		t.Direction = Download
		return
	}
	for _, source := range operands[:last] {
		if r, fromRemote := parse(source); fromRemote {
			addEnd(t, r)
			flow.across, flow.down = flow.across || toRemote, flow.down || !toRemote
			continue
		}
		t.addInput(c, source)
		flow.up, flow.within = flow.up || toRemote, flow.within || !toRemote
	}
	if toRemote {
		addEnd(t, target)
	} else {
		t.addOutput(c, operands[last])
	}
	t.Direction = flow.direction()
}

// protocolsOfSchemes are those of URLs that these clients take.
var protocolsOfSchemes = map[string]struct {
	name    string
	channel Channel
}{
	"ftp": {"ftp", Clear}, "hftp": {"ftp", Clear}, "ftps": {"ftp", Encrypted},
	"http": {"http", Clear}, "https": {"http", Encrypted}, "dav": {"http", Clear}, "davs": {"http", Encrypted},
	"webdav": {"http", Clear}, "webdavs": {"http", Encrypted},
	"sftp": {"sftp", Encrypted}, "fish": {"ssh", Encrypted}, "ssh": {"ssh", Encrypted}, "ssh2": {"sftp", Encrypted},
	"smb": {"smb", ""}, "tftp": {"tftp", Clear},
	"gsiftp": {"gridftp", ""}, "sshftp": {"gridftp", ""}, "root": {"xrootd", ""}, "roots": {"xrootd", Encrypted},
	"xroot": {"xrootd", ""}, "srm": {"srm", ""}, "ws": {"websocket", Clear}, "wss": {"websocket", Encrypted},
}

// noteScheme tells protocol and channel from a URL's scheme. Of several, the first that has one counts.
func noteScheme(t *Transfer, scheme string) {
	if t.Protocol != "" || scheme == "" {
		return
	}
	if p, ok := protocolsOfSchemes[scheme]; ok {
		t.Protocol, t.Channel = p.name, p.channel
	}
}

// parseSite reads a URL, or [user[:password]@]host[:port][/path].
func parseSite(s string) Remote {
	if r, ok := parseURL(s); ok {
		return r
	}
	return parseAuthority(s)
}

// addEnd adds a remote end, if there is a name for it, with what its scheme tells.
func addEnd(t *Transfer, r Remote) {
	if r.Host != "" || r.URL != "" {
		t.addRemote(r)
	}
	noteScheme(t, r.Scheme)
}
