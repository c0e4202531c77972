package grammar

import (
	"path"
	"strings"
)

// rdiffBackupOptions are those of rdiff-backup(1), old and new command line.
var rdiffBackupOptions = Options{
	Short: "bhlr:v:V",
	Long: "api-version= current-time= force fsync null-separator new chars-to-quote= override-chars-to-quote= parsable-output " +
		"remote-schema= remote-tempdir= ssh-compression no-ssh-compression tempdir= terminal-verbosity= use-compatible-timestamps " +
		"verbosity= version help create-full-path compression no-compression not-compressed-regexp= exclude= " +
		"exclude-device-files exclude-fifos exclude-filelist= exclude-filelist-stdin exclude-symbolic-links exclude-sockets " +
		"exclude-globbing-filelist= exclude-globbing-filelist-stdin exclude-other-filesystems exclude-regexp= exclude-if-present= " +
		"exclude-special-files include= include-filelist= include-filelist-stdin include-globbing-filelist= " +
		"include-globbing-filelist-stdin include-regexp= include-special-files include-symbolic-links max-file-size= min-file-size= " +
		"group-mapping-file= user-mapping-file= preserve-numerical-ids print-statistics at= increment changed-since= older-than= " +
		"restore-as-of= remove-older-than= list-increments list-increment-sizes list-at-time= list-changed-since= calculate-average " +
		"check-destination-dir compare compare-at-time= compare-full compare-full-at-time= compare-hash compare-hash-at-time= " +
		"verify verify-at-time= server restrict= restrict-path= restrict-mode= restrict-read-only= restrict-update-only= test-server backup-mode",
	Permute:    true,
	Abbreviate: true,
}.compiled()

// rdiffBackup reads rdiff-backup(1): [[user@]host::]source [[user@]host::]target,
// after an action on the new command line.
func rdiffBackup(c *Command) (t Transfer) {
	var schema string
	var operands []string
	for o := range rdiffBackupOptions.Scan(c.Args) {
		switch {
		case o.IsOperand():
			operands = appendOperand(operands, c.Args, o.Index)
			continue
		case o.Name == "remote-schema":
			schema = o.Value
		case o.Name == "server":
			t.Direction = Unknown
			t.sshPeer(c)
			return t
		case isRdiffQuestion(o.Name):
			t.Direction = Informative
		}
		if o.Abbreviated {
			t.signal(OptionAbbreviated)
		}
	}
	asked := t.Direction == Informative
	if len(operands) > 0 {
		switch operands[0] {
		case "backup", "restore":
			operands = operands[1:]
		case "server":
			t.Direction = Unknown
			t.sshPeer(c)
			return t
		case "calculate", "compare", "complete", "info", "list", "regress", "remove", "test", "verify":
			operands, asked = operands[1:], true
		}
	}
	t.Direction = NoCopy
	if asked {
		for _, operand := range operands {
			if r, remote := parseRdiffLocation(operand); remote {
				t.addRemote(r)
			}
		}
		t.Direction = Informative
	} else {
		t.copyOperands(operands, parseRdiffLocation)
	}
	if t.Direction == NoCopy {
		return Transfer{}
	}
	rdiffTransport(&t, schema)
	return t
}

// isRdiffQuestion names the options by which nothing is copied.
func isRdiffQuestion(name string) bool {
	switch name {
	case "h", "help", "V", "version", "l", "calculate-average", "check-destination-dir", "test-server", "remove-older-than":
		return true
	}
	return strings.HasPrefix(name, "list-") || strings.HasPrefix(name, "compare") || strings.HasPrefix(name, "verify")
}

// parseRdiffLocation splits host::path; \: is a colon of a path.
func parseRdiffLocation(s string) (r Remote, remote bool) {
	at := strings.Index(s, "::")
	if at < 1 || s[at-1] == '\\' {
		return Remote{}, false
	}
	r.Host, r.Path = s[:at], s[at+2:]
	if user, host, ok := strings.Cut(r.Host, "@"); ok {
		r.User, r.Host = user, host
	}
	return r, true
}

// rdiffTransport: --remote-schema is the command that reaches a host, in which
// %s or {h} stands for the name; the default is ssh.
func rdiffTransport(t *Transfer, schema string) {
	if len(t.Remotes) == 0 {
		return
	}
	words := splitTransport(schema)
	var x sshTransport
	if len(words) > 0 {
		if name := path.Base(words[0]); isSSHClient(name) {
			x.ssh.arguments(sshOptions, words[1:])
			x.alternate = !isUsualProgram(words[0], name)
		} else {
			x.alternate = true
		}
	}
	x.describe(t)
	for i := range t.Remotes {
		t.Remotes[i] = x.ssh.fill(t.Remotes[i])
	}
}
