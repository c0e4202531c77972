package grammar

import (
	"slices"
	"strings"
)

// lftpOptions are those of lftp and of its command open (lftp(1)).
var lftpOptions = Options{
	Short: "dBhvf:c:e:u:p:s:", Long: "norc help version user= password= env-password", Permute: true, Abbreviate: true,
}.compiled()

// lftp is one run: a site that is connected to, where commands are seen from, and what they copied.
type lftp struct {
	c       *Command
	t       *Transfer
	flow    copies
	site    Remote
	local   string // after lcd
	aliases []lftpAlias
	ended   bool
	depth   int // of commands in commands
	expands int // aliases that were expanded

	operands, names []string // room for those of a command
}

type lftpAlias struct{ name, value string }

// So that a hostile script costs no more than its length times a constant.
const (
	lftpMaxDepth   = 8
	lftpMaxAliases = 8
	lftpMaxAlias   = 64 // bytes
	lftpMaxExpands = 64
	lftpMaxWords   = 4096 // after an alias
)

// readLftp reads lftp -c commands, lftp -f file (these two must come first) and
// lftp [-e commands] [-u user[,pass]] [-p port] site.
func readLftp(c *Command) (t Transfer) {
	l := lftp{c: c, t: &t}
	args := c.Args
	if len(args) > 0 && args[0] == "--norc" {
		args = args[1:]
	}
	if len(args) > 1 && (args[0] == "-c" || args[0] == "-f") {
		if args[0] == "-f" {
			readCommandsFrom(&t, args[1])
			return t
		}
		if l.run(args[1], args[2:]...); !l.settle() {
			t.Direction = Informative
		}
		return t
	}
	if l.open(args) {
		t.Direction = Informative
		return t
	}
	if !l.settle() && l.ended {
		t.Direction = Informative
	} else if !l.flow.any() && t.Direction == "" {
		awaitCommands(c, &t)
	}
	return t
}

// settle says whether commands have told the direction.
func (l *lftp) settle() bool {
	if !l.flow.any() {
		addEnd(l.t, l.site)
		return l.t.Direction != ""
	}
	l.t.Direction = l.flow.direction()
	return true
}

// open reads the options of lftp and of its command open. True: they only ask for help.
func (l *lftp) open(args []string) (informs bool) {
	var user, script string
	port, opened := 0, false
	for o := range lftpOptions.Scan(args) {
		if o.Abbreviated {
			l.t.signal(OptionAbbreviated)
		}
		switch o.Name {
		case "":
			if !opened {
				l.site, opened = parseSite(o.Value), true
			}
		case "u", "user":
			user, _, _ = strings.Cut(o.Value, ",")
		case "p":
			port = parsePort(o.Value)
		case "e":
			script = o.Value
		case "help", "version", "h", "v":
			return true
		}
	}
	if l.site.User == "" {
		l.site.User = user
	}
	if port != 0 {
		l.site.Port = port
	}
	if script != "" {
		l.run(script)
	}
	return false
}

// lftpSyntax is that of parsecmd.cc. More arguments after that of -c are words of its last command.
var lftpSyntax = scriptSyntax{separators: ";&\n", quotes: `"'`, escapes: true, shell: true}.compiled()

func (l *lftp) run(script string, more ...string) {
	if l.depth >= lftpMaxDepth {
		return
	}
	l.depth++
	reader := scriptReader{scriptSyntax: &lftpSyntax, rest: script}
	for !l.ended && reader.next() {
		words := reader.words
		if reader.rest == "" {
			words = append(words, more...)
		}
		l.command(words, reader.output)
	}
	l.depth--
}

// lftpCommands are all, sorted, as any may be cut as far as it stays unique.
var lftpCommands = sortedNames("alias anon at attach bookmark bye cache cat cd chmod close cls command connect debug du echo edit eval exit fg find " +
	"ftpcopy get get1 glob help history jobs kill lcd lftp ln local lpwd ls mget mirror mkdir module more mput mrm mv mmv nlist open pget put pwd " +
	"queue quit quote recls reget renlist repeat reput rels rm rmdir scache set shell site source suspend torrent user version wait zcat zmore")

// command runs one. Those that run another (queue put x) give way to it.
func (l *lftp) command(words []string, output string) {
	for len(words) > 0 {
		if value, ok := l.alias(words[0]); ok && l.expands < lftpMaxExpands {
			l.expands++
			l.run(value, words[1:min(len(words), lftpMaxWords)]...)
			return
		}
		name, args := completeName(lftpCommands, words[0]), words[1:]
		switch name {
		case "command", "eval":
			words = args
		case "queue", "glob", "repeat", "at":
			words = wrappedCommand(name, args)
		default:
			l.simple(name, args, output)
			return
		}
	}
}

