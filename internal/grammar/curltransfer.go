package grammar

import (
	"slices"
	"strings"
)

// finish closes the last request, and adds what holds for all of them.
func (run *curlRun) finish() {
	if run.c.Tool == "curlie" {
		run.request.httpieOperands(run.operands)
	}
	if home := run.c.env("CURL_HOME"); home != "" && (len(run.c.Args) == 0 || run.c.Args[0] != "-q" && run.c.Args[0] != "--disable") {
		run.t.addOpaque(joinPath(home, ".curlrc"))
		run.t.signal(OpaqueConfig)
	}
	run.close()
	if run.expands && len(run.variables) > 0 && len(run.t.Remotes) > 0 {
		for _, path := range run.variables {
			run.send(path, High)
		}
		run.t.Signals = slices.DeleteFunc(run.t.Signals, func(s Signal) bool { return s == InlineData })
	}
}

// close finds out what one request does.
func (run *curlRun) close() {
	q := &run.request
	if q.etagCompare != "" && q.etagCompare != q.etagSave { // curl sends what is in it, whatever it is
		q.addFile(partHeader, q.etagCompare)
	}
	if len(q.urls) == 0 {
		if len(run.t.Opaque) > 0 { // which has the URL
			run.sendUpload(q, 0)
			run.sendBody(q, "http")
		}
		return
	}
	if q.socket != "" {
		run.t.addPath(q.socket)
	}
	tried, body := false, false
	for i, url := range q.urls {
		if q.repeats(i) || run.saysNoMore(url) && (tried || !q.hasBody()) {
			run.sendUpload(q, i)
			continue
		}
		r := curlURL(url, q.scheme)
		if r.User == "" {
			r.User = q.user
		}
		if r.Scheme == "file" {
			run.visitFile(q, i, r.Path)
			continue
		}
		uploaded := run.sendUpload(q, i)
		takes := partsTaken(r.Scheme) != 0
		if takes && !tried { // the same for all URLs
			tried, body = true, run.sendBody(q, r.Scheme)
		}
		switch {
		case uploaded || takes && body:
			run.reach(q, r)
		case q.socket != "":
			run.local = true
			run.save(q, i, r)
		default:
			run.receive(q, i, r)
		}
	}
}

// repeats says that the nth URL is the one before it, of which nothing else is said.
func (q *curlRequest) repeats(i int) bool {
	return i > 0 && i >= len(q.uploads) && i >= len(q.outputs) && !q.allNames && q.urls[i] == q.urls[i-1]
}

// saysNoMore says that a URL without a scheme, after very many, is only one more download.
func (run *curlRun) saysNoMore(url string) bool {
	return run.t.isFull() && run.download && strings.IndexByte(url, ':') < 0
}

// hasBody says that a request may send something that its URL does not say.
func (q *curlRequest) hasBody() bool { return len(q.files) > 0 || q.literal != 0 }

// reach notes a remote end and how curl gets to it.
func (run *curlRun) reach(q *curlRequest, r Remote) {
	w := wireOf(r.Scheme)
	if w.channel == Clear && w.protocol != "http" {
		if q.tls {
			w.channel = Encrypted
		} else if q.tlsOptional {
			w.channel = ""
		}
	}
	run.t.connectBy(r, w)
	if q.insecure {
		run.t.signal(Unverified)
	}
	if q.proxy || !q.direct && run.proxies.proxied(run.c, r) {
		run.t.signal(ViaProxy)
	}
	if q.socket != "" {
		run.t.signal(RedirectedHost)
	}
	for _, peer := range q.peers {
		run.t.signal(RedirectedHost)
		run.t.addRemote(peer)
	}
	q.peers = nil // once is enough
}

// send notes a file of which the content leaves. What listens at a UNIX socket
// may be a service of this host or the end of a tunnel.
func (run *curlRun) send(path string, confidence Confidence) {
	if run.request.socket != "" {
		confidence = Low
	}
	if path = sent(path); path == "." { // -T . reads standard input without blocking
		path = "-"
	}
	run.t.addInput(run.c, path)
	run.uploads(confidence)
}

// uploads keeps the highest confidence.
func (run *curlRun) uploads(confidence Confidence) {
	if run.upload == "" || run.upload == Low || confidence == High {
		run.upload = confidence
	}
}

// sendUpload is for the file that -T gives for the nth URL, if it gives one.
func (run *curlRun) sendUpload(q *curlRequest, i int) bool {
	if i >= len(q.uploads) || q.uploads[i] == "" {
		return false
	}
	confidence := High
	if q.refused() {
		confidence = Low
	}
	run.send(q.uploads[i], confidence)
	return true
}

// refused says that curl ends with "You can only select one HTTP request method".
func (q *curlRequest) refused() bool {
	methods := 0
	parts := q.literal
	for _, f := range q.files {
		parts |= f.part
	}
	for _, chosen := range []bool{len(q.uploads) > 0, parts&partForm != 0, parts&partBody != 0 && !q.get, q.head} {
		if chosen {
			methods++
		}
	}
	return methods > 1
}

