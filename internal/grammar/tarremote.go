package grammar

import "strings"

// tarOptions are those of GNU tar(1).
var tarOptions = Options{
	Short: "AcdrtuxaBGhijJklmnoOpPRsSUvwWzZ" + "b:C:f:F:g:H:I:K:L:N:T:V:X:",
	Long: "append catenate concatenate create delete diff compare extract get list update test-label " +
		"add-file= after-date= newer= atime-preserve=? blocking-factor= checkpoint=? checkpoint-action= clamp-mtime " +
		"directory= exclude= exclude-from= exclude-ignore= exclude-ignore-recursive= exclude-tag= exclude-tag-all= " +
		"exclude-tag-under= exclude-vcs exclude-caches file= files-from= force-local format= group= group-map= hole-detection= " +
		"index-file= info-script= new-volume-script= label= level= listed-incremental= mode= mtime= newer-mtime= " +
		"no-quote-chars= null no-null no-recursion numeric-owner occurrence=? one-top-level=? owner= owner-map= pax-option= quote-chars= quoting-style= " +
		"record-size= recursion remove-files rmt-command= rsh-command= set-mtime-command= set-mtime-format= sort= sparse-version= starting-file= " +
		"strip-components= suffix= tape-length= to-command= totals=? transform= use-compress-program= utc verbose " +
		"version volno-file= warning= xattrs-exclude= xattrs-include= xform= gzip bzip2 xz zstd auto-compress help usage",
	Permute:    true,
	Abbreviate: true,
}.compiled()

// tarCall is a command line of tar.
type tarCall struct {
	mode        byte // c, x, t, r, u, A, d; D for --delete
	archive     string
	dir         string
	filesFrom   string
	rsh         string
	members     []string
	forceLocal  bool
	moves       bool
	abbreviated bool
}

// tarModes are the operation modes that have long names.
var tarModes = map[string]byte{
	"create": 'c', "extract": 'x', "get": 'x', "list": 't', "append": 'r', "update": 'u',
	"catenate": 'A', "concatenate": 'A', "diff": 'd', "compare": 'd', "delete": 'D',
}

// remoteTar reads tar(1), which copies to and from a tape or file of another
// host where the archive is named [user@]host:file.
func remoteTar(c *Command) (t Transfer) {
	call := readTar(c.Args)
	if call.archive == "" {
		call.archive = c.env("TAPE")
	}
	r, remote := parseTarArchive(call.archive)
	if !remote || call.forceLocal {
		return Transfer{}
	}
	switch call.mode {
	case 'c', 'r', 'u', 'A', 'D':
		t.Direction = Upload
	case 'x', 'd':
		t.Direction = Download
	case 't':
		t.Direction = Informative
	default:
		return Transfer{}
	}
	t.addRemote(r)
	call.describe(&t)
	return t
}

func (call *tarCall) describe(t *Transfer) {
	if call.dir != "" && t.Direction != Informative {
		t.LocalPaths = append(t.LocalPaths, call.dir)
	}
	if call.creates() {
		t.LocalPaths = append(t.LocalPaths, call.members...)
	}
	if call.filesFrom != "" {
		t.addOpaque(call.filesFrom)
	}
	if call.moves {
		t.signal(RemovesSource)
	}
	if call.abbreviated {
		t.signal(OptionAbbreviated)
	}
	if call.rsh != "" {
		x := sshTransport{alternate: true}
		if isUsualProgram(call.rsh, "ssh") {
			x.alternate = false
		} else if isUsualProgram(call.rsh, "rsh") {
			x.clear, x.alternate = true, false
		}
		x.describe(t)
	}
}

// creates says that the members are files of this host, not of the archive.
func (call *tarCall) creates() bool {
	return call.mode == 'c' || call.mode == 'r' || call.mode == 'u' || call.mode == 'A'
}

// parseTarArchive finds [user@]host:file as GNU tar does (_remdev in rmt.h): the
// first colon counts, but at the start or after a slash.
func parseTarArchive(s string) (r Remote, remote bool) {
	colon := strings.IndexByte(s, ':')
	if colon < 1 || strings.IndexByte(s[:colon], '/') >= 0 {
		return Remote{}, false
	}
	r.Host, r.Path = s[:colon], s[colon+1:]
	if at := strings.IndexByte(r.Host, '@'); at >= 0 {
		r.User, r.Host = r.Host[:at], r.Host[at+1:]
	}
	return r, true
}

func readTar(args []string) (call tarCall) {
	args = tarOptions.dashed(args)
	for o := range tarOptions.Scan(args) {
		call.abbreviated = call.abbreviated || o.Abbreviated
		switch o.Name {
		case "":
			call.members = appendOperand(call.members, args, o.Index)
		case "rsh-command":
			call.rsh = o.Value
		case "force-local":
			call.forceLocal = true
		case "remove-files":
			call.moves = true
		default:
			call.option(o.Name, o.Value)
		}
	}
	return call
}

func (call *tarCall) option(name, value string) {
	if mode, ok := tarModes[name]; ok {
		call.setMode(mode)
		return
	}
	switch name {
	case "c", "x", "t", "r", "u", "A", "d":
		call.setMode(name[0])
	case "f", "file":
		if call.archive == "" {
			call.archive = value
		}
	case "C", "directory":
		call.dir = value
	case "T", "files-from":
		call.filesFrom = value
	}
}

func (call *tarCall) setMode(mode byte) {
	if call.mode == 0 {
		call.mode = mode
	}
}
