package grammar

import "strings"

// wget reads the command lines of GNU Wget, and of the others of that name:
// Wget2 and busybox, whose options are nearly a subset. Each option is also a
// command of wgetrc(5), which -e gives without regard to case, dashes and
// underscores; so all are read as such commands.
//
// Wget refuses some options together (--post-file with --method); which Wget
// runs, and what is in its wgetrc, is not in the arguments, so these are read
// as an upload of low confidence.
func wget(c *Command) Transfer {
	options := wgetOptions
	if c.Tool == "wget2" {
		options = wget2Options
	}
	run := wgetRun{c: c, proxy: proxyFromEnvironment}
	for opt := range options.Scan(c.Args) {
		switch {
		case opt.IsOperand():
			if len(run.urls) < maxRemotes {
				run.urls = append(run.urls, opt.Value)
			}
		case opt.Unknown && opt.Name != "input-metalink": // which not all builds have
		case opt.Name == "help" || opt.Name == "h" || opt.Name == "version" || opt.Name == "V":
			return Transfer{Direction: Informative} // at once, wherever it stands
		case opt.Name == "execute" || opt.Name == "e":
			run.execute(opt.Value)
		default:
			run.set(wgetCommand(opt.Name), opt.Value)
		}
		if opt.Abbreviated {
			run.t.signal(OptionAbbreviated)
		}
	}
	return run.transfer()
}

// wgetRun is what the options have set, by the names of wgetrc.
type wgetRun struct {
	c     *Command
	t     Transfer
	urls  []string
	paths []string // of them

	postFile, bodyFile         string
	postData, bodyData, method bool
	output, prefix, user       string
	inputs                     []string
	config                     string
	tree, spider, unnamed      bool
	proxy                      wgetProxy
}

type wgetProxy uint8

const (
	proxyFromEnvironment wgetProxy = iota
	proxyNamed
	proxyNone
)

// wgetLetters are the commands of the short options that matter here.
var wgetLetters = map[string]string{
	"b": "background", "i": "input", "m": "mirror", "O": "outputdocument", "p": "pagerequisites",
	"P": "dirprefix", "r": "recursive", "x": "dirstruct", "Y": "useproxy",
}

// wgetLongCommands are those of long options that are not merely spelled otherwise.
var wgetLongCommands = map[string]string{
	"directory-prefix": "dirprefix", "force-directories": "dirstruct", "input-file": "input",
	"no-check-certificate": "nocheckcertificate", "proxy": "useproxy", "no-proxy": "noproxy",
	"http-user": "user", "ftp-user": "user", "no-spider": "nospider",
}

func wgetCommand(option string) string {
	if command, ok := wgetLetters[option]; ok {
		return command
	}
	if command, ok := wgetLongCommands[option]; ok {
		return command
	}
	return dehyphen(option)
}

// dehyphen is what Wget does to a command name before it looks it up (init.c).
func dehyphen(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_':
			return -1
		case 'A' <= r && r <= 'Z':
			return r | 0x20
		}
		return r
	}, name)
}

// execute is -e "command = value".
func (run *wgetRun) execute(line string) {
	name, value, ok := strings.Cut(line, "=")
	if name = strings.TrimSpace(name); !ok || len(name) > 32 {
		return
	}
	switch command := dehyphen(name); command {
	case "noproxy": // here a list of domains
	case "httpuser", "ftpuser":
		run.set("user", strings.TrimSpace(value))
	default:
		run.set(command, strings.TrimSpace(value))
	}
}

// set is one command of wgetrc; those that say nothing of what is copied are not here.
func (run *wgetRun) set(command, value string) {
	on := !isOff(value)
	switch command {
	case "postfile":
		run.postFile = value
	case "bodyfile":
		run.bodyFile = value
	case "postdata":
		run.postData = value != ""
	case "bodydata":
		run.bodyData = value != ""
	case "method":
		run.method = true
	case "outputdocument":
		run.output = value
	case "dirprefix":
		run.prefix = value
	case "input", "inputmetalink":
		run.inputs = append(run.inputs, value)
	case "config", "chooseconfig":
		run.config = value
	case "recursive", "mirror", "pagerequisites", "dirstruct":
		run.tree = run.tree || on
	case "contentdisposition":
		run.unnamed = on
	case "spider":
		run.spider = on
	case "nospider":
		run.spider = false
	case "background":
		if on {
			run.t.signal(Background)
		}
	default:
		run.connection(command, value, on)
	}
}

