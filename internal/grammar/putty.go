package grammar

import "strings"

// The options of PuTTY's tools have one dash, are not bundled, and take their
// value from the next argument (cmdline.c; pscp(1), psftp(1), plink(1)).
const (
	puttySwitches = "V pgpfp v q r p C 1 2 4 6 A a X x t T N s ssh telnet rlogin raw serial ssh-connection " +
		"noagent agent no-trivial-auth batch no-sanitise-stderr logoverwrite logappend noshare share shareexists " +
		"ls unsafe sftp scp bc be no-antispoof help h version "
	puttyValues = "P= l= i= load= pw= pwfile= hostkey= proxycmd= sshlog= sshrawlog= D= L= R= nc= m= b= sercfg= "
)

// pscpOptions stop at the first operand; psftp and plink take options after the host.
var pscpOptions = Options{Long: puttySwitches + puttyValues, SingleDash: true}.compiled()

// pscp reads PuTTY's pscp(1), or where the options show it the parallel scp of
// pssh, of which some distributions call the program so.
func pscp(c *Command) (t Transfer) {
	if isParallelSCP(c.Args) {
		return parallelSSH(&Command{
			Tool: "parallel-scp", Args: c.Args, Stdin: c.Stdin, Stdout: c.Stdout, Directory: c.Directory, Env: c.Env,
		})
	}
	var p puttyCall
	var operands []string
	for o := range pscpOptions.Scan(c.Args) {
		if o.IsOperand() {
			operands = c.Args[o.Index:]
			break
		}
		p.option(&o)
	}
	if p.about {
		return Transfer{Direction: Informative}
	}
	parse := func(s string) (Remote, bool) {
		r, remote := parsePSCPOperand(s)
		if !remote {
			return r, false
		}
		return p.ssh.fill(r), true // user@ beats -l
	}
	if p.list && len(operands) > 0 {
		t.Direction = Informative
		if r, remote := parse(operands[0]); remote {
			t.addRemote(r)
		}
		return t
	}
	t.copyOperands(operands, parse)
	if t.Direction == NoCopy || t.Direction == RemoteToRemote || t.Direction == Local {
		return Transfer{} // it refuses
	}
	p.describe(&t)
	return t
}

// isParallelSCP: pssh needs -h or -H and a value, of which PuTTY's has neither.
func isParallelSCP(args []string) bool {
	for i, arg := range args {
		switch {
		case arg == "" || arg[0] != '-':
		case arg == "-h" || arg == "-H":
			return i+1 < len(args)
		case strings.HasPrefix(arg, "-hostkey"):
			return false
		case strings.HasPrefix(arg, "-H"), strings.HasPrefix(arg, "-h") && arg != "-help", strings.HasPrefix(arg, "--host"):
			return true
		}
	}
	return false
}

// parsePSCPOperand differs from scp in that what stands before the colon is a
// drive where it is one letter (colon() in pscp.c), and a backslash is a slash.
func parsePSCPOperand(s string) (Remote, bool) {
	if len(s) > 1 && s[0] != '[' && s[1] == ':' {
		return Remote{}, false
	}
	r, remote := parseHostPath(s)
	if remote && (r.Host == "" || strings.IndexByte(r.Host, '\\') >= 0) {
		return Remote{}, false
	}
	return r, remote
}

// puttyCall is what the options say that PuTTY's tools have in common.
type puttyCall struct {
	ssh      sshConnection
	protocol string // where it is not SSH
	session  string // -load: a saved session, which says the rest
	batch    string // -b
	list     bool
	about    bool
	forwards bool
	noRun    bool // -N
	system   bool // -s
}

func (p *puttyCall) option(o *Option) {
	switch o.Name {
	case "P":
		p.ssh.port = parsePort(o.Value)
	case "l":
		p.ssh.user = o.Value
	case "load":
		p.session = o.Value
	case "proxycmd":
		p.ssh.setVia(o.Value, proxyCommandSignal(o.Value))
	case "b":
		p.batch = o.Value
	case "ls":
		p.list = true
	case "D", "L", "R", "nc":
		p.forwards = true
	case "N":
		p.noRun = true
	case "s":
		p.system = true
	case "telnet", "rlogin":
		p.protocol = o.Name
	case "raw":
		p.protocol = "tcp"
	case "serial":
		p.protocol = o.Name
	case "V", "version", "h", "help", "pgpfp", "shareexists":
		p.about = true
	}
}

func (p *puttyCall) describe(t *Transfer) {
	p.ssh.describe(t)
	if p.session != "" {
		t.signal(Alias)
	}
}

// psftp reads PuTTY's psftp(1): commands from a person, a pipe or -b.
func psftp(c *Command) (t Transfer) {
	var p puttyCall
	var call sshCall // of which a command is one operand too many
	call.read(pscpOptions, c.Args, p.option, func(host string) { call.remote = parseUserHost(host) })
	if p.about || len(call.command) > 0 {
		return Transfer{Direction: Informative}
	}
	p.loadSession(&call)
	if call.destination {
		t.addRemote(p.ssh.fill(call.remote))
	}
	p.describe(&t)
	t.sftpSession(c, p.batch, nil)
	return t
}

// loadSession: where only a saved session has the host, its name stands for it.
func (p *puttyCall) loadSession(call *sshCall) {
	if !call.destination && p.session != "" {
		call.remote, call.destination = Remote{Host: p.session}, true
	}
}

// plink reads PuTTY's plink(1): ssh, and other protocols. After -load the host
// is given, and the first operand begins the command.
func plink(c *Command) (t Transfer) {
	var p puttyCall
	var call sshCall
	args := c.Args
	loaded, operands := plinkSession(args)
	if loaded {
		args, call.command = args[:len(args)-len(operands)], operands
	}
	call.read(pscpOptions, args, p.option, func(host string) { call.remote = parsePlinkHost(host) })
	p.loadSession(&call)
	switch {
	case p.about || p.protocol == "serial":
		return Transfer{}
	case p.protocol != "":
		return p.pipe(c, &call)
	}
	call.sshConnection = p.ssh // -l beats user@
	call.forwards, call.noCommand, call.subsystem = p.forwards, p.noRun, p.system
	t = call.transfer(c)
	if t.Direction == NoCopy {
		return Transfer{}
	}
	if p.session != "" {
		t.signal(Alias)
	}
	return t
}

// plinkSession says that -load comes before the first operand, and what is from there on.
func plinkSession(args []string) (found bool, operands []string) {
	for o := range pscpOptions.Scan(args) {
		if o.IsOperand() {
			return found, args[o.Index:]
		}
		found = found || o.Name == "load"
	}
	return found, nil
}

// parsePlinkHost leaves out the port, as plink does.
func parsePlinkHost(s string) Remote {
	r := parseUserHost(s)
	r.Host, _ = splitPort(r.Host)
	return r
}

// pipe: without SSH, what comes in goes to the host, and back.
func (p *puttyCall) pipe(c *Command, call *sshCall) (t Transfer) {
	if !call.destination {
		return t
	}
	out, in := c.Stdin.HoldsData(), c.Stdout.HoldsData()
	switch {
	case out && in:
		t.Direction = Bidirectional
	case out:
		t.Direction = Upload
	case in:
		t.Direction = Download
	default:
		return t
	}
	t.Confidence = Medium
	t.Protocol, t.Channel = p.protocol, Clear
	if out {
		t.addInput(c, "-")
	}
	if in {
		t.addOutput(c, "-")
	}
	call.remote.Port = p.ssh.port
	t.addRemote(call.remote)
	p.describe(&t)
	return t
}
