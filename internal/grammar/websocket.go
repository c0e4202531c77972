package grammar

import "strings"

var websocatOptions = Options{
	Short: "bntuU1E0kSvVhs:H:B:l:F:q:P:",
	Long: "async-stdio autoreconnect binary byte-to-exit-on= client-pkcs12-der= client-pkcs12-passwd= close-status-code= close-reason= conncap= " +
		"dump-spec exit-on-eof header= server-header= linemode-strip-newlines oneshot no-close insecure jsonrpc strict-mode text unidirectional " +
		"unidirectional-reverse protocol= server-protocol= restrict-uri= origin= basic-auth= basic-auth-file= socks5= socks5-destination= ws-c-uri= " +
		"static-file= udp-oneshot set-environment exec-args ping-interval= ping-timeout= max-messages= max-messages-rev= buffer-size= server-mode help " +
		"version preamble= preamble-reverse= queue-len= print-ping-rtts uri= header-to-env=", Permute: true, Abbreviate: true,
}.compiled()

// readWebsocat reads websocat URL, websocat -s [host:]port, and websocat
// ADDRESS ADDRESS, which is socat for WebSockets.
func readWebsocat(c *Command) (t Transfer) {
	j := joint{c: c, t: &t, forward: true, backward: true}
	var operands []string
	serves := false
	for o := range websocatOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "s", "server-mode":
			serves = true
		case "u", "unidirectional":
			j.backward, j.oneWay = false, true
		case "U", "unidirectional-reverse":
			j.forward, j.oneWay = false, true
		case "k", "insecure":
			t.signal(Unverified)
		case "socks5":
			t.signal(ViaProxy)
		case "F", "static-file":
			path, _, _ := strings.Cut(strings.TrimPrefix(o.Value, "/"), ":")
			t.LocalPaths = append(t.LocalPaths, path)
		case "h", "help", "V", "version":
			return Transfer{Direction: Informative}
		}
	}
	switch {
	case serves:
		t.Protocol, t.Channel = "websocket", Clear
		pumpListening(c, &t)
		return t
	case len(operands) == 0 || len(operands) > 2:
		return Transfer{}
	case len(operands) == 1:
		operands = []string{"-", operands[0]}
	}
	left, right := parseWebsocatEnd(operands[0]), parseWebsocatEnd(operands[1])
	j.left, j.right = socatPair{left, left}, socatPair{right, right}
	j.describe()
	return t
}

// parseWebsocatEnd reads a specifier of websocat: a URL, or keyword:parameter,
// with overlays (autoreconnect:ws://h) before it.
func parseWebsocatEnd(s string) (e socatEnd) {
	if r, ok := parseURL(s); ok && (r.Scheme == "ws" || r.Scheme == "wss") {
		e = socatEnd{kind: socatConnect, remote: r, channel: Clear}
		if r.Scheme == "wss" {
			e.channel = Encrypted
		}
		return e
	}
	keyword, parameter, _ := strings.Cut(s, ":")
	switch keyword {
	case "-", "stdio", "inetd", "asyncstdio", "threadedstdio":
		e.kind = socatStdio
	case "readfile":
		e = socatEnd{kind: socatFile, path: parameter, noWrite: true}
	case "writefile", "appendfile":
		e = socatEnd{kind: socatFile, path: parameter, noRead: true}
	case "tcp", "tcp-connect", "connect-tcp", "c-tcp", "tcp-c", "udp", "udp-connect", "connect-udp", "c-udp", "udp-c":
		r := parseHost(parameter)
		e = socatEnd{kind: socatConnect, remote: r, channel: Clear}
	case "ws-l", "ws-listen", "l-ws", "listen-ws", "tcp-l", "tcp-listen", "l-tcp", "listen-tcp", "udp-l", "udp-listen", "l-udp", "listen-udp", "ws-u", "ws-upgrade":
		e = socatEnd{kind: socatListen, channel: Clear}
	case "exec", "cmd", "sh-c":
		e.kind = socatProgram
	case "unix", "unix-connect", "unix-l", "unix-listen", "l-unix", "abstract", "abstract-connect", "abstract-l", "abstract-listen":
		e = socatEnd{kind: socatLocal, path: parameter}
	case "autoreconnect", "reuse", "broadcast", "bcast", "reuse-raw", "log", "waitfordata", "jsonrpc", "timestamp", "foreachmsg", "exit_on_specific_byte":
		if parameter != "" && len(parameter) < len(s) {
			return parseWebsocatEnd(strings.TrimLeft(parameter, ":"))
		}
	}
	return e
}

var wscatOptions = Options{
	Short: "c:l:o:p:s:H:x:w:L:nPVh",
	Long: "connect= listen= protocol= origin= execute= wait= subprotocol= host= no-check header= auth= ca= cert= key= passphrase= no-color slash " +
		"proxy= show-ping-pong version help location", Permute: true,
}.compiled()

// readWscat reads wscat -c URL [-x message] and wscat -l port.
func readWscat(c *Command) (t Transfer) {
	listens, executes := false, false
	for o := range wscatOptions.Scan(c.Args) {
		switch o.Name {
		case "c", "connect":
			addEnd(&t, parseSite(o.Value))
		case "l", "listen":
			listens = true
		case "x", "execute":
			executes = true
		case "n", "no-check":
			t.signal(Unverified)
		case "proxy":
			t.signal(ViaProxy)
		}
	}
	switch {
	case listens:
		t.Protocol, t.Channel = "websocket", Clear
		pumpListening(c, &t)
	case len(t.Remotes) == 0:
		return Transfer{Direction: Informative}
	case executes:
		t.Direction = Upload
		t.signal(InlineData)
	default:
		pump(c, &t)
	}
	return t
}
