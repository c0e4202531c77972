package grammar

import (
	"strings"
)

// What code given in an argument (python -c, perl -e, php -r) does is read from
// the calls in it that are known to send, fetch, read or write. That is no
// proof: a variable may hold anything, and a name can be built at run time. So
// its confidence is medium, and the ends are those that are written in it as
// literals.

// deed is what a call does.
type deed uint16

const (
	sends     deed = 1 << iota // data that it is given goes to a remote end
	fetches                    // data comes from one
	uploads                    // a file goes
	downloads                  // a file comes
	listens                    // waits for peers
	connects                   // what goes over the connection, other calls say
	reads                      // a local file
	writes                     // a local file
	opens                      // a file, to read or to write as its mode says; a URL in some languages
	readsStdin
	startsShell
)

// knownCall is a call of a language or of a library.
type knownCall struct {
	name string // as written before its arguments, from a dot where the object may have any name
	deed deed
	// near must be in the code too, where the name alone says little.
	near string
	// host, file and mode are the positions of these arguments from 1; 0 where there is none.
	host, file, mode int
	// body is the position of the data to send, of a call that fetches without.
	body     int
	protocol string
	channel  Channel
}

// codeReader collects what the calls show.
type codeReader struct {
	*Command
	Transfer
	did deed
}

// readCode reads the code with the calls of its language. Further arguments are those of the program.
func readCode(c *Command, code string, calls []knownCall, arguments []string) Transfer {
	r := codeReader{Command: c}
	return r.read(code, calls, arguments)
}

// readLoop is for code that runs for each line of the files in its arguments, or of
// standard input without (perl -n, ruby -p).
func readLoop(c *Command, code string, calls []knownCall, arguments []string) Transfer {
	r := codeReader{Command: c, did: readsStdin}
	if len(arguments) > 0 {
		r.did = reads
	}
	t := r.read(code, calls, arguments)
	if t.Direction == Upload {
		t.LocalPaths = append(t.LocalPaths, arguments...)
	}
	return t
}

func (r *codeReader) read(code string, calls []knownCall, arguments []string) Transfer {
	r.takeURLs(code)
	for i := range calls {
		call := &calls[i]
		if !strings.Contains(code, call.name) || call.near != "" && !strings.Contains(code, call.near) {
			continue
		}
		r.takeCalls(code, call)
	}
	if r.decide(); r.Direction == NoCopy {
		return Transfer{}
	}
	for _, a := range arguments[:min(len(arguments), maxRemotes)] {
		if remote, ok := parseURL(a); ok && r.Direction != Listen {
			addRemoteTo(&r.Transfer, remote)
		}
	}
	if r.Direction == Listen {
		r.Remotes = nil
	}
	r.Confidence = Medium
	for _, remote := range r.Remotes {
		if r.Protocol != "" {
			break
		}
		r.Protocol, r.Channel = protocolOfScheme(remote.Scheme)
	}
	return r.Transfer
}

// codeOf reads the code in one of the named options.
func codeOf(c *Command, options *Options, names string, calls []knownCall) Transfer {
	var code strings.Builder
	rest := c.Args[len(c.Args):]
	for o := range options.Scan(c.Args) {
		if o.IsOperand() {
			rest = c.Args[o.Index:]
			break
		}
		if !o.HasValue {
			continue
		}
		if isOneOf(o.Name, names) {
			code.WriteString(o.Value)
			code.WriteByte('\n')
		} else if o.Name == "l" && o.Value != "" { // lua -l socket
			code.WriteString("require '" + o.Value + "'\n")
		}
	}
	if code.Len() == 0 {
		return Transfer{}
	}
	return readCode(c, code.String(), calls, rest)
}

