package grammar

import "strings"

// rsyncOptions are those of rsync(1), client, server and daemon; options.c has
// them all. popt(3) lets options follow operands and has no abbreviations. Long
// switches need no mention.
var rsyncOptions = Options{
	Short: "vqcarRbudlLkKHpEAXogDtUNOJSnWxIyzCF0sPih8468mVe:f:B:T:M:@:",
	Long: "address= backup-dir= block-size= bwlimit= cc= checksum-choice= checksum-seed= chmod= chown= compare-dest= " +
		"compress-choice= compress-level= compress-threads= config= confine-root= contimeout= copy-as= copy-dest= debug= dparam= " +
		"early-input= exclude= exclude-from= files-from= filter= groupmap= iconv= include= include-from= info= " +
		"link-dest= log-file= log-file-format= log-format= max-alloc= max-delete= max-size= min-size= " +
		"modify-window= only-write-batch= out-format= outbuf= partial-dir= password-file= port= protocol= " +
		"read-batch= remote-option= rsh= rsync-path= skip-compress= sockopts= stderr= stop-after= stop-at= " +
		"suffix= temp-dir= time-limit= timeout= usermap= write-batch= zc= zl= zt=",
	Permute: true,
}.compiled()

// rsyncCall is a command line of rsync.
type rsyncCall struct {
	operands  []string
	shell     string // -e
	hasShell  bool
	port      int
	config    string // of the daemon
	filesFrom string
	batch     string // --read-batch, --write-batch, --only-write-batch
	batchOnly bool
	readBatch bool
	server    bool // started by a peer, as its other half
	sender    bool
	daemon    bool
	stays     bool // --no-detach
	protected bool // -s: the peer gives the paths by standard input
	list      bool // or a trial run: nothing is copied
	help      bool
	h         bool // help, where it stands alone
	moves     bool
	deletes   bool
}

// rsync reads rsync(1).
func rsync(c *Command) Transfer {
	call := readRsync(c.Args)
	switch {
	case call.server:
		return call.serverTransfer(c)
	case call.help || call.h && (len(call.operands) == 0 || call.daemon):
		return Transfer{Direction: Informative}
	case call.daemon:
		return call.daemonTransfer()
	}
	return call.clientTransfer(c)
}

// rsyncSSL reads rsync-ssl(1), which is rsync to a daemon behind TLS. With
// --HELPER it is the transport of such an rsync.
func rsyncSSL(c *Command) Transfer {
	if args := c.Args; len(args) > 1 && args[0] == "--HELPER" {
		if args = args[1:]; args[0] == "-l" && len(args) > 2 {
			args = args[2:]
		}
		return Transfer{Direction: Unknown, Remotes: []Remote{{Host: args[0]}}}
	}
	t := rsync(c)
	if t.Protocol == "rsync" {
		t.Channel = Encrypted
	}
	return t
}

func readRsync(args []string) (call rsyncCall) {
	for o := range rsyncOptions.Scan(args) {
		if o.IsOperand() {
			call.operands = appendOperand(call.operands, args, o.Index)
			continue
		}
		if !o.Long && o.HasValue { // popt allows -e=ssh
			o.Value = strings.TrimPrefix(o.Value, "=")
		}
		call.option(&o)
	}
	return call
}

func (r *rsyncCall) option(o *Option) {
	switch o.Name {
	case "e", "rsh":
		r.shell, r.hasShell = o.Value, true
	case "port":
		r.port = parsePort(o.Value)
	case "config":
		r.config = o.Value
	case "files-from":
		r.filesFrom = o.Value
	case "write-batch":
		r.batch = o.Value
	case "only-write-batch":
		r.batch, r.batchOnly = o.Value, true
	case "read-batch":
		r.batch, r.readBatch = o.Value, true
	case "server":
		r.server = true
	case "sender":
		r.sender = true
	case "daemon":
		r.daemon = true
	case "no-detach":
		r.stays = true
	case "s", "protect-args", "secluded-args":
		r.protected = true
	case "n", "dry-run", "list-only":
		r.list = true
	case "help", "version", "V":
		r.help = true
	case "h":
		r.h = true
	case "remove-source-files", "remove-sent-files":
		r.moves = true
	default:
		r.deletes = r.deletes || strings.HasPrefix(o.Name, "del") && o.Name != "delay-updates"
	}
}

// paths are those of the server, which come after a dot (server_options in options.c).
func (r *rsyncCall) paths() []string {
	if len(r.operands) == 0 {
		return nil
	}
	return r.operands[1:]
}

func (r *rsyncCall) serverTransfer(c *Command) (t Transfer) {
	switch {
	case r.daemon:
		t.Direction = Unknown
	case r.sender:
		t.serve(c, ServeOut, r.paths())
	default:
		t.serve(c, ServeIn, r.paths())
	}
	if r.daemon {
		t.sshPeer(c)
	} else if r.protected && len(r.operands) == 0 {
		t.addOpaque("-")
	}
	r.signals(&t)
	return t
}

func (r *rsyncCall) daemonTransfer() Transfer {
	t := Transfer{Direction: Listen, Protocol: "rsync", Channel: Clear}
	if r.config != "" {
		t.signal(OpaqueConfig)
		t.addOpaque(r.config)
	}
	if !r.stays {
		t.signal(Background)
	}
	return t
}

