package grammar

import "strings"

// borgOptions are those of all subcommands of BorgBackup 1.2 and 2.0. Python's
// argparse reads them: options and operands mix, and long options may be cut.
var borgOptions = Options{
	Short: "hvpnsxe:c:C:fo:P:a:r:j:",
	Long: `help version critical error warning info verbose debug debug-topic= progress iec log-json lock-wait= bypass-lock show-version show-rc
		umask= remote-path= remote-ratelimit= upload-ratelimit= remote-buffer= upload-buffer= consider-part-files debug-profile= rsh= socket=?
		dry-run stats list filter= json no-cache-sync no-cache-sync-forced stdin-name= stdin-user= stdin-group= stdin-mode= content-from-command
		paths-from-stdin paths-from-command paths-delimiter= exclude= exclude-from= pattern= patterns-from= exclude-caches
		exclude-if-present= keep-exclude-tags exclude-nodump one-file-system numeric-owner numeric-ids noatime atime noctime nobirthtime
		nobsdflags noflags noacls noxattrs sparse files-cache= files-changed= read-special comment= timestamp= checkpoint-interval=
		checkpoint-volume= chunker-params= compression= stdout strip-components= continue tar-filter= tar-format= ignore-zeros foreground
		consider-checkpoints prefix= glob-archives= match-archives= sort-by= first= last= restrict-to-path= restrict-to-repository= append-only
		storage-quota= repo= other-repo= encryption= make-parent-dirs`,
	Permute:    true,
	Abbreviate: true,
}.compiled()

// borgRun is one command line of borg.
type borgRun struct {
	backupRun
	command  *Command
	operands []string

	repository, other                     string
	toStdout, program, pathsOnly, nothing bool
}

// readBorg reads BorgBackup. Up to 1.4 an archive is REPOSITORY::NAME, from 2.0
// on the repository is an option.
func readBorg(c *Command) Transfer {
	b := borgRun{command: c}
	for opt := range borgOptions.Scan(c.Args) {
		if opt.IsOperand() {
			b.operands = appendOperand(b.operands, c.Args, opt.Index)
			continue
		}
		b.option(&opt)
	}
	if b.nothing || len(b.operands) == 0 {
		return Transfer{Direction: Informative}
	}
	subcommand := b.operands[0]
	b.operands = b.operands[1:]
	switch subcommand {
	case "create", "import-tar":
		b.archive()
		b.sources()
		return b.finish(Upload)
	case "extract", "export-tar", "mount":
		b.archive()
		b.targets(subcommand)
		return b.finish(Download)
	case "transfer":
		return b.between()
	case "serve": // for a peer that backs up here, or restores
		return Transfer{Direction: ServeIn, Confidence: Low}
	}
	return Transfer{Direction: Informative}
}

func (b *borgRun) option(opt *Option) {
	if opt.Abbreviated {
		b.signal(OptionAbbreviated)
	}
	switch opt.Name {
	case "r", "repo":
		b.repository = opt.Value
	case "other-repo":
		b.other = opt.Value
	case "rsh":
		b.rsh(opt.Value)
	case "stdout":
		b.toStdout = true
	case "content-from-command", "paths-from-command":
		b.program = true
	case "paths-from-stdin":
		b.pathsOnly = true
		b.addOpaque("-")
		b.signal(OpaqueConfig)
	case "h", "help", "version", "n", "dry-run":
		b.nothing = true
	}
}

// rsh is what runs in place of ssh.
func (b *borgRun) rsh(command string) {
	program, _, _ := strings.Cut(strings.TrimSpace(command), " ")
	if program = program[strings.LastIndexByte(program, '/')+1:]; program != "" && program != "ssh" {
		b.signal(AlternateTransport)
	}
}

// archive takes the archive, which is the first operand.
func (b *borgRun) archive() {
	b.rsh(b.command.env("BORG_RSH"))
	repository := b.repository
	if len(b.operands) > 0 {
		if before, _, old := strings.Cut(b.operands[0], "::"); old || repository == "" && b.isRepository(before) {
			repository = before
		}
		b.operands = b.operands[1:]
	}
	if repository == "" {
		repository = b.command.env("BORG_REPO")
	}
	b.addRepositoryNamed(repository)
}

// isRepository is for mount, which takes a whole one.
func (*borgRun) isRepository(s string) bool {
	return strings.ContainsAny(s, "/:")
}

func (b *borgRun) addRepositoryNamed(s string) bool {
	if s == "" {
		return false
	}
	remote, ok := parseURL(s)
	switch {
	case ok && (remote.Scheme == "file" || remote.Scheme == "socket"):
		remote, ok = Remote{Path: remote.Path}, false
	case !ok && strings.HasPrefix(s, "rclone:"): // 2.0
		remote, ok = resticBucket("rclone", s[len("rclone:"):]), true
		b.signal(Alias)
	case !ok:
		if remote, ok = parseHostPath(s); !ok {
			remote.Path = s
			break
		}
		b.Protocol, b.Channel = "ssh", Encrypted
	}
	b.addRepository(remote, ok)
	return ok
}

func (b *borgRun) sources() {
	if b.program {
		b.signal(InlineData)
		return
	}
	if b.pathsOnly {
		return
	}
	for _, path := range b.operands {
		b.addInput(b.command, path)
	}
}

// targets are where data is written to; extract writes into the working directory.
func (b *borgRun) targets(subcommand string) {
	switch {
	case subcommand != "extract" && len(b.operands) > 0:
		b.addOutput(b.command, b.operands[0])
	case b.toStdout:
		b.addOutput(b.command, "-")
	}
}

// between goes from --other-repo to --repo.
func (b *borgRun) between() Transfer {
	from := b.addRepositoryNamed(b.other)
	to := b.addRepositoryNamed(b.repository)
	switch {
	case from && to:
		return b.finish(RemoteToRemote)
	case from:
		return b.finish(Download)
	}
	return b.finish(Upload)
}
