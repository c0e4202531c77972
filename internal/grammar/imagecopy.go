package grammar

import "strings"

// Tools that copy images between registries, files and local stores.

// skopeo copies between transports (skopeo(1), containers-transports(5); 1.9).
var skopeo = &verb{
	options: `h,help!help authfile= a,all digestfile= f,format= multi-arch= q,quiet retry-times= sign-by= policy= tmpdir= command-timeout=
		override-arch= override-os= override-variant= registries.d= additional-tag= decryption-key= encrypt-layer= encryption-key=
		sign-by-sigstore= sign-by-sigstore-private-key= sign-identity= sign-passphrase-file= sign-passphrase= retry-delay= insecure-policy debug
		src-authfile= src-cert-dir= src-creds= src-daemon-host=daemon src-password= src-registry-token= src-shared-blob-dir= src-tls-verify=?verify src-username= src-no-creds
		dest-authfile= dest-cert-dir= dest-compress-format= dest-compress-level= dest-creds= dest-daemon-host=daemon dest-password=
		dest-registry-token= dest-shared-blob-dir= dest-tls-verify=?verify dest-username= dest-no-creds tls-verify=?verify`,
	verbs: map[string]*verb{
		"copy":    {operands: "skip skip", read: copyImage},
		"sync":    {options: "s,src=value d,dest=name dry-run!help scoped keep-going", operands: "skip skip", read: skopeoSync},
		"inspect": {operands: "[skip...]", direction: Informative},
	},
}

// copyImage copies from the first operand to the second, each transport:name.
func copyImage(r *reading) {
	r.Direction = directionBetween(takeImageEnd(r, r.operands[0], r.addInput), takeImageEnd(r, r.operands[1], r.addOutput))
}

func directionBetween(from, to bool) Direction {
	switch {
	case from && to:
		return RemoteToRemote
	case from:
		return Download
	case to:
		return Upload
	}
	return Local
}

// takeImageEnd reads transport:name, and says whether it is in a registry or
// with a daemon elsewhere. An archive or directory may have :reference after its path.
func takeImageEnd(r *reading, end string, local func(*Command, string)) (remote bool) {
	transport, name, _ := strings.Cut(end, ":")
	switch transport {
	case "docker", "atomic":
		r.remote(parseImage(end, "docker.io"))
		return true
	case "dir", "tarball":
		local(r.Command, name)
	case "oci", "oci-archive", "docker-archive", "ostree", "sif":
		path, _, _ := strings.Cut(name, ":")
		if path == "/dev/stdin" || path == "/dev/stdout" {
			path = "-"
		}
		local(r.Command, path)
	case "docker-daemon", "containers-storage":
	default: // podman push takes a name without transport for docker://
		takeImage(r, end)
		return true
	}
	return false
}

// skopeoSync is skopeo sync --src TRANSPORT --dest TRANSPORT SOURCE DESTINATION; a yaml source lists images.
func skopeoSync(r *reading) {
	from := r.syncEnd(r.value, r.operands[0], r.addInput)
	r.Direction = directionBetween(from, r.syncEnd(r.dir, r.operands[1], r.addOutput))
}

func (r *reading) syncEnd(transport, operand string, local func(*Command, string)) (remote bool) {
	switch transport {
	case "docker":
		r.remote(parseImage(operand, "docker.io"))
		return true
	case "yaml":
		r.addOpaque(operand)
		r.signal(OpaqueConfig)
		return true
	}
	local(r.Command, operand)
	return false
}

// buildah (buildah push --help, 1.28).
var buildah = &verb{
	options: `h,help!help cgroup-manager= log-level= registries-conf= registries-conf-dir= root= runroot= short-name-alias-conf=
		storage-driver= storage-opt= userns-gid-map= userns-uid-map=`,
	verbs: map[string]*verb{
		"push":                             {direction: Upload, options: imageTransferOptions, operands: "skip [skip]", read: pushImage},
		"pull":                             {direction: Download, options: imageTransferOptions, operands: "skip", read: pullShortImage},
		"build|bud|build-using-dockerfile": dockerBuild,
		"manifest":                         {verbs: map[string]*verb{"push": {direction: Upload, options: imageTransferOptions, operands: "skip [skip]", read: pushImage}}},
	},
}

func pullShortImage(r *reading) {
	r.registry = ""
	if transport, _, ok := strings.Cut(r.operands[0], ":"); ok && isTransport(transport) {
		if !takeImageEnd(r, r.operands[0], r.addInput) {
			r.Direction = Local
		}
		return
	}
	takeImage(r, r.operands[0])
}

func isTransport(s string) bool {
	switch s {
	case "docker", "dir", "oci", "oci-archive", "docker-archive", "docker-daemon", "containers-storage", "atomic", "ostree", "sif", "tarball":
		return true
	}
	return false
}

