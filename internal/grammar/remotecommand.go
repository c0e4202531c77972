package grammar

import (
	"path"
	"strings"
)

// remoteCommand is what the command that ssh runs at the other end does with
// the standard input and output that ssh gives it.
type remoteCommand struct {
	server Direction // it is the other half of a copy tool here; seen from here
	paths  []string  // of the server
	saves  bool      // it keeps what it reads
	saved  []string  // where
	sends  bool      // it writes the content of files
	sent   []string  // which
}

// remoteFlow is what goes through a pipe or descriptor at the other end.
type remoteFlow struct {
	kind  remoteFlowKind
	paths []string
}

type remoteFlowKind uint8

const (
	flowNone  remoteFlowKind = iota
	flowStdin                // what ssh here was given
	flowFiles                // content of files there
)

// readRemoteCommand follows both flows through the pipelines of a shell command.
func readRemoteCommand(line string) (r remoteCommand) {
	out := r.run(line, remoteFlow{kind: flowStdin}, 0)
	r.sends, r.sent = out.kind == flowFiles, out.paths
	return r
}

// run returns what all its pipelines write to standard output.
func (r *remoteCommand) run(line string, in remoteFlow, depth int) (all remoteFlow) {
	const deepest = 3 // of sh -c within sh -c
	if depth > deepest {
		return remoteFlow{}
	}
	reader := remoteShell{line: line}
	var out remoteFlow
	for r.server == NoCopy {
		cmd, ok := reader.next()
		if !ok {
			break
		}
		out = r.command(&cmd, cmd.source(in, out), depth)
		if cmd.ownOut {
			if out.kind == flowStdin && isKeptFile(cmd.output) {
				r.save(cmd.output)
			}
			out = remoteFlow{}
		}
		if !cmd.piped {
			all.join(out)
		}
	}
	return all
}

// source is what the command reads: a file, the command before it, or what the shell has.
func (cmd *remoteSimple) source(shell, before remoteFlow) remoteFlow {
	switch {
	case cmd.ownIn && isStandardInput(cmd.input):
		return shell
	case cmd.ownIn && cmd.input != "":
		return remoteFlow{flowFiles, []string{cmd.input}}
	case cmd.ownIn:
		return remoteFlow{}
	case cmd.reading:
		return before
	}
	return shell
}

func (f *remoteFlow) join(other remoteFlow) {
	if f.kind == flowFiles && other.kind == flowFiles {
		f.paths = appendPaths(f.paths, other.paths)
	} else if f.kind != flowFiles && other.kind != flowNone {
		*f = other
	}
}

func isKeptFile(file string) bool { return file != "" && file != "/dev/null" && file != "/dev/stdout" }

func (r *remoteCommand) save(files ...string) {
	r.saves = true
	r.saved = appendPaths(r.saved, files)
}

// appendPaths adds those that will be kept: each is a remote end.
func appendPaths(paths, more []string) []string {
	return append(paths, more[:min(len(more), max(0, maxRemotes-len(paths)))]...)
}

// command says what one command writes, of what it reads.
func (r *remoteCommand) command(cmd *remoteSimple, in remoteFlow, depth int) remoteFlow {
	words := remoteWords(cmd.words)
	if len(words) == 0 {
		return remoteFlow{}
	}
	name, args := path.Base(words[0]), words[1:]
	if isShellProgram(name) {
		if script, ok := remoteScript(args); ok {
			return r.run(script, in, depth+1)
		}
		return remoteFlow{}
	}
	if r.serves(name, args) {
		return remoteFlow{}
	}
	program, known := remotePrograms[name]
	if !known {
		if cmd.reading { // whatever it makes of it
			return in
		}
		return remoteFlow{}
	}
	does, paths := program(args)
	switch does {
	case deedPasses:
		return in
	case deedEmits:
		return remoteFlow{flowFiles, paths}
	case deedKeeps, deedKeepsAndPasses:
		if in.kind == flowStdin {
			r.save(paths...)
		}
		if does == deedKeepsAndPasses {
			return in
		}
	}
	return remoteFlow{}
}

// remoteWords leaves out reserved words, assignments, and programs that run the one after them.
func remoteWords(words []string) []string {
	for len(words) > 0 {
		w := words[0]
		name := path.Base(w)
		switch {
		case w == "{" || w == "!" || w == "if" || w == "then" || w == "else" || w == "while" || w == "do":
			words = words[1:]
		case strings.Contains(w, "=") && !strings.HasPrefix(w, "-"):
			words = words[1:]
		case runsAnother(name) || name == "chroot":
			words = skipRunner(name, words[1:])
		default:
			return words
		}
	}
	return nil
}

// runnerValues are the options of programs that run another that take a value.
var runnerValues = map[string]string{
	"sudo": "ughpCcrtTRD", "doas": "uC", "nice": "n", "ionice": "cnp", "timeout": "sk", "sshpass": "pfdP", "env": "uCS",
	"stdbuf": "ioe", "proxychains": "f", "proxychains4": "f", "torsocks": "upaP",
}

// skipRunner leaves out the wrapper's own options and operands.
func skipRunner(name string, words []string) []string {
	values := runnerValues[name]
	for len(words) > 0 && len(words[0]) > 1 && words[0][0] == '-' {
		w := words[0]
		words = words[1:]
		if w == "--" {
			break
		}
		if len(w) == 2 && strings.IndexByte(values, w[1]) >= 0 && len(words) > 0 {
			words = words[1:]
		}
	}
	if (name == "timeout" || name == "chroot") && len(words) > 0 {
		words = words[1:] // the duration, the directory
	}
	return words
}

// remoteScript is what follows -c.
func remoteScript(args []string) (string, bool) {
	for i, arg := range args {
		if !strings.HasPrefix(arg, "-") || strings.HasPrefix(arg, "--") {
			return "", false
		}
		if strings.HasSuffix(arg, "c") && i+1 < len(args) {
			return args[i+1], true
		}
	}
	return "", false
}

// serves recognises what copy tools run at the other end.
func (r *remoteCommand) serves(name string, args []string) bool {
	switch {
	case name == "rsync":
		call := readRsync(args)
		if !call.server {
			return false
		}
		r.paths = call.paths()
		switch {
		case call.daemon:
			r.server, r.paths = Unknown, nil
		case call.sender:
			r.server = Download
		default:
			r.server = Upload
		}
	case name == "scp" || name == "rcp":
		r.serveFlags(args, scpOptions, "t", "f")
	case name == "pdcp" || name == "rpdcp":
		r.serveFlags(args, pdcpOptions, "z", "Z")
	case isSFTPServer(name):
		r.server = Unknown
	case name == "unison" && hasWord(args, "-server"):
		r.server = Bidirectional
	case name == "rdiff-backup" && (hasWord(args, "--server") || hasWord(args, "server")):
		r.server = Unknown
	case name == "borg" && hasWord(args, "serve"), name == "rmt":
		r.server = Unknown
	}
	return r.server != NoCopy
}

func (r *remoteCommand) serveFlags(args []string, options *Options, to, from string) {
	for o := range options.Scan(args) {
		switch o.Name {
		case to:
			r.server = Upload
		case from:
			r.server = Download
		case "":
			r.paths = append(r.paths, o.Value)
		}
	}
	if r.server == NoCopy {
		r.paths = nil
	}
}

func isSFTPServer(command string) bool {
	name := path.Base(command)
	return name == "sftp-server" || name == "internal-sftp"
}

func hasWord(args []string, word string) bool {
	for _, arg := range args {
		if arg == word {
			return true
		}
	}
	return false
}
