package grammar

// sshGrammars are those of tools that copy over SSH, and of their ancestors that did over rsh.
var sshGrammars = map[string]Grammar{
	"autossh":      autossh,
	"clush":        clush,
	"csync2":       csync2,
	"dbclient":     dbclient,
	"lsyncd":       lsyncd,
	"mosh":         mosh,
	"mscp":         mscp,
	"orgalorg":     orgalorg,
	"parallel-ssh": parallelSSH, // parallel-scp, parallel-rsync, parallel-slurp
	"pdcp":         pdcp,        // pdcp, rpdcp, dcp
	"plink":        plink,
	"pscp":         pscp, // of PuTTY, and of pssh: the options tell
	"psftp":        psftp,
	"rcp":          rcp,
	"rdiff-backup": rdiffBackup,
	"rsh":          rsh,
	"rsync":        rsync, // rsync, mrsync
	"rsync-ssl":    rsyncSSL,
	"scp":          scp,
	"sftp":         sftp,
	"sftp-server":  sftpServer,
	"ssh":          ssh,
	"sshfs":        sshfs,
	"tar":          remoteTar,
	"unison":       unison,
}