// crane of go-containerregistry (its doc/crane*.md).
var crane = &verb{
	options: "h,help!help allow-nondistributable-artifacts insecure!unverified platform= v,verbose",
	verbs: map[string]*verb{
		"push":                           {direction: Upload, options: "image-refs= index", operands: "input image"},
		"pull":                           {direction: Download, options: "c,cache_path= format= annotate-ref", operands: "image... output"},
		"copy|cp":                        {direction: RemoteToRemote, options: "a,all-tags j,jobs= n,no-clobber", operands: "image image"},
		"export":                         {direction: Download, operands: "image [output]", read: orStdout},
		"append":                         {direction: Upload, options: "b,base=image f,new_layer=input t,new_tag=image o,output=output set-base-image-annotations"},
		"blob":                           {direction: Download, operands: "image", read: orStdout},
		"flatten|mutate|rebase|edit|tag": {direction: NoCopy},
		"manifest|config|digest|ls|catalog|validate": {direction: Informative},
	},
}

// oras (its command reference; oras push --help, 1.2).
var oras = &verb{
	wholeNames: true,
	options: `h,help!help a,annotation= annotation-file= annotation-platform= artifact-type= artifact-platform= ca-file= cert-file= c,concurrency= config= d,debug
		disable-path-validation distribution-spec= export-manifest= format= header= H= identity-token= identity-token-stdin image-spec= insecure!unverified key-file=
		no-tty p,password= password-stdin plain-http!clear platform= registry-config= resolve= template= u,username= v,verbose r,recursive
		from-ca-file= from-distribution-spec= from-header= from-identity-token= from-insecure!unverified from-password= from-plain-http!clear
		from-registry-config= from-resolve= from-username= to-ca-file= to-distribution-spec= to-header= to-identity-token= to-insecure!unverified
		to-password= to-plain-http!clear to-registry-config= to-resolve= to-username= oci-layout!A oci-layout-path= from-oci-layout!A from-oci-layout-path= to-oci-layout!B to-oci-layout-path=`,
	verbs: map[string]*verb{
		"push|attach": {direction: Upload, operands: "skip [skip...]", read: orasPush},
		"pull":        {direction: Download, options: "o,output=output include-subject k,keep-old-files", operands: "skip", read: orasPull},
		"copy|cp":     {operands: "skip skip", read: orasCopy},
		"backup":      {direction: Download, options: "o,output=output include-referrers", operands: "image"},
		"restore":     {direction: Upload, options: "i,input=input exclude-referrers dry-run!help", operands: "image"},
		"blob": {verbs: map[string]*verb{
			"push":  {direction: Upload, options: "media-type= size= descriptor", operands: "image input"},
			"fetch": {direction: Download, options: "o,output=output media-type= descriptor", operands: "image"},
		}},
		"manifest": {verbs: map[string]*verb{
			"push":  {direction: Upload, options: "media-type= descriptor", operands: "image input"},
			"fetch": {direction: Download, options: "o,output=output media-type= descriptor pretty", operands: "image"},
		}},
		"discover|resolve": {direction: Informative},
		"repo":             {verbs: map[string]*verb{"ls|tags": {direction: Informative}}},
	},
}

// orasPush is oras push REF FILE[:TYPE]...
func orasPush(r *reading) {
	if r.flag("A") {
		r.Direction = Local
		r.addPath(r.operands[0])
	} else {
		takeImage(r, r.operands[0])
	}
	for _, f := range r.operands[1:] {
		if file, kind, ok := strings.Cut(f, ":"); ok && strings.Contains(kind, "/") && !strings.HasPrefix(kind, "/") {
			f = file
		}
		r.addInput(r.Command, f)
	}
}

func orasPull(r *reading) {
	if r.flag("A") {
		r.Direction = Local
		r.addPath(r.operands[0])
		return
	}
	takeImage(r, r.operands[0])
}

// orasCopy is oras cp SRC DST; either may be an OCI layout in a directory.
func orasCopy(r *reading) {
	ends := [2]bool{!r.flag("A"), !r.flag("B")}
	for i, operand := range r.operands[:2] {
		if ends[i] {
			takeImage(r, operand)
		} else {
			r.addPath(operand)
		}
	}
	r.Direction = directionBetween(ends[0], ends[1])
}

