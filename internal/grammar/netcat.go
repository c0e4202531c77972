package grammar

import (
	"slices"
	"strings"
)

// Three programs are called nc, and they differ in their letters: OpenBSD's
// (which Debian prefers), Hobbit's "traditional" one, and the applet of
// busybox. Where ncat is installed as nc its long options tell. No letter but
// -d (a value in ncat only) and -x (a proxy in OpenBSD's, a dump in ncat) means
// two things where the program does not refuse it, so one table serves.
const netcatShort = "46bCDdFhklNnrStUuvZzI:i:M:m:O:P:p:q:s:T:V:W:w:X:x:c:e:g:G:o:f:"

var (
	netcatOptions   = Options{Short: netcatShort, Permute: true}.compiled()
	cryptcatOptions = Options{Short: strings.Replace(netcatShort, "k", "k:", 1), Permute: true}.compiled() // -k secret
	ncatOptions     = Options{
		Short: "46UChklntuvzc:e:g:G:m:d:o:x:i:p:s:w:",
		Long: "unixsock vsock crlf sh-exec= exec= lua-exec= lua-exec-internal= max-conns= help delay= output= hex-dump= append-output idle-timeout= " +
			"source-port= source= listen keep-open nodns telnet udp sctp verbose wait= send-only recv-only no-shutdown allow= allowfile= deny= denyfile= " +
			"broker chat proxy= proxy-type= proxy-auth= proxy-dns= ssl ssl-cert= ssl-key= ssl-verify ssl-trustfile= ssl-ciphers= ssl-servername= " +
			"ssl-alpn= version test", Permute: true, Abbreviate: true,
	}.compiled()
)

// netcat is what the options of any of them say.
type netcat struct {
	operands             []string
	listens, scans, unix bool
	executes, informs    bool
	ignoresStdin         bool
	sendsOnly, recvsOnly bool
	closes               string // the value of -c
	dump                 string
	device               string // busybox -f: a file in place of the network
	sourcePort           string
}

// readNetcat reads nc, netcat, nc.openbsd, nc.traditional, cryptcat and ncat.
func readNetcat(c *Command) (t Transfer) {
	n := netcat{}
	options := netcatOptions
	isNcat := strings.HasPrefix(c.Tool, "ncat") || slices.ContainsFunc(c.Args, isLongOption)
	switch {
	case isNcat:
		options = ncatOptions
	case c.Tool == "cryptcat":
		options = cryptcatOptions
		t.Channel = Encrypted
	}
	for o := range options.Scan(c.Args) {
		if o.Abbreviated {
			t.signal(OptionAbbreviated)
		}
		switch {
		case o.IsOperand():
			if len(n.operands) < 2 {
				n.operands = append(n.operands, o.Value)
			}
		case isNcat:
			n.ncatOption(&t, &o)
		default:
			n.option(&t, &o)
		}
	}
	return n.transfer(c, t, isNcat)
}

func isLongOption(arg string) bool { return len(arg) > 2 && arg[:2] == "--" }

// option reads what nc and ncat have in common, or nc alone.
func (n *netcat) option(t *Transfer, o *Option) {
	switch o.Name {
	case "l", "listen":
		n.listens = true
	case "z":
		n.scans = true
	case "U", "unixsock":
		n.unix = true
	case "e", "exec", "sh-exec", "lua-exec":
		n.executes = true
	case "c":
		n.executes, n.closes = true, o.Value
	case "h", "help", "version":
		n.informs = true
	case "d":
		n.ignoresStdin = true
	case "o":
		n.dump = o.Value
	case "f":
		n.device = o.Value
	case "p":
		n.sourcePort = o.Value
	case "x", "proxy":
		t.signal(ViaProxy)
	}
}

func (n *netcat) ncatOption(t *Transfer, o *Option) {
	switch o.Name {
	case "send-only":
		n.sendsOnly = true
	case "recv-only":
		n.recvsOnly = true
	case "ssl", "ssl-cert", "ssl-key", "ssl-verify", "ssl-trustfile", "ssl-servername", "ssl-alpn", "ssl-ciphers":
		if o.Name == "ssl" || o.Name == "ssl-verify" || o.Name == "ssl-trustfile" {
			t.Channel = Encrypted
		}
	case "broker", "chat":
		n.listens = true
	case "output", "o", "hex-dump", "x":
		n.dump = o.Value
	case "d", "delay", "c":
		if o.Name == "c" {
			n.executes = true
		}
	default:
		n.option(t, o)
	}
}

// transfer puts it together.
func (n *netcat) transfer(c *Command, t Transfer, isNcat bool) Transfer {
	if n.closes != "" && !isNcat && !n.listens && len(n.operands) == 1 && parsePort(n.operands[0]) != 0 {
		n.executes, n.operands = false, []string{n.closes, n.operands[0]} // GNU netcat: -c only closes
	}
	switch {
	case n.informs:
		return Transfer{Direction: Informative}
	case n.scans, !n.listens && len(n.operands) == 0 && n.device == "", n.listens && len(n.operands) == 0 && n.sourcePort == "" && !isNcat:
		return Transfer{}
	case n.device != "":
		return Transfer{Direction: Local, LocalPaths: []string{n.device}}
	case n.unix:
		return Transfer{Direction: Local, LocalPaths: n.operands[:min(1, len(n.operands))]}
	case !n.listens && len(n.operands) < 2 && !isNcat:
		return Transfer{} // all but ncat need a port
	}
	n.addPeer(c, &t)
	if n.executes {
		t.signal(RunsShell)
		if t.Direction = Bidirectional; n.listens {
			t.Direction = Listen
		}
		return t
	}
	n.join(c, &t)
	return t
}

// addPeer adds who is connected to, or with -l of Hobbit's nc who may connect;
// those of OpenBSD and ncat have an address of this host there.
func (n *netcat) addPeer(c *Command, t *Transfer) {
	hobbit := c.Tool == "nc.traditional" || c.Tool == "cryptcat"
	if n.listens && !hobbit || len(n.operands) == 0 {
		return
	}
	r := Remote{Host: n.operands[0]}
	if len(n.operands) > 1 && !n.listens {
		r.Port = parsePort(n.operands[1])
	}
	addEnd(t, r)
}

// join sets the direction by the descriptors that data goes to and comes from.
func (n *netcat) join(c *Command, t *Transfer) {
	ends := *c
	if n.ignoresStdin || n.recvsOnly {
		ends.Stdin = Stream{Type: StreamNull}
	}
	if n.sendsOnly {
		ends.Stdout = Stream{Type: StreamNull}
	}
	switch {
	case n.listens:
		pumpListening(&ends, t)
	case n.sendsOnly:
		t.Direction = Upload
		t.addInput(c, "-")
	case n.recvsOnly:
		t.Direction = Download
		t.addOutput(c, "-")
	default:
		pump(&ends, t)
	}
	if n.dump == "" {
		return
	}
	t.LocalPaths = append(t.LocalPaths, n.dump)
	if t.Direction == Interactive || t.Direction == Informative {
		t.Direction, t.Confidence = Download, Medium
	}
}
