package grammar

import "strings"

// docker is docker, nerdctl and podman. Their options for where the daemon is
// stand before the command (docker --help, 28.2; podman(1), nerdctl's command reference).
var docker = &verb{
	options: `h,help!help config= c,context=docker-context D,debug H,host=daemon l,log-level= tls tlscacert= tlscert= tlskey= tlsverify
		url=daemon connection=alias r,remote identity= root= runroot= cgroup-manager= conmon= network-cmd-path= storage-driver= storage-opt= runtime= tmpdir=
		n,namespace= a,address= snapshotter= cni-path= cni-netconfpath= data-root= hosts-dir=`,
	verbs: map[string]*verb{
		"cp":     dockerCopy,
		"push":   dockerPush,
		"pull":   dockerPull,
		"save":   dockerSave,
		"load":   dockerLoad,
		"export": dockerExport,
		"import": dockerImport,
		"exec":   dockerExec,
		"run":    dockerRun,
		"image": {verbs: map[string]*verb{
			"push": dockerPush, "pull": dockerPull, "save": dockerSave, "load": dockerLoad, "import": dockerImport, "build": dockerBuild,
			"scp": {options: "q,quiet", operands: "skip [skip]", read: podmanImageCopy},
		}},
		"container|machine": {verbs: map[string]*verb{"cp": dockerCopy, "export": dockerExport, "exec": dockerExec, "run": dockerRun}},
		"plugin|artifact": {verbs: map[string]*verb{
			"push": dockerPush,
			"pull": dockerPull, "install": dockerPull,
		}},
		"manifest": {verbs: map[string]*verb{"push": dockerPush}},
		"model":    {verbs: map[string]*verb{"push": dockerPush, "pull": dockerPull}},
		"trust":    {verbs: map[string]*verb{"sign": {direction: Upload, options: "local", operands: "image"}}},
		"compose":  dockerCompose,
		"build":    dockerBuild,
		"buildx":   dockerBuildx,
		"builder":  {verbs: map[string]*verb{"build": dockerBuild}},
	},
}

var (
	dockerCopy = &verb{options: "a,archive L,follow-link q,quiet overwrite pause extract", operands: "skip skip", read: dockerCopyBetween}
	dockerPush = &verb{direction: Upload, options: imageTransferOptions, operands: "skip [skip]", read: pushImage}
	dockerPull = &verb{direction: Download, options: imageTransferOptions, operands: "image..."}
	dockerSave = &verb{direction: Local, options: "o,output=output platform= format= q,quiet compress m,multi-image-archive uncompressed", operands: "skip...", read: orStdout}
	dockerLoad = &verb{direction: Local, options: "i,input=input platform= q,quiet", read: orStdin}

	dockerExport = &verb{direction: Local, options: "o,output=output", operands: "skip", read: orStdout}
	dockerImport = &verb{direction: Local, options: "c,change= m,message= platform= arch= os= variant= signature-policy= q,quiet", operands: "skip [skip]", read: importImage}

	dockerExec = &verb{options: "detach-keys= e,env= env-file= u,user= w,workdir= preserve-fds= i,interactive!stdin t,tty d,detach privileged l,latest", operands: "skip skip...", read: runInNamed, strict: true}
	dockerRun  = &verb{options: dockerRunOptions, operands: "skip skip...", read: runInNamed, strict: true}

	dockerCompose = &verb{
		options: "f,file= p,project-name= profile= env-file= project-directory= ansi= parallel= progress= verbose v,version dry-run!help",
		verbs: map[string]*verb{
			"cp":     {options: "index= all a,archive L,follow-link", operands: "skip skip", read: dockerCopyBetween},
			"build":  dockerComposeBuild,
			"push":   {direction: Upload, options: "ignore-push-failures include-deps q,quiet", operands: "[alias...]"},
			"pull":   {direction: Download, options: "policy= ignore-buildable ignore-pull-failures include-deps q,quiet", operands: "[alias...]"},
			"exec":   {options: "e,env= index= u,user= w,workdir= d,detach T,no-TTY,no-tty privileged", operands: "skip skip...", read: runInNamedWithStdin, strict: true},
			"run":    {options: "cap-add= cap-drop= entrypoint= e,env= l,label= name= p,publish= pull= u,user= v,volume= w,workdir= rm build d,detach T,no-TTY no-deps", operands: "skip skip...", read: runInNamedWithStdin, strict: true},
			"export": {direction: Local, options: "index= o,output=output", operands: "skip", read: orStdout},
		},
	}
)

const imageTransferOptions = `all-tags a,all q,quiet disable-content-trust platform= authfile= cert-dir= compression-format= compression-level= creds=
	decryption-key= digestfile= encrypt-layer= encryption-key= f,format= retry= retry-delay= sign-by= sign-by-sigstore= sign-by-sigstore-private-key=
	sign-passphrase-file= tls-verify=?verify arch= os= variant= override-arch= override-os= policy= alias= grant-all-permissions disable
	insecure-registry!unverified allow-insecure!unverified insecure!unverified estargz ipfs-address= sign= cosign-key= verify= unpack= rm remove-signatures p,purge D,disable-compression`