// regctl of regclient (its docs/regctl.md).
var regctl = &verb{
	options: "h,help!help host= logopt= user-agent= v,verbosity= format= p,platform=",
	verbs: map[string]*verb{
		"image": {verbs: map[string]*verb{
			"copy|cp":  {options: "digest-tags fast include-external platforms= referrers referrers-src= referrers-tgt= force-recursive", operands: "skip skip", read: regctlCopy},
			"export":   {direction: Download, options: "compress name= ref=", operands: "image [output]", read: orStdout},
			"import":   {direction: Upload, options: "name=", operands: "image input"},
			"get-file": {direction: Download, operands: "image skip [output]", read: orStdout},
		}},
		"artifact": {verbs: map[string]*verb{
			"put": {direction: Upload, options: "f,file=input m,file-media-type= a,annotation= artifact-type= by-digest config-file=input config-type= external= media-type= index refers= subject= strip-dirs file-title", operands: "[image]", read: orStdin},
			"get": {direction: Download, options: "o,output=output f,file= file-media-type= m= config config-file=output external= filter-annotation= filter-artifact-type= subject= strip-dirs latest", operands: "[image]", read: orStdout},
		}},
		"blob": {verbs: map[string]*verb{
			"put":     {direction: Upload, options: "content-type= digest=", operands: "image", read: orStdin},
			"get":     {direction: Download, options: "media-type=", operands: "image skip", read: orStdout},
			"copy|cp": {direction: RemoteToRemote, operands: "image image skip"},
		}},
		"manifest": {verbs: map[string]*verb{
			"put":      {direction: Upload, options: "t,content-type= by-digest", operands: "image", read: orStdin},
			"get|head": {direction: Informative},
		}},
		"tag|repo|registry|index": {direction: NoCopy},
	},
}

// regctlCopy copies between references; ocidir:// is a directory here.
func regctlCopy(r *reading) {
	ends := [2]bool{}
	for i, operand := range r.operands[:2] {
		if path, local := strings.CutPrefix(operand, "ocidir://"); local {
			r.addPath(path)
			continue
		}
		ends[i] = true
		takeImage(r, operand)
	}
	r.Direction = directionBetween(ends[0], ends[1])
}

// ctr of containerd (ctr images --help; urfave/cli: options before operands).
var ctr = &verb{
	wholeNames: true,
	strict:     true,
	options:    "h,help!help a,address= n,namespace= timeout= connect-timeout= debug",
	verbs: map[string]*verb{
		"images|image|i": {verbs: map[string]*verb{
			"push":       {direction: Upload, options: ctrRegistryOptions, operands: "image"},
			"pull|fetch": {direction: Download, options: ctrRegistryOptions, operands: "image"},
			"export":     {direction: Local, options: "platform= all-platforms skip-manifest-json skip-non-distributable local", operands: "output [skip...]"},
			"import":     {direction: Local, options: "base-name= digests index-name= snapshotter= platform= all-platforms no-unpack compress-blobs discard-unpacked-layers local", operands: "input"},
		}},
		"content|c": {verbs: map[string]*verb{
			"fetch":        {direction: Download, options: ctrRegistryOptions, operands: "image"},
			"fetch-object": {direction: Download, options: ctrRegistryOptions, operands: "image skip", read: orStdout},
			"push-object":  {direction: Upload, options: ctrRegistryOptions, operands: "image skip skip"},
		}},
	},
}

const ctrRegistryOptions = `k,skip-verify!unverified plain-http!clear u,user= refresh= hosts-dir= tlscacert= tlscert= tlskey= http-dump http-trace
	label= snapshotter= platform= all-platforms all-metadata print-chainid max-concurrent-downloads= max-concurrent-uploaded-layers=
	manifest= manifest-type= allow-non-distributable-blobs local`

// helm (helm push --help, helm pull --help; 3.14), and its plugin cm-push.
var helm = &verb{
	wholeNames: true,
	options: `h,help!help burst-limit= debug kube-apiserver= kube-as-group= kube-as-user= kube-ca-file= kube-context= kube-insecure-skip-tls-verify
		kube-tls-server-name= kube-token= kubeconfig= n,namespace= qps= registry-config= repository-cache= repository-config=
		ca-file= cert-file= key-file= insecure-skip-tls-verify!unverified plain-http!clear username= password=`,
	verbs: map[string]*verb{
		"push":       {direction: Upload, operands: "input url"},
		"pull|fetch": {direction: Download, options: "d,destination=output devel keyring= pass-credentials prov repo=url untar untardir= verify version=", operands: "skip...", read: helmPull},
		"cm-push":    {direction: Upload, options: "a,app-version= access-token= auth-header= check-helm-version context-path= dependency-update force insecure!unverified keyring= p= u= timeout= v,version=", operands: "input skip", read: helmPluginPush},
		"registry|repo|package|lint|template|install|upgrade": {direction: NoCopy},
	},
}

// helmPull takes charts as URLs, or as repository/chart of a configured one.
func helmPull(r *reading) {
	for _, chart := range r.operands {
		remote, ok := parseURL(chart)
		switch {
		case ok:
			r.remote(remote)
		case r.namesURL(): // --repo
		default:
			takeAlias(r, chart)
		}
	}
}

func (r *reading) namesURL() bool { return len(r.Remotes) > 0 && r.Remotes[0].URL != "" }

// helmPluginPush is helm cm-push CHART REPOSITORY, a name or a URL.
func helmPluginPush(r *reading) {
	if remote, ok := parseURL(r.operands[1]); ok {
		r.remote(remote)
	} else {
		takeAlias(r, r.operands[1])
	}
}
