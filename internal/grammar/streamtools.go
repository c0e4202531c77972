package grammar

import "strings"

var telnetOptions = Options{
	Short: "468EKLacdfFrxb:e:k:l:n:S:X:z:?V",
	Long:  "ipv4 ipv6 binary login bind= no-rc debug escape= no-escape no-login user= binary-output trace= rlogin encrypt realm= disable-auth= help usage version",
}.compiled()

// readTelnet reads telnet [options] host [port].
func readTelnet(c *Command) (t Transfer) {
	var r Remote
	for o := range telnetOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			if r.Host == "" {
				r.Host = o.Value
			} else if r.Port == 0 {
				r.Port = parsePort(strings.TrimPrefix(o.Value, "-"))
			}
		case "l", "user":
			r.User = o.Value
		case "?", "help", "usage", "version", "V":
			return Transfer{Direction: Informative}
		}
	}
	if r.Host == "" {
		awaitCommands(c, &t)
		return t
	}
	addEnd(&t, r)
	pump(c, &t)
	return t
}

// tcpclientOptions are those of ucspi-tcp; sslclient and tcpserver differ in others.
var tcpclientOptions = Options{Short: "46hHrRdDqQvoOPt:T:l:i:p:x:X:c:b:B:g:u:U1a:f:"}.compiled()

// readTcpclient reads tcpclient host port program, and tcpserver, which runs the
// program for everyone who connects: its connection is at descriptors 6 and 7, or 0 and 1.
func readTcpclient(c *Command) (t Transfer) {
	var operands []string
	for o := range tcpclientOptions.Scan(c.Args) {
		if o.IsOperand() && len(operands) < 3 {
			operands = append(operands, o.Value)
		}
	}
	if len(operands) < 3 {
		return Transfer{}
	}
	t.signal(RunsShell)
	if t.Direction = Listen; c.Tool != "tcpserver" {
		t.Direction = Bidirectional
		addEnd(&t, hostPort(operands[0], operands[1]))
	}
	return t
}

var udpcastOptions = Options{
	Short: "f:p:P:b:i:m:M:dal:t:nkx:z:",
	Long: "file= full-duplex pipe= portbase= blocksize= interface= mcast-data-address= mcast-rdv-address= max-bitrate= pointopoint async log= " +
		"no-progress min-slice-size= max-slice-size= slice-size= ttl= fec= print-seed rexmit-hello-interval= autostart= broadcast min-receivers= min-wait= " +
		"max-wait= start-timeout= retries-until-drop= nokbd bw-period= streaming rehello-offset= rate-governor= autorate license rcvbuf= exit-wait= " +
		"nosync sync receive-timeout= print-uncompressed-position= stat-period= ignore-lost-data", Permute: true, Abbreviate: true,
}.compiled()

// readUdpcast reads udp-sender and udp-receiver: one sends a file, or standard
// input, to all who receive; the peers find each other by multicast.
func readUdpcast(c *Command) (t Transfer) {
	sends := c.Tool == "udp-sender"
	file := ""
	for o := range udpcastOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			if file == "" {
				file = o.Value
			}
		case "f", "file":
			file = o.Value
		case "mcast-rdv-address":
			addEnd(&t, Remote{Host: o.Value})
		case "license":
			return Transfer{Direction: Informative}
		}
	}
	if file == "" {
		file = "-"
	}
	if sends {
		t.Direction = Upload
		t.addInput(c, file)
	} else {
		t.Direction = Download
		t.addOutput(c, file)
	}
	return t
}

var mbufferOptions = Options{
	SingleDash: true,
	Short:      "b:s:m:LdD:P:p:i:o:I:O:n:tT:l:u:r:R:fa:A:v:qQceW:460VhH",
	Long:       "append truncate pid no-direct tcpbuffer= tcptimeo= tapeaware direct version help hash= md5",
}.compiled()

