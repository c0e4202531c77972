package grammar

import "strings"

// awk is gawk, whose special files are connections: /inet/tcp/LPORT/HOST/RPORT
// (gawk manual, Using gawk for Network Programming). Other awks have none.
var awkOptions = Options{
	Short: "F:v:f:E:i:l:e:L::bcCd::D::ghI::kMnNo::OPp::rsStV",
	Long: `field-separator= assign= file= exec= include= load= source= lint=? characters-as-bytes traditional copyright dump-variables=? debug=? gen-pot help
		trace bignum use-lc-numeric non-decimal-data pretty-print=? optimize posix profile=? re-interval no-optimize sandbox lint-old version csv`,
	Abbreviate: true,
}.compiled()

func awk(c *Command) Transfer {
	program, fromFile, files := "", false, c.Args[len(c.Args):]
	for o := range awkOptions.Scan(c.Args) {
		switch {
		case o.IsOperand():
			if program == "" && !fromFile {
				program = o.Value
			} else {
				files = c.Args[o.Index:]
			}
		case o.Name == "e" || o.Name == "source":
			program = o.Value
			continue
		case o.Name == "f" || o.Name == "file" || o.Name == "E" || o.Name == "exec":
			fromFile = true
			continue
		default:
			continue
		}
		if len(files) > 0 {
			break
		}
	}
	if !strings.Contains(program, "/inet") {
		return Transfer{}
	}
	return awkNetwork(c, program, files)
}

func awkNetwork(c *Command, program string, files []string) Transfer {
	t := Transfer{Confidence: Medium}
	listens := false
	for rest := program; !t.isFull(); {
		at := strings.Index(rest, "/inet")
		if at < 0 {
			break
		}
		rest = rest[at+len("/inet"):]
		service := rest[:min(len(rest), 300)]
		if end := strings.IndexAny(service, "\" \t\n"); end >= 0 {
			service = service[:end]
		}
		rest = rest[len(service):]
		parts := strings.SplitN(service, "/", 6) // "", tcp, LPORT, HOST, RPORT; 4 or 6 before the first
		if len(parts) < 3 || parts[1] != "tcp" && parts[1] != "udp" {
			continue
		}
		if len(parts) > 4 && parts[3] == "0" {
			listens = true
		} else if len(parts) > 4 && parts[3] != "" {
			addRemoteTo(&t, Remote{Host: parts[3], Port: parsePort(parts[4]), Scheme: parts[1]})
		}
		t.Direction = Unknown
	}
	if t.Direction == NoCopy {
		return Transfer{}
	}
	sends, receives := awkPipes(program)
	switch {
	case listens:
		t.Direction = Listen
	case sends && receives && strings.Contains(program, "GET "):
		t.Direction = Download
	case sends && receives:
		t.Direction = Bidirectional
	case sends:
		t.Direction = Upload
	case receives:
		t.Direction = Download
	}
	if strings.Contains(program, "GET ") || strings.Contains(program, "POST ") || strings.Contains(program, "PUT ") {
		t.Protocol, t.Channel = "http", Clear
	}
	for _, f := range files[:min(len(files), 256)] {
		if t.Direction == Upload && !strings.Contains(f, "=") {
			t.addInput(c, f)
		}
	}
	if t.Direction == Upload && len(t.LocalPaths) == 0 && !strings.HasPrefix(strings.TrimSpace(program), "BEGIN") {
		t.addInput(c, "-")
	}
	return t
}

// awkPipes: print |& service sends, service |& getline receives.
func awkPipes(program string) (sends, receives bool) {
	for rest := program; ; {
		at := strings.Index(rest, "|&")
		if at < 0 {
			break
		}
		rest = rest[at+2:]
		if strings.HasPrefix(strings.TrimLeft(rest[:min(len(rest), 32)], " \t"), "getline") {
			receives = true
		} else {
			sends = true
		}
	}
	// A service may be opened like a file too: print > "/inet/...", getline < "/inet/..."
	sends = sends || strings.Contains(program, `> "/inet`) || strings.Contains(program, `>"/inet`)
	receives = receives || strings.Contains(program, `< "/inet`) || strings.Contains(program, `<"/inet`)
	return sends, receives
}
