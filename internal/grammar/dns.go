package grammar

import "strings"

// What takes a value of the options that dig, kdig, delv and mdig share; of
// drill, of host and of nslookup, from their manual pages.
var (
	digOptions      = Options{Short: "46b:c:f:hk:mp:q:rt:uvVx:y:E:G:d", Permute: true}.compiled()
	drillOptions    = Options{Short: "DTSI:V:Qf:i:w:q:vh46ab:c:d:tk:o:p:r:suxy:z", Permute: true}.compiled()
	hostOptions     = Options{Short: "aACdlnrsTUwvc:N:p:R:t:W:m:46V", Permute: true}.compiled()
	nslookupOptions = Options{Permute: true, SingleDash: true, Long: "port= query= type= querytype= class= timeout= retry= domain="}.compiled()
)

// dnsLookup is one command line of a program that looks names up.
type dnsLookup struct {
	servers, domains []Remote // that are asked, and that the names with data are of
	port             int
	encoded          int  // labels of names that look like data
	strong           bool // and could hardly be anything else
}

// readLookup finds data in the names that are looked up: whoever runs the
// servers of attacker.example sees what stands before it. It is a guess from the
// look of the labels. Lookups of ordinary names are no copies.
func readLookup(c *Command) Transfer {
	var l dnsLookup
	options := digOptions
	switch c.Tool {
	case "drill":
		options = drillOptions
	case "host":
		options = hostOptions
	case "nslookup":
		options = nslookupOptions
	}
	names := 0
	for opt := range options.Scan(c.Args) {
		switch {
		case opt.Name == "p" || opt.Name == "port":
			l.port = parsePort(opt.Value)
		case opt.Name == "q" && c.Tool != "drill":
			l.operand(opt.Value)
		case !opt.IsOperand():
		case opt.Value != "" && opt.Value[0] == '+': // a query option of dig
		case names == 1 && (c.Tool == "host" || c.Tool == "nslookup"):
			l.server(opt.Value)
			names++
		default:
			l.operand(opt.Value)
			names++
		}
	}
	return l.transfer()
}

func (l *dnsLookup) operand(s string) {
	if server, ok := strings.CutPrefix(s, "@"); ok {
		l.server(server)
		return
	}
	l.name(s)
}

func (l *dnsLookup) server(s string) {
	if len(l.servers) >= maxLookupRemotes {
		return
	}
	r := Remote{Host: s}
	if remote, ok := parseURL(s); ok { // kdig, dog: https://…/dns-query
		r = remote
	}
	l.servers = append(l.servers, r)
}

// maxLookupRemotes bounds what a list of thousands of names costs.
const maxLookupRemotes = 16

// name looks at the labels, and takes what follows the last one that carries data for the peer.
func (l *dnsLookup) name(s string) {
	encoded, strong, end := 0, false, 0
	for start := 0; start < len(s); {
		label, rest, _ := strings.Cut(s[start:], ".")
		next := start + len(label) + 1
		if looks, sure := looksEncoded(label); looks && !isHashedName(rest) {
			encoded++
			strong = strong || sure
			end = min(next, len(s))
		}
		start = next
	}
	if encoded == 0 || end >= len(s) {
		return // no data, or no domain to send it to
	}
	l.encoded += encoded
	l.strong = l.strong || strong || encoded > 1
	if len(l.domains) < maxLookupRemotes {
		l.domains = append(l.domains, Remote{Host: strings.TrimSuffix(s[end:], ".")})
	}
}

// isHashedName says that DANE for mail makes the label before it (RFC 7929, RFC 8162).
func isHashedName(rest string) bool {
	return strings.HasPrefix(rest, "_openpgpkey.") || strings.HasPrefix(rest, "_smimecert.")
}

func (l *dnsLookup) transfer() Transfer {
	if l.encoded == 0 {
		return Transfer{}
	}
	t := Transfer{Direction: Upload, Confidence: Low, Signals: []Signal{InlineData}, Protocol: "dns", Channel: Clear}
	if l.strong || len(l.servers) > 0 {
		t.Confidence = Medium
	}
	for _, server := range l.servers {
		if server.Port == 0 {
			server.Port = l.port
		}
		t.addRemote(server)
	}
	for _, domain := range l.domains {
		t.addRemote(domain)
	}
	return t
}

// Shortest labels that are looked at. A label has at most 63 bytes (RFC 1035).
const (
	minPadded = 8
	minHex    = 20
	minBase32 = 24
	minMixed  = 16
)

// looksEncoded says that a label seems to be hexadecimal, base32 or base64, and
// whether no name of a host could look so.
func looksEncoded(label string) (looks, sure bool) {
	n := len(label)
	if n < minPadded || label[0] == '_' {
		return false, false
	}
	var digits, hex, upper, lower, padding, other, turns, flips int
	previous := byte(0)
	for i := range n {
		c := label[i]
		kind := labelClass(c)
		switch kind {
		case 'd':
			digits++
		case 'u':
			upper++
		case 'l':
			lower++
		case 'p':
			padding++
		default:
			other++
		}
		if kind == 'd' || c|0x20 >= 'a' && c|0x20 <= 'f' {
			hex++
		}
		if previous != 0 && kind != previous {
			if kind == 'd' || previous == 'd' {
				turns++ // between letter and digit
			} else {
				flips++ // between upper and lower case
			}
		}
		previous = kind
	}
	switch {
	case padding > 0 && other == 0:
		return true, true
	case n >= minHex && hex == n && digits > 0:
		return true, false
	case n >= minMixed && other == 0 && upper > 0 && lower > 0 && flips+turns >= n/3:
		return true, false
	case n >= minBase32 && other == 0 && digits > 0 && turns >= n/8:
		return true, false
	}
	return false, false
}

// labelClass is digit, upper, lower, padding (what base64 has and names of hosts have not) or other.
func labelClass(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return 'd'
	case c >= 'A' && c <= 'Z':
		return 'u'
	case c >= 'a' && c <= 'z':
		return 'l'
	case c == '=' || c == '+' || c == '/':
		return 'p'
	}
	return 'o'
}
