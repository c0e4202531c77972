package grammar

import "strings"

var mountOptions = Options{
	Short: "acfFhilnrsvVwt:o:O:L:U:T:BMRN:m",
	Long: "all no-canonicalize fake fork fstab= internal-only show-labels no-mtab verbose version help options= options-mode= options-source= " +
		"options-source-force test-opts= read-only types= source= target= target-prefix= rw read-write label= uuid= bind move rbind make-shared make-slave " +
		"make-private make-unbindable make-rshared make-rslave make-rprivate make-runbindable namespace= mkdir=? onlyonce",
	Permute: true, Abbreviate: true,
}.compiled()

// networkFileSystems are the types that mount(8) mounts from elsewhere.
var networkFileSystems = map[string]string{
	"cifs": "smb", "smb3": "smb", "smbfs": "smb", "nfs": "nfs", "nfs4": "nfs", "davfs": "http", "davfs2": "http", "sshfs": "sftp",
	"curlftpfs": "ftp", "s3fs": "", "ceph": "ceph", "glusterfs": "glusterfs", "9p": "9p", "afs": "afs", "ncpfs": "ncp", "rclone": "",
}

// readMount reads mount -t TYPE SOURCE DIRECTORY, and mount.cifs, mount.nfs,
// mount.davfs and curlftpfs SOURCE DIRECTORY. A mount of what is on this host is no copy.
func readMount(c *Command) (t Transfer) {
	_, kind, _ := strings.Cut(c.Tool, "mount.")
	if c.Tool == "curlftpfs" || c.Tool == "mount.fuse.curlftpfs" {
		kind = c.Tool
	}
	var operands []string // the first two
	var user string
	readOnly := false
	for o := range mountOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			operands = append(operands, o.Value)[:min(2, len(operands)+1)]
		case "t", "types":
			kind = o.Value
		case "source":
			operands = append([]string{o.Value}, operands[:min(1, len(operands))]...)
		case "target":
			operands = append(operands, o.Value)[:min(2, len(operands)+1)]
		case "r", "read-only":
			readOnly = true
		case "o", "options":
			for option := range strings.SplitSeq(o.Value, ",") {
				name, value, _ := strings.Cut(option, "=")
				switch name {
				case "ro":
					readOnly = true
				case "user", "username":
					user, _, _ = strings.Cut(value, ":") // curlftpfs has user=name:password
				}
			}
		case "a", "all", "B", "bind", "R", "rbind", "M", "move":
			return Transfer{}
		case "h", "help", "V", "version":
			return Transfer{}
		}
	}
	if len(operands) < 2 {
		return Transfer{}
	}
	if !t.mounts(kind, operands[0], user) {
		return Transfer{}
	}
	t.Direction = Bidirectional
	if readOnly {
		t.Direction = Download
	}
	t.LocalPaths = operands[1:2]
	return t
}

// mounts reads the source of a network file system; false if it is none.
func (t *Transfer) mounts(kind, source, user string) bool {
	if before, _, ok := strings.Cut(kind, "."); ok && before == "fuse" {
		kind = kind[len("fuse."):]
	}
	if k, s, ok := strings.Cut(source, "#"); ok && kind == "fuse" { // sshfs#user@host:path
		kind, source = k, s
	}
	r, ok := parseURL(source)
	if !ok {
		r, ok = parseUNC(source)
		if ok && kind == "" {
			kind = "cifs"
		}
	}
	if !ok {
		if r, ok = parseHostPath(source); ok && kind == "" {
			kind = "nfs" // mount(8) guesses so, too
		}
	}
	protocol, known := networkFileSystems[kind]
	if !known {
		return false
	}
	if !ok {
		r = parseHost(source)
	}
	if user != "" {
		r.User = user
	}
	t.Protocol = protocol
	if kind == "sshfs" {
		t.Channel = Encrypted
	}
	if r.Scheme != "" {
		t.Protocol = ""
	}
	addEnd(t, r)
	return true
}
