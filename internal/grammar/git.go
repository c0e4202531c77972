package grammar

import "strings"

// git (git(1) and the usage of each command, 2.39). The repository that is
// pushed or fetched into stands in LocalPaths: that of -C, else the working directory.
var git = &verb{
	abbreviate: true,
	options: `C=enter c=config exec-path=? git-dir=name work-tree= namespace= super-prefix= config-env= attr-source= list-cmds=
		p,paginate P,no-pager no-replace-objects bare literal-pathspecs glob-pathspecs no-optional-locks h,help!help v,version!other`,
	verbs: map[string]*verb{
		"push": {direction: Upload, options: `v,verbose q,quiet repo=git all branches mirror d,delete!other tags n,dry-run!help porcelain f,force
			force-with-lease=? force-if-includes recurse-submodules= thin receive-pack=transport exec=transport u,set-upstream progress prune
			no-verify verify follow-tags signed=? atomic o,push-option= 4,ipv4 6,ipv6 c= C=`, operands: "[git] [skip...]", read: gitPush},
		"fetch": {direction: Download, options: gitFetchOptions + " m,multiple j,jobs= prefetch P,prune-tags c= C= o,server-option=", operands: "[git] [skip...]", read: gitFetch},
		"pull": {direction: Download, options: gitFetchOptions + ` r,rebase=? stat log=? signoff=? squash commit edit cleanup= ff ff-only s,strategy= X,strategy-option=
			S,gpg-sign=? autostash allow-unrelated-histories no-commit no-rebase c= C=`, operands: "[git] [skip...]", read: gitFetch},
		"clone": {direction: Download, options: `v,verbose q,quiet progress reject-shallow n,no-checkout bare mirror l,local no-hardlinks s,shared
			recurse-submodules=? recursive=? j,jobs= template= reference= reference-if-able= dissociate o,origin= b,branch= u,upload-pack=transport
			depth= shallow-since= shallow-exclude= single-branch no-tags shallow-submodules separate-git-dir=output c,config=config server-option=
			4,ipv4 6,ipv6 filter= also-filter-submodules remote-submodules sparse bundle-uri=url revision= C=`, operands: "skip [output]", read: gitClone},
		"archive": {direction: Local, options: "format= prefix= add-file=input add-virtual-file= o,output=target worktree-attributes v,verbose l,list!help remote=git exec=transport", operands: "[skip...]", read: gitArchive},
		"bundle": {verbs: map[string]*verb{
			"create":   {direction: Local, options: "q,quiet progress all-progress all-progress-implied version= all", operands: "output [skip...]", read: fromDirectoryToo},
			"unbundle": {direction: Local, operands: "input [skip...]"},
		}},
		"remote":         {verbs: map[string]*verb{"update": {direction: Download, options: "p,prune", operands: "[alias...]", read: gitFetch}}},
		"submodule":      {verbs: map[string]*verb{"update": {direction: Download, options: "init remote recursive", read: gitFetch}, "add": {direction: Download, options: "b= name= reference= depth= f,force", operands: "git [output]"}}},
		"ls-remote":      {direction: Informative},
		"send-pack":      {direction: Upload, options: "all dry-run!help force mirror remote= receive-pack=transport exec=transport thin", operands: "skip [skip...]", read: gitTransport},
		"http-push":      {direction: Upload, options: "d!other D!other dry-run!help all force", operands: "url [skip...]", read: fromDirectoryToo},
		"fetch-pack":     {direction: Download, options: "upload-pack=transport exec=transport depth= all quiet keep thin", operands: "skip [skip...]", read: gitTransport},
		"send-email":     {direction: Upload, options: gitMailOptions, operands: "input...", read: mailProtocol, abbreviate: true},
		"upload-pack":    {direction: ServeOut, options: "timeout= strict stateless-rpc advertise-refs http-backend-info-refs", operands: "file"},
		"upload-archive": {direction: ServeOut, operands: "file"},
		"receive-pack":   {direction: ServeIn, options: "stateless-rpc advertise-refs quiet http-backend-info-refs skip-connectivity-check", operands: "file"},
		"shell":          {options: "c=value", read: gitShell},
		"daemon":         {direction: Listen, options: "verbose syslog export-all timeout= init-timeout= max-connections= strict-paths base-path=file base-path-relaxed interpolated-path= user-path=? listen= port= reuseaddr detach pid-file= user= group= enable= disable= access-hook= inetd informative-errors", operands: "[file...]", read: fromDirectory},
		"instaweb":       {direction: Listen, options: "l,local d,httpd= m,module-path= p,port= b,browser= start stop!other restart", read: fromDirectory},
		// Started by git itself for the URL of a command that has been seen; it alone shows the URL of an alias.
		"remote-http|remote-https|remote-ftp|remote-ftps": {direction: Unknown, operands: "skip [url]"},
		"svn": {verbs: map[string]*verb{
			"dcommit":      {direction: Upload, options: "n,dry-run!help commit-url=url username= no-rebase i,interactive", operands: "[skip]", read: aliasFromDirectory},
			"clone":        {direction: Download, options: "s,stdlayout T,trunk= t,tags= b,branches= r,revision= A,authors-file= prefix= username= R=", operands: "url [output]"},
			"fetch|rebase": {direction: Download, options: "r,revision= A,authors-file= username= l,local", operands: "[skip]", read: aliasFromDirectory},
		}},
		"lfs":   gitLFS,
		"annex": gitAnnex,
	},
}

