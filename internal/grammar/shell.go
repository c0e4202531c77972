package grammar

import "strings"

// shell is bash, sh, dash, zsh, ksh: a script in -c that opens a connection
// itself. A script that runs curl or scp is no copy here: that is an exec of its own.
func shell(c *Command) Transfer {
	script := shellScript(c.Args)
	if !strings.Contains(script, "/dev/tcp/") && !strings.Contains(script, "/dev/udp/") &&
		!strings.Contains(script, "ztcp") && !strings.Contains(script, "zftp") {
		return Transfer{}
	}
	s := shellReader{Command: c}
	for cmd := range shellCommands(script) {
		s.take(cmd)
	}
	return s.result(script)
}

func isShell(name string) bool {
	switch name {
	case "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "rbash":
		return true
	}
	return false
}

var shellOptions = Options{
	Short: "abcefhiklmno:prstuvxBCDEHPO:T",
	Long:  "rcfile= init-file= login norc noprofile posix verbose restricted emulate= debugger",
}.compiled()

// shellScript is the script of -c: the first operand, after all options
// (POSIX, sh). A script in a file is not seen.
func shellScript(args []string) string {
	inArguments := false
	for i := 0; i < len(args); {
		if len(args[i]) > 1 && args[i][0] == '+' { // set -x off; +o takes a value
			i++
			if strings.HasSuffix(args[i-1], "o") || strings.HasSuffix(args[i-1], "O") {
				i++
			}
			continue
		}
		next := len(args)
		for o := range shellOptions.Scan(args[i:]) {
			switch {
			case !o.IsOperand():
				inArguments = inArguments || o.Name == "c"
				continue
			case len(o.Value) > 1 && o.Value[0] == '+' && o.Index > 0:
				next = i + o.Index
			case inArguments:
				return o.Value
			}
			break
		}
		if next <= i {
			return ""
		}
		i = next
	}
	return ""
}

// shellReader follows the connections of a script.
type shellReader struct {
	*Command
	Transfer
	// open are the descriptors that lead to a connection: numbers or names.
	open           []string
	sends          bool // something other than a greeting is written to a connection
	speaks         bool // a text of the script is
	receives, runs bool // something is read from it; a shell has it as a terminal
	request        string
	listens        bool
}

func (s *shellReader) take(c *shellCommand) {
	switch c.name() {
	case "ztcp":
		s.takeZtcp(c.args())
	case "zftp":
		s.takeZftp(c)
	}
	var in, out bool // the command has a connection as its input, as its output
	for _, r := range c.redirects {
		if remote, ok := devRemote(r.target); ok {
			addRemoteTo(&s.Transfer, remote)
			if s.opens(c, r) {
				continue
			}
		} else if (r.op != ">&" && r.op != "<&") || !s.isOpen(r.target) {
			continue
		}
		in, out = in || r.op[0] == '<', out || r.op[0] != '<' || r.op == "<>"
	}
	if in || out {
		s.runs = s.runs || isShell(c.name()) || hasInteractiveShell(c) || strings.HasPrefix(c.name(), "$")
	}
	if in {
		s.takeReceiver(c)
	}
	if out {
		s.takeSender(c)
	}
}

// devRemote reads /dev/tcp/HOST/PORT (bash(1), REDIRECTION).
func devRemote(target string) (Remote, bool) {
	rest, ok := strings.CutPrefix(target, "/dev/tcp/")
	if !ok {
		if rest, ok = strings.CutPrefix(target, "/dev/udp/"); !ok {
			return Remote{}, false
		}
	}
	host, port, _ := strings.Cut(rest, "/")
	return Remote{Host: host, Port: parsePort(port), Scheme: target[5:8]}, true
}

// opens notes the descriptor that a redirection opens for later commands, and
// says whether that is all it does.
func (s *shellReader) opens(c *shellCommand, r redirect) bool {
	forLater := c.name() == "exec" && len(c.words) == 1
	if !forLater && r.op != "<>" {
		return false
	}
	fd := r.fd
	if fd == "" {
		fd = map[bool]string{true: "0", false: "1"}[r.op[0] == '<']
	}
	if len(s.open) < 16 {
		s.open = append(s.open, fd)
	}
	s.sends = s.sends || fd == "1" && forLater // exec > /dev/tcp/..: all that follows
	return forLater
}

// isOpen: is it a descriptor of a connection, as in >&3, >&$fd?
func (s *shellReader) isOpen(target string) bool {
	name := strings.Trim(target, "${}")
	for _, fd := range s.open {
		if fd == name || fd == strings.TrimSuffix(name, "-") && name != "-" {
			return true
		}
	}
	return false
}

func hasInteractiveShell(c *shellCommand) bool {
	for _, w := range c.words {
		if isShell(baseName(w)) && strings.Contains(w, "/") {
			return true
		}
	}
	return false
}