// sendBody is for what a request of that scheme sends besides; false for nothing.
func (run *curlRun) sendBody(q *curlRequest, scheme string) bool {
	taken := partsTaken(scheme)
	files, literal := false, q.literal&taken
	if q.get {
		literal &^= partBody
	}
	refused := len(q.files)+int(literal) > 0 && q.refused()
	for _, f := range q.files {
		if f.part&taken == 0 {
			continue
		}
		files = true
		switch {
		case refused:
			run.send(f.path, Low)
		case f.part == partHeader: // only those lines that look like a header
			run.send(f.path, Medium)
		default:
			run.send(f.path, High)
		}
	}
	if files {
		return true
	}
	if literal&(partBody|partForm) == 0 || q.socket != "" {
		return false
	}
	if refused {
		run.uploads(Low)
	} else {
		run.uploads(Medium)
	}
	run.t.signal(InlineData)
	run.saveNamed(q)
	return true
}

// partsTaken are the parts that requests of a scheme have: curl ignores -d for ftp://.
func partsTaken(scheme string) curlPart {
	switch scheme {
	case "http", "https":
		return partBody | partForm | partQuery | partHeader
	case "ws", "wss":
		return partQuery | partHeader
	case "smtp", "smtps", "imap", "imaps":
		return partForm // a mail
	case "mqtt", "mqtts":
		return partBody // publishes
	}
	return 0
}

// receive is for a request that sends nothing of this host's.
func (run *curlRun) receive(q *curlRequest, i int, r Remote) {
	run.reach(q, r)
	switch {
	case r.Scheme == "telnet":
		run.live = true
	case (r.Scheme == "gopher" || r.Scheme == "gophers") && strings.HasPrefix(r.Path, "/_"):
		// What follows the type goes out as it is; "_" is no type of RFC 1436 but the custom of those who send data so.
		run.uploads(Medium)
		run.t.signal(InlineData)
	case q.head || lists(q, r):
		run.listing = true
	default:
		run.download = true
		run.save(q, i, r)
	}
}

// lists says that the answer is a listing or no content at all.
func lists(q *curlRequest, r Remote) bool {
	switch r.Scheme {
	case "ftp", "ftps", "sftp":
		return q.list || r.Path == "" || strings.HasSuffix(r.Path, "/")
	case "pop3", "pop3s":
		return q.list
	case "smtp", "smtps": // VRFY, HELP
		return true
	}
	return false
}

// save notes where the response of the nth URL goes.
func (run *curlRun) save(q *curlRequest, i int, r Remote) {
	out := curlOutput{path: "-", remote: q.allNames}
	if i < len(q.outputs) {
		out = q.outputs[i]
	}
	name := out.path
	if out.remote {
		name = fileName(r.Path)
	}
	switch {
	case out.remote && q.named:
		run.t.addPath(orHere(q.outputDir))
	case name == "-" || name == "/dev/stdout":
		run.toStdout = true
	case name != "": // without a name curl fails
		run.t.addPath(joinPath(q.outputDir, name))
	}
}

// saveNamed notes where the response goes where that was said.
func (run *curlRun) saveNamed(q *curlRequest) {
	for i := range min(len(q.outputs), len(q.urls)) {
		if out := q.outputs[i]; out.remote || out.path != "-" {
			run.save(q, i, curlURL(q.urls[i], q.scheme))
		}
	}
}

func orHere(directory string) string {
	if directory == "" {
		return "."
	}
	return directory
}

// visitFile is for a file: URL, of which both ends are here.
func (run *curlRun) visitFile(q *curlRequest, i int, path string) {
	if q.head {
		run.listing = true
		return
	}
	run.local = true
	if i < len(q.uploads) && q.uploads[i] != "" {
		run.t.addInput(run.c, sent(q.uploads[i]))
		run.t.addPath(path)
		return
	}
	run.t.addPath(path)
	run.save(q, i, Remote{Path: path})
}

// transfer is the whole.
func (run *curlRun) transfer() Transfer {
	t := &run.t
	opaque := len(t.Opaque) > 0
	switch {
	case run.upload != "":
		t.Direction, t.Confidence = Upload, run.upload
		return *t
	case run.live:
		run.converse()
		return *t
	case run.download:
		t.Direction = Download
		if opaque { // the file may have a -T or an -F
			t.Confidence = Low
		}
	case run.local:
		t.Direction = Local
	case run.listing:
		t.Direction = Informative
		return *t
	case opaque:
		t.Direction, t.Confidence = Unknown, Low
		return *t
	default:
		return Transfer{} // no URL: curl says so
	}
	if run.toStdout {
		t.addOutput(run.c, "-")
	}
	return *t
}

// converse is for telnet://, which carries standard input and output.
func (run *curlRun) converse() {
	in, out := run.c.Stdin.HoldsData(), run.c.Stdout.HoldsData()
	t := &run.t
	t.Direction, t.Confidence = Interactive, ""
	if in {
		t.Direction, t.Confidence = Upload, Medium
		t.addInput(run.c, "-")
	}
	if out {
		t.Direction, t.Confidence = Download, Medium
		t.addOutput(run.c, "-")
	}
	if in && out {
		t.Direction = Bidirectional
	}
}
