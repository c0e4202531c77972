package grammar

import "strings"

// Tools that build an image and send it to a registry in one go. What leaves
// is made of the directory that is built from.

var (
	// docker buildx build --help, 0.21; nerdctl build, podman build and buildah build have many of them.
	dockerBuild = &verb{options: `add-host= allow= annotation= attest= build-arg= build-context= builder= buildkit-host= cache-from= cache-to=cache cgroup-parent= call=
		check!help D,debug f,file= iidfile= label= load metadata-file= network= no-cache no-cache-filter= o,output=built platform= progress= provenance= pull push!push
		q,quiet sbom= secret= shm-size= ssh= t,tag=tag target= ulimit= compress force-rm isolation= m,memory= memory-swap= rm security-opt= squash
		c,cpu-shares= cpu-period= cpu-quota= cpuset-cpus= cpuset-mems= disable-content-trust layers v,volume= e,env= from= creds= authfile= format= jobs=`,
		operands: "[skip]", read: sendBuilt}
	dockerBake = &verb{options: "f,file=opaque set=bake push!push load print!help list= no-cache pull progress= metadata-file= provenance= sbom= allow= call= check!help builder= var= D,debug",
		operands: "[skip...]", read: onlyPushed}
	dockerComposeBuild = &verb{options: "push!push build-arg= builder= m,memory= no-cache pull q,quiet ssh= with-dependencies print!help check!help provenance= sbom=",
		operands: "[alias...]", read: onlyPushed}
	imagetoolsCreate = &verb{direction: RemoteToRemote, options: "t,tag=image f,file=opaque append dry-run!help annotation= platform= progress= p,prefer-index metadata-file= builder= D,debug",
		operands: "[image...]"}

	dockerBuildx = &verb{options: "builder= D,debug", verbs: map[string]*verb{
		"build|b": dockerBuild, "bake|f": dockerBake, "imagetools": {verbs: map[string]*verb{"create": imagetoolsCreate}},
	}}

	// buildctl build --help, 0.19
	buildctl = &verb{singleDash: true,
		options: "debug addr=daemon log-format= tlsservername= tlscacert= tlscert= tlskey= tlsdir= timeout= wait h,help!help v,version!help",
		verbs: map[string]*verb{"build|b": {options: `o,output=built progress= trace= local=context oci-layout=context frontend= opt= no-cache import-cache= export-cache=cache
			secret= allow= ssh= metadata-file= source-policy-file= ref-file= registry-auth-tlscontext= debug-json-cache-metrics=`, operands: "[skip]", read: sendBuilt}}}
)

// exporter is one of the places that the outcome of a build goes to: type=image,name=docker.io/me/app,push=true.
type exporter struct{ kind, name, push, ref, bucket, account string }

// parseExporter reads fields of CSV, as buildx does: "name=a,b" in quotes is one.
func parseExporter(value string) (e exporter) {
	for value != "" {
		var field string
		if rest, quoted := strings.CutPrefix(value, `"`); quoted {
			field, value, _ = strings.Cut(rest, `"`)
			value = strings.TrimPrefix(value, ",")
		} else {
			field, value, _ = strings.Cut(value, ",")
		}
		name, text, _ := strings.Cut(field, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "type":
			e.kind = text
		case "name":
			e.name = text
		case "push":
			e.push = text
		case "ref":
			e.ref = text
		case "bucket":
			e.bucket = text
		case "account_url":
			e.account = text
		}
	}
	return e
}

// takeBuilt is -o type=registry and -o type=image,push=true, with names; others stay on this host.
func takeBuilt(r *reading, value string) {
	e := parseExporter(value)
	if e.kind != "registry" && (e.kind != "image" || e.push != "true") {
		return
	}
	r.mark("A")
	for name := range strings.SplitSeq(e.name, ",") {
		if name != "" {
			r.tags = append(r.tags, name)
		}
	}
}

// takeCache is where the cache of a build goes to, which has what the image has.
func takeCache(r *reading, value string) {
	switch e := parseExporter(value); {
	case !strings.Contains(value, "="):
		takeImage(r, value)
	case e.kind == "registry":
		takeImage(r, e.ref)
	case e.kind == "s3":
		r.remote(Remote{Scheme: "s3", Host: e.bucket})
	case e.kind == "azblob":
		r.remote(parseURLOrHost(e.account))
	default:
		return
	}
	r.mark("B")
}

// sendBuilt is a build of which the image or the cache goes to a registry, or the directory to a daemon elsewhere.
func sendBuilt(r *reading) {
	if r.flag("A") {
		for _, tag := range r.tags {
			takeImage(r, tag)
		}
	} else if !r.flag("B") && len(r.Remotes) == 0 && !r.buildsElsewhere() {
		r.refuses = true
		return
	}
	r.Direction = Upload
	for _, from := range r.operands {
		if _, isURL := parseURL(from); !isURL {
			r.addInput(r.Command, from)
		}
	}
}

// buildsElsewhere says that the environment names a daemon on another host.
func (r *reading) buildsElsewhere() bool {
	other := reading{Command: r.Command}
	switch r.Tool {
	case "buildctl", "nerdctl":
		takeDaemon(r, r.env("BUILDKIT_HOST"))
		return len(r.Remotes) > 0
	case "docker", "podman":
		other.takeDockerHost() // dockerTool adds it
	}
	return len(other.Remotes) > 0
}

// onlyPushed is of commands that build what a file says, and send it only where they are told to.
func onlyPushed(r *reading) {
	r.Direction, r.refuses = Upload, !r.flag("A")
}