// takeReceiver: a redirection without a command only tries the port.
func (s *shellReader) takeReceiver(c *shellCommand) {
	switch c.name() {
	case "", ":", "true", "exec":
		return
	}
	s.receives = true
	if out := c.redirectTarget(">"); out != "" && isLiteralPath(out) {
		s.addPath(out)
	}
}

func (s *shellReader) takeSender(c *shellCommand) {
	switch c.name() {
	case "", ":", "true", "exec":
		return
	case "echo", "printf":
		text := strings.TrimLeft(strings.Join(c.words[1:min(len(c.words), 4)], " "), "- en")
		if text == "" {
			return
		}
		s.speaks = true
		if s.request == "" {
			s.request, _, _ = strings.Cut(text, " ")
		}
		return
	}
	from := c.redirectTarget("<")
	if from == "/dev/null" {
		return
	}
	s.sends = true
	files := 0
	if from != "" && isLiteralPath(from) {
		s.addPath(from)
		files++
	}
	if c.name() != "cat" {
		return
	}
	for _, w := range c.args() {
		if isLiteralPath(w) {
			s.addPath(w)
			files++
		}
	}
	if files == 0 && !c.fed && len(c.words) == 1 && from == "" {
		s.addInput(s.Command, "-")
	}
}

// isLiteralPath: not an option, a variable, a descriptor or a device.
func isLiteralPath(w string) bool {
	if _, network := devRemote(w); network {
		return false
	}
	return w != "" && w[0] != '-' && !strings.ContainsAny(w, "$`") && w != "/dev/null"
}

// takeZtcp reads ztcp [-acflLtv] [-d fd] [args] (zshmodules(1)); the descriptor is in $REPLY.
func (s *shellReader) takeZtcp(args []string) {
	var operands []string
	for o := range ztcpOptions.Scan(args) {
		switch {
		case o.IsOperand():
			operands = append(operands, o.Value)
		case o.Name == "l":
			s.listens = true
		case o.Name == "c":
			return
		case o.Name == "d":
			s.open = append(s.open[:min(len(s.open), 15)], o.Value)
		}
	}
	s.open = append(s.open[:min(len(s.open), 14)], "REPLY", "fd")
	if len(operands) > 0 && !s.listens {
		remote := Remote{Host: operands[0], Scheme: "tcp"}
		if len(operands) > 1 {
			remote.Port = parsePort(operands[1])
		}
		addRemoteTo(&s.Transfer, remote)
	}
}

var ztcpOptions = Options{Short: "acd:flLtv"}.compiled()

// takeZftp reads the commands of zsh's FTP client that matter (zshmodules(1)).
func (s *shellReader) takeZftp(c *shellCommand) {
	if len(c.words) < 2 {
		return
	}
	s.Protocol, s.Channel = "ftp", Clear
	switch c.words[1] {
	case "open":
		if len(c.words) > 2 {
			addRemoteTo(&s.Transfer, parseHost(c.words[2]))
		}
	case "get", "getat":
		s.takeReceiver(c)
	case "put", "putat", "append", "appendat":
		s.takeSender(c)
	}
}

func (s *shellReader) result(script string) Transfer {
	switch {
	case s.runs:
		s.signal(RunsShell)
		s.Direction = Bidirectional
	case s.receives && !s.sends && (s.request == "GET" || s.request == "HEAD"):
		s.Direction = Download
	case s.receives && s.speaks && (s.request == "POST" || s.request == "PUT"), s.sends && !s.receives:
		s.Direction = Upload
	case s.receives && (s.sends || s.speaks):
		s.Direction = Bidirectional
	case s.receives:
		s.Direction = Download
	case s.speaks:
		s.Direction = Upload
		s.signal(InlineData)
	case s.listens:
	case len(s.Remotes) == 0 && hidesCommands(script):
		return hiddenConnection(script)
	default:
		return Transfer{} // opens a port and says nothing: a check
	}
	if s.listens {
		s.Direction = Listen
	}
	if s.request == "GET" || s.request == "HEAD" || s.request == "POST" || s.request == "PUT" {
		s.Protocol, s.Channel = "http", Clear
	}
	return s.Transfer
}

// hidesCommands: some are in a text, which is not read as commands here.
func hidesCommands(script string) bool {
	return strings.Contains(script, "$(") || strings.Contains(script, "`") || strings.Contains(script, "eval ")
}

// hiddenConnection is for "$(cat < /dev/tcp/host/port)" and the like.
func hiddenConnection(script string) Transfer {
	t := Transfer{Direction: Unknown, Confidence: Low}
	for _, prefix := range []string{"/dev/tcp/", "/dev/udp/"} {
		if at := strings.Index(script, prefix); at >= 0 {
			word, _ := shellWord(script[at:])
			remote, _ := devRemote(strings.TrimRight(word, "`)"))
			addRemoteTo(&t, remote)
		}
	}
	if len(t.Remotes) == 0 {
		return Transfer{}
	}
	return t
}
