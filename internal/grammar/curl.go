package grammar

import "strings"

// curl reads the command line of curl(1). A command is one or several requests
// (--next), each of one or several URLs: what is sent is decided by request
// (-d, -F) or by URL (-T), and each has to be found out for itself. The whole
// is an upload where one of them is.
//
// Options that are refused together (-d with -T or -I) are read as an upload
// of low confidence: which curl, of which age, runs is not in the arguments.
func curl(c *Command) Transfer {
	run := curlRun{c: c}
	for opt := range scanCurl(c.Args) {
		switch {
		case opt.name == "":
			run.operand(opt.index)
		case opt.name == "help" || opt.name == "version" || opt.name == "manual":
			return Transfer{Direction: Informative} // before any transfer, wherever it stands
		default:
			run.option(&opt)
		}
	}
	run.finish()
	return run.transfer()
}

// curlRun is what has been read so far.
type curlRun struct {
	c        *Command
	t        Transfer
	request  curlRequest
	operands []string // of curlie
	proxies  proxyCheck

	variables []string // files of --variable name@file
	expands   bool     // an --expand-option takes a variable into a request

	// what has been found in the requests
	upload                                   Confidence
	download, live, local, listing, toStdout bool
}

// curlRequest is what stands between two --next.
type curlRequest struct {
	urls    []string
	uploads []string     // of -T: the nth is for the nth URL
	outputs []curlOutput // of -o and -O, likewise

	files    []curlFile
	literal  curlPart // kinds of data that were given literally
	get      bool     // -G: the data becomes part of the URL
	head     bool
	list     bool
	allNames bool // -O for every URL
	named    bool // -J: the server names the file

	outputDir, user, scheme, socket string
	etagCompare, etagSave           string
	proxy, direct, insecure         bool
	tls, tlsOptional                bool
	peers                           []Remote // where --resolve and --connect-to lead
}

type curlOutput struct {
	path   string
	remote bool // -O
}

// curlFile is a file of which the content becomes part of a request.
type curlFile struct {
	path string
	part curlPart
}

// curlPart is the part of a request that data goes to; literal data is a set of them.
type curlPart uint8

const (
	partBody   curlPart = 1 << iota // -d and its relatives
	partForm                        // -F
	partQuery                       // --url-query
	partHeader                      // -H @file, --etag-compare
)

// operand adds a URL. curlie takes HTTPie's operands, of which only all together make sense.
func (run *curlRun) operand(index int) {
	if run.c.Tool == "curlie" {
		run.operands = appendOperand(run.operands, run.c.Args, index)
		return
	}
	run.request.urls = appendOperand(run.request.urls, run.c.Args, index)
}

// option takes one option in. Those that say nothing of what is copied are not here.
func (run *curlRun) option(opt *curlOption) {
	if opt.abbreviated {
		run.t.signal(OptionAbbreviated)
	}
	if opt.expanded && opt.name != "output" && opt.name != "output-dir" && strings.Contains(opt.value, "{{") {
		run.expands = true
	}
	q := &run.request
	switch opt.name {
	case "next":
		run.next()
	case "url":
		q.urls = append(q.urls, opt.value)
	case "config":
		run.t.addOpaque(opt.value)
		run.t.signal(OpaqueConfig)
	case "variable":
		if at := strings.IndexAny(opt.value, "=@"); at >= 0 && opt.value[at] == '@' {
			run.variables = append(run.variables, opt.value[at+1:])
		}
	default:
		if !q.body(opt) && !q.output(opt) {
			q.connection(opt)
		}
	}
}

// next begins another request. Without a URL in this one curl 7.88 goes on with it.
func (run *curlRun) next() {
	if len(run.request.urls) == 0 {
		return
	}
	run.close()
	run.request = curlRequest{}
}

// body takes options in that say what is sent.
func (q *curlRequest) body(opt *curlOption) bool {
	switch opt.name {
	case "upload-file":
		q.uploads = append(q.uploads, opt.value)
	case "data", "data-ascii", "data-binary", "json":
		q.data(partBody, opt.value)
	case "data-raw":
		q.addLiteral(partBody, opt.value)
	case "data-urlencode":
		q.encoded(partBody, opt.value)
	case "url-query":
		if !strings.HasPrefix(opt.value, "+") {
			q.encoded(partQuery, opt.value)
		}
	case "form":
		q.form(opt.value)
	case "form-string":
		q.addLiteral(partForm, opt.value)
	case "header": // not proxy-header, nor a cookie file: of that only what the domain matches is sent
		if path, ok := strings.CutPrefix(opt.value, "@"); ok {
			q.addFile(partHeader, path)
		}
	case "etag-compare":
		q.etagCompare = opt.value
	case "etag-save":
		q.etagSave = opt.value
	case "get":
		q.get = !opt.negated
	case "head":
		q.head = !opt.negated
	case "list-only":
		q.list = !opt.negated
	default:
		return false
	}
	return true
}

