package grammar

import "strings"

// duplicityOptions are those of duplicity 0.8 to 3.0 that take a value or are
// looked at; Python's optparse and argparse read them.
var duplicityOptions = Options{
	Short: "t:v:hV",
	Long: `archive-dir= allow-source-mismatch asynchronous-upload azure-blob-tier= azure-max-block-size= azure-max-connections=
		azure-max-single-put-size= backend-retry-delay= cf-backend= concurrency= compare-data config-dir= copy-blocksize= copy-links
		do-not-restore-ownership dry-run encrypt-key= encrypt-secret-keyring= encrypt-sign-key= exclude= exclude-device-files
		exclude-filelist= exclude-globbing-filelist= exclude-if-present= exclude-older-than= exclude-other-filesystems exclude-regexp=
		file-changed= file-prefix= file-prefix-archive= file-prefix-manifest= file-prefix-signature= file-to-restore= path-to-restore=
		files-from= force ftp-passive ftp-regular full-if-older-than= gio gpg-binary= gpg-options= hidden-encrypt-key=
		hidden-recipient= ignore-errors imap-full-address= imap-mailbox= include= include-filelist= include-globbing-filelist=
		include-regexp= idr-fakeroot= log-fd= log-file= log-timestamp max-blocksize= metadata-sync-mode= name= no-compression no-encryption
		no-files-changed no-print-statistics null-separator num-retries= numeric-owner old-filenames par2-options= par2-redundancy=
		par2-volumes= progress progress-rate= rename= restore-time= rsync-options= s3-endpoint-url= s3-european-buckets
		s3-kms-key-id= s3-kms-grant= s3-multipart-chunk-size= s3-multipart-max-procs= s3-region-name= s3-unencrypted-connection
		s3-use-deep-archive s3-use-glacier s3-use-ia s3-use-new-style s3-use-onezone-ia s3-use-rrs s3-use-server-side-encryption
		scp-command= sftp-command= show-changes-in-set= sign-key= skip-volume= ssh-askpass ssh-options= ssl-cacert-file= ssl-cacert-path=
		ssl-no-check-certificate swift-storage-policy= tempdir= time= time-separator= timeout= use-agent use-scp verbosity= version
		volsize= webdav-headers= help`,
	Permute:    true,
	Abbreviate: true,
}.compiled()

var duplicityActions = map[string]Direction{
	"full": Upload, "inc": Upload, "incr": Upload, "incremental": Upload, "backup": Upload,
	"restore": Download, "replicate": RemoteToRemote,
	"verify": Informative, "collection-status": Informative, "list-current-files": Informative, "cleanup": Informative,
	"remove-older-than": Informative, "remove-all-but-n-full": Informative, "remove-all-inc-of-but-n-full": Informative,
}

// readDuplicity reads duplicity(1). Without an action, whether the URL comes
// first or last says whether it restores or backs up.
func readDuplicity(c *Command) Transfer {
	var b backupRun
	var operands []string
	for opt := range duplicityOptions.Scan(c.Args) {
		if opt.Abbreviated {
			b.signal(OptionAbbreviated)
		}
		switch opt.Name {
		case "":
			operands = appendOperand(operands, c.Args, opt.Index)
		case "h", "help", "V", "version", "dry-run":
			return Transfer{Direction: Informative}
		case "files-from":
			b.addOpaque(opt.Value)
			b.signal(OpaqueConfig)
		case "ssl-no-check-certificate":
			b.signal(Unverified)
		case "scp-command", "sftp-command":
			b.signal(AlternateTransport)
		case "s3-endpoint-url":
			b.signal(CustomEndpoint)
		}
	}
	if len(operands) == 0 {
		return Transfer{Direction: Informative}
	}
	direction, ok := duplicityActions[operands[0]]
	if ok {
		operands = operands[1:]
	}
	if direction == Informative {
		return Transfer{Direction: Informative}
	}
	return b.duplicity(c, operands, direction)
}

func (b *backupRun) duplicity(c *Command, operands []string, direction Direction) Transfer {
	targetIsURL := false
	for _, operand := range operands {
		remote, isURL := parseURL(operand)
		targetIsURL = isURL
		switch {
		case isURL:
			b.duplicityURL(remote)
		case direction == Download:
			b.addOutput(c, operand)
		default:
			b.addInput(c, operand)
		}
	}
	if direction == NoCopy && len(operands) > 1 {
		if direction = Download; targetIsURL {
			direction = Upload
		}
	}
	if b.repositories == 0 {
		return Transfer{Direction: Informative} // it refuses to run without a URL
	}
	return b.finish(direction)
}

func (b *backupRun) duplicityURL(r Remote) {
	scheme := r.Scheme[strings.LastIndexByte(r.Scheme, '+')+1:] // paramiko+sftp, boto3+s3, cf+http
	switch scheme {
	case "file":
		r.Path = strings.TrimPrefix(r.URL[strings.Index(r.URL, "://"):], "://")
	case "multi": // several, in a file of JSON
		b.addOpaque(r.Path)
		b.signal(OpaqueConfig)
	case "rclone":
		b.signal(Alias)
	}
	b.addRepository(r, scheme != "file")
	if known, ok := tableSchemes[scheme]; ok && b.Protocol == "" {
		b.Protocol, b.Channel = known.protocol, known.channel
	}
}

// duplyCommands are those of duply(1) that copy.
var duplyCommands = map[string]Direction{
	"backup": Upload, "bkp": Upload, "full": Upload, "incr": Upload, "restore": Download, "fetch": Download,
}

// readDuply reads duply PROFILE COMMAND[_COMMAND...] ..., where the profile has the URL and the source.
func readDuply(c *Command) Transfer {
	if len(c.Args) < 2 {
		return Transfer{Direction: Informative}
	}
	joined := strings.FieldsFunc(c.Args[1], func(r rune) bool { return strings.ContainsRune("_+-[]", r) })
	for _, command := range joined {
		if direction, ok := duplyCommands[command]; ok {
			t := Transfer{Direction: direction, Remotes: []Remote{{Host: c.Args[0]}}, Signals: []Signal{Alias}}
			if direction == Download && command == "restore" && len(c.Args) > 2 {
				t.LocalPaths = c.Args[2:3]
			}
			return t
		}
	}
	return Transfer{Direction: Informative}
}