// takeURLs adds the URLs that are written in the code.
func (r *codeReader) takeURLs(code string) {
	for rest := code; !r.isFull(); {
		at := strings.Index(rest, "://")
		if at < 0 {
			return
		}
		start := at
		for start > 0 && at-start < 12 && isScheme(rest[start-1:start]) {
			start--
		}
		end := len(rest)
		if n := strings.IndexAny(rest[at:], " \t\n\"'`()<>,;\\{}|"); n >= 0 {
			end = at + n
		}
		if remote, ok := parseURL(rest[start:end]); ok && isNetworkScheme(remote.Scheme) && remote.Host != "" && !strings.HasPrefix(remote.Host, "$") {
			addRemoteTo(&r.Transfer, remote)
		}
		rest = rest[end:]
	}
}

func isNetworkScheme(s string) bool {
	switch s {
	case "http", "https", "ftp", "ftps", "sftp", "scp", "ssh", "ws", "wss", "tcp", "udp", "tls", "ssl", "tftp", "smb", "gopher":
		return true
	}
	return false
}

// maxCalls bounds what is looked at of one name; real one-liners have a few.
const maxCalls = 32

func (r *codeReader) takeCalls(code string, call *knownCall) {
	from := 0
	for range maxCalls {
		at := strings.Index(code[from:], call.name)
		if at < 0 {
			return
		}
		at += from
		from = at + len(call.name)
		if at > 0 && isNameByte(call.name[0]) && isNameByte(code[at-1]) || from < len(code) && isNameByte(code[from]) && isNameByte(call.name[len(call.name)-1]) {
			continue
		}
		r.takeCall(call, callArguments(code[from:]))
	}
}

func isNameByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

func (r *codeReader) takeCall(call *knownCall, args arguments) {
	did := call.deed
	if call.body > 0 && args.has(call.body) {
		did = sends
	}
	if did&opens != 0 {
		did = did&^opens | r.openedFor(call, &args)
	} else if file := args.literal(call.file); file != "" && !strings.Contains(file, "://") {
		r.addPath(file)
	}
	if call.host > 0 {
		r.takeHost(&args, call.host)
	}
	if call.protocol != "" {
		r.Protocol, r.Channel = call.protocol, call.channel
	}
	r.did |= did
}

// openedFor says what a file is opened for; a URL that is opened is fetched.
func (r *codeReader) openedFor(call *knownCall, args *arguments) deed {
	file, mode := args.literal(call.file), args.literal(call.mode)
	if call.file > call.mode && args.n == call.mode { // perl: open(F, "<file")
		file, mode = mode, ""
	}
	if raw := args.at(call.file); strings.Contains(file, "://") || file == "" && (strings.Contains(raw, "://") || strings.Contains(strings.ToLower(raw), "url")) {
		return map[bool]deed{true: uploads, false: fetches}[strings.HasPrefix(mode, "w")]
	}
	if rest := strings.TrimLeft(file, "<>+ "); rest != file { // perl: open(F, ">file")
		file, mode = rest, file[:len(file)-len(rest)]+mode
	}
	if file != "" && file[0] != '&' { // perl: ">&S" is a copy of a descriptor
		r.addPath(file)
	}
	if !strings.HasPrefix(mode, "<") && strings.ContainsAny(mode, "wax>") {
		return writes
	}
	return reads
}

// takeHost reads 'host', port or 'host:port', also in a tuple.
func (r *codeReader) takeHost(args *arguments, position int) {
	raw := args.at(position)
	host, rest := literalIn(raw)
	if host == "" || strings.Contains(host, "://") || strings.ContainsAny(host, " /") {
		return
	}
	remote := parseHost(host)
	for _, arg := range []string{rest, args.at(position + 1), args.at(position - 1)} { // node has it before
		if remote.Port == 0 {
			remote.Port = portIn(arg)
		}
	}
	addRemoteTo(&r.Transfer, remote)
}

// portIn reads 80, "80", PeerPort=>80, port: 80.
func portIn(arg string) int {
	if at := strings.LastIndexAny(arg, ">:="); at >= 0 {
		arg = arg[at+1:]
	}
	return parsePort(strings.Trim(arg, ",)]} \t'\""))
}

