package grammar

import "strings"

// kubernetes is kubectl and oc, whose options may stand anywhere
// (kubectl options, kubectl cp --help; 1.32).
var kubernetes = &verb{
	options: `h,help!help as= as-group= as-uid= as-user-extra= cache-dir= certificate-authority= client-certificate= client-key= cluster=
		context= kubeconfig= log-flush-frequency= n,namespace= password= profile= profile-output= request-timeout=
		s,server=endpoint tls-server-name= token= user= username= v= vmodule= insecure-skip-tls-verify!unverified
		disable-compression match-server-version warnings-as-errors loglevel= config=`,
	verbs: map[string]*verb{
		"cp":           {options: "c,container= retries= no-preserve", operands: "skip skip", read: kubectlCopy},
		"exec":         {options: "c,container= f,filename= pod-running-timeout= q,quiet i,stdin!stdin t,tty", operands: "skip skip...", read: runInNamed},
		"rsh":          {options: "c,container= f,filename= shell= timeout= T,no-tty t,tty", operands: "skip skip...", read: runInNamedWithStdin, strict: true},
		"run":          {options: kubectlRunOptions, operands: "skip skip...", read: runInNamed},
		"proxy":        {direction: Bidirectional, options: "accept-hosts= accept-paths= address= api-prefix= append-server-path disable-filter keepalive= p,port= reject-methods= reject-paths= u,unix-socket= w,www=value P,www-prefix=", read: kubectlProxy},
		"port-forward": {direction: Bidirectional, options: "address= pod-running-timeout=", operands: "name skip...", read: kubectlForward},
		// Of oc (oc rsync --help, oc image mirror --help, oc start-build --help).
		"rsync":       {options: "c,container= strategy= exclude= include= delete!deletes no-perms progress q,quiet w,watch compress last=", operands: "skip skip", read: ocRsync},
		"start-build": {direction: Upload, options: "from-dir=input from-file=input from-repo=input from-archive=input build-arg= build-loglevel= commit= e,env= F,follow from-build= from-webhook= git-post-receive= git-repository= list-webhooks= o,output= w,wait incremental no-cache", operands: "[alias]", read: onlyWithFiles},
		"image": {verbs: map[string]*verb{
			"mirror":  {direction: RemoteToRemote, options: ocImageOptions + " dir= f,filename=opaque from-dir= max-registry= max-per-registry= dry-run!help", operands: "[skip...]", read: ocImageMirror},
			"extract": {direction: Download, options: ocImageOptions + " path=value dir= file=value confirm", operands: "image...", read: ocImageExtract},
		}},
	},
}

const ocImageOptions = "a,registry-config= filter-by-os= insecure!unverified keep-manifest-list certificate-authority="

const kubectlRunOptions = `annotations= dry-run= env= field-manager= f,filename= grace-period= image= image-pull-policy= k,kustomize=
	l,labels= o,output= override-type= overrides= pod-running-timeout= port= restart= template= timeout= i,stdin!stdin t,tty rm q,quiet
	attach command expose privileged`

// kubectlCopy is kubectl cp SRC DST; one of them must be in a pod (extractFileSpec in pkg/cmd/cp).
func kubectlCopy(r *reading) {
	copyBetween(r, r.operands[:2], parsePodPath)
	for _, path := range r.LocalPaths { // with a colon it is neither
		r.refuses = r.refuses || strings.Contains(path, ":")
	}
	if r.Direction == RemoteToRemote || r.Direction == Local || len(r.operands) > 2 {
		r.refuses = true
	}
}

// parsePodPath reads [namespace/]pod:path, and no more than one slash before the colon.
func parsePodPath(s string) (Remote, bool) {
	pod, path, ok := strings.Cut(s, ":")
	if !ok || pod == "" || strings.Count(pod, "/") > 1 {
		return Remote{}, false
	}
	return Remote{Host: pod, Path: path}, true
}

// ocRsync copies directories with rsync or tar. A target without a colon is local, and so is one with a slash before it.
func ocRsync(r *reading) {
	copyBetween(r, r.operands[:2], parseHostPath)
	if r.Direction == RemoteToRemote || r.Direction == Local {
		r.refuses = true
	}
}

// runInNamed runs a program in what the first operand names: kubectl exec -i POD -- COMMAND, docker exec CONTAINER COMMAND.
func runInNamed(r *reading) {
	r.remote(Remote{Host: r.operands[0]})
	copyThrough(r, r.operands[1:], r.stdin)
}

// runInNamedWithStdin is for tools that always pass standard input on.
func runInNamedWithStdin(r *reading) {
	r.stdin = true
	runInNamed(r)
}

func kubectlProxy(r *reading) {
	if r.value != "" { // --www: serves a directory
		r.Direction = Listen
		r.addPath(r.value)
		return
	}
	r.signal(Tunnel)
}

// kubectlForward is kubectl port-forward TYPE/NAME [LOCAL:]REMOTE...
func kubectlForward(r *reading) {
	r.signal(Tunnel)
	for _, ports := range r.operands[1:] {
		port := parsePort(ports[strings.LastIndexByte(ports, ':')+1:])
		r.remote(Remote{Host: r.dir, Port: port})
	}
}

// onlyWithFiles: without an option that names some it is no copy.
func onlyWithFiles(r *reading) { r.refuses = len(r.LocalPaths) == 0 }

// ocImageMirror is oc image mirror SRC=DST..., or SRC DST...
func ocImageMirror(r *reading) {
	for _, operand := range r.operands {
		for ref := range strings.SplitSeq(operand, "=") {
			if strings.HasPrefix(ref, "file://") {
				r.addPath(ref)
				continue
			}
			takeImage(r, ref)
		}
	}
	r.refuses = len(r.operands) == 0 && len(r.Opaque) == 0
}

// ocImageExtract is oc image extract IMAGE --path FROM:TO, into the working directory without.
func ocImageExtract(r *reading) {
	if _, to, ok := strings.Cut(r.value, ":"); ok && to != "" {
		r.addPath(to)
	}
}
