package grammar

import "strings"

// gh is GitHub's command line (gh help of each command, 2.23 and its manual for newer).
var gh = &verb{
	options: "help!help R,repo=value hostname=",
	verbs: map[string]*verb{
		"release": {verbs: map[string]*verb{
			"upload":     {direction: Upload, options: "clobber", operands: "skip input...", read: onGitHub},
			"create|new": {direction: Upload, options: "discussion-category= d,draft generate-notes latest n,notes= F,notes-file= notes-start-tag= p,prerelease target= t,title= verify-tag notes-from-tag fail-on-no-commits", operands: "[skip] [input...]", read: githubRelease},
			"download":   {direction: Download, options: "A,archive= clobber D,dir=output O,output=output p,pattern= skip-existing", operands: "[skip]", read: onGitHub},
		}},
		"gist": {verbs: map[string]*verb{
			"create|new": {direction: Upload, options: "d,desc= f,filename= p,public!public w,web", operands: "[input...]", read: orStdin},
			"edit":       {direction: Upload, options: "a,add=input d,desc= f,filename= r,remove=", operands: "[skip] [input]", read: onlyWithFiles},
			"clone":      {direction: Download, operands: "skip [output]", read: githubGist},
			"view":       {direction: Download, options: "f,filename= files r,raw w,web", operands: "skip", read: githubGist},
		}},
		"repo": {verbs: map[string]*verb{
			"clone":      {direction: Download, options: "u,upstream-remote-name=", operands: "skip [output]", read: githubClone},
			"create|new": {options: "add-readme c,clone d,description= disable-issues disable-wiki g,gitignore= h,homepage= include-all-branches internal l,license= private public!public push!upload r,remote= s,source=input t,team= p,template=", operands: "[skip]", read: githubCreate},
			"sync":       {direction: Download, options: "b,branch= force s,source=", operands: "[skip]", read: func(r *reading) { onGitHub(r); fromDirectory(r) }},
		}},
		"run":         {verbs: map[string]*verb{"download": {direction: Download, options: "D,dir=output n,name= p,pattern=", operands: "[skip]", read: onGitHub}}},
		"pr":          {verbs: map[string]*verb{"checkout|co": {direction: Download, options: "b,branch= detach f,force recurse-submodules", operands: "[skip]", read: func(r *reading) { onGitHub(r); fromDirectory(r) }}}},
		"attestation": {verbs: map[string]*verb{"download": {direction: Download, options: "d,digest-alg= L,limit= o,owner= predicate-type=", operands: "skip", read: onGitHub}}},
		"api":         {options: "cache= F,field=file f,raw-field= H,header= hostname=host i,include input=input q,jq= X,method= paginate p,preview= silent slurp t,template= verbose", operands: "skip", read: githubAPI},
		"codespace|cs": {options: "c,codespace=name", verbs: map[string]*verb{
			"cp":    {options: "e,expand p,profile= r,recursive", operands: "skip skip...", read: codespaceCopy},
			"ports": {verbs: map[string]*verb{"forward": {direction: Bidirectional, operands: "skip...", read: tunnelThroughRelay}}},
		}},
	},
}

// glab is GitLab's (glab help of each command, 1.50).
var glab = &verb{
	options: "h,help!help R,repo=value",
	verbs: map[string]*verb{
		"release": {verbs: map[string]*verb{
			"upload":   {direction: Upload, options: "a,assets-links= use-package-registry", operands: "skip input...", read: onGitLab},
			"create":   {direction: Upload, options: "a,assets-links= m,milestone= n,name= N,notes= F,notes-file= r,ref= D,released-at= T,tag-message= no-close-milestone no-update publish-to-catalog", operands: "skip [input...]", read: gitlabRelease},
			"download": {direction: Download, options: "n,asset-name= D,dir=output", operands: "[skip]", read: onGitLab},
		}},
		"snippet": {verbs: map[string]*verb{"create|new": {direction: Upload, options: "d,description= f,filename= p,personal t,title= v,visibility=", operands: "[input...]", read: orStdin}}},
		"repo|project": {verbs: map[string]*verb{
			"clone":   {direction: Download, options: "g,group= p,preserve-namespace a,archived G,include-subgroups", operands: "skip [output]", read: gitlabClone},
			"archive": {direction: Download, options: "f,format= s,sha=", operands: "skip [output]", read: gitlabClone},
		}},
		"ci|job": {verbs: map[string]*verb{"artifact": {direction: Download, options: "p,path=output list-paths", operands: "skip skip", read: onGitLab}}},
		"api":    {options: "F,field=file f,raw-field= H,header= hostname=host i,include input=input X,method= paginate silent", operands: "skip", read: githubAPI},
	},
}

func onGitHub(r *reading) { r.onHost("github.com", r.value) }
func onGitLab(r *reading) { r.onHost("gitlab.com", r.value) }

// onHost adds a repository, given as [HOST/]OWNER/REPO or a URL.
func (r *reading) onHost(host, repository string) {
	if repository == "" {
		return
	}
	if remote, ok := parseURL(repository); ok {
		r.remote(remote)
		return
	}
	if remote, ok := parseHostPath(repository); ok {
		r.remote(remote)
		return
	}
	if first, rest, ok := strings.Cut(repository, "/"); ok && strings.Contains(first, ".") {
		host, repository = first, rest
	}
	r.remote(Remote{Host: host, Path: repository})
}

// A release without files sends none.
func githubRelease(r *reading) {
	onGitHub(r)
	onlyWithFiles(r)
}

func gitlabRelease(r *reading) {
	onGitLab(r)
	onlyWithFiles(r)
}

func githubClone(r *reading) { r.onHost("github.com", r.operands[0]) }
func gitlabClone(r *reading) { r.onHost("gitlab.com", r.operands[0]) }
func githubGist(r *reading)  { r.onHost("gist.github.com", r.operands[0]) }

// githubCreate sends the repository of --source with --push.
func githubCreate(r *reading) {
	if r.Direction == Upload && len(r.operands) > 0 {
		r.onHost("github.com", r.operands[0])
	}
}

// githubAPI is a copy where the body is a file: --input, or a field of the form key=@file.
func githubAPI(r *reading) {
	files := r.LocalPaths[:0]
	for _, p := range r.LocalPaths {
		if key, file, ok := strings.Cut(p, "=@"); ok && !strings.Contains(key, "=") {
			files = append(files, file)
		} else if !strings.Contains(p, "=") {
			files = append(files, p)
		}
	}
	r.LocalPaths = files
	if len(files) > 0 {
		r.Direction = Upload
	}
}

// codespaceCopy is gh codespace cp SOURCES... DEST, where remote:path is in the codespace.
func codespaceCopy(r *reading) {
	host := r.dir
	if host == "" {
		host = "codespace"
	}
	copyBetween(r, r.operands, func(s string) (Remote, bool) {
		path, ok := strings.CutPrefix(s, "remote:")
		return Remote{Host: host, Path: path}, ok
	})
	r.Protocol, r.Channel = "ssh", Encrypted
}
