package grammar

import "strings"

// mercurial is hg (hg help -v of each command, 6.3). Its options may be cut, and stand anywhere.
var mercurial = &verb{
	abbreviate: true,
	options: `R,repository=name cwd=enter y,noninteractive q,quiet v,verbose color= config= debug debugger encoding= encodingmode= traceback time profile
		version!other h,help!help hidden pager=`,
	verbs: map[string]*verb{
		"push|pus":                             {direction: Upload, options: hgPeerOptions + " f,force r,rev= B,bookmark= all-bookmarks b,branch= new-branch pushvars= publish", operands: "[git]", read: gitFetch},
		"pull":                                 {direction: Download, options: hgPeerOptions + " u,update f,force confirm r,rev= B,bookmark= b,branch=", operands: "[git]", read: gitFetch},
		"clone":                                {options: hgPeerOptions + " U,noupdate u,updaterev= r,rev= b,branch= pull uncompressed stream", operands: "skip [skip]", read: hgClone},
		"serve":                                {direction: Listen, options: "A,accesslog= d,daemon!later daemon-postexec= E,errorlog= p,port= a,address= prefix= n,name= web-conf= pid-file= stdio!A cmdserver= t,templates= style= 6,ipv6 certificate= print-url S,subrepos", read: hgServe},
		"bundle":                               {direction: Local, options: hgPeerOptions + " f,force r,rev= b,branch= base= a,all t,type=", operands: "output [skip]", read: fromDirectoryToo},
		"unbundle":                             {direction: Local, options: "u,update", operands: "input..."},
		"archive":                              {direction: Local, options: "no-decode p,prefix= r,rev= t,type= S,subrepos I,include= X,exclude=", operands: "output", read: fromDirectoryToo},
		"email":                                {direction: Upload, options: "g,git plain o,outgoing b,bundle bundlename= r,rev= force base= a,attach i,inline bcc=mailto body c,cc=mailto d,diffstat date= desc= f,from= n,test!help m,mbox= reply-to= s,subject= in-reply-to= flag= t,to=mailto " + hgPeerOptions, operands: "[skip...]", read: mailFromRepository},
		"incoming|in|outgoing|out|identify|id": {direction: Informative},
	},
}

const hgPeerOptions = "e,ssh=transport remotecmd= insecure!unverified"

// hgClone is hg clone SOURCE [DEST]; either may be an ssh:// URL.
func hgClone(r *reading) {
	from := takeHgEnd(r, r.operands[0])
	to := len(r.operands) > 1 && takeHgEnd(r, r.operands[1])
	r.Direction = directionBetween(from, to)
}

func takeHgEnd(r *reading, s string) bool {
	if remote, ok := parseURL(s); ok && remote.Scheme != "file" {
		r.remote(remote)
		return true
	}
	r.addPath(strings.TrimPrefix(s, "file://"))
	return false
}

// hgServe is a web server; with --stdio a peer over SSH started it, which may push and pull.
func hgServe(r *reading) {
	if r.flag("A") {
		r.Direction = Unknown
	}
	r.withRepository()
}

func mailFromRepository(r *reading) {
	mailProtocol(r)
	r.withRepository()
}

// subversion is svn (svn help of each command, 1.14), and svnmucc.
var subversion = &verb{
	options: `r,revision= c,change= depth= set-depth= username= password= password-from-stdin no-auth-cache non-interactive force-interactive
		trust-server-cert!unverified trust-server-cert-failures=unverified config-dir= config-option= q,quiet N,non-recursive m,message= F,file= force-log force
		editor-cmd= encoding= with-revprop= targets= changelist= cl= native-eol= ignore-externals ignore-keywords h,help!help editor-cmd= accept= parents
		no-auto-props auto-props no-ignore include-externals keep-changelists no-unlock pin-externals store-pristine= compatible-version=`,
	verbs: map[string]*verb{
		"commit|ci":                   {direction: Upload, operands: "[file...]", read: aliasFromDirectory},
		"import":                      {direction: Upload, operands: "skip [skip]", read: svnImport},
		"checkout|co":                 {direction: Download, operands: "skip [skip...]", read: svnCheckout},
		"export":                      {direction: Download, operands: "skip [output]", read: svnExport},
		"update|up":                   {direction: Download, operands: "[file...]", read: aliasFromDirectory},
		"switch|sw":                   {direction: Download, operands: "url [file]", read: fromDirectory},
		"cat":                         {direction: Download, operands: "skip...", read: svnCat},
		"copy|cp|move|mv":             {operands: "skip skip...", read: svnCopy},
		"list|ls|log|info|diff|blame": {direction: NoCopy},
	},
}

// svnmucc (svnmucc --help, 1.14): actions one after the other; put SRC-FILE URL is the one that sends.
var svnmucc = &verb{
	options: "U,root-url=url X,extra-args=opaque m,message= F,file= u,username= p,password= r,revision= with-revprop= config-dir= config-option= n,non-interactive trust-server-cert!unverified h,help!help",
	leaf:    true,
	read: func(r *reading) {
		for i, word := range r.operands {
			if word == "put" && i+2 < len(r.operands) {
				r.Direction = Upload
				r.addInput(r.Command, r.operands[i+1])
				if remote, ok := parseURL(r.operands[i+2]); ok {
					takeSvnURL(r, remote)
				}
			}
		}
	},
}

func takeSvnURL(r *reading, remote Remote) bool {
	if remote.Scheme == "file" {
		r.addPath(remote.Path)
		return false
	}
	r.remote(remote)
	return true
}

// takeSvnEnd reads a URL or a path, and says whether it is a remote end.
func takeSvnEnd(r *reading, s string) bool {
	if remote, ok := parseURL(s); ok {
		return takeSvnURL(r, remote)
	}
	r.addPath(s)
	return false
}

// svnImport is svn import [PATH] URL.
func svnImport(r *reading) {
	last := len(r.operands) - 1
	r.LocalPaths = append(r.LocalPaths, r.operands[:last]...)
	fromDirectory(r)
	if !takeSvnEnd(r, r.operands[last]) {
		r.Direction = Local
	}
}

// svnCheckout is svn checkout URL... [PATH].
func svnCheckout(r *reading) {
	remote := false
	for _, operand := range r.operands {
		remote = takeSvnEnd(r, operand) || remote
	}
	if !remote {
		r.Direction = Local
	}
}

func svnExport(r *reading) {
	if !takeSvnEnd(r, r.operands[0]) {
		r.Direction = Local
	}
}

func svnCat(r *reading) {
	for _, operand := range r.operands {
		if remote, ok := parseURL(operand); ok {
			takeSvnURL(r, remote)
		}
	}
	if r.refuses = len(r.Remotes) == 0; !r.refuses {
		r.addOutput(r.Command, "-")
	}
}

// svnCopy commits at once where the target is a URL.
func svnCopy(r *reading) {
	last := len(r.operands) - 1
	from := false
	for _, operand := range r.operands[:last] {
		from = takeSvnEnd(r, operand) || from
	}
	r.Direction = directionBetween(from, takeSvnEnd(r, r.operands[last]))
	if r.Direction == Local {
		r.refuses = true
	}
}
