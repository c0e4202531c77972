package recognise

import "strings"

// shapes are the tools that arguments may be of the shape of; those that the catalogue lacks are nothing.
type shapes struct {
	rsync, scp, curl, wget, aws, gsutil, s3cmd, s5cmd *meaning
}

func newShapes(r *Recogniser) shapes {
	tool := func(name string) *meaning {
		if m := r.names[name]; m != nil && m.role == Tool {
			return m
		}
		return &nothing
	}
	return shapes{
		rsync: tool("rsync"), scp: tool("scp"), curl: tool("curl"), wget: tool("wget"),
		aws: tool("aws"), gsutil: tool("gsutil"), s3cmd: tool("s3cmd"), s5cmd: tool("s5cmd"),
	}
}

// shaped returns the tool whose arguments an unknown program has. A program
// that is given the name of a tool is taken for one that runs it.
func (t *trail) shaped(p *program) (program, bool) {
	r := t.recogniser
	args := p.args()
	if len(args) == 0 || t.exec.ScriptPath != "" || r.wrappers[p.name] {
		return program{}, false
	}
	m := r.shapes.of(args)
	if m.role != Tool || r.namesTool(args) {
		return program{}, false
	}
	return program{meaning: m, name: p.name, match: Arguments, argv: p.argv, argv0: p.argv0}, true
}

func (s *shapes) of(args []string) *meaning {
	if isRsyncServer(args) {
		return s.rsync
	}
	var has struct{ at, url bool }
	for _, arg := range args {
		has.at = has.at || isRemote(arg)
		has.url = has.url || strings.Contains(arg, "://")
	}
	switch {
	case has.url:
		if m := s.ofBucket(args); m.role == Tool {
			return m
		}
		return s.ofUpload(args)
	case !has.at:
		return &nothing
	case scpShape.fits(args):
		return s.scp
	case rsyncShape.fits(args):
		return s.rsync
	default:
		return &nothing
	}
}

// namesTool says that one of the first arguments is the name of a program that is known.
func (r *Recogniser) namesTool(args []string) bool {
	const looked = 32
	for _, arg := range args[:min(looked, len(args))] {
		if m, ok := r.names[base(arg)]; ok && m.role != None || r.wrappers[base(arg)] {
			return true
		}
	}
	return false
}

// isRsyncServer knows the arguments with which rsync starts its other end
// (options.c, server_options): --server, perhaps --sender, a bundle of letters
// that closes with e. and what the client can do, then ". path". With
// --secluded-args the paths come later, over the connection.
func isRsyncServer(args []string) bool {
	if args[0] != "--server" {
		return false
	}
	sender, bundle := false, false
	for i, arg := range args[1:] {
		switch {
		case arg == "--sender":
			sender = true
		case arg == ".":
			return (sender || bundle) && i+2 < len(args)
		case len(arg) > 2 && arg[0] == '-' && arg[1] != '-':
			if strings.Contains(arg, "e.") {
				return true
			}
			bundle = bundle || len(arg) > 3
		}
	}
	return false
}

// ofBucket knows the verbs of clients of object storage before a URL of a bucket.
func (s *shapes) ofBucket(args []string) *meaning {
	verb, before := "", "" // the argument before the verb
	for i, arg := range args {
		switch {
		case strings.HasPrefix(arg, "s3://"):
			switch {
			case verb == "":
				return &nothing
			case before == "s3":
				return s.aws
			case verb == "cp":
				return s.s5cmd
			default:
				return s.s3cmd
			}
		case strings.HasPrefix(arg, "gs://"):
			if verb == "" || verb == "put" || verb == "get" {
				return &nothing
			}
			return s.gsutil
		case arg == "cp" || arg == "sync" || arg == "put" || arg == "get" || arg == "mv" || arg == "rsync":
			if verb = arg; i > 0 {
				before = args[i-1]
			}
		}
	}
	return &nothing
}

// ofUpload knows the options of curl and wget that upload a file. Many a program
// has a -T, for a time or a type: its value must look like a file.
func (s *shapes) ofUpload(args []string) *meaning {
	for i, arg := range args {
		option, value, glued := strings.Cut(arg, "=")
		if !glued && i+1 < len(args) {
			value = args[i+1]
		}
		switch {
		case value == "" || strings.Contains(value, "://"):
		case option == "--upload-file" && !glued:
			return s.curl
		case option == "--post-file" || option == "--body-file":
			return s.wget
		case isUploadBundle(arg) && looksLikeFile(args[i+1:]):
			return s.curl
		}
	}
	return &nothing
}

// isUploadBundle: -T, or letters of curl's that take no value before it.
func isUploadBundle(arg string) bool {
	if len(arg) < 2 || arg[0] != '-' || arg[len(arg)-1] != 'T' {
		return false
	}
	return strings.Trim(arg[1:len(arg)-1], "#0123469afgGiIjJklLMnNOpqRsSv") == ""
}

func looksLikeFile(args []string) bool {
	if len(args) == 0 {
		return false
	}
	return isPath(args[0]) || args[0] == "-" || strings.IndexByte(args[0], '.') > 0 && strings.Trim(args[0], "0123456789.smh") != ""
}

