package grammar

// webTool is the command line of a tool that fetches from URLs, and perhaps
// sends, and whose options say so one by one: a table, not code.
type webTool struct {
	options *Options
	roles   map[string]webRole // of options, by their names in options; the others say nothing
	scheme  string             // of an operand without one
	// unsaid is where the content goes where no option says.
	unsaid webTarget
	// mirrors: all URLs are of the same content, which is saved under one name.
	mirrors bool
	// prepare changes or drops an operand; nil for none.
	prepare func(t *Transfer, operand string) (url string, ok bool)
}

// webRole is what an option is for.
type webRole uint8

const (
	_              webRole = iota
	webInform              // shows help, the version or a list, and ends
	webDryRun              // transfers nothing
	webOutput              // the file to write
	webDirectory           // the directory to write to
	webToStdout            // writes to standard output
	webList                // a file of URLs
	webConfig              // a file of options
	webURLOption           // a URL
	webSendFile            // a file to send
	webSendData            // data to send
	webSendStdin           // sends standard input
	webProxy               // a proxy
	webNoProxy             // none, whatever the environment says
	webProxySwitch         // on or off
	webInsecure            // certificates are not checked
	webVerify              // they are, unless the value is off
	webUser                // user[:password]
	webBackground          // goes on in the background
)

// webTarget is where a tool puts what it fetches.
type webTarget uint8

const (
	webNamed   webTarget = iota // a file named after the URL
	webHere                     // files that the server or the tool names
	webStdout                   // standard output
	webScreen                   // shown to a person
	webNowhere                  // measured and forgotten
)

// webRun is what has been read of the command line of such a tool.
type webRun struct {
	tool  *webTool
	c     *Command
	t     Transfer
	urls  []string
	paths []string // of them

	output, directory, user string
	files                   []string
	data, stdin, stdout     bool
	dry, config             bool
	proxy, direct           bool
}

func (tool *webTool) read(c *Command) Transfer {
	run := webRun{tool: tool, c: c}
	for opt := range tool.options.Scan(c.Args) {
		if opt.IsOperand() {
			run.operand(opt.Value)
			continue
		}
		if opt.Unknown {
			continue
		}
		role := tool.roles[opt.Name]
		if role == webInform {
			return Transfer{Direction: Informative}
		}
		if opt.Abbreviated {
			run.t.signal(OptionAbbreviated)
		}
		run.option(role, &opt)
	}
	return run.transfer()
}

// operand takes a URL; of very many the first are kept.
func (run *webRun) operand(value string) {
	if run.tool.prepare != nil {
		var ok bool
		if value, ok = run.tool.prepare(&run.t, value); !ok {
			return
		}
	}
	if len(run.urls) < maxRemotes {
		run.urls = append(run.urls, value)
	}
}

func (run *webRun) option(role webRole, opt *Option) {
	off := opt.HasValue && isOff(opt.Value)
	switch role {
	case webDryRun:
		run.dry = !off
	case webOutput:
		run.output = opt.Value
	case webDirectory:
		run.directory = opt.Value
	case webToStdout:
		run.stdout = !off
	case webList:
		run.t.addOpaque(opt.Value)
	case webConfig:
		run.t.addOpaque(opt.Value)
		run.t.signal(OpaqueConfig)
		run.config = true
	case webURLOption:
		run.operand(opt.Value)
	case webSendFile:
		run.files = append(run.files, opt.Value)
	case webSendData:
		run.data = run.data || opt.Value != ""
	case webSendStdin:
		run.stdin = true
	default:
		run.connection(role, opt.Value, off)
	}
}

func (run *webRun) connection(role webRole, value string, off bool) {
	switch role {
	case webProxy:
		run.proxy = value != ""
		run.direct = !run.proxy
	case webNoProxy:
		run.direct = true
	case webProxySwitch:
		run.direct = off
	case webInsecure:
		if !off {
			run.t.signal(Unverified)
		}
	case webVerify:
		if off {
			run.t.signal(Unverified)
		}
	case webUser:
		if r := parseHost(value + "@"); r.User != "***" {
			run.user = r.User
		}
	case webBackground:
		if !off {
			run.t.signal(Background)
		}
	}
}

// transfer is the whole.
func (run *webRun) transfer() Transfer {
	t := &run.t
	if len(run.urls) == 0 && len(t.Opaque) == 0 && len(t.Remotes) == 0 {
		return Transfer{} // the tool asks for a URL
	}
	run.connect()
	switch {
	case run.dry:
		t.Direction = Informative
	case len(run.files) > 0 || run.stdin:
		t.Direction = Upload
		for _, path := range run.files {
			t.addInput(run.c, sent(path))
		}
		if run.stdin {
			t.addInput(run.c, "-")
		}
	case run.data:
		t.Direction, t.Confidence = Upload, Medium
		t.signal(InlineData)
	case t.Direction == NoCopy:
		run.fetch()
	}
	return *t
}

func (run *webRun) connect() {
	var proxies proxyCheck
	for _, url := range run.urls {
		r := webURL(url, run.tool.scheme)
		if r.User == "" {
			r.User = run.user
		}
		run.t.connect(r)
		run.paths = append(run.paths, r.Path)
		run.proxy = run.proxy || !run.direct && proxies.proxied(run.c, r)
	}
	if run.proxy {
		run.t.signal(ViaProxy)
	}
}

// fetch says where the content goes.
func (run *webRun) fetch() {
	t := &run.t
	t.Direction = Download
	if run.config {
		t.Confidence = Low
	}
	switch {
	case run.stdout:
		t.addOutput(run.c, "-")
	case run.output == "-":
		t.addOutput(run.c, "-")
	case run.output != "":
		t.addPath(joinPath(run.directory, run.output))
	case run.tool.unsaid == webStdout:
		t.addOutput(run.c, "-")
	case run.tool.unsaid == webScreen:
		t.Direction = Interactive
	case run.tool.unsaid == webNowhere:
		*t = Transfer{}
	case run.tool.unsaid == webHere || len(run.urls) == 0:
		t.addPath(orHere(run.directory))
	default:
		run.saveNamed()
	}
}

func (run *webRun) saveNamed() {
	for i, path := range run.paths {
		if i > 0 && run.tool.mirrors {
			return
		}
		if name := fileName(path); name != "" {
			run.t.addPath(joinPath(run.directory, unescape(name)))
		} else {
			run.t.addPath(orHere(run.directory))
		}
	}
}