// clientTransfer: the first source says whether it reads from a remote end; if
// not, the last operand says whether it writes to one (start_client in main.c).
func (r *rsyncCall) clientTransfer(c *Command) (t Transfer) {
	if len(r.operands) == 0 {
		return Transfer{Direction: Informative}
	}
	last := len(r.operands) - 1
	source, fromRemote := parseRsyncOperand(r.operands[0])
	target, toRemote := parseRsyncOperand(r.operands[last])
	daemon := source.daemon || target.daemon && !fromRemote
	switch {
	case last == 0 && r.readBatch:
		t.Direction = Local
		t.LocalPaths = append(t.LocalPaths, r.operands[0])
		if toRemote {
			t.Direction, t.LocalPaths = Upload, nil
			t.addRemote(target.Remote)
		}
	case last == 0:
		t.Direction = Informative // a listing
		if fromRemote {
			t.addRemote(source.Remote)
		}
	case fromRemote && toRemote:
		return Transfer{} // it refuses
	case fromRemote:
		t.Direction = Download
		r.addSources(&t, source)
		t.LocalPaths = append(t.LocalPaths, r.operands[last])
	case toRemote:
		t.Direction = Upload
		t.LocalPaths = append(t.LocalPaths, r.operands[:last]...)
		t.addRemote(target.Remote)
	default:
		t.Direction = Local
		t.LocalPaths = append(t.LocalPaths, r.operands...)
	}
	r.finish(&t, c, daemon)
	return t
}

// finish adds what is the same in all directions.
func (r *rsyncCall) finish(t *Transfer, c *Command, daemon bool) {
	if r.batch != "" {
		t.LocalPaths = append(t.LocalPaths, r.batch)
	}
	if r.batchOnly && t.Direction == Upload {
		t.Direction = Local // it is written here
	}
	if r.list {
		t.Direction, t.LocalPaths = Informative, nil
	}
	if r.filesFrom != "" {
		t.addOpaque(r.filesFrom)
	}
	r.signals(t)
	if len(t.Remotes) == 0 {
		return
	}
	if daemon {
		r.daemonTransport(t, c)
	} else {
		r.shellTransport(t, c)
	}
}

func (r *rsyncCall) signals(t *Transfer) {
	if r.moves {
		t.signal(RemovesSource)
	}
	if r.deletes {
		t.signal(DeletesExtra)
	}
}

// shellTransport: -e, else RSYNC_RSH, else ssh.
func (r *rsyncCall) shellTransport(t *Transfer, c *Command) {
	shell := r.shell
	if !r.hasShell {
		shell = c.env("RSYNC_RSH")
	}
	r.through(t, shell)
}

func (r *rsyncCall) through(t *Transfer, shell string) {
	t.Protocol, t.Channel = "ssh", Encrypted
	if shell == "" {
		return
	}
	x := parseTransport(shell)
	if x.alternate {
		t.Protocol, t.Channel = "", ""
	}
	x.describe(t)
	for i := range t.Remotes {
		// rsync hands user@ on as -l after those options, and no port.
		t.Remotes[i] = x.ssh.reach(t.Remotes[i])
	}
}

// daemonTransport: a connection to a daemon has no shell but by -e; it may go
// by RSYNC_CONNECT_PROG or RSYNC_PROXY.
func (r *rsyncCall) daemonTransport(t *Transfer, c *Command) {
	if r.hasShell {
		r.through(t, r.shell)
		return
	}
	t.Protocol, t.Channel = "rsync", Clear
	for i := range t.Remotes {
		if t.Remotes[i].Port == 0 {
			t.Remotes[i].Port = r.port
		}
	}
	if c.env("RSYNC_CONNECT_PROG") != "" {
		t.signal(AlternateTransport)
		t.Channel = ""
	} else if c.env("RSYNC_PROXY") != "" {
		t.signal(ViaProxy)
	}
}

// addSources adds all remote sources. Those after the first may leave out the host.
func (r *rsyncCall) addSources(t *Transfer, first rsyncOperand) {
	t.addRemote(first.Remote)
	for _, operand := range r.operands[1 : len(r.operands)-1] {
		next, ok := parseRsyncOperand(operand)
		if !ok && strings.HasPrefix(operand, ":") {
			next.Remote = first.Remote
			next.Path = strings.TrimPrefix(operand[1:], ":")
			ok = true
		}
		if ok {
			t.addRemote(next.Remote)
		}
	}
}

type rsyncOperand struct {
	Remote
	daemon bool
}

// parseRsyncOperand tells host:path, host::module/path and rsync://host/module
// from a local path (check_for_hostspec in options.c).
func parseRsyncOperand(s string) (r rsyncOperand, remote bool) {
	const prefix = "rsync://"
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		r.Remote, remote = parseURL(s)
		r.daemon = true
		return r, remote
	}
	r.Remote, remote = parseHostPath(s)
	if path, ok := strings.CutPrefix(r.Path, ":"); ok && remote {
		r.Path, r.daemon = path, true
	}
	return r, remote
}