// readMbuffer reads mbuffer, a buffer in a pipe: -O host:port sends what it
// reads, and -I [host:]port waits for what it writes.
func readMbuffer(c *Command) (t Transfer) {
	var inputs, outputs []string
	sends, receives := false, false
	for o := range mbufferOptions.Scan(c.Args) {
		name, value := o.Name, o.Value
		if len(name) > 1 && o.Unknown && !strings.HasPrefix(c.Args[o.Index], "--") { // glued, as -I9090
			name, value = name[:1], strings.TrimPrefix(c.Args[o.Index][1:], name[:1])
		}
		switch name {
		case "i":
			inputs = append(inputs, value)
		case "o":
			outputs = append(outputs, value)
		case "O":
			sends = true
			host, port := splitPort(value)
			addEnd(&t, Remote{Host: host, Port: port})
		case "I":
			receives = true
			if host, _, ok := strings.Cut(value, ":"); ok && host != "" {
				addEnd(&t, Remote{Host: host})
			}
		case "version", "V", "help", "h":
			return Transfer{Direction: Informative}
		}
	}
	if !sends && !receives {
		return Transfer{}
	}
	if sends && receives {
		t.Direction = RemoteToRemote
		return t
	}
	if receives {
		t.Direction = Listen
	} else {
		t.Direction = Upload
	}
	describeBuffer(c, &t, inputs, outputs, sends)
	return t
}

// describeBuffer adds the ends on this host: standard input or output where no file is named.
func describeBuffer(c *Command, t *Transfer, inputs, outputs []string, sends bool) {
	if sends && len(inputs) == 0 {
		inputs = []string{"-"}
	}
	if !sends && len(outputs) == 0 {
		outputs = []string{"-"}
	}
	for _, path := range inputs {
		t.addInput(c, path)
	}
	for _, path := range outputs {
		t.addOutput(c, path)
	}
}

var iperfOptions = Options{
	Short: "p:f:i:I:F:A:B:VJvhsD1c:uRZ6M:w:l:P:nk:b:t:O:C:S:L:T:dN4X:n:",
	Long: "port= format= interval= pidfile= file= affinity= bind= bind-dev= verbose json logfile= forceflush timestamps=? debug=? version help server daemon " +
		"one-off server-bitrate-limit= idle-timeout= rsa-private-key-path= authorized-users-path= client= sctp xbind= nstreams= udp connect-timeout= " +
		"bitrate= pacing-timer= fq-rate= time= bytes= blockcount= length= cport= parallel= reverse bidir window= set-mss= no-delay version4 version6 " +
		"tos= dscp= flowlabel= zerocopy omit= title= extra-data= congestion= get-server-output udp-counters-64bit repeating-payload username= " +
		"rsa-public-key-path= rcv-timeout= dont-fragment", Permute: true, Abbreviate: true,
}.compiled()

// readIperf reads iperf3. It measures, which is no copy, but -F FILE has it send
// that file, or write there what arrives.
func readIperf(c *Command) (t Transfer) {
	var r Remote
	file := ""
	serves, reversed, both := false, false, false
	for o := range iperfOptions.Scan(c.Args) {
		switch o.Name {
		case "F", "file":
			file = o.Value
		case "s", "server":
			serves = true
		case "c", "client":
			r.Host = o.Value
		case "p", "port":
			r.Port = parsePort(o.Value)
		case "R", "reverse":
			reversed = true
		case "bidir":
			both = true
		}
	}
	if file == "" || !serves && r.Host == "" {
		return Transfer{}
	}
	t.LocalPaths = []string{file}
	switch {
	case serves:
		t.Direction = Listen
		return t
	case both:
		t.Direction = Bidirectional
	case reversed:
		t.Direction = Download
	default:
		t.Direction = Upload
	}
	addEnd(&t, r)
	return t
}

// nuttcpLetters are the options of nuttcp that may have a value, glued or after
// them only where they end the argument.
var nuttcpOptions = Options{Short: "46xtrsSh1uFadvbDBVc::l:n:w:p:P:m::M:N:R:T:i::I:f:"}.compiled()

// readNuttcp reads nuttcp [-t|-r] -s host: with -s it sends standard input or
// writes standard output; without, it only measures.
func readNuttcp(c *Command) (t Transfer) {
	var r Remote
	piped, receives, serves := false, false, false
	for o := range nuttcpOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			if r.Host == "" {
				r.Host = o.Value
			}
		case "s":
			piped = true
		case "r":
			receives = true
		case "S", "1":
			serves = true
		case "p":
			r.Port = parsePort(o.Value)
		}
	}
	if !piped || serves {
		return Transfer{}
	}
	switch {
	case r.Host == "" && !receives:
		return Transfer{}
	case r.Host == "":
		t.Direction = Listen
		t.addOutput(c, "-")
	case receives:
		t.Direction = Download
		t.addOutput(c, "-")
	default:
		t.Direction = Upload
		t.addInput(c, "-")
	}
	addEnd(&t, r)
	return t
}

var gsNetcatOptions = Options{Short: "s:k:rlgvqwCTL:tSDd:p:uie:ma:P:I"}.compiled()

