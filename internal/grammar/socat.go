package grammar

import "strings"

// socatEnd is what a tool that joins two addresses (socat, websocat) names by one of them.
type socatEnd struct {
	kind    socatKind
	remote  Remote
	path    string
	noRead  bool // no data comes from it
	noWrite bool // none goes to it
	channel Channel
	proxied bool
	trusts  bool // does not check the certificate
}

type socatKind uint8

const (
	socatOther   socatKind = iota // a pseudo-terminal, a pipe, an unknown keyword
	socatFile                     // a file or device
	socatStdio                    // a descriptor of its own
	socatConnect                  // a peer that it connects to
	socatListen                   // a peer that connects to it
	socatLocal                    // a socket of this host
	socatProgram                  // a program that it runs
	socatTunnel                   // a network interface
)

func (e *socatEnd) isRemote() bool { return e.kind == socatConnect || e.kind == socatListen }

// socatPair is one of the two addresses, of which each may have one half to
// read from and one to write to: in!!out.
type socatPair struct{ in, out socatEnd }

// readSocat reads socat [options] ADDRESS ADDRESS. Data goes both ways, with -u
// only from left to right, and with -U only from right to left.
func readSocat(c *Command) (t Transfer) {
	j := joint{c: c, t: &t, forward: true, backward: true}
	i := 0
	for ; i < len(c.Args) && isSocatOption(c.Args[i]); i++ {
		switch letter, value := c.Args[i][1], c.Args[i][2:]; {
		case letter == 'u':
			j.backward, j.oneWay = false, true
		case letter == 'U':
			j.forward, j.oneWay = false, true
		case letter == 'V' || letter == 'h' || letter == '?':
			return Transfer{Direction: Informative}
		case letter == 'l' && (value == "f" || value == "p"):
			i++
		case strings.IndexByte("btTrRLW", letter) >= 0:
			if value == "" && i+1 < len(c.Args) {
				i++
				value = c.Args[i]
			}
			if letter == 'r' || letter == 'R' { // a copy of what passes
				t.LocalPaths = append(t.LocalPaths, value)
			}
		}
	}
	if len(c.Args)-i != 2 {
		return Transfer{}
	}
	j.left, j.right = parseSocatPair(c.Args[i]), parseSocatPair(c.Args[i+1])
	j.describe()
	return t
}

// isSocatOption tells options from the address "-", which may have options of its own.
func isSocatOption(arg string) bool {
	return len(arg) > 1 && arg[0] == '-' && arg[1] != ',' && arg[1] != ':' && arg[1] != '!'
}

func parseSocatPair(address string) socatPair {
	if in, out, ok := strings.Cut(address, "!!"); ok {
		return socatPair{parseSocatEnd(in), parseSocatEnd(out)}
	}
	e := parseSocatEnd(address)
	return socatPair{e, e}
}

// socatForm is what a keyword means.
type socatForm struct {
	kind    socatKind
	channel Channel
	noRead  bool
	noWrite bool
	proxied bool
}

// socatForms are the keywords of socat 1.7 and 1.8 in lower case, without the 4
// or 6 of an address family. Those of sockets on this host are known by how they begin.
var socatForms = func() map[string]socatForm {
	forms := make(map[string]socatForm)
	for f, keywords := range map[socatForm]string{
		{kind: socatConnect, channel: Clear}: "tcp tcp-connect inet inet4 inet6 udp udp-connect udp-sendto udp-send udp-datagram udp-dgram sctp sctp-connect " +
			"dccp dccp-connect udplite udplite-connect udplite-sendto udplite-datagram ip ip-sendto ip-send ip-datagram ip-dgram socket-connect socket-sendto socket-datagram",
		{kind: socatListen, channel: Clear}: "tcp-l tcp-listen inet-l inet-listen inet4-l inet4-listen inet6-l inet6-listen udp-l udp-listen udp-recvfrom sctp-l sctp-listen " +
			"dccp-l dccp-listen udplite-l udplite-listen udplite-recvfrom ip-recvfrom socket-listen socket-recvfrom",
		{kind: socatListen, channel: Clear, noWrite: true}:  "udp-recv udplite-recv ip-recv socket-recv",
		{kind: socatConnect, channel: Encrypted}:            "openssl ssl openssl-connect ssl-connect openssl-dtls-client openssl-dtls-connect dtls dtls-connect dtls-client",
		{kind: socatListen, channel: Encrypted}:             "openssl-listen openssl-l ssl-l ssl-listen openssl-dtls-server openssl-dtls-listen dtls-l dtls-listen dtls-server",
		{kind: socatConnect, channel: Clear, proxied: true}: "proxy proxy-connect socks socks4 socks4a socks5 socks5-connect",
		{kind: socatListen, channel: Clear, proxied: true}:  "socks5-listen",
		{kind: socatConnect}:                                "vsock vsock-connect",
		{kind: socatListen}:                                 "vsock-l vsock-listen",
		{kind: socatFile}:                                   "file gopen open",
		{kind: socatFile, noRead: true}:                     "create creat",
		{kind: socatStdio}:                                  "stdio - fd readline",
		{kind: socatStdio, noWrite: true}:                   "stdin",
		{kind: socatStdio, noRead: true}:                    "stdout stderr",
		{kind: socatProgram}:                                "exec system shell",
		{kind: socatTunnel}:                                 "tun tunnel interface if",
	} {
		for keyword := range strings.FieldsSeq(keywords) {
			forms[keyword] = f
		}
	}
	return forms
}()