// docker run --help, 28.2; podman adds few that are likely before tar and cat.
const dockerRunOptions = `add-host= annotation= a,attach= blkio-weight= blkio-weight-device= cap-add= cap-drop= cgroup-parent= cgroupns= cidfile=
	cpu-count= cpu-percent= cpu-period= cpu-quota= cpu-rt-period= cpu-rt-runtime= c,cpu-shares= cpus= cpuset-cpus= cpuset-mems=
	detach-keys= device= device-cgroup-rule= device-read-bps= device-read-iops= device-write-bps= device-write-iops= dns=
	dns-opt= dns-option= dns-search= domainname= entrypoint= e,env= env-file= expose= gpus= group-add= health-cmd= health-interval=
	health-retries= health-start-interval= health-start-period= health-timeout= h,hostname= ip= ip6= ipc= isolation= kernel-memory=
	l,label= label-file= link= link-local-ip= log-driver= log-opt= mac-address= m,memory= memory-reservation= memory-swap=
	memory-swappiness= mount= name= net= network= network-alias= net-alias= oom-score-adj= pid= pids-limit= platform= p,publish= pull= restart= runtime=
	security-opt= shm-size= stop-signal= stop-timeout= storage-opt= sysctl= tmpfs= ulimit= u,user= userns= uts= v,volume=
	volume-driver= volumes-from= w,workdir= secret= umask= tz= pod= authfile=
	d,detach i,interactive!stdin t,tty P,publish-all rm init privileged q,quiet read-only no-healthcheck oom-kill-disable sig-proxy`

var dockerProgram = docker.program()

// dockerTool reads a line, and what the environment says of the daemon where the line is silent.
func dockerTool(c *Command) Transfer {
	t := dockerProgram().transfer(c)
	if t.Direction != NoCopy && t.Direction != Informative {
		r := reading{Command: c}
		r.takeDockerHost()
		if len(r.Remotes) > 0 && !t.namesDaemon() {
			t.Remotes = append(r.Remotes, t.Remotes...)
			for _, s := range r.Signals {
				t.signal(s)
			}
		}
	}
	return t
}

// composeTool is docker compose as a program of its own.
func composeTool(c *Command) Transfer { return dockerProgram().byWord["compose"].transfer(c) }

// takeDockerHost reads what the environment says of where the daemon is.
func (r *reading) takeDockerHost() {
	if takeDockerContext(r, r.env("DOCKER_CONTEXT")); len(r.Remotes) > 0 {
		return
	}
	for _, name := range []string{"DOCKER_HOST", "CONTAINER_HOST"} {
		takeDaemon(r, r.env(name))
	}
}

// takeDockerContext reads the name of a daemon; default is that of this host.
func takeDockerContext(r *reading, name string) {
	if name != "" && name != "default" {
		takeAlias(r, name)
	}
}

// namesDaemon: a URL of a daemon is among the ends.
func (t *Transfer) namesDaemon() bool {
	for _, r := range t.Remotes {
		if r.Scheme == "tcp" || r.Scheme == "ssh" {
			return true
		}
	}
	return false
}

// pushImage is docker push NAME, and podman push NAME [transport:destination].
func pushImage(r *reading) {
	if len(r.operands) > 1 {
		takeImageEnd(r, r.operands[1], r.addOutput)
		if len(r.Remotes) == 0 {
			r.Direction = Local
		}
		return
	}
	if r.Tool == "podman" || r.Tool == "buildah" {
		r.registry = ""
	}
	takeImage(r, r.operands[0])
}

// dockerCopyBetween is docker cp SRC DST; "-" is a tar stream. A path with a
// slash or dot before the colon is local (splitCpArg in docker/cli).
func dockerCopyBetween(r *reading) {
	copyBetween(r, r.operands[:2], parseContainerPath)
	if r.Direction == Local || r.Direction == RemoteToRemote && r.Tool != "podman" {
		r.refuses = true
	}
}

func parseContainerPath(s string) (Remote, bool) {
	container, path, ok := strings.Cut(s, ":")
	if !ok || container == "" || s[0] == '.' || s[0] == '/' || strings.Contains(container, "/") {
		return Remote{}, false
	}
	return Remote{Host: container, Path: path}, true
}

// orStdout: what no option sends to a file goes to standard output.
func orStdout(r *reading) {
	if len(r.LocalPaths) == 0 {
		r.addOutput(r.Command, "-")
	}
}

func orStdin(r *reading) {
	if len(r.LocalPaths) == 0 {
		r.addInput(r.Command, "-")
	}
}

// importImage is docker import FILE|URL|- [REPOSITORY[:TAG]].
func importImage(r *reading) {
	if remote, ok := parseURL(r.operands[0]); ok {
		r.Direction = Download
		r.remote(remote)
		return
	}
	r.addInput(r.Command, r.operands[0])
}

// podmanImageCopy is podman image scp [[user@]host::]image [[user@]host::][image].
func podmanImageCopy(r *reading) {
	if len(r.operands) == 1 { // to the default connection
		r.operands = append(r.operands, "")
	}
	ends := [2]bool{}
	for i, operand := range r.operands[:2] {
		host, image, ok := strings.Cut(operand, "::")
		if ends[i] = ok; ok {
			remote := parseHost(host)
			remote.Path = image
			r.remote(remote)
		}
	}
	switch ends {
	case [2]bool{true, true}:
		r.Direction = RemoteToRemote
	case [2]bool{true, false}:
		r.Direction = Download
	case [2]bool{false, true}:
		r.Direction = Upload
	default:
		r.Direction = Upload
		r.signal(Alias)
	}
}