const gitFetchOptions = `v,verbose q,quiet all set-upstream a,append atomic upload-pack=transport f,force t,tags n no-tags p,prune
	recurse-submodules=? dry-run!help k,keep u,update-head-ok progress depth= shallow-since= shallow-exclude= deepen= unshallow refetch
	update-shallow refmap= server-option= 4,ipv4 6,ipv6 negotiation-tip= negotiate-only filter= auto-maintenance auto-gc stdin`

const gitMailOptions = `to=mailto cc=mailto bcc=mailto from= subject= in-reply-to= envelope-sender= smtp-server=host smtp-server-port= smtp-server-option=
	smtp-encryption= smtp-domain= smtp-user= smtp-pass= smtp-ssl-cert-path= smtp-auth= batch-size= relogin-delay= confirm= identity= sendmail-cmd=transport
	dry-run!help quiet annotate compose suppress-cc= transfer-encoding= 8bit-encoding= compose-encoding= to-cmd= cc-cmd= header-cmd=`

var gitLFS = &verb{
	options: "h,help!help",
	verbs: map[string]*verb{
		"push":       {direction: Upload, options: "n,dry-run!help all o,object-id stdin", operands: "git [skip...]", read: gitPush},
		"fetch|pull": {direction: Download, options: "I,include= X,exclude= r,recent a,all p,prune j,json d,dry-run!help refetch", operands: "[git] [skip...]", read: gitFetch},
		"clone":      {direction: Download, options: "I,include= X,exclude= b,branch= depth= o,origin=", operands: "skip [output]", read: gitClone},
	},
}

// git-annex (git-annex-copy(1) and others, 10.2023). A remote is one that the repository has a name for.
var gitAnnex = &verb{
	options: `h,help!help f,from=from t,to=to A,all branch= U,unused key= failed a,auto batch batch-keys z force F,fast q,quiet v,verbose d,debug
		N,numcopies,mincopies= trust= semitrust= untrust= c,config= user-agent= J,jobs= j,json i,in= C,copies= lackingcopies= approxlackingcopies=
		B,inbackend= inallgroup= metadata= want-get-by= want-drop-by= accessedwithin= mimetype= mimeencoding= x,exclude= I,include=
		excludesamecontent= includesamecontent= largerthan= smallerthan= T,time-limit= size-limit= content content-of= no-content m,message= tracking=`,
	verbs: map[string]*verb{
		"copy":        {operands: "[file...]", read: annexCopy},
		"move":        {operands: "[file...]", read: annexMove},
		"get":         {direction: Download, operands: "[file...]", read: fromDirectory},
		"sync|assist": {direction: Bidirectional, operands: "[alias...]", read: fromDirectory},
		"push":        {direction: Upload, operands: "[alias...]", read: fromDirectory},
		"pull":        {direction: Download, operands: "[alias...]", read: fromDirectory},
		"export":      {direction: Upload, operands: "[skip]", read: fromDirectory},
		"import":      {direction: Download, options: "deduplicate duplicate", operands: "[skip...]", read: fromDirectory},
		"addurl":      {direction: Download, options: "file=output pathdepth= prefix= suffix= raw relaxed", operands: "url..."},
	},
}

// gitTool also reads the programs that git has for single commands: git-upload-pack, git-remote-https, git-lfs.
func gitTool(c *Command) Transfer {
	if name, ok := strings.CutPrefix(c.Tool, "git-"); ok {
		if v := gitProgram().byWord[name]; v != nil {
			return v.transfer(c)
		}
	}
	return gitProgram().transfer(c)
}

var gitProgram = git.program()

