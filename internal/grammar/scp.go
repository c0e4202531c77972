package grammar

import "strings"

// scpOptions are those of scp(1), and -t, -f and -d, by which a peer runs it as its other half.
var scpOptions = Options{Short: "12346ABCTdfOpqRrstvD:F:J:M:P:S:c:i:l:o:X:"}.compiled()

// scp reads scp(1) of OpenSSH: sources and a target, of which any may be remote.
func scp(c *Command) (t Transfer) {
	var (
		ssh      sshConnection
		port     int
		served   Direction
		operands []string
	)
	for o := range scpOptions.Scan(c.Args) {
		switch o.Name {
		case "t":
			served = ServeIn
		case "f":
			served = ServeOut
		case "P":
			port = parsePort(o.Value)
		case "S":
			ssh.program = o.Value
		case "D": // the server is a program on this host
			t.signal(AlternateTransport)
		case "":
			operands = c.Args[o.Index:]
		default:
			ssh.option(&o)
		}
		if operands != nil {
			break
		}
	}
	if served != NoCopy {
		t.serve(c, served, operands)
		return t
	}
	t.copyOperands(operands, func(s string) (Remote, bool) {
		r, remote := parseSCPOperand(s)
		if !remote {
			return r, false
		}
		if r.Port == 0 {
			r.Port = port
		}
		return ssh.reach(r), true
	})
	if t.Direction == NoCopy {
		return Transfer{}
	}
	ssh.describe(&t)
	return t
}

// parseSCPOperand tells [user@]host:path and scp://[user@]host[:port][/path] from a local path.
func parseSCPOperand(s string) (Remote, bool) {
	if strings.HasPrefix(s, "scp://") {
		return parseSSHURL(s)
	}
	return parseHostPath(s)
}

// parseSSHURL reads a URL as OpenSSH does (parse_uri in misc.c): the slash after
// the host is no part of the path, and what follows a semicolon none of the user.
func parseSSHURL(s string) (Remote, bool) {
	r, ok := parseURL(s)
	r.Path = strings.TrimPrefix(r.Path, "/")
	r.User, _, _ = strings.Cut(r.User, ";")
	return r, ok
}

// serve fills in what a peer had this host start: the other half of its copy.
func (t *Transfer) serve(c *Command, d Direction, paths []string) {
	t.Direction = d
	t.LocalPaths = paths
	t.sshPeer(c)
}

// copyOperands fills in a copy of all operands to the last. One operand is no
// call, and none has the tool show how it is used. What has no colon is local
// to all these tools.
func (t *Transfer) copyOperands(operands []string, parse func(string) (Remote, bool)) {
	if len(operands) == 0 {
		t.Direction = Informative
	}
	if len(operands) < 2 {
		return
	}
	var remoteSources, localSources, remoteTarget bool
	for i, operand := range operands {
		var r Remote
		remote := strings.IndexByte(operand, ':') >= 0
		if remote {
			r, remote = parse(operand)
		}
		switch last := i == len(operands)-1; {
		case !remote:
			t.addPath(operand)
			localSources = localSources || !last
			continue
		case last:
			remoteTarget = true
		default:
			remoteSources = true
		}
		t.addRemote(r)
	}
	switch {
	case remoteTarget && localSources:
		t.Direction = Upload
	case remoteTarget:
		t.Direction = RemoteToRemote
	case remoteSources:
		t.Direction = Download
	default:
		t.Direction = Local
	}
}

var mscpOptions = Options{Short: "46vqDrpdNhn:m:u:I:W:R:s:S:a:b:L:l:P:F:o:i:J:c:M:C:g:"}.compiled()

// mscp reads mscp(1), scp over many connections: https://github.com/upa/mscp.
func mscp(c *Command) (t Transfer) {
	var ssh sshConnection
	var operands []string
	for o := range mscpOptions.Scan(c.Args) {
		switch o.Name {
		case "P":
			ssh.setPort(parsePort(o.Value))
		case "l":
			ssh.setUser(o.Value)
		case "h", "D": // D: only says what it would do
			return Transfer{Direction: Informative}
		case "":
			operands = c.Args[o.Index:]
		default:
			ssh.option(&o)
		}
		if operands != nil {
			break
		}
	}
	t.copyOperands(operands, func(s string) (Remote, bool) {
		r, remote := parseHostPath(s)
		if !remote {
			return r, false
		}
		return ssh.fill(r), true
	})
	if t.Direction == NoCopy {
		return Transfer{}
	}
	ssh.describe(&t)
	return t
}

// fill returns r with what it leaves out.
func (s *sshConnection) fill(r Remote) Remote {
	if r.User == "" {
		r.User = s.user
	}
	if r.Port == 0 {
		r.Port = s.port
	}
	return r
}