// connection takes what says how the peer is reached.
func (run *wgetRun) connection(command, value string, on bool) {
	switch command {
	case "nocheckcertificate":
		run.t.signal(Unverified)
	case "checkcertificate", "checkhostname":
		if !on {
			run.t.signal(Unverified)
		}
	case "nocheckhostname": // of Wget2
		run.t.signal(Unverified)
	case "useproxy":
		if !on {
			run.proxy = proxyNone
		}
	case "noproxy":
		run.proxy = proxyNone
	case "httpproxy", "httpsproxy", "ftpproxy":
		if value != "" && run.proxy != proxyNone {
			run.proxy = proxyNamed
		}
	case "user":
		if value != "***" {
			run.user = value
		}
	}
}

// transfer is the whole.
func (run *wgetRun) transfer() Transfer {
	t := &run.t
	if len(run.urls) == 0 && len(run.inputs) == 0 {
		return Transfer{} // wget: missing URL
	}
	run.connect()
	run.opaque()
	switch {
	case run.postFile != "" || run.bodyFile != "":
		t.Direction = Upload // with --spider too: as the body of a HEAD request
		if run.refused() {
			t.Confidence = Low
		}
		for _, path := range []string{run.postFile, run.bodyFile} {
			if path != "" {
				t.addInput(run.c, sentByWget(path))
			}
		}
	case run.postData || run.bodyData:
		t.Direction, t.Confidence = Upload, Medium
		if run.refused() {
			t.Confidence = Low
		}
		t.signal(InlineData)
		if run.output != "" && run.output != "-" {
			t.addPath(run.output)
		}
	case run.spider:
		t.Direction = Informative
	default:
		t.Direction = Download
		if run.config != "" { // it may have a post_file
			t.Confidence = Low
		}
		run.save()
	}
	return *t
}

// sentByWget is sent, but for "-", which is a name like any other to Wget.
func sentByWget(path string) string {
	if path == "-" {
		return "./-"
	}
	return sent(path)
}

// refused says that GNU Wget 1.21 wants other options (main.c).
func (run *wgetRun) refused() bool {
	if run.c.Tool != "wget" {
		return false
	}
	post, body := run.postFile != "" || run.postData, run.bodyFile != "" || run.bodyData
	return post && run.method || body && !run.method ||
		run.postFile != "" && run.postData || run.bodyFile != "" && run.bodyData
}

// connect adds the remote ends.
func (run *wgetRun) connect() {
	through := run.proxy == proxyNamed
	var proxies proxyCheck
	for _, url := range run.urls {
		r := run.remote(url)
		run.t.connect(r)
		run.paths = append(run.paths, r.Path)
		through = through || run.proxy == proxyFromEnvironment && proxies.proxied(run.c, r)
	}
	if through {
		run.t.signal(ViaProxy)
	}
}

func (run *wgetRun) remote(url string) Remote {
	r, ok := parseURL(url)
	if !ok {
		r = shorthand(url)
	}
	if r.User == "" {
		r.User = run.user
	}
	return r
}

// shorthand follows rewrite_shorthand_url in url.c: host/path and host:port/path
// are HTTP, host:path is FTP.
func shorthand(url string) Remote {
	end := strings.IndexAny(url, ":/")
	if end < 0 || url[end] == '/' {
		return webURL(url, "http")
	}
	if port, _, _ := strings.Cut(url[end+1:], "/"); parsePort(port) > 0 {
		return webURL(url, "http")
	}
	r := parseHost(url[:end])
	r.Path, r.Scheme, r.URL = "/"+url[end+1:], "ftp", url
	return r
}

// opaque notes the files that have URLs or options. A URL with -i is fetched for those in it.
func (run *wgetRun) opaque() {
	t := &run.t
	for _, input := range run.inputs {
		if r, ok := parseURL(input); ok {
			t.connect(r)
		}
		t.addOpaque(input)
	}
	if run.config == "" {
		run.config = run.c.env("WGETRC")
	}
	if run.config != "" {
		t.addOpaque(run.config)
		t.signal(OpaqueConfig)
	}
}

// save notes where what is downloaded goes.
func (run *wgetRun) save() {
	t := &run.t
	switch {
	case run.output != "":
		t.addOutput(run.c, run.output)
	case run.tree || run.unnamed || len(run.urls) == 0:
		t.addPath(orHere(run.prefix))
	default:
		for _, path := range run.paths {
			t.addPath(joinPath(run.prefix, wgetName(path)))
		}
	}
}

// wgetName is url_file_name of url.c: the last part of the path and the query.
func wgetName(path string) string {
	path, _, _ = strings.Cut(path, "#")
	path, query, queried := strings.Cut(path, "?")
	name := unescape(path[strings.LastIndexByte(path, '/')+1:])
	if name == "" || strings.IndexByte(name, '/') >= 0 {
		name = "index.html"
	}
	if queried {
		name += "?" + query
	}
	return name
}
