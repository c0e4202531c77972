package grammar

import "strings"

// unisonOptions are the preferences of unison that take a value (unison -help);
// the others are switches, to which =false may be glued.
var unisonOptions = Options{
	Long: "addprefsto= atomic= backup= backupcurr= backupcurrnot= backupdir= backuploc= backupnot= backupprefix= backupsuffix= " +
		"clientHostName= color= copymax= copyprog= copyprogrest= copyquoterem= copythreshold= debug= diff= doc= fastcheck= " +
		"follow= force= forcepartial= height= ignore= ignorecase= ignorenot= immutable= immutablenot= include= key= label= " +
		"links= listen= logfile= maxbackups= maxerrors= maxsizethreshold= maxthreads= merge= mountpoint= nocreation= " +
		"nocreationpartial= nodeletion= nodeletionpartial= noupdate= noupdatepartial= path= perms= prefer= preferpartial= " +
		"repeat= retry= root= rootalias= rsrc= servercmd= socket= sortfirst= sortlast= source= sshargs= sshcmd= ui= unicode=",
	Permute:    true,
	SingleDash: true,
}.compiled()

// unisonCall is a command line of unison.
type unisonCall struct {
	roots  []string
	force  string
	shell  sshTransport
	remote bool // one of the roots
}

// unison reads unison(1): two roots that are made equal, one of which may be
// remote, or the name of a profile that has them.
func unison(c *Command) (t Transfer) {
	var u unisonCall
	for o := range unisonOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			u.roots = appendOperand(u.roots, c.Args, o.Index)
		case "root":
			u.roots = append(u.roots, o.Value)
		case "force":
			u.force = o.Value
		case "sshargs":
			u.shell.ssh.arguments(sshOptions, splitTransport(o.Value))
		case "sshcmd":
			u.shell.alternate = !isUsualProgram(o.Value, "ssh")
		case "socket":
			return Transfer{Direction: Listen, Protocol: "unison", Channel: Clear}
		case "server":
			t.Direction = Bidirectional
			t.sshPeer(c)
			return t
		case "help", "version", "doc", "testserver", "selftest":
			return Transfer{Direction: Informative}
		}
	}
	switch len(u.roots) {
	case 0:
		return Transfer{Direction: Interactive} // the default profile, or one to choose
	case 1:
		t.Direction = Bidirectional
		t.signal(OpaqueConfig)
		t.addOpaque(u.roots[0])
		return t
	}
	for _, root := range u.roots {
		u.addRoot(&t, root)
	}
	t.Direction = u.direction()
	return t
}

func (u *unisonCall) addRoot(t *Transfer, root string) {
	r, remote := parseUnisonRoot(root)
	if !remote {
		t.addPath(root)
		return
	}
	u.remote = true
	switch r.Scheme {
	case "ssh":
		r = u.shell.ssh.fill(r)
		u.shell.describe(t)
	case "rsh":
		t.Protocol, t.Channel = "rsh", Clear
	case "socket":
		t.Protocol, t.Channel = "unison", Clear
	}
	t.addRemote(r)
}

// direction: both ways, unless -force has one root overwrite the other.
func (u *unisonCall) direction() Direction {
	switch _, fromRemote := parseUnisonRoot(u.force); {
	case !u.remote:
		return Local
	case u.force == "" || u.force == "newer" || u.force == "older":
		return Bidirectional
	case fromRemote:
		return Download
	default:
		return Upload
	}
}

// parseUnisonRoot reads ssh://, rsh:// and socket://[user@]host[:port]/path,
// where the slash after the host is no part of the path.
func parseUnisonRoot(root string) (Remote, bool) {
	r, ok := parseURL(root)
	if !ok || r.Scheme == "file" {
		return Remote{}, false
	}
	r.Path = strings.TrimPrefix(r.Path, "/")
	return r, true
}
