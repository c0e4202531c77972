package grammar

import "strings"

// sshOptions are those of ssh(1). They may stand before and after the
// destination; what follows is the command.
var sshOptions = Options{
	Short: "1246ACGKMNTVXYZafgknqstvxyB:D:E:F:I:J:L:O:P:Q:R:S:W:b:c:e:i:l:m:o:p:w:",
}.compiled()

// autosshOptions are the same, but for -M (autossh(1)).
var autosshOptions = Options{
	Short: "1246ACGKNTVXYZafgknqstvxyM:B:D:E:F:I:J:L:O:P:Q:R:S:W:b:c:e:i:l:m:o:p:w:",
}.compiled()

// sshCall is a command line of an SSH client.
type sshCall struct {
	sshConnection
	remote      Remote
	destination bool // was given
	command     []string
	subsystem   bool // the command names one
	noCommand   bool // -N: none is run
	noStdin     bool // -n, -f: it reads nothing
	about       bool // -V, -Q, -G, -O: no session
}

func ssh(c *Command) Transfer { return sshTransfer(c, sshOptions) }

func autossh(c *Command) Transfer { return sshTransfer(c, autosshOptions) }

// mosh reads mosh(1), which carries a terminal and nothing else.
func mosh(*Command) Transfer { return Transfer{} }

func sshTransfer(c *Command, options *Options) Transfer {
	var call sshCall
	call.read(options, c.Args, call.option, call.setDestination)
	return call.transfer(c)
}

// arguments reads the options of an ssh without a destination: that of rsync -e.
func (s *sshConnection) arguments(options *Options, args []string) {
	var call sshCall
	call.sshConnection = *s
	for o := range options.Scan(args) {
		if o.IsOperand() {
			break
		}
		call.option(&o)
	}
	*s = call.sshConnection
}

// read reads options, destination, options and command, in this order.
func (s *sshCall) read(options *Options, args []string, option func(*Option), destination func(string)) {
	var opt Option // what an option is read from must not be made anew for each
	for len(args) > 0 {
		operand := -1
		for o := range options.Scan(args) {
			if o.IsOperand() {
				operand = o.Index
				break
			}
			opt = o
			option(&opt)
		}
		switch {
		case operand < 0:
			return
		case s.destination:
			s.command = args[operand:]
			return
		}
		s.destination = true
		destination(args[operand])
		args = args[operand+1:]
	}
}

func (s *sshCall) option(o *Option) {
	switch o.Name {
	case "l":
		s.setUser(o.Value)
	case "p":
		s.setPort(parsePort(o.Value))
	case "L", "R", "D", "W", "w":
		s.forwards = true
	case "N":
		s.noCommand = true
	case "s":
		s.subsystem = true
	case "n":
		s.noStdin = true
	case "f":
		s.noStdin, s.background = true, true
	case "O":
		s.about = o.Value != "forward"
	case "V", "Q", "G":
		s.about = true
	default:
		s.sshConnection.option(o)
	}
}

// setDestination reads [user@]host or ssh://[user@]host[:port].
func (s *sshCall) setDestination(dest string) {
	r, isURL := Remote{}, false
	if strings.HasPrefix(dest, "ssh://") {
		r, isURL = parseSSHURL(dest)
	}
	if !isURL {
		r = parseUserHost(dest)
	}
	s.setUser(r.User)
	s.setPort(r.Port)
	s.remote = r
}

// transfer says what the remote command copies. A login, a command that copies
// nothing and a question to ssh itself are no copies.
func (s *sshCall) transfer(c *Command) (t Transfer) {
	if s.about || !s.destination {
		return t
	}
	s.copyByCommand(c, &t)
	if s.forwards {
		t.signal(Tunnel)
		if t.Direction == NoCopy {
			t.Direction = Bidirectional
		}
	}
	if t.Direction == NoCopy {
		return Transfer{}
	}
	s.remote = s.reach(s.remote)
	if len(t.Remotes) == 0 {
		t.addRemote(s.remote)
	}
	for i := range t.Remotes {
		path := t.Remotes[i].Path
		t.Remotes[i] = s.remote
		t.Remotes[i].Path = path
	}
	s.describe(&t)
	return t
}

// copyByCommand fills in direction, paths at both ends and confidence from the
// command: those that only a copy tool runs tell all; others copy where the
// descriptors of this ssh have something to give or to take.
func (s *sshCall) copyByCommand(c *Command, t *Transfer) {
	switch {
	case s.noCommand || len(s.command) == 0:
		return
	case s.subsystem:
		if s.command[0] == "sftp" || isSFTPServer(s.command[0]) {
			t.Direction = Unknown
		}
		return
	}
	line := s.command[0]
	if len(s.command) > 1 {
		line = strings.Join(s.command, " ")
	}
	remote := readRemoteCommand(line)
	if remote.server != NoCopy {
		t.Direction = remote.server
		t.remotePaths(remote.paths)
		return
	}
	if remote.saves {
		s.upload(c, t, remote.saved)
	}
	if remote.sends {
		s.download(c, t, remote.sent)
	}
}

func (s *sshCall) upload(c *Command, t *Transfer, paths []string) {
	if s.noStdin || c.Stdin.Type != "" && !c.Stdin.HoldsData() {
		return
	}
	t.Direction = Upload
	if c.Stdin.Type == "" {
		t.Confidence = Low
	}
	t.addInput(c, "-")
	t.remotePaths(paths)
}

func (s *sshCall) download(c *Command, t *Transfer, paths []string) {
	if c.Stdout.Type != "" && !c.Stdout.HoldsData() {
		return
	}
	if t.Direction == NoCopy {
		t.Direction = Download
	} else {
		t.Direction = Bidirectional
	}
	if c.Stdout.Type == "" {
		t.Confidence = Low
	}
	t.addOutput(c, "-")
	t.remotePaths(paths)
}

// remotePaths adds a remote end for each path; the host comes later.
func (t *Transfer) remotePaths(paths []string) {
	for _, path := range paths {
		t.addRemote(Remote{Path: path})
	}
}

// dbclientOptions are those of dbclient(1) of Dropbear.
var dbclientOptions = Options{Short: "tTNfqysAgzVhp:l:o:i:L:R:W:K:I:B:J:c:m:b:"}.compiled()

// dbclient reads Dropbear's client: ssh with other options, and with
// destinations of several hops, [user@]host[/port],[user@]host[/port].
func dbclient(c *Command) Transfer {
	var s sshCall
	careless := 0
	s.read(dbclientOptions, c.Args, func(o *Option) { careless += s.dbclientOption(o) }, s.setHops)
	if careless > 1 {
		s.hostKeys = "no" // -y once takes unknown keys, twice any
	}
	return s.transfer(c)
}

// dbclientOption says whether it was -y.
func (s *sshCall) dbclientOption(o *Option) int {
	switch o.Name {
	case "y":
		return 1
	case "B":
		s.forwards = true
	case "J":
		s.setVia(o.Value, ViaProxy)
	case "W", "I", "K", "O":
	case "h":
		s.about = true
	default:
		s.option(o)
	}
	return 0
}

func (s *sshCall) setHops(dest string) {
	if comma := strings.LastIndexByte(dest, ','); comma >= 0 {
		s.setVia(dest, ViaJumpHost)
		dest = dest[comma+1:]
	}
	r := parseUserHost(dest)
	if end := strings.IndexAny(r.Host, "/^"); end >= 0 {
		r.Host, r.Port = r.Host[:end], parsePort(r.Host[end+1:])
	}
	s.setUser(r.User)
	s.setPort(r.Port)
	s.remote = r
}
