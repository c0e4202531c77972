package grammar

import "strings"

var sftpOptions = Options{Short: "1246AafhNpqrvCc:D:i:l:o:s:S:b:B:F:J:P:R:X:"}.compiled()

// sftp reads sftp(1). Its operands name a file to get, or only where commands
// go that come from a person, a pipe or a batch file.
func sftp(c *Command) (t Transfer) {
	var (
		ssh      sshConnection
		port     int
		batch    string
		direct   bool
		operands []string
	)
	for o := range sftpOptions.Scan(c.Args) {
		switch o.Name {
		case "b":
			batch = o.Value
		case "P":
			port = parsePort(o.Value)
		case "S":
			ssh.program = o.Value
		case "D":
			direct = true
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
	if len(operands) == 0 && !direct || len(operands) > 2 {
		return Transfer{Direction: Informative} // it shows how it is used
	}
	if len(operands) > 0 {
		r := parseSFTPDestination(operands[0])
		if r.Port == 0 {
			r.Port = port
		}
		t.addRemote(ssh.reach(r))
	}
	ssh.describe(&t)
	t.sftpSession(c, batch, operands)
	return t
}

// parseSFTPDestination reads sftp://[user@]host[:port][/path] or [user@]host[:path].
func parseSFTPDestination(s string) Remote {
	if strings.HasPrefix(s, "sftp://") {
		r, _ := parseSSHURL(s)
		return r
	}
	if r, ok := parseHostPath(s); ok {
		return r
	}
	r := parseUserHost(s)
	r.Host = strings.TrimSuffix(strings.TrimPrefix(r.Host, "["), "]")
	return r
}

// parseUserHost splits [user@]host.
func parseUserHost(s string) Remote {
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		return Remote{User: s[:at], Host: s[at+1:]}
	}
	return Remote{Host: s}
}

// sftpSession says who gives the commands, where the operands do not: of a path
// that is a file, sftp gets it and ends; in one that is a directory it begins.
func (t *Transfer) sftpSession(c *Command, batch string, operands []string) {
	switch {
	case len(operands) == 2:
		t.Direction = Download
		t.LocalPaths = operands[1:]
	case batch != "":
		t.batch(batch)
	case c.Stdin.HoldsData():
		t.batch("-")
	case len(t.Remotes) > 0 && mayBeFile(t.Remotes[0].Path):
		t.Direction, t.Confidence = Download, Medium
	case c.Stdin.Type == StreamNull:
		t.Direction = Informative // connects, reads no command, and ends
	default:
		t.Direction = Interactive
	}
}

// batch: the commands are in a file, or in standard input.
func (t *Transfer) batch(file string) {
	t.Direction = Unknown
	t.signal(BatchMode)
	t.addOpaque(file)
}

func mayBeFile(path string) bool {
	switch path[strings.LastIndexByte(path, '/')+1:] {
	case "", ".", "..", "~":
		return false
	}
	return true
}

var sftpServerOptions = Options{Short: "ehRd:f:l:P:p:u:Q:"}.compiled()

// sftpServer reads sftp-server(8), which sshd starts for a peer.
func sftpServer(c *Command) (t Transfer) {
	t.Direction = Unknown
	for o := range sftpServerOptions.Scan(c.Args) {
		switch o.Name {
		case "R":
			t.Direction = ServeOut
		case "d":
			t.LocalPaths = append(t.LocalPaths, o.Value)
		case "h", "Q":
			return Transfer{Direction: Informative}
		}
	}
	t.sshPeer(c)
	return t
}
