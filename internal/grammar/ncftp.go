package grammar

import "strings"

// The letters are those of ncftpput, ncftpget and ncftpls -? (NcFTP 3.2.6),
// which stop at the first operand. -T takes a value in ncftpput only.
var (
	ncftpputOptions = Options{Short: "u:p:P:j:d:e:U:t:f:h:T:S:I:B:r:o:W:X:Y:amvVcCAzZDbEFsyR?"}.compiled()
	ncftpgetOptions = Options{Short: "u:p:P:j:d:e:t:f:h:I:B:r:o:W:X:Y:avVcCAzZDbEFRT?"}.compiled()
)

// ncftp is what the options of ncftpput and ncftpget have in common.
type ncftp struct {
	site          Remote
	login         bool // -f: host and user are in a file
	pipes, single bool // -c, -C
	operands      []string
}

func scanNcftp(o *Options, args []string, t *Transfer) (n ncftp) {
	deletes := 0
	for o := range o.Scan(args) {
		switch o.Name {
		case "":
			n.operands = appendOperand(n.operands, args, o.Index)
		case "u":
			n.site.User = o.Value
		case "P":
			n.site.Port = parsePort(o.Value)
		case "h":
			n.site.Host = o.Value
		case "f":
			n.login = true
			t.signal(OpaqueConfig)
			t.addOpaque(o.Value)
		case "c":
			n.pipes = true
		case "C":
			n.single = true
		case "b":
			t.signal(Background)
		case "D":
			if deletes++; deletes == 2 { // one is not enough
				t.signal(RemovesSource)
			}
		}
	}
	return n
}

// takeHost takes the host from the operands, unless -f has it.
func (n *ncftp) takeHost() {
	if n.login || len(n.operands) == 0 {
		return
	}
	r := parseHost(n.operands[0])
	n.operands = n.operands[1:]
	n.site.Host = r.Host
	if r.User != "" {
		n.site.User = r.User
	}
	if r.Port != 0 {
		n.site.Port = r.Port
	}
}

// at is a path on the site, as a remote end.
func (n *ncftp) at(path string) (r Remote) {
	r = n.site
	r.Path = path
	return r
}

// readNcftpput reads ncftpput host dir files..., -f login dir files...,
// -c host file (from standard input) and -C host local remote.
func readNcftpput(c *Command) (t Transfer) {
	n := scanNcftp(ncftpputOptions, c.Args, &t)
	n.takeHost()
	switch {
	case len(n.operands) == 0:
		return Transfer{Direction: Informative}
	case n.pipes:
		t.addInput(c, "-")
		addEnd(&t, n.at(n.operands[0]))
	case n.single:
		t.addInput(c, n.operands[0])
		addEnd(&t, n.at(strings.Join(n.operands[1:min(2, len(n.operands))], "")))
	default:
		addEnd(&t, n.at(n.operands[0]))
		for _, file := range n.operands[1:] {
			t.addInput(c, file)
		}
	}
	t.Direction = Upload
	return t
}

// readNcftpget reads ncftpget host localdir files..., -f login localdir files...,
// -c host file (to standard output), -C host remote local, and URLs.
func readNcftpget(c *Command) (t Transfer) {
	n := scanNcftp(ncftpgetOptions, c.Args, &t)
	if len(n.operands) > 0 && strings.Contains(n.operands[0], "://") {
		for _, url := range n.operands {
			addEnd(&t, n.merge(parseSite(url)))
		}
		if n.pipes {
			t.addOutput(c, "-")
		}
		t.Direction = Download
		return t
	}
	n.takeHost()
	switch {
	case len(n.operands) == 0:
		return Transfer{Direction: Informative}
	case n.pipes:
		n.from(&t, n.operands)
		t.addOutput(c, "-")
	case n.single:
		n.from(&t, n.operands[:1])
		t.LocalPaths = append(t.LocalPaths, n.operands[1:]...)
	default:
		t.addOutput(c, n.operands[0])
		n.from(&t, n.operands[1:])
	}
	t.Direction = Download
	return t
}

func (n *ncftp) from(t *Transfer, files []string) {
	for _, file := range files {
		addEnd(t, n.at(file))
	}
}

func (n *ncftp) merge(r Remote) Remote {
	if r.User == "" {
		r.User = n.site.User
	}
	if r.Port == 0 {
		r.Port = n.site.Port
	}
	return r
}

// readNcftp reads ncftp, which is told what to copy when it runs.
func readNcftp(c *Command) (t Transfer) {
	n := scanNcftp(ncftpgetOptions, c.Args, &Transfer{})
	for _, place := range n.operands[:min(1, len(n.operands))] {
		addEnd(&t, n.merge(parseSite(place)))
	}
	awaitCommands(c, &t)
	return t
}

// readNcftpls reads ncftpls, which only lists.
func readNcftpls(c *Command) (t Transfer) {
	t.Direction = Informative
	for o := range ncftplsOptions.Scan(c.Args) {
		if o.IsOperand() {
			addEnd(&t, parseSite(o.Value))
		}
	}
	return t
}

var ncftplsOptions = Options{Short: "m1lCRgai:x:u:p:P:j:d:t:f:EFKo:W:X:Y:Zr:"}.compiled()

// readNcftpbatch reads ncftpbatch and ncftpspooler: with -d or -D they do what
// earlier calls of ncftpput -b and ncftpget -b have left in ~/.ncftp/spool.
func readNcftpbatch(c *Command) (t Transfer) {
	t.Direction = Informative
	for o := range ncftpbatchOptions.Scan(c.Args) {
		if o.Name == "d" || o.Name == "D" {
			t.Direction = Unknown
			t.signal(OpaqueConfig)
			t.signal(Background)
		}
	}
	return t
}

var ncftpbatchOptions = Options{Short: "dDlx:U:"}.compiled()

// busyboxFTPOptions are those of the applets ftpget and ftpput, in busybox and toybox.
var busyboxFTPOptions = Options{
	Short: "cvu:p:P:", Long: "continue verbose username= password= port=", Permute: true, Abbreviate: true,
}.compiled()

// readFtpget reads ftpget [options] host [local] remote.
func readFtpget(c *Command) (t Transfer) {
	site, operands := scanBusyboxFTP(c.Args)
	if len(operands) == 0 {
		return t
	}
	t.Direction = Download
	site.Path = operands[len(operands)-1]
	addEnd(&t, site)
	if len(operands) > 1 {
		t.addOutput(c, operands[0])
	}
	return t
}

// readFtpput reads ftpput [options] host [remote] local.
func readFtpput(c *Command) (t Transfer) {
	site, operands := scanBusyboxFTP(c.Args)
	if len(operands) == 0 {
		return t
	}
	t.Direction = Upload
	if len(operands) > 1 {
		site.Path = operands[0]
	}
	addEnd(&t, site)
	t.addInput(c, operands[len(operands)-1])
	return t
}

func scanBusyboxFTP(args []string) (site Remote, operands []string) {
	hosts := 0
	for o := range busyboxFTPOptions.Scan(args) {
		switch o.Name {
		case "":
			if hosts++; hosts == 1 {
				site.Host, _ = splitPort(o.Value)
			} else {
				operands = appendOperand(operands, args, o.Index)
			}
		case "u", "username":
			site.User = o.Value
		case "P", "port":
			site.Port = parsePort(o.Value)
		}
	}
	return site, operands
}
