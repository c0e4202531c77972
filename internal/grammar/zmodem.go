package grammar

import "strings"

// The letters are those of lrzsz 0.12.21. All of its programs take the same, by direction.
var (
	szOptions = Options{
		Short: "+248abB:c:C:dDeEfi:hkL:l:m:M:nNoOpqrRs:SuUvw:XyYZ",
		Long: "append twostop try-4k start-4k try-8k start-8k ascii binary bufsize= command= command-tries= dot-to-slash delay-startup= escape rename " +
			"full-path immediate-command= help 1k packetlen= framelen= min-bps= min-bps-time= newer newer-or-longer 16-bit-crc disable-timeouts protect " +
			"resume restricted quiet stop-at= tcp-server tcp-client= unlink unrestrict verbose windowsize= xmodem overwrite overwrite-or-skip ymodem " +
			"zmodem version", Permute: true, Abbreviate: true,
	}.compiled()
	rzOptions = Options{
		Short: "+abB:cCDeEhm:M:OpqrRs:St:uUvw:XyZ",
		Long: "append ascii binary bufsize= with-crc allow-remote-commands null delay-startup= escape rename errors= help min-bps= min-bps-time= " +
			"disable-timeouts o-sync protect quiet resume restricted stop-at= timesync syslog=? timeout= tcp-server tcp-client= keep-uppercase " +
			"unrestrict verbose windowsize= xmodem overwrite ymodem zmodem version", Permute: true, Abbreviate: true,
	}.compiled()
)

// readZmodem reads sz, sb, sx, rz, rb, rx and these names with an l before them.
// The letter after says the protocol; the peer is at the other end of the terminal.
func readZmodem(c *Command) (t Transfer) {
	name := strings.TrimPrefix(c.Tool, "l")
	sends := strings.HasPrefix(name, "s")
	switch {
	case strings.HasSuffix(name, "b"):
		t.Protocol = "ymodem"
	case strings.HasSuffix(name, "x"):
		t.Protocol = "xmodem"
	}
	options := rzOptions
	if sends {
		options = szOptions
	}
	for o := range options.Scan(c.Args) {
		switch o.Name {
		case "":
			if sends {
				t.addInput(c, o.Value)
			} else {
				t.LocalPaths = append(t.LocalPaths, o.Value)
			}
		case "X", "xmodem":
			t.Protocol = "xmodem"
		case "ymodem":
			t.Protocol = "ymodem"
		case "C", "allow-remote-commands":
			if !sends {
				t.signal(RunsShell)
			}
		case "u", "unlink":
			if sends {
				t.signal(RemovesSource)
			}
		case "tcp-client":
			addEnd(&t, parseHost(o.Value))
		case "h", "help", "version":
			return Transfer{Direction: Informative}
		}
	}
	if t.Protocol == "" {
		t.Protocol = "zmodem"
	}
	if t.Direction = Download; sends {
		t.Direction = Upload
	}
	return t
}

// kermitOptions are the letters of C-Kermit 9 (kermit(1)). -s takes files up to the next option.
var kermitOptions = Options{
	Short: "089:ABC:D:EF:G:HIJ:LM:OPQRSTVYa:b:cde:fg:hij:kl:m:np:qrs:tv:wxy:z", Permute: true,
}.compiled()

// readKermit reads kermit -s files, -r, -k, -g files, -G files, -x and -C commands.
func readKermit(c *Command) (t Transfer) {
	t.Protocol = "kermit"
	var flow copies
	sending, serves, acted := false, false, false
	var as, script string
	for o := range kermitOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			if sending {
				t.addInput(c, o.Value)
			} else if script == "" && o.Index == 0 {
				script = o.Value
			}
			continue
		case "s":
			flow.up, sending = true, true
			t.addInput(c, o.Value)
			continue
		case "r", "g":
			flow.down = true
		case "k", "G":
			flow.down = true
			t.addOutput(c, "-")
		case "a":
			as = o.Value
		case "j", "J":
			addEnd(&t, parseHost(o.Value))
		case "x", "O", "A":
			serves = true
		case "C":
			kermitCommands(c, &t, &flow, o.Value)
		case "h":
			acted = true
		}
		sending = false
	}
	switch {
	case flow.any():
		t.Direction = flow.direction()
		if as != "" && flow.down && !flow.up {
			t.LocalPaths = append(t.LocalPaths, as)
		}
	case serves:
		t.Direction = Listen
	case script != "":
		readCommandsFrom(&t, script)
	case acted:
		t.Direction = Informative
	default:
		awaitCommands(c, &t)
	}
	return t
}

var kermitSyntax = scriptSyntax{separators: ",", quotes: `"`}.compiled()

func kermitCommands(c *Command, t *Transfer, flow *copies, script string) {
	reader := scriptReader{scriptSyntax: &kermitSyntax, rest: script}
	for reader.next() {
		if len(reader.words) == 0 {
			continue
		}
		switch verb, args := strings.ToLower(reader.words[0]), reader.words[1:]; verb {
		case "send", "msend", "put", "mput", "move", "resend":
			flow.up = true
			for _, file := range args {
				if !isKermitSwitch(file) {
					t.addInput(c, file)
				}
			}
		case "get", "mget", "receive", "reget":
			flow.down = true
		}
	}
}

// isKermitSwitch tells /binary and /as-name:x from /etc/passwd.
func isKermitSwitch(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.Contains(s[1:], "/")
}