// output takes options in that say where the response goes.
func (q *curlRequest) output(opt *curlOption) bool {
	switch opt.name {
	case "output":
		q.outputs = append(q.outputs, curlOutput{path: opt.value})
	case "remote-name":
		q.outputs = append(q.outputs, curlOutput{remote: !opt.negated, path: "-"})
	case "out-null":
		q.outputs = append(q.outputs, curlOutput{path: "/dev/null"})
	case "output-dir":
		q.outputDir = opt.value
	case "remote-name-all":
		q.allNames = !opt.negated
	case "remote-header-name":
		q.named = !opt.negated
	default:
		return false
	}
	return true
}

// connection takes options in that say who the peer is and how it is reached.
func (q *curlRequest) connection(opt *curlOption) {
	switch opt.name {
	case "proxy", "proxy1.0", "preproxy", "socks4", "socks4a", "socks5", "socks5-hostname":
		q.proxy = opt.value != ""
		q.direct = opt.value == "" // -x "" overrides the environment
	case "noproxy":
		q.direct = opt.value == "*"
	case "insecure":
		q.insecure = !opt.negated
	case "ssl-reqd", "ftp-ssl-reqd":
		q.tls = !opt.negated
	case "ssl", "ftp-ssl", "ftp-ssl-control":
		q.tlsOptional = !opt.negated
	case "resolve":
		q.resolve(opt.value)
	case "connect-to":
		q.connectTo(opt.value)
	case "unix-socket", "abstract-unix-socket":
		q.socket = opt.value
	case "user":
		if user, _, _ := strings.Cut(opt.value, ":"); user != "***" {
			q.user = user
		}
	case "proto-default":
		q.scheme = strings.ToLower(opt.value)
	}
}

// data is the value of -d: @file, or the data.
func (q *curlRequest) data(part curlPart, value string) {
	if path, ok := strings.CutPrefix(value, "@"); ok {
		q.addFile(part, path)
		return
	}
	q.addLiteral(part, value)
}

// encoded is the value of --data-urlencode: content, =content, name=content, @file or name@file.
func (q *curlRequest) encoded(part curlPart, value string) {
	if strings.IndexByte(value, '=') < 0 {
		if _, path, ok := strings.Cut(value, "@"); ok {
			q.addFile(part, path)
			return
		}
	}
	q.addLiteral(part, value)
}

func (q *curlRequest) addFile(part curlPart, path string) {
	if path != "" { // curl warns and sends nothing
		q.files = append(q.files, curlFile{path, part})
	}
}

// addLiteral notes literal data. An empty one only makes a POST of the request.
func (q *curlRequest) addLiteral(part curlPart, value string) {
	if value != "" {
		q.literal |= part
	}
}

// resolve reads [+]HOST:PORT:ADDRESS[,ADDRESS]...: the addresses are the peers. -HOST:PORT removes an entry.
func (q *curlRequest) resolve(value string) {
	if strings.HasPrefix(value, "-") {
		return
	}
	_, rest := cutHost(strings.TrimPrefix(value, "+"))
	_, addresses, _ := strings.Cut(rest, ":")
	for address := range strings.SplitSeq(addresses, ",") {
		if address = strings.Trim(address, "[]"); address != "" {
			q.peers = append(q.peers, Remote{Host: address})
		}
	}
}

// connectTo reads HOST1:PORT1:HOST2:PORT2: the second is the peer, unless it is empty.
func (q *curlRequest) connectTo(value string) {
	_, rest := cutHost(value)
	_, rest, _ = strings.Cut(rest, ":")
	if host, port := cutHost(rest); host != "" || port != "" {
		q.peers = append(q.peers, Remote{Host: host, Port: parsePort(port)})
	}
}

// cutHost cuts at the first colon outside of brackets.
func cutHost(s string) (host, rest string) {
	if strings.HasPrefix(s, "[") {
		if end := strings.IndexByte(s, ']'); end > 0 {
			return s[1:end], strings.TrimPrefix(s[end+1:], ":")
		}
	}
	host, rest, _ = strings.Cut(s, ":")
	return host, rest
}
