package grammar

import "strings"

// httpieOptions are those of HTTPie 3.2 (argparse, which completes names) and xh.
var httpieOptions = Options{
	Short: "jfxhmbvSdcqFI46V" + "s:p:P:o:a:A:",
	Long: `json form multipart boundary= raw= compress pretty= style= unsorted sorted response-charset= response-mime=
		format-options= print= history-print= headers meta body verbose all stream output= download continue quiet session=
		session-read-only= auth= auth-type= bearer= ignore-netrc offline proxy= follow max-redirects= max-headers= timeout=
		check-status path-as-is chunked verify= ssl= ciphers= cert= cert-key= cert-key-pass= ignore-stdin help manual version
		traceback default-scheme= debug https http-version= resolve= interface= unix-socket= curl curl-long ipv4 ipv6
		generate= native-tls no-verify no-check-status`,
	Permute: true, Abbreviate: true,
}.compiled()

// httpie reads http [METHOD] URL [ITEM...] of HTTPie and xh. The method needs
// no saying: with items or with something on standard input it is POST.
func httpie(c *Command) Transfer {
	run := httpieRun{c: c, scheme: "http"}
	if c.Tool == "https" || c.Tool == "xhs" {
		run.scheme = "https"
	}
	for opt := range httpieOptions.Scan(c.Args) {
		if opt.IsOperand() {
			run.operands = appendOperand(run.operands, c.Args, opt.Index)
			continue
		}
		if opt.Abbreviated {
			run.t.signal(OptionAbbreviated)
		}
		if !run.option(&opt) {
			return Transfer{Direction: Informative}
		}
	}
	return run.transfer()
}

type httpieRun struct {
	c        *Command
	t        Transfer
	operands []string

	scheme, user, output, socket            string
	literal, form, download, offline, stdin bool
	proxy                                   bool
	files                                   []string
	refused                                 bool
}

// option is false for one that shows something and ends.
func (run *httpieRun) option(opt *Option) bool {
	switch opt.Name {
	case "help", "manual", "version", "V":
		return false
	case "raw":
		run.literal = run.literal || opt.Value != ""
	case "form", "f", "multipart":
		run.form = true
	case "output", "o":
		run.output = opt.Value
	case "download", "d":
		run.download = true
	case "offline", "curl", "curl-long":
		run.offline = true
	case "ignore-stdin", "I":
		run.stdin = true
	case "auth", "a":
		if run.user, _, _ = strings.Cut(opt.Value, ":"); run.user == "***" {
			run.user = ""
		}
	case "proxy":
		run.proxy = true
	case "verify":
		if isOff(opt.Value) {
			run.t.signal(Unverified)
		}
	case "no-verify":
		run.t.signal(Unverified)
	case "resolve":
		run.t.signal(RedirectedHost)
	case "unix-socket":
		run.socket = opt.Value
	case "https":
		run.scheme = "https"
	case "default-scheme":
		run.scheme = strings.ToLower(opt.Value)
	}
	return true
}

// transfer is the whole.
func (run *httpieRun) transfer() Transfer {
	method, operands := httpieMethod(run.operands)
	if len(operands) == 0 {
		return Transfer{}
	}
	t := &run.t
	r := httpieURL(operands[0], run.scheme)
	if r.User == "" {
		r.User = run.user
	}
	for _, item := range operands[1:] {
		run.item(item)
	}
	fromStdin := !run.stdin && run.c.Stdin.HoldsData() && !run.literal && len(run.files) == 0
	if run.socket != "" && len(run.files) == 0 && !fromStdin {
		t.Direction = Local
		t.LocalPaths = append(t.LocalPaths, run.socket)
		return *t
	}
	t.connect(r)
	if run.proxy || proxied(run.c, r) {
		t.signal(ViaProxy)
	}
	switch {
	case run.offline:
		t.Direction = Informative
	case len(run.files) > 0:
		t.Direction = Upload
		if run.refused || run.socket != "" {
			t.Confidence = Low
		}
		for _, path := range run.files {
			t.addInput(run.c, sent(path))
		}
	case fromStdin:
		t.Direction = Upload
		if run.c.Stdin.Type != StreamFile { // a pipe that may stay empty
			t.Confidence = Medium
		}
		t.addInput(run.c, "-")
	case run.literal:
		t.Direction, t.Confidence = Upload, Medium
		t.signal(InlineData)
	case strings.EqualFold(method, "HEAD"):
		t.Direction = Informative
	default:
		t.Direction = Download
		run.save()
	}
	return *t
}