// decide weighs what was found.
func (r *codeReader) decide() {
	did := func(d deed) bool { return r.did&d != 0 }
	gives := did(reads) && !did(writes) || did(readsStdin)
	switch {
	case did(startsShell) && did(connects|listens):
		r.signal(RunsShell)
		r.Direction = Bidirectional
		if did(listens) {
			r.Direction = Listen
		}
	case did(listens):
		r.Direction = Listen
	case did(uploads) && did(downloads):
		r.Direction = Bidirectional
	case did(uploads), did(sends) && gives:
		r.Direction = Upload
	case did(downloads), did(fetches), did(sends) && did(writes):
		r.Direction = Download
	case did(connects) && gives:
		r.Direction = Upload
	case did(connects) && did(reads) && did(writes):
		r.Direction = Bidirectional
	case did(connects) && did(writes):
		r.Direction = Download
	}
	if r.Direction == Upload && did(readsStdin) {
		r.addInput(r.Command, "-")
	}
}

// arguments are those of one call, as written.
type arguments struct {
	list [6]string
	n    int
}

// maxCallLength bounds how far the end of a call is looked for.
const maxCallLength = 1024

// callArguments splits what follows the name of a call at its commas: up to the
// closing parenthesis, or the end of the statement where there is none.
func callArguments(s string) (args arguments) {
	s = s[:min(len(s), maxCallLength)]
	s = strings.TrimLeft(s, " ")
	bare := true
	if strings.HasPrefix(s, "(") {
		bare, s = false, s[1:]
	}
	depth, start := 0, 0
	var quote byte
	i := 0
scan:
	for ; i < len(s); i++ {
		b := s[i]
		switch {
		case quote != 0:
			if b == '\\' {
				i++
			} else if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'' || b == '`':
			quote = b
		case b == '(' || b == '[' || b == '{':
			depth++
		case b == ')' || b == ']' || b == '}':
			if depth--; depth < 0 {
				break scan
			}
		case b == ',' && depth == 0:
			args.add(s[start:i])
			start = i + 1
		case bare && depth == 0 && (b == ';' || b == '\n' || b == '|'):
			break scan
		}
	}
	if last := s[start:min(i, len(s))]; strings.TrimSpace(last) != "" {
		args.add(last)
	}
	return args
}

func (a *arguments) add(s string) {
	if a.n < len(a.list) {
		a.list[a.n] = strings.TrimSpace(s)
		a.n++
	}
}

func (a *arguments) at(position int) string {
	if position < 1 || position > a.n {
		return ""
	}
	return a.list[position-1]
}

// has says whether there is an argument of the name data or files, or a further one without a name.
func (a *arguments) has(position int) bool {
	for i := range a.n {
		arg := a.list[i]
		for _, name := range []string{"data", "files", "body", "json", "content"} {
			if rest, ok := strings.CutPrefix(arg, name); ok && strings.HasPrefix(strings.TrimLeft(rest, " "), "=") {
				return true
			}
		}
	}
	arg := a.at(position)
	name, _, named := strings.Cut(arg, "=")
	return arg != "" && arg != "None" && !(named && strings.IndexFunc(name, func(r rune) bool { return r > 127 || !isNameByte(byte(r)) }) < 0)
}

// literal is the text of an argument that is a literal and no more.
func (a *arguments) literal(position int) string {
	s, rest := literalIn(a.at(position))
	if strings.Trim(rest, ")]} ") != "" {
		return ""
	}
	return s
}

// literalIn reads a quoted text at the beginning of s, after prefixes (b”, r"") and parentheses, and what follows it.
func literalIn(s string) (text, rest string) {
	s = strings.TrimLeft(s, "([{brfu ")
	if name := strings.IndexFunc(s, func(r rune) bool { return r > 127 || !isNameByte(byte(r)) }); name > 0 {
		value := strings.TrimLeft(s[name:], " ") // PeerAddr => "host", mode="w", host: "h"
		s = strings.TrimLeft(strings.TrimLeft(value, "=>:"), " ")
		if s == value {
			return "", s
		}
	}
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return "", s
	}
	end := strings.IndexByte(s[1:], s[0])
	if end < 0 {
		return "", s
	}
	return s[1 : 1+end], s[end+2:]
}