// readGsNetcat reads gs-netcat. Both ends know a secret, and meet at a relay
// of gsocket's makers.
func readGsNetcat(c *Command) (t Transfer) {
	listens, shell, forwards, receives := false, false, false, false
	t.Channel = Encrypted
	for o := range gsNetcatOptions.Scan(c.Args) {
		switch o.Name {
		case "l":
			listens = true
		case "i", "e":
			shell = true
		case "p", "d", "S":
			forwards = true
		case "r":
			receives = true
		case "C":
			t.Channel = Clear
		case "T":
			t.signal(ViaProxy)
		case "k":
			t.addOpaque(o.Value)
		case "D":
			t.signal(Background)
		case "g", "t", "h", "m":
			return Transfer{Direction: Informative}
		}
	}
	t.signal(Relay)
	if forwards {
		t.signal(Tunnel)
	}
	ends := *c
	if receives {
		ends.Stdin = Stream{Type: StreamNull}
	}
	switch {
	case listens && shell:
		t.signal(RunsShell)
		t.Direction = Listen
	case listens && forwards:
		t.Direction = Listen
	case listens:
		pumpListening(&ends, &t)
	case forwards:
		t.Direction = Bidirectional
	case shell:
		t.Direction = Interactive
	default:
		pump(&ends, &t)
	}
	return t
}

var (
	rcatListenOptions  = Options{Short: "ilbe:h", Long: "interactive local-interactive block-signals exec= help", Permute: true}.compiled()
	rcatConnectOptions = Options{Short: "s:h", Long: "shell= help", Permute: true}.compiled()
	rcatOptions        = Options{Short: "lpuHhiLbr:s:", Long: "listen port udp history help shell= reverse=", Permute: true}.compiled()
)

// readRustcat reads rcat listen [host] port and rcat connect -s shell host port
// of version 3, and rcat -lp port and rcat -r shell host port of those before.
func readRustcat(c *Command) (t Transfer) {
	args, options := c.Args, rcatOptions
	listens := false
	if len(args) > 0 && (args[0] == "listen" || args[0] == "l") {
		args, options, listens = args[1:], rcatListenOptions, true
	} else if len(args) > 0 && (args[0] == "connect" || args[0] == "c") {
		args, options = args[1:], rcatConnectOptions
	}
	var operands []string
	shell := false
	for o := range options.Scan(args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, args, o.Index)
		case "l", "listen":
			listens = true
		case "s", "shell", "r", "reverse", "e", "exec":
			shell = true
		case "h", "help":
			return Transfer{Direction: Informative}
		}
	}
	switch {
	case listens:
		pumpListening(c, &t)
	case len(operands) < 2:
		return Transfer{}
	default:
		addEnd(&t, hostPort(operands[0], operands[1]))
		if shell {
			t.Direction = Bidirectional
		} else {
			pump(c, &t)
		}
	}
	if shell {
		t.signal(RunsShell)
	}
	return t
}

var pwncatOptions = Options{
	Short: "lnuzvhtk46e:p:c:i:L:R:C:m:I:q:w:s:",
	Long: "listen exec= udp proxy= local= remote= port= nodns crlf= keep-open reconn=? rebind=? ping-intvl=? safe-word= wait= no-shutdown self-inject= " +
		"script-send= script-recv= zero http https info= color= verbose help version identity= config= platform= download-plugins list ssl " +
		"ssl-cert= ssl-key=", Permute: true, Abbreviate: true,
}.compiled()

// readPwncat reads both programs of that name: a netcat with -e, -L and -R, and
// (pwncat-cs) the place where shells of others arrive, with upload and download.
func readPwncat(c *Command) (t Transfer) {
	var operands []string
	var port int
	listens, lends := false, false // lends: the connection is for a program or another connection
	for o := range pwncatOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "l", "listen":
			listens = true
		case "e", "exec", "self-inject":
			t.signal(RunsShell)
			lends = true
		case "L", "local", "R", "remote":
			t.signal(Tunnel)
			lends = true
		case "p", "port":
			port = parsePort(o.Value)
		case "z", "zero", "h", "help", "version", "list":
			return Transfer{}
		}
	}
	if len(operands) == 0 && !listens {
		return Transfer{}
	}
	if listens {
		pumpListening(c, &t)
		return t
	}
	r := parseSite(operands[0])
	if len(operands) > 1 {
		port = parsePort(operands[1])
	}
	if r.Port == 0 {
		r.Port = port
	}
	addEnd(&t, r)
	if lends {
		t.Direction = Bidirectional
		return t
	}
	pump(c, &t)
	return t
}
