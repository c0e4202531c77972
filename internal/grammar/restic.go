package grammar

import "strings"

// resticOptions are those of restic 0.18 and rustic 0.9, of all subcommands: no
// letter takes a value in one and none in another, where it matters.
var resticOptions = Options{
	Short: "e:E:fH:hi:I:no:p:qr:t:vxa",
	Long: `add= cacert= cache-dir= cleanup-cache compression= http-user-agent= insecure-no-password insecure-tls json key-hint=
		limit-download= limit-upload= no-cache no-extra-verify no-lock option= pack-size= password-command= password-file= quiet
		repo= repository= repository-file= retry-lock= stuck-request-timeout= tls-client-cert= verbose=?
		dry-run exclude= exclude-caches exclude-cloud-files exclude-file= exclude-if-present= exclude-larger-than= files-from=
		files-from-raw= files-from-verbatim= force group-by= host= iexclude= iexclude-file= ignore-ctime ignore-inode no-scan
		one-file-system parent= read-concurrency= skip-if-unchanged stdin stdin-filename= stdin-from-command tag= time= with-atime
		delete iinclude= include= include-file= iinclude-file= overwrite= path= sparse target= verify exclude-xattr= include-xattr=
		archive= allow-other no-default-permissions owner-root path-template= snapshot-template= time-template=
		from-repo= from-repository-file= from-password-file= from-password-command= from-key-hint= from-insecure-no-password
		repo2= repository-file2= password-file2= password-command2= key-hint2= help
		use-profile= log-level= log-file= no-progress password= as-path= glob= iglob= git-ignore`,
	Permute: true,
}.compiled()

// resticRun is one command line of restic.
type resticRun struct {
	backupRun
	command  *Command
	operands []string
	// from restic copy: its options name the other repository.
	repository, from, to string
	target               string
	fromStdin, program   bool
	nothing              bool // --help, --dry-run
}

// readRestic reads restic and rustic (restic.readthedocs.io, "Preparing a new
// repository" for the forms of a repository).
func readRestic(c *Command) Transfer {
	r := resticRun{command: c}
	for opt := range resticOptions.Scan(c.Args) {
		if opt.IsOperand() {
			r.operands = appendOperand(r.operands, c.Args, opt.Index)
			continue
		}
		r.option(&opt)
	}
	if r.nothing || len(r.operands) == 0 {
		return Transfer{Direction: Informative}
	}
	subcommand := r.operands[0]
	r.operands = r.operands[1:]
	switch subcommand {
	case "backup":
		r.sources()
		r.addRepositoryNamed(r.repository)
		return r.finish(Upload)
	case "restore", "dump", "mount":
		r.addRepositoryNamed(r.repository)
		r.targets(subcommand)
		return r.finish(Download)
	case "copy":
		return r.copy()
	}
	return Transfer{Direction: Informative} // init, snapshots, check, forget
}

func (r *resticRun) option(opt *Option) {
	value := strings.TrimPrefix(opt.Value, "=") // pflag reads -r=REPO too
	switch opt.Name {
	case "r", "repo", "repository":
		r.repository = value
	case "from-repo":
		r.from = value
	case "repo2": // until 0.13, where -r was the source
		r.to = value
	case "repository-file", "from-repository-file", "repository-file2", "files-from", "files-from-raw", "files-from-verbatim", "use-profile":
		r.addOpaque(value)
		r.signal(OpaqueConfig)
	case "o", "option":
		if strings.HasPrefix(value, "sftp.command=") || strings.HasPrefix(value, "rclone.program=") {
			r.signal(AlternateTransport)
		}
	case "insecure-tls":
		r.signal(Unverified)
	case "t", "target":
		r.target = value
	case "stdin":
		r.fromStdin = true
	case "stdin-from-command":
		r.program = true
	case "h", "help", "n", "dry-run":
		r.nothing = true
	}
}

func (r *resticRun) sources() {
	if r.fromStdin {
		r.addInput(r.command, "-")
	}
	if r.program { // the operands are a command, whose output is backed up
		r.signal(InlineData)
		return
	}
	for _, path := range r.operands {
		r.addInput(r.command, path)
	}
}

// targets are where data is written to: of restore SNAPSHOT, dump SNAPSHOT FILE, mount DIRECTORY.
func (r *resticRun) targets(subcommand string) {
	switch {
	case subcommand == "mount":
		r.LocalPaths = append(r.LocalPaths, r.operands...)
	case r.target != "":
		r.addOutput(r.command, r.target)
	case subcommand == "dump":
		r.addOutput(r.command, "-")
	}
}

// copy goes from --from-repo to -r, and in old releases from -r to --repo2.
func (r *resticRun) copy() Transfer {
	from, to := r.from, r.repository
	if r.to != "" {
		from, to = r.repository, r.to
	}
	fromRemote, toRemote := r.addRepositoryNamed(from), r.addRepositoryNamed(to)
	switch {
	case fromRemote && toRemote:
		return r.finish(RemoteToRemote)
	case fromRemote:
		return r.finish(Download)
	}
	return r.finish(Upload)
}

// addRepositoryNamed falls back to the environment, and says whether the repository is known to be remote.
func (r *resticRun) addRepositoryNamed(name string) bool {
	if name == "" {
		if name = r.command.env("RESTIC_REPOSITORY"); name == "" {
			return false
		}
	}
	remote, isRemote := r.parseRepository(name)
	r.addRepository(remote, isRemote)
	return isRemote
}

func (r *resticRun) parseRepository(s string) (Remote, bool) {
	kind, rest, ok := strings.Cut(s, ":")
	if !ok {
		return Remote{Path: s}, false
	}
	switch kind {
	case "sftp":
		return resticSFTP(s, rest)
	case "rest":
		remote, isURL := parseURL(rest)
		return remote, isURL
	case "s3":
		return r.s3(rest), true
	case "b2", "azure", "gs", "swift":
		r.Protocol, r.Channel = "http", Encrypted
		return resticBucket(kind, rest), true
	case "rclone", "opendal":
		if kind == "rclone" {
			r.signal(Alias)
		}
		return resticBucket(kind, rest), true
	case "local":
		return Remote{Path: rest}, false
	}
	return Remote{Path: s}, false
}

// resticSFTP reads sftp:user@host:path and sftp://user@host:port/path.
func resticSFTP(s, rest string) (Remote, bool) {
	if remote, ok := parseURL(s); ok {
		return remote, true
	}
	remote, ok := parseHostPath(rest)
	remote.Scheme = "sftp"
	return remote, ok
}

// s3 reads s3:host/bucket, s3://host/bucket, s3:https://host/bucket and the same with http.
func (r *resticRun) s3(s string) Remote {
	r.Protocol, r.Channel = "http", Encrypted
	remote, ok := parseURL(s)
	if !ok {
		remote = parseAuthority(strings.TrimPrefix(s, "//"))
	}
	if remote.Scheme == "http" {
		r.Channel = Clear
	}
	remote.Scheme = "s3"
	return remote
}

// resticBucket reads bucket:path.
func resticBucket(scheme, s string) Remote {
	bucket, path, _ := strings.Cut(s, ":")
	return Remote{Scheme: scheme, Host: bucket, Path: path}
}