// takeGitEnd reads a repository: a URL, host:path, a path of this host, or the
// name of a remote (connect.c, parse_connect_url; remote.c). It says whether the end is remote.
func takeGitEnd(r *reading, s string, mayBeName bool) bool {
	if transport, address, ok := strings.Cut(s, "::"); ok && isScheme(transport) {
		if transport == "ext" { // git-remote-ext(1): runs a command
			r.signal(AlternateTransport)
			r.signal(RunsShell)
		}
		remote, _ := parseURL(address)
		remote.Scheme, remote.URL = transport, s
		r.remote(remote)
		return true
	}
	if remote, ok := parseURL(s); ok {
		if remote.Scheme == "file" {
			r.addPath(remote.Path)
			return false
		}
		r.remote(remote)
		return true
	}
	if remote, ok := parseHostPath(s); ok {
		r.remote(remote)
		r.Protocol, r.Channel = "ssh", Encrypted
		return true
	}
	if !mayBeName || s == "." || s == ".." || strings.Contains(s, "/") || strings.HasSuffix(s, ".bundle") {
		r.addPath(s)
		return false
	}
	takeAlias(r, s)
	return true
}

// takeGitConfig reads -c key=value where it changes who the peer is, or whether it is checked.
func takeGitConfig(r *reading, setting string) {
	key, value, _ := strings.Cut(setting, "=")
	section, name := key, ""
	if dot := strings.IndexByte(key, '.'); dot >= 0 {
		section, name = key[:dot], key[strings.LastIndexByte(key, '.')+1:]
	}
	switch {
	case !strings.EqualFold(section, "http") && !strings.EqualFold(section, "url") && !strings.EqualFold(section, "core"):
	case strings.EqualFold(name, "sslVerify") && (strings.EqualFold(value, "false") || value == "0"):
		r.signal(Unverified)
	case strings.EqualFold(name, "proxy"):
		r.signal(ViaProxy)
	case strings.EqualFold(name, "insteadOf") || strings.EqualFold(name, "pushInsteadOf"):
		r.signal(RedirectedHost)
	case strings.EqualFold(name, "sshCommand") || strings.EqualFold(name, "gitProxy"):
		r.signal(AlternateTransport)
	}
}

// enter goes to a directory, relative to that of an earlier one.
func (r *reading) enter(dir string) {
	if r.dir != "" && !strings.HasPrefix(dir, "/") {
		if len(r.dir) > maxName { // there is no such directory, and many more steps would take long
			return
		}
		dir = strings.TrimSuffix(r.dir, "/") + "/" + dir
	}
	r.dir = dir
}

// withRepository puts the repository that the command works in before the other paths.
func (r *reading) withRepository() {
	dir := r.dir
	if dir == "" {
		dir = r.Directory
	}
	if dir != "" {
		r.LocalPaths = append([]string{dir}, r.LocalPaths...)
	}
}

// gitPush sends to a repository; where it names none, a configuration does.
// A refspec without a source (:branch) deletes there.
func gitPush(r *reading) {
	refs := r.operands[min(len(r.operands), 1):]
	deletes := 0
	for _, ref := range refs {
		if strings.HasPrefix(ref, ":") && len(ref) > 1 {
			deletes++
		}
	}
	if deletes > 0 && deletes == len(refs) {
		r.refuses = true
		return
	}
	gitFetch(r)
}

func gitFetch(r *reading) {
	switch {
	case len(r.Remotes) > 0:
	case len(r.LocalPaths) > 0:
		r.Direction = Local
	default:
		r.signal(Alias)
	}
	r.withRepository()
}

func gitClone(r *reading) {
	if !takeGitEnd(r, r.operands[0], false) {
		r.Direction = Local
	}
}

func gitTransport(r *reading) {
	if !takeGitEnd(r, r.operands[0], false) {
		r.Direction = Local
	}
	r.withRepository()
}

// gitArchive gets an archive of --remote, and else makes one of this repository.
func gitArchive(r *reading) {
	if len(r.Remotes) > 0 {
		r.Direction = Download
	} else if len(r.LocalPaths) == 0 {
		r.withRepository()
	}
	if !r.flag("A") {
		r.addOutput(r.Command, "-")
	}
}

func fromDirectoryToo(r *reading) { r.withRepository() }

func aliasFromDirectory(r *reading) {
	if len(r.Remotes) == 0 {
		r.signal(Alias)
	}
	fromDirectory(r)
}

// gitShell is the login shell of an account that only serves repositories: git-shell -c "git-upload-pack '/x'".
func gitShell(r *reading) {
	for c := range shellCommands(r.value) {
		name := strings.TrimPrefix(c.name(), "git-")
		words := c.args()
		if name == "git" && len(words) > 0 {
			name, words = words[0], words[1:]
		}
		switch name {
		case "upload-pack", "upload-archive":
			r.Direction = ServeOut
		case "receive-pack":
			r.Direction = ServeIn
		default:
			return
		}
		r.LocalPaths = append(r.LocalPaths, words[:min(len(words), 1)]...)
		return
	}
}

func annexCopy(r *reading) {
	r.Direction = Upload
	if r.flag("A") && !r.flag("B") {
		r.Direction = Download
	}
	fromDirectory(r)
}

func annexMove(r *reading) {
	annexCopy(r)
	r.signal(RemovesSource)
}
