package grammar

import (
	"slices"
	"strings"
)

// smbclientOptions are those of smbclient(1) of Samba 4.17. popt permutes, and
// does not take cut names. -e (encrypt) is of older versions.
var smbclientOptions = Options{
	Short: "M:I:EL:T:D:c:b:t:p:gqB?d:s:l:R:O:m:n:W:U:NA:PkVeCSi:",
	Long: "message= ip-address= stderr list= tar= directory= command= send-buffer= timeout= port= grepable quiet browse help usage debuglevel= " +
		"debug-stdout configfile= option= log-basename= leak-report leak-report-full name-resolve= socket-options= max-protocol= netbiosname= " +
		"netbios-scope= workgroup= realm= user= no-pass password= pw-nt-hash authentication-file= machine-pass simple-bind-dn= use-kerberos= " +
		"use-krb5-ccache= use-winbind-ccache client-protection= kerberos version encrypt signing=",
	Permute: true,
}.compiled()

// smbclient is one run: what it is connected to, and what its commands copied.
type smbclient struct {
	c     *Command
	t     *Transfer
	flow  copies
	share Remote
	local string // after lcd
}

// readSmbclient reads smbclient //host/share [password] with -c commands, or
// with -Tc and -Tx and a tar file.
func readSmbclient(c *Command) (t Transfer) {
	t.Protocol = "smb"
	s := smbclient{c: c, t: &t}
	var operands []string
	var script, tarFlags, directory, address string
	var tarAt, port int
	for o := range smbclientOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "U", "user":
			s.share.User = smbUser(o.Value)
		case "p", "port":
			port = parsePort(o.Value)
		case "c", "command":
			script = o.Value
		case "T", "tar":
			tarFlags, tarAt = o.Value, o.Index+1
		case "D", "directory":
			directory = o.Value
		case "I", "ip-address":
			address = o.Value
			t.signal(RedirectedHost)
		case "L", "list":
			t.Direction = Informative
			addEnd(&t, Remote{Host: strings.Trim(o.Value, `/\`), User: s.share.User})
		case "M", "message":
			t.Direction = Upload
			addEnd(&t, Remote{Host: o.Value})
			t.addInput(c, "-")
		case "e", "encrypt":
			t.Channel = Encrypted
		case "client-protection":
			if o.Value == "encrypt" {
				t.Channel = Encrypted
			}
		case "?", "help", "usage", "V", "version":
			return Transfer{Direction: Informative}
		}
	}
	if t.Direction != "" { // -L, -M
		return t
	}
	if len(operands) == 0 || !s.connect(operands[0], address, port) {
		return Transfer{}
	}
	if directory != "" {
		s.share.Path = under(s.share.Path, directory)
	}
	switch {
	case tarFlags != "":
		s.tar(tarFlags, c.Args[tarAt:])
	case script != "":
		s.run(script)
	default:
		addEnd(&t, s.share)
		awaitCommands(c, &t)
		return t
	}
	if !s.flow.any() {
		addEnd(&t, s.share)
	}
	t.Direction = s.flow.direction()
	return t
}

// connect reads //host/share, with either slash. With -I the host is only a
// name that is told to the server at that address.
func (s *smbclient) connect(service, address string, port int) bool {
	r, ok := parseUNC(service)
	if !ok {
		return false
	}
	r.User, r.Port = s.share.User, port
	if address != "" {
		r.Host = address
	}
	s.share = r
	return true
}

// parseUNC splits //host/share[/path]. The slashes may be backslashes.
func parseUNC(s string) (Remote, bool) {
	if len(s) < 3 || !isSlash(s[0]) || !isSlash(s[1]) || isSlash(s[2]) {
		return Remote{}, false
	}
	host, path := s[2:], ""
	if i := strings.IndexAny(host, `/\`); i >= 0 {
		host, path = host[:i], host[i:]
	}
	return Remote{Host: host, Path: path}, true
}

func isSlash(c byte) bool { return c == '/' || c == '\\' }

// smbUser is the name in [DOMAIN/]name[%password].
func smbUser(s string) string {
	name, _, _ := strings.Cut(s, "%")
	return name
}

// smbclientCommands are all that its help lists, as any may be cut as far as it stays unique.
var smbclientCommands = sortedNames("? allinfo altname archive backup blocksize cancel case_sensitive cd chmod chown close del deltree dir du echo exit get " +
	"getfacl geteas hardlink help history iosize lcd link lock lowercase ls l mask md mget mkdir more mput newer notify open posix posix_encrypt " +
	"posix_open posix_mkdir posix_rmdir posix_unlink posix_whoami print prompt put pwd q queue quit readlink rd recurse reget rename reput rm rmdir " +
	"showacls setea setmode scopy stat symlink tar tarmode timeout translate unlock volume vuid wdel logon listconnect showconnect tcon tdis tid " +
	"utimes logoff")

// smbclientSyntax splits words. Commands end at every semicolon, in quotes too
// (process_command_string in client.c), and a backslash separates directories.
var smbclientSyntax = scriptSyntax{quotes: `"`}.compiled()

func (s *smbclient) run(script string) {
	reader := scriptReader{scriptSyntax: &smbclientSyntax}
	for command := range strings.SplitSeq(script, ";") {
		reader.rest = command
		if !reader.next() || len(reader.words) == 0 {
			continue
		}
		name := completeName(smbclientCommands, strings.ToLower(reader.words[0]))
		if name == "q" || name == "quit" || name == "exit" {
			return
		}
		s.command(name, reader.words[1:])
	}
}

func (s *smbclient) command(name string, args []string) {
	if len(args) == 0 {
		return
	}
	switch name {
	case "put", "reput":
		s.flow.up = true
		s.t.addInput(s.c, under(s.local, args[0]))
		addEnd(s.t, s.at(args[1:]))
	case "mput", "print":
		s.flow.up = true
		for _, mask := range args {
			s.t.addInput(s.c, under(s.local, mask))
		}
		addEnd(s.t, s.share)
	case "get", "reget":
		s.flow.down = true
		addEnd(s.t, s.at(args))
		if len(args) > 1 {
			s.t.addOutput(s.c, under(s.local, args[1]))
		} else if s.local != "" {
			s.t.addOutput(s.c, s.local)
		}
	case "mget":
		s.flow.down = true
		for i := range args {
			addEnd(s.t, s.at(args[i:]))
		}
		if s.local != "" {
			s.t.addOutput(s.c, s.local)
		}
	case "more":
		s.flow.down = true
		addEnd(s.t, s.at(args))
	case "scopy":
		s.flow.across = true
		addEnd(s.t, s.at(args))
	case "tar":
		s.tar(args[0], args[1:])
	case "cd":
		s.share.Path = under(s.share.Path, args[0])
	case "lcd":
		s.local = under(s.local, args[0])
	}
}

// at is the first path on the share, or the current directory there. A path
// that begins with a slash is seen from the top of the share, and is left so.
func (s *smbclient) at(paths []string) Remote {
	r := s.share
	if len(paths) > 0 {
		r.Path = under(r.Path, strings.TrimLeft(paths[0], `/\`))
	}
	return r
}

// tar reads the flags of -T, and what follows them: values of b and N, the tar
// file, and with c what to put in.
func (s *smbclient) tar(flags string, args []string) {
	for _, flag := range []byte(flags) {
		if (flag == 'b' || flag == 'N') && len(args) > 0 {
			args = args[1:]
		}
	}
	if len(args) == 0 {
		return
	}
	switch {
	case strings.Contains(flags, "x"):
		s.flow.up = true
		s.t.addInput(s.c, under(s.local, args[0]))
		addEnd(s.t, s.share)
	case strings.Contains(flags, "c") && !strings.Contains(flags, "n"):
		s.flow.down = true
		s.t.addOutput(s.c, under(s.local, args[0]))
		if strings.ContainsAny(flags, "FX") || len(args) < 2 {
			addEnd(s.t, s.share)
			return
		}
		for i := range args[1:] {
			addEnd(s.t, s.at(args[1+i:]))
		}
	}
}

// smbgetOptions join those before and since Samba 4.20, which took over the common ones.
var smbgetOptions = Options{
	Short: "w:U:and:erub:o:OPDqvf:p:RNkA:W:V?m:",
	Long: "workgroup= user= guest nonprompt debuglevel= encrypt resume update recursive blocksize= outputfile= stdout dots quiet verbose rcfile= help " +
		"usage username= password= no-pass kerberos authentication-file= version",
	Permute: true,
}.compiled()

// readSmbget reads smbget smb://host/share/path...
func readSmbget(c *Command) (t Transfer) {
	t.Protocol = "smb"
	var output, user string
	for o := range smbgetOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			r, ok := parseURL(o.Value)
			if !ok {
				r, ok = parseUNC(o.Value)
			}
			if ok {
				if r.User == "" {
					r.User = user
				}
				addEnd(&t, r)
				t.Direction = Download
			}
		case "U", "user", "username":
			user = smbUser(o.Value)
		case "o", "outputfile":
			output = o.Value
		case "O", "stdout":
			output = "-"
		case "a", "guest":
			t.signal(Anonymous)
		case "e", "encrypt":
			t.Channel = Encrypted
		case "f", "rcfile":
			t.signal(OpaqueConfig)
			t.addOpaque(o.Value)
		}
	}
	if t.Direction == "" {
		return Transfer{Direction: Informative}
	}
	if output != "" {
		t.addOutput(c, output)
	}
	return t
}

// impacketOptions are those of impacket's smbclient.py; argparse takes cut names.
var impacketOptions = Options{
	Short: "h", SingleDash: true, Abbreviate: true, Permute: true,
	Long: "inputfile= outputfile= ts debug hashes= no-pass k aesKey= dc-ip= target-ip= port= keytab= help",
}.compiled()

// readImpacketSmbclient reads smbclient.py [-inputfile commands] [[domain/]user[:password]@]host.
func readImpacketSmbclient(c *Command) (t Transfer) {
	t.Protocol = "smb"
	var r Remote
	var script string
	for o := range impacketOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			port := r.Port
			r = parseImpacketTarget(o.Value)
			r.Port = port
		case "port":
			r.Port = parsePort(o.Value)
		case "inputfile":
			script = o.Value
		case "target-ip":
			t.signal(RedirectedHost)
		case "no-pass":
			if !slices.Contains(c.Args, "-k") {
				t.signal(Anonymous)
			}
		}
	}
	if r.Host == "" {
		return Transfer{Direction: Informative}
	}
	addEnd(&t, r)
	if script != "" {
		readCommandsFrom(&t, script)
	} else {
		awaitCommands(c, &t)
	}
	return t
}

// parseImpacketTarget splits [[domain/]user[:password]@]host; the password may have an @.
func parseImpacketTarget(s string) (r Remote) {
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		r.User, _, _ = strings.Cut(s[:at], ":")
		s = s[at+1:]
	}
	r.Host = s
	return r
}

var smbserverOptions = Options{
	SingleDash: true, Abbreviate: true, Permute: true,
	Long: "comment= username= password= hashes= ts debug ip= interface_address= port= dropssp 6 smb2support outputfile= disablekerberos disablentlm help",
}.compiled()

// readSmbserver reads impacket's smbserver.py SHARE DIRECTORY.
func readSmbserver(c *Command) (t Transfer) {
	var operands []string
	for o := range smbserverOptions.Scan(c.Args) {
		if o.IsOperand() {
			operands = appendOperand(operands, c.Args, o.Index)
		}
	}
	if len(operands) < 2 {
		return Transfer{Direction: Informative}
	}
	t.Direction, t.Protocol = Listen, "smb"
	t.LocalPaths = operands[1:2]
	return t
}