func (run *httpieRun) save() {
	t := &run.t
	switch {
	case run.output != "":
		t.addOutput(run.c, run.output)
	case run.download && run.c.Stdout.Type != StreamFile && run.c.Stdout.Type != StreamPipe:
		t.LocalPaths = append(t.LocalPaths, ".") // the server names it
	default:
		t.addOutput(run.c, "-")
	}
}

// httpieMethod cuts the method off: HTTPie takes the first of several operands for
// it that has nothing but letters, even "localhost".
func httpieMethod(operands []string) (method string, rest []string) {
	if len(operands) < 2 {
		return "", operands
	}
	for i := range len(operands[0]) {
		if c := operands[0][i] | 0x20; c < 'a' || c > 'z' {
			return "", operands
		}
	}
	return operands[0], operands[1:]
}

// httpieURL knows :3000/x for localhost, and ://host as it is pasted.
func httpieURL(s, scheme string) Remote {
	r := webURL(strings.TrimPrefix(s, "://"), scheme)
	r.URL = s
	if rest, ok := strings.CutPrefix(s, ":"); ok && !strings.HasPrefix(s, "://") {
		port, _, _ := strings.Cut(rest, "/")
		r.Host, r.Port = "localhost", parsePort(port)
		r.Path = rest[len(port):]
	}
	return r
}

// item takes one request item in: its first separator says what it is.
func (run *httpieRun) item(item string) {
	at, separator := httpieSeparator(item)
	value := item[at+len(separator):]
	switch separator {
	case "@":
		file, _, _ := strings.Cut(value, ";type=")
		run.files = append(run.files, file)
		// HTTPie wants --form for a named one; xh does without.
		run.refused = run.refused || at > 0 && !run.form && strings.HasPrefix(run.c.Tool, "http")
	case "=@", ":=@", "==@", ":@":
		run.files = append(run.files, value)
	case "=", ":=":
		run.literal = true
	}
}

// httpieSeparators in the order of their length, so that the longest is found.
var httpieSeparators = []string{":=@", "==@", "=@", ":@", ":=", "==", "=", ":", "@"}

// httpieSeparator finds the first separator that no backslash escapes; the whole is before it if there is none.
func httpieSeparator(item string) (at int, separator string) {
	for i := 0; i < len(item); i++ {
		switch item[i] {
		case '\\':
			i++
		case ':', '=', '@':
			for _, s := range httpieSeparators {
				if strings.HasPrefix(item[i:], s) {
					return i, s
				}
			}
		}
	}
	return len(item), ""
}

// httpieOperands are those of curlie, which makes curl's options of them: with
// -F as a switch name=@file is a form's file, all else is JSON.
func (q *curlRequest) httpieOperands(operands []string) {
	if len(operands) == 0 {
		return
	}
	switch strings.ToUpper(operands[0]) {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE":
		operands = operands[1:]
	case "HEAD":
		operands, q.head = operands[1:], true
	}
	if len(operands) == 0 {
		return
	}
	q.urls = append(q.urls, operands[0])
	for _, item := range operands[1:] {
		if _, separator := httpieSeparator(item); separator == "=" || separator == ":=" || separator == "=@" {
			q.addLiteral(partBody, item)
		}
	}
}