// isPath says that an argument can hardly be anything but the path of a file.
func isPath(arg string) bool {
	return arg == "." || arg == ".." || arg == "~" || strings.HasPrefix(arg, "/") || strings.HasPrefix(arg, "./") ||
		strings.HasPrefix(arg, "../") || strings.HasPrefix(arg, "~/")
}

// isRemote says that arg has the form user@host:path. Of what is written so
// else, ports, digests of images and aliases of npm's packages are left out.
func isRemote(arg string) bool {
	at := strings.IndexByte(arg, '@')
	if at <= 0 || arg[0] == '-' || strings.ContainsAny(arg[:at], "/:=") {
		return false
	}
	host, path, ok := cutHost(arg[at+1:])
	switch host {
	case "", "sha256", "sha512", "npm", "workspace", "file", "link", "patch":
		return false
	}
	return ok && !strings.HasPrefix(path, "//") && (path == "" || strings.Trim(path, "0123456789") != "")
}

// cutHost takes a name or an address, the latter in brackets, from before a colon.
func cutHost(s string) (host, path string, ok bool) {
	if strings.HasPrefix(s, "[") {
		end := strings.Index(s, "]:")
		if end < 0 || strings.Trim(s[1:end], "0123456789abcdefABCDEF:.%") != "" {
			return "", "", false
		}
		return s[1:end], s[end+2:], true
	}
	i := 0
	for i < len(s) && isHostByte(s[i]) {
		i++
	}
	if i == len(s) || s[i] != ':' {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

func isHostByte(c byte) bool {
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '.' || c == '-' || c == '_'
}

// copyShape is the command line of a tool that copies between paths, of which some are user@host:path.
type copyShape struct {
	switches, values string   // one-letter options
	telling          string   // those of them that few other programs have
	long             []string // how long options begin
	permute          bool     // options may follow paths
}

// Options are those of scp.c (OpenSSH 9.9) and rsync(1) 3.3.
var (
	scpShape = copyShape{switches: "12346ABCTOpqRrstvdf", values: "DFJMPSXcilo", telling: "rPiJFlCpoSTBO3"}

	rsyncShape = copyShape{
		switches: "vqcaRbudlLkKHpEAXogDtUNOJSnWxIyCzshiP0468mr", values: "eBTMf", telling: "azeP",
		long: []string{"--rsh=", "--delete", "--partial", "--exclude=", "--include=", "--progress", "--archive", "--compress",
			"--recursive", "--rsync-path=", "--bwlimit=", "--remove-source-files", "--inplace", "--files-from="},
		permute: true,
	}
)

// fits says that all options are the tool's, and that the paths are those of a
// copy: all local but the last, or all remote but the last. That is also how
// version control is told to clone and push: an option that tells, or a local
// path that is no sub-command, must be among them.
func (s *copyShape) fits(args []string) bool {
	var paths, remotes int
	var tells, verb, ofVCS, lastRemote, over bool
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case !over && arg == "--":
			over = true
		case !over && len(arg) > 1 && arg[0] == '-':
			used, telling, ok := s.option(arg)
			if !ok {
				return false
			}
			i += used - 1
			tells = tells || telling
		default:
			over = over || !s.permute
			paths++
			if lastRemote = isRemote(arg); lastRemote {
				remotes++
				ofVCS = ofVCS || strings.HasPrefix(arg, "git@") || strings.HasPrefix(arg, "hg@")
			} else {
				tells = tells || isPath(arg)
				verb = verb || isVerb(arg)
			}
		}
	}
	upload := lastRemote && remotes == 1
	download := !lastRemote && remotes == paths-1
	return (tells || !verb && !ofVCS && !s.permute) && paths > 1 && remotes > 0 && (upload || download)
}

// isVerb says that a word is a sub-command of programs that take user@host:path.
func isVerb(word string) bool {
	switch word {
	case "add", "archive", "backup", "build", "check", "checkout", "clone", "connect", "create", "delete", "deploy", "exec", "export", "fetch",
		"get", "i", "import", "info", "init", "install", "list", "log", "login", "mount", "open", "prune", "publish", "pull", "push", "put",
		"record", "remote", "remove", "restore", "run", "send", "set", "set-url", "show", "ssh", "start", "submodule", "test", "unlock", "update", "upgrade":
		return true
	}
	return false
}

// option reads one option, or a bundle, and says how many arguments it takes.
func (s *copyShape) option(arg string) (used int, telling, ok bool) {
	if arg[1] == '-' {
		for _, long := range s.long {
			if strings.HasPrefix(arg, long) {
				return 1, true, true
			}
		}
		return 1, false, false
	}
	for j := 1; j < len(arg); j++ {
		telling = telling || strings.IndexByte(s.telling, arg[j]) >= 0
		switch {
		case strings.IndexByte(s.values, arg[j]) >= 0:
			return 1 + taken(arg[j+1:]), telling, true
		case strings.IndexByte(s.switches, arg[j]) < 0:
			return 1, false, false
		}
	}
	return 1, telling, true
}