// wrappedCommand skips what stands before the command in queue -n 1 put x,
// repeat -c 3 60s put x and at now -- put x.
func wrappedCommand(name string, args []string) []string {
	if name == "at" {
		if i := slices.Index(args, "--"); i >= 0 {
			return args[i+1:]
		}
		return nil
	}
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		takesValue := args[0] == "-n" || name == "repeat" && (args[0] == "-c" || args[0] == "-d")
		args = args[1:]
		if takesValue && len(args) > 0 {
			args = args[1:]
		}
	}
	if name == "repeat" && len(args) > 0 && args[0] != "" && args[0][0] >= '0' && args[0][0] <= '9' {
		args = args[1:]
	}
	return args
}

func (l *lftp) alias(name string) (string, bool) {
	for i := range l.aliases {
		if l.aliases[i].name == name {
			return l.aliases[i].value, true
		}
	}
	return "", false
}

func (l *lftp) simple(name string, args []string, output string) {
	switch name {
	case "put", "mput", "reput":
		l.transfer(args, true)
	case "get", "get1", "mget", "pget", "reget":
		l.transfer(args, false)
	case "cat", "zcat", "more", "zmore":
		l.show(args, output)
	case "mirror":
		l.mirror(args)
	case "edit":
		l.transfer(args, true)
		l.flow.down = true
	case "open", "lftp", "connect":
		l.site = Remote{}
		l.open(args)
	case "user":
		if len(args) > 0 {
			l.site.User = args[0]
		}
	case "cd":
		if len(args) > 0 {
			l.site.Path = under(l.site.Path, args[0])
		}
	case "lcd":
		if len(args) > 0 {
			l.local = under(l.local, args[0])
		}
	case "exit", "bye", "quit":
		l.ended = true
	default:
		l.setting(name, args)
	}
}

// setting reads commands that change what later ones mean.
func (l *lftp) setting(name string, args []string) {
	switch {
	case name == "alias" && len(args) > 1 && len(l.aliases) < lftpMaxAliases:
		if value := strings.Join(args[1:], " "); len(value) <= lftpMaxAlias {
			l.aliases = append(l.aliases, lftpAlias{args[0], value})
		}
	case name == "source" && len(args) > 1 && args[0] == "-e": // what a local program prints
		l.t.signal(BatchMode)
		l.t.Direction = Unknown
	case name == "source" && len(args) > 0:
		readCommandsFrom(l.t, under(l.local, args[0]))
	case name == "torrent" && len(args) > 0:
		l.t.LocalPaths = append(l.t.LocalPaths, args...)
		l.flow.up, l.flow.down = true, true
	case name == "set" && len(args) > 1:
		l.set(args[0], args[1])
	}
}

func (l *lftp) set(variable, value string) {
	off := value == "no" || value == "false" || value == "off" || value == "0" || value == "n" || value == "f"
	variable, _, _ = strings.Cut(variable, "/") // set var/closure
	switch variable {
	case "ssl:verify-certificate", "verify-certificate", "ssl:check-hostname", "check-hostname":
		if off {
			l.t.signal(Unverified)
		}
	case "sftp:auto-confirm", "fish:auto-confirm", "auto-confirm":
		if !off {
			l.t.signal(Unverified)
		}
	case "ftp:ssl-force", "ssl-force":
		if !off {
			l.t.Protocol, l.t.Channel = "ftp", Encrypted
		}
	case "ftp:proxy", "http:proxy", "https:proxy", "hftp:proxy":
		l.t.signal(ViaProxy)
	case "sftp:connect-program", "fish:connect-program", "connect-program":
		l.t.signal(AlternateTransport)
	}
}

// lftpCopyOptions are those of get, put, mget, mput, pget, get1, reget and reput.
// -o is not one of them: it follows the operand that it renames.
var lftpCopyOptions = Options{
	Short: "acdeEqrP:O:n:o:", Long: "source-region= target-position=", Permute: true,
}.compiled()

// transfer reads put and get: operands, each with -o and another name after it.
func (l *lftp) transfer(args []string, up bool) {
	var base string
	operands, names := l.operands[:0], l.names[:0] // names: of the operand with that index, or ""
	for o := range lftpCopyOptions.Scan(args) {
		switch {
		case o.IsOperand():
			operands, names = append(operands, o.Value), append(names, "")
		case o.Name == "o" && len(names) > 0:
			names[len(names)-1] = o.Value
		case o.Name == "O":
			base = o.Value
		case o.Name == "E":
			l.t.signal(RemovesSource)
		}
	}
	l.operands, l.names = operands, names
	directory := l.target(base, up)
	for i, operand := range operands {
		to := directory
		if name := names[i]; name != "" && base != "" {
			to = l.target(under(base, name), up)
		} else if name != "" {
			to = l.target(name, up)
		}
		l.copyOne(operand, &to, up)
	}
}

// lftpTarget is where files go.
type lftpTarget struct {
	Remote
	remote bool
	local  string // or "", where that is not said
}

