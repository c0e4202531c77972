package grammar

import "strings"

// parallelSSHOptions are those of pssh's copying tools. Python's optparse reads
// them: long ones may be cut, and none follows an operand.
var parallelSSHOptions = Options{
	Short: "vArazh:H:l:p:o:e:t:O:x:X:g:L:S:",
	Long: "version help hosts= host= user= par= outdir= errdir= timeout= option= verbose askpass extra-args= extra-arg= " +
		"host-glob= recursive localdir= archive compress ssh-args=",
	Abbreviate: true,
}.compiled()

// parallelCall is a copy between this host and many.
type parallelCall struct {
	user      string
	hosts     []string
	hostFiles []string
	localDir  string
	ssh       sshConnection
	operands  []string
	cut       bool // an option was abbreviated
	about     bool
}

// parallelSSH reads parallel-scp(1), parallel-rsync(1) and parallel-slurp(1):
// all but the last operand go to the last on each host, or for slurp the first
// of each host comes here.
func parallelSSH(c *Command) (t Transfer) {
	var p parallelCall
	for o := range parallelSSHOptions.Scan(c.Args) {
		if o.IsOperand() {
			p.operands = c.Args[o.Index:]
			break
		}
		p.cut = p.cut || o.Abbreviated
		p.option(&o)
	}
	switch {
	case p.about || len(c.Args) == 0:
		return Transfer{Direction: Informative}
	case len(p.operands) < 2 || len(p.hosts)+len(p.hostFiles) == 0:
		return Transfer{}
	}
	last := len(p.operands) - 1
	if c.Tool == "parallel-slurp" {
		t.Direction = Download
		if p.localDir != "" {
			t.LocalPaths = append(t.LocalPaths, p.localDir)
		}
		t.LocalPaths = append(t.LocalPaths, p.operands[1])
		p.addHosts(&t, p.operands[0])
	} else {
		t.Direction = Upload
		t.LocalPaths = p.operands[:last:last]
		p.addHosts(&t, p.operands[last])
	}
	p.describe(&t)
	return t
}

func (p *parallelCall) option(o *Option) {
	switch o.Name {
	case "h", "hosts":
		p.hostFiles = append(p.hostFiles, o.Value)
	case "H", "host":
		p.hosts = append(p.hosts, strings.Fields(o.Value)...)
	case "l", "user":
		p.user = o.Value
	case "O", "option":
		p.ssh.setting(o.Value)
	case "x", "extra-args", "S", "ssh-args":
		p.ssh.arguments(sshOptions, splitTransport(o.Value))
	case "X", "extra-arg":
		p.ssh.arguments(sshOptions, []string{o.Value})
	case "L", "localdir":
		p.localDir = o.Value
	case "help", "version":
		p.about = true
	}
}

func (p *parallelCall) addHosts(t *Transfer, path string) {
	for _, host := range p.hosts {
		r := parseHost(host)
		if r.User == "" {
			r.User = p.user
		}
		r.Path = path
		t.addRemote(p.ssh.reach(r))
	}
}

func (p *parallelCall) describe(t *Transfer) {
	p.ssh.describe(t)
	t.Opaque = append(t.Opaque, p.hostFiles...)
	if p.cut {
		t.signal(OptionAbbreviated)
	}
}
