package grammar

import "strings"

// whois and finger send a line of text to a server and show what it answers. A
// line of another kind than they are meant for carries data, in either
// direction (GTFOBins, Atomic Red Team T1105 #14).

var whoisOptions = Options{
	Short:   "aAbBcCdfGHIKlLmMnNQrRSxh:p:i:T:s:g:t:v:q:",
	Long:    "host= port= verbose no-recursion help version",
	Permute: true, Abbreviate: true,
}.compiled()

// whois reads whois -h HOST -p PORT DATA. A port of the caller's choice means a
// server of the caller's choice; a host alone may be a registry.
func whois(c *Command) Transfer {
	var server Remote
	var query []string
	for opt := range whoisOptions.Scan(c.Args) {
		switch opt.Name {
		case "":
			query = appendOperand(query, c.Args, opt.Index)
		case "help", "version":
			return Transfer{Direction: Informative}
		case "host", "h":
			server.Host = strings.Trim(opt.Value, "[]")
		case "port", "p":
			server.Port = parsePort(opt.Value)
		}
	}
	if server.Host == "" {
		return Transfer{}
	}
	text := strings.Join(query, " ")
	ordinary := server.Port == 0 || server.Port == 43
	if text == "" || ordinary && isLookup(text, 253) {
		return Transfer{}
	}
	confidence := Medium
	if ordinary {
		confidence = Low
	}
	return lookup(c, server, "whois", confidence)
}

var fingerOptions = Options{Short: "46glmMspho", Permute: true}.compiled()

// finger reads finger DATA@HOST. The last @ names the host that is connected to.
func finger(c *Command) Transfer {
	for opt := range fingerOptions.Scan(c.Args) {
		at := strings.LastIndexByte(opt.Value, '@')
		if !opt.IsOperand() || at < 0 {
			continue
		}
		server := Remote{Host: opt.Value[at+1:]}
		if !isLookup(opt.Value[:at], 64) {
			return lookup(c, server, "finger", Medium)
		}
		if c.Stdout.Type == StreamFile || c.Stdout.Type == StreamPipe {
			t := Transfer{Direction: Download, Confidence: Low, Remotes: []Remote{server}, Protocol: "finger", Channel: Clear}
			t.addOutput(c, "-")
			return t
		}
	}
	return Transfer{}
}

// lookup is a line that carries data, and perhaps an answer that is kept.
func lookup(c *Command, server Remote, protocol string, confidence Confidence) Transfer {
	t := Transfer{
		Direction: Upload, Confidence: confidence, Remotes: []Remote{server},
		Signals: []Signal{InlineData}, Protocol: protocol, Channel: Clear,
	}
	if c.Stdout.Type == StreamFile {
		t.Direction = Bidirectional
		t.addOutput(c, "-")
	}
	return t
}

// isLookup says that s could be a domain, an address, a login or a registry's key.
func isLookup(s string, longest int) bool {
	if len(s) > longest {
		return false
	}
	label := 0
	for _, r := range s {
		switch {
		case r == '.' || r == ':' || r == ' ' || r == '/' || r == '@':
			label = 0
		case r == '-' || r == '_' || r >= 0x80 || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z':
			label++
		default:
			return false
		}
	}
	return label <= 63
}