// target reads a place that may be "": the current directory of the other end. It may be a URL.
func (l *lftp) target(place string, up bool) (to lftpTarget) {
	if to.Remote, to.remote = l.end(place); to.remote {
		return to
	}
	switch {
	case up:
		to.Remote, to.remote = l.at(place), true
	case place != "":
		to.local = under(l.local, place)
	default:
		to.local = l.local
	}
	return to
}

// copyOne is one file, which may be a URL.
func (l *lftp) copyOne(source string, to *lftpTarget, up bool) {
	from, isURL := l.end(source)
	fromRemote := isURL || !up
	switch {
	case isURL:
		addEnd(l.t, from)
	case fromRemote:
		l.addAt(source)
	case l.t.hasRoom():
		l.t.addInput(l.c, under(l.local, source))
	}
	if to.remote {
		addEnd(l.t, to.Remote)
	} else if to.local != "" {
		l.t.addOutput(l.c, to.local)
	}
	l.note(fromRemote, to.remote)
}

func (l *lftp) note(fromRemote, toRemote bool) {
	switch {
	case fromRemote && toRemote:
		l.flow.across = true
	case toRemote:
		l.flow.up = true
	case fromRemote:
		l.flow.down = true
	default:
		l.flow.within = true
	}
}

// end reads what may be a URL of another site.
func (l *lftp) end(s string) (Remote, bool) {
	r, ok := parseURL(s)
	return r, ok && r.Scheme != "file"
}

// addAt adds a path on the site.
func (l *lftp) addAt(path string) {
	if !l.t.isFull() {
		addEnd(l.t, l.at(path))
	}
}

// at is a path on the site.
func (l *lftp) at(path string) Remote {
	r := l.site
	if path != "" {
		r.Path = under(r.Path, path)
	}
	return r
}

// show reads cat, which prints what it fetches, or has it written by >.
func (l *lftp) show(files []string, output string) {
	fetched := false
	for _, file := range files {
		if strings.HasPrefix(file, "-") {
			continue
		}
		if r, ok := l.end(file); ok {
			addEnd(l.t, r)
		} else {
			l.addAt(file)
		}
		l.flow.down, fetched = true, true
	}
	if !fetched {
		return
	}
	if output == "" {
		l.t.addOutput(l.c, "-")
	} else {
		l.t.addOutput(l.c, under(l.local, output))
	}
}

var lftpMirrorOptions = Options{
	Short: "cesnrpRLaN:P::i:x:I:X:f:F:O:v::",
	Long: "continue delete delete-excluded delete-first depth-first scan-all-first allow-suid allow-chown ascii ignore-time ignore-size only-missing " +
		"only-existing only-newer upload-older transfer-all no-empty-dirs no-recursion recursion= no-symlinks no-perms no-umask reverse dereference " +
		"overwrite no-overwrite newer-than= older-than= size-range= parallel=? use-pget-n= use-pget=? on-change= loop include= exclude= include-glob= " +
		"exclude-glob= include-rx-from= exclude-rx-from= include-glob-from= exclude-glob-from= file= directory= target-directory= verbose=? log= " +
		"script= just-print dry-run max-errors= skip-noaccess use-cache Remove-source-files Remove-source-dirs Move",
	Permute: true, Abbreviate: true,
}.compiled()

// mirror [-R] [source [target]] copies directories; without -R from the site.
func (l *lftp) mirror(args []string) {
	var operands, sources []string
	var target string
	up := false
	for o := range lftpMirrorOptions.Scan(args) {
		switch o.Name {
		case "":
			operands = append(operands, o.Value)
		case "R", "reverse":
			up = true
		case "f", "file", "F", "directory":
			sources = append(sources, o.Value)
		case "O", "target-directory":
			target = o.Value
		case "e", "delete", "delete-excluded", "delete-first":
			l.t.signal(DeletesExtra)
		case "Remove-source-files", "Remove-source-dirs", "Move":
			l.t.signal(RemovesSource)
		case "script", "just-print", "dry-run":
			return
		}
	}
	if len(sources) == 0 && len(operands) > 0 {
		sources, operands = operands[:1], operands[1:]
	}
	if target == "" && len(operands) > 0 {
		target = operands[0]
	}
	if len(sources) == 0 {
		sources = []string{"."} // of the site, or with -R of this host
	}
	to := l.target(target, up)
	for _, source := range sources {
		l.copyOne(source, &to, up)
	}
}

// readLftpget reads lftpget [-c] [-d] [-v] URL..., a script around lftp.
func readLftpget(c *Command) (t Transfer) {
	for o := range lftpgetOptions.Scan(c.Args) {
		if o.IsOperand() {
			r := parseSite(o.Value)
			addEnd(&t, r)
			t.Direction = Download
		}
	}
	if t.Direction == "" {
		t.Direction = Informative
	}
	return t
}

var lftpgetOptions = Options{Short: "cdv"}.compiled()
