package grammar

import "strings"

// sshfsOptions are those of sshfs(1) and of FUSE.
var sshfsOptions = Options{
	Short:   "hVfsdvC1p:F:o:",
	Long:    "help version debug verbose",
	Permute: true,
}.compiled()

// sshfsCall is a command line of sshfs.
type sshfsCall struct {
	ssh       sshConnection
	command   string // ssh_command
	operands  []string
	readOnly  bool
	noSSH     bool // directport, vsock, passive
	redirects bool // passive: standard input and output are the connection
	help      bool
}

// sshfs reads sshfs(1): a remote directory as one of this host.
func sshfs(c *Command) (t Transfer) {
	var call sshfsCall
	for o := range sshfsOptions.Scan(c.Args) {
		call.option(&o)
	}
	if call.help || len(call.operands) == 0 {
		return Transfer{Direction: Informative}
	}
	r, ok := parseHostPath(call.operands[0])
	if !ok {
		return Transfer{}
	}
	t.Direction = Bidirectional
	if call.readOnly {
		t.Direction = Download
	}
	shell := parseTransport(call.command)
	shell.ssh.inherit(&call.ssh) // what sshfs adds comes after what ssh_command has
	t.addRemote(shell.ssh.reach(r))
	t.LocalPaths = call.operands[1:]
	shell.ssh.describe(&t)
	if shell.alternate {
		t.signal(AlternateTransport)
	}
	if call.noSSH {
		t.Protocol, t.Channel = "sftp", Clear
	}
	if call.redirects {
		t.signal(StdinData)
		t.signal(StdoutData)
	}
	return t
}

func (s *sshfsCall) option(o *Option) {
	switch o.Name {
	case "":
		s.operands = append(s.operands, o.Value)
	case "h", "help", "V", "version":
		s.help = true
	case "p":
		s.ssh.setPort(parsePort(o.Value))
	case "F":
		s.ssh.config = o.Value
	case "o":
		for setting := range strings.SplitSeq(o.Value, ",") {
			s.mountOption(setting)
		}
	}
}

// mountOption reads one of -o a,b=c: of FUSE, of sshfs, or of ssh_config(5).
func (s *sshfsCall) mountOption(setting string) {
	key, value, _ := strings.Cut(setting, "=")
	switch key {
	case "ro":
		s.readOnly = true
	case "ssh_command":
		s.command = value
	case "directport":
		s.ssh.setPort(parsePort(value))
		s.noSSH = true
	case "vsock":
		s.noSSH = true
	case "passive", "slave":
		s.noSSH, s.redirects = true, true
	default:
		s.ssh.setting(setting)
	}
}