// parseSocatEnd reads KEYWORD:parameters,options. Without a keyword, what has a
// slash is a file, and a number is a descriptor.
func parseSocatEnd(address string) (e socatEnd) {
	head, options := cutSocat(address)
	keyword, parameters, _ := strings.Cut(head, ":")
	if strings.Contains(keyword, "/") {
		keyword, parameters = "file", head
	} else if keyword != "" && strings.Trim(keyword, "0123456789") == "" {
		keyword = "fd"
	}
	keyword = withoutFamily(strings.ToLower(keyword))
	f, known := socatForms[keyword]
	if !known {
		if strings.HasPrefix(keyword, "unix") || strings.HasPrefix(keyword, "abstract") || strings.HasPrefix(keyword, "local") {
			return socatEnd{kind: socatLocal, path: parameters}
		}
		return socatEnd{path: parameters}
	}
	e = socatEnd{kind: f.kind, channel: f.channel, noRead: f.noRead, noWrite: f.noWrite, proxied: f.proxied}
	switch f.kind {
	case socatConnect:
		e.remote = parseSocatPeer(keyword, parameters)
	case socatFile:
		e.path = parameters
	}
	e.readOptions(options)
	return e
}

// withoutFamily makes tcp of tcp4, and udp-listen of udp6-listen.
func withoutFamily(keyword string) string {
	base, rest, dashed := strings.Cut(keyword, "-")
	if n := len(base) - 1; n > 1 && (base[n] == '4' || base[n] == '6') && base != "inet4" && base != "inet6" && base != "socks4" {
		base = base[:n]
	}
	if dashed {
		return base + "-" + rest
	}
	return base
}

// parseSocatPeer reads host:port, of which proxies have their own before. What
// sends IP packets has a protocol in place of a port, and SOCKET an address in hexadecimal.
func parseSocatPeer(keyword, parameters string) Remote {
	if strings.HasPrefix(keyword, "socket") {
		return Remote{}
	}
	host, port := parameters, ""
	if i := strings.LastIndexByte(parameters, ':'); i >= 0 && !strings.HasSuffix(parameters, "]") {
		host, port = parameters[:i], parameters[i+1:]
	}
	if strings.HasPrefix(keyword, "socks") || strings.HasPrefix(keyword, "proxy") {
		if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
			host = host[i+1:]
		} else if i := strings.LastIndex(host, ":["); i >= 0 {
			host = host[i+1:]
		}
	}
	if strings.HasPrefix(keyword, "ip") {
		port = ""
	}
	return hostPort(strings.Trim(host, "[]"), port)
}

func (e *socatEnd) readOptions(options string) {
	for options != "" {
		var option string
		option, options, _ = strings.Cut(options, ",")
		name, value, _ := strings.Cut(strings.ToLower(option), "=")
		switch name {
		case "rdonly", "o_rdonly":
			e.noWrite = e.kind == socatFile
		case "wronly", "o_wronly":
			e.noRead = e.kind == socatFile
		case "verify", "openssl-verify":
			e.trusts = value == "0"
		}
	}
}

// cutSocat cuts an address at the first comma that is not quoted or in
// brackets, and removes the quotes (nestlex in socat).
func cutSocat(address string) (head, options string) {
	if !strings.ContainsAny(address, `\"'([{`) {
		head, options, _ = strings.Cut(address, ",")
		return head, options
	}
	var out []byte
	quote, depth := byte(0), 0
	for i := 0; i < len(address); i++ {
		c := address[i]
		switch {
		case c == '\\' && i+1 < len(address):
			i++
			out = append(out, address[i])
			continue
		case quote != 0:
			if c == quote {
				quote = 0
				continue
			}
		case c == '"' || c == '\'':
			quote = c
			continue
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case c == ',' && depth <= 0:
			return string(out), address[i+1:]
		}
		out = append(out, c)
	}
	return string(out), ""
}
