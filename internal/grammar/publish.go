package grammar

import "strings"

// Tools that publish packages, models and data.

// npm is npm, yarn, pnpm and bun: npm help publish, 11; yarn npm publish of Berry.
var npm = &verb{
	options: `registry=endpoint help!help h!help dry-run!help tag= otp= userconfig=opaque prefix=enter C,dir=enter cwd=enter loglevel= access=value w,workspace= workspaces
		include-workspace-root provenance provenance-file= new-version= message= json publish-branch= filter= F= git-checks no-git-checks force tolerate-republish
		auth-type= access-token= cache= gzip-level= use-yarnrc= pack-destination=output pack-gzip-level= out=output y,yes p,package= c,call= ignore-scripts`,
	verbs: map[string]*verb{
		"publish":    npmPublish,
		"pack":       {direction: Local, options: "o,out=output", operands: "[skip...]", read: npmPack},
		"exec|dlx|x": {options: "parallel", operands: "skip [skip...]", read: npxRun, strict: true},
		"npm":        {verbs: map[string]*verb{"publish": npmPublish}},
		"workspace":  {operands: "skip [skip...]"},
	},
}

var npmPublish = &verb{direction: Upload, operands: "[input]", read: func(r *reading) {
	if r.value == "public" {
		r.signal(PublicAccess)
	}
	fromDirectory(r)
}}

// npmPack makes an archive of a directory, or gets that of a package from the registry.
func npmPack(r *reading) {
	for _, spec := range r.operands {
		if isLocalPackage(spec) {
			r.addPath(spec)
			continue
		}
		r.Direction = Download
		takeAlias(r, spec)
	}
	if r.Direction == Local {
		fromDirectory(r)
	}
}

// isLocalPackage (npm help package-spec): a path begins so.
func isLocalPackage(spec string) bool {
	return strings.HasPrefix(spec, ".") || strings.HasPrefix(spec, "/") || strings.HasPrefix(spec, "~/") || strings.HasSuffix(spec, ".tgz")
}

var (
	// twine upload --help, 4.0
	twine = &verb{abbreviate: true, options: "h,help!help version!other no-color", verbs: map[string]*verb{
		"upload": {direction: Upload, options: `r,repository=alias repository-url=endpoint s,sign sign-with= i,identity= u,username= p,password= non-interactive c,comment=
			config-file=opaque skip-existing cert= client-cert= verbose disable-progress-bar attestations`, operands: "input..."},
		"register": {direction: NoCopy}, "check": {direction: NoCopy},
	}}
	// gem help push
	gem = &verb{options: "h,help!help V,verbose q,quiet config-file= backtrace debug norc", verbs: map[string]*verb{
		"push":   {direction: Upload, options: "k,key= host=endpoint otp= attestation= p,http-proxy=?proxy", operands: "input"},
		"fetch":  {direction: Download, options: "v,version= platform= prerelease s,source=url clear-sources p,http-proxy=?proxy o,output=output", operands: "alias..."},
		"build":  {direction: Local, options: "o,output=output C=enter strict force platform=", operands: "[input]"},
		"server": {direction: Listen, options: "p,port= d,dir=file b,bind= daemon"},
	}}
	// cargo help publish
	cargo = &verb{options: "h,help!help V,version!other v,verbose q,quiet color= config= Z= C=enter offline locked frozen", verbs: map[string]*verb{
		"publish": {direction: Upload, options: "n,dry-run!help index=endpoint registry=alias token= no-verify allow-dirty target= target-dir= j,jobs= keep-going manifest-path=input p,package= F,features= all-features no-default-features", read: fromDirectory},
		"package": {direction: Local, options: "l,list!help no-verify no-metadata allow-dirty target= target-dir= manifest-path=input p,package= F,features= j,jobs= index= registry=", read: fromDirectory},
	}}
	// poetry help publish, uv publish --help
	poetry = &verb{options: "h,help!help q,quiet v,verbose n,no-interaction no-ansi no-cache C,directory=enter P,project=enter", verbs: map[string]*verb{
		"publish": {direction: Upload, options: "r,repository=alias u,username= p,password= cert= client-cert= dist-dir=input build dry-run!help skip-existing", read: fromDirectory},
	}}
	uv = &verb{options: "h,help!help q,quiet v,verbose directory=enter project= config-file= color= cache-dir= allow-insecure-host=unverified native-tls offline", verbs: map[string]*verb{
		"publish": {direction: Upload, options: "index=alias u,username= p,password= t,token= trusted-publishing= keyring-provider= publish-url=endpoint check-url= dry-run!help", operands: "[input...]", read: uvPublish},
	}}
	// dotnet nuget push --help, 9
	dotnet = &verb{singleDash: true, options: "h,help!help", verbs: map[string]*verb{"nuget": {verbs: map[string]*verb{
		"push": {direction: Upload, options: `s,source=feed ss,symbol-source=feed k,api-key= sk,symbol-api-key= t,timeout= d,disable-buffering n,no-symbols no-service-endpoint skip-duplicate
			interactive force-english-output allow-insecure-connections!unverified configfile=opaque`, operands: "[input...]", read: toFeed},
	}}}}
	// conan upload --help, 2 and 1
	conan = &verb{abbreviate: true, options: "h,help!help", verbs: map[string]*verb{
		"upload": {direction: Upload, options: `f,format= out-file= v=? core-conf= p,package,package-query= r,remote=alias only-recipe force check c,confirm dry-run!help l,list=opaque m,metadata= q,query= j,json= all
			skip-upload!help retry= retry-wait= no-overwrite=? parallel allow-disabled`, operands: "[skip]"},
		"download": {direction: Download, options: "f,format= out-file= v=? core-conf= p,package,package-query= r,remote=alias only-recipe l,list=opaque m,metadata=", operands: "[skip]"},
	}}
	// vsce publish --help, 3, and ovsx publish --help, 0.10
	vsce = &verb{options: "h,help!help V,version!help", verbs: map[string]*verb{
		"publish": {direction: Upload, options: vscePublish, operands: "[skip]", read: sendsTo("marketplace.visualstudio.com")},
	}}
	ovsx = &verb{options: "h,help!help V,version!help r,registryUrl=endpoint p,pat= debug", verbs: map[string]*verb{
		"publish": {direction: Upload, options: vscePublish, operands: "[input]", read: sendsTo("open-vsx.org")},
		"get":     {direction: Download, options: "t,target= v,versionRange= o,output=output metadata", operands: "skip", read: getsFrom("open-vsx.org")},
	}}
	// wandb artifact put --help, 0.19
	wandb = &verb{abbreviate: true, options: "help!help version!help", verbs: map[string]*verb{
		"artifact": {verbs: map[string]*verb{
			"put": {direction: Upload, options: "n,name= d,description= t,type= a,alias= id= resume skip_cache policy=", operands: "input", read: sendsTo("api.wandb.ai")},
			"get": {direction: Download, options: "root=output type=", operands: "skip", read: getsFrom("api.wandb.ai")},
		}},
		"sync": {direction: Upload, options: `id= p,project= e,entity= job_type= sync-tensorboard no-sync-tensorboard include-globs= exclude-globs= include-online no-include-online include-offline include-synced
			mark-synced no-mark-synced sync-all clean!other clean-old-hours= clean-force show= append skip-console replace-tags= view!help verbose`, operands: "[input...]", read: sendsTo("api.wandb.ai")},
	}}
	// jf rt upload --help; the older jfrog has the same
	jfrog = &verb{options: "h,help!help", verbs: map[string]*verb{
		"rt": {options: jfrogOptions, verbs: map[string]*verb{
			"upload|u|ul":                     {direction: Upload, operands: "[input] [skip]", read: jfrogUpload},
			"download|dl|d":                   {direction: Download, operands: "[skip] [output]", read: jfrogDownload},
			"copy|cp":                         {direction: RemoteToRemote, operands: "[skip] [skip]", read: jfrogCopy},
			"move|mv":                         {direction: RemoteToRemote, operands: "[skip] [skip]", read: jfrogCopy},
			"search|s|ping|p|delete|del|curl": {direction: NoCopy},
			"docker-push|dp|podman-push|pp":   {direction: Upload, operands: "image skip"},
			"docker-pull|dpl|podman-pull|ppl": {direction: Download, operands: "image skip"},
		}},
	}}
	// huggingface-cli upload --help, hf upload --help
	huggingface = &verb{abbreviate: true, options: "h,help!help", verbs: map[string]*verb{
		"upload":              {direction: Upload, options: huggingfaceOptions + " include= exclude= delete=deletes commit-message= commit-description= create-pr every=later", operands: "skip [input] [skip]", read: huggingfaceRepository},
		"upload-large-folder": {direction: Upload, options: huggingfaceOptions + " include= exclude= num-workers= no-report no-bars", operands: "skip input", read: huggingfaceRepository},
		"download":            {direction: Download, options: huggingfaceOptions + " include= exclude= cache-dir= local-dir=output force-download resume-download max-workers=", operands: "skip [skip...]", read: huggingfaceRepository},
		"repo-files|delete-cache|scan-cache|login|whoami|repo|auth|cache|env|jobs": {direction: NoCopy},
	}}
	// dvc push --help, dvc get --help
	dvc = &verb{abbreviate: true, options: "h,help!help q,quiet v,verbose cd=enter", verbs: map[string]*verb{
		"push":               {direction: Upload, options: dvcOptions + " glob", operands: "[file...]", read: aliasFromDirectory},
		"pull|fetch":         {direction: Download, options: dvcOptions + " f,force glob allow-missing max-size= type=", operands: "[file...]", read: aliasFromDirectory},
		"get|import":         {direction: Download, options: "o,out=output rev= show-url!help f,force j,jobs= config= remote= remote-config= no-exec no-download", operands: "git skip"},
		"get-url|import-url": {direction: Download, options: "j,jobs= f,force fs-config= remote= to-remote no-exec no-download desc= version-aware", operands: "url [output]"},
	}}
)

// cargoTool leaves out the toolchain that rustup's cargo takes first: cargo +nightly publish.
var cargoTool = func() Grammar {
	read := cargo.grammar()
	return func(c *Command) Transfer {
		if len(c.Args) > 0 && strings.HasPrefix(c.Args[0], "+") {
			inner := *c
			inner.Args = c.Args[1:]
			return read(&inner)
		}
		return read(c)
	}
}()

const vscePublish = `p,pat= m,message= i,packagePath=input t,target= r,registryUrl=endpoint azure-credential githubBranch= gitlabBranch= noVerify baseContentUrl= baseImagesUrl= yarn no-yarn ignoreFile= dependencies
	no-dependencies pre-release packageVersion= skip-duplicate skip-license sign-tool= allow-proposed-apis= allow-all-proposed-apis no-git-tag-version no-update-package-json no-rewrite-relative-links`

// takeFeed is where NuGet sends a package: a URL, a directory, or a name that the configuration has.
func takeFeed(r *reading, v string) {
	if remote, ok := parseURL(v); ok {
		r.remote(remote)
		r.signal(CustomEndpoint)
	} else if strings.ContainsAny(v, `/\`) {
		r.addOutput(r.Command, v)
		r.mark("A")
	} else {
		takeAlias(r, v)
	}
}

// toFeed: what only goes to a directory stays here.
func toFeed(r *reading) {
	switch {
	case len(r.Remotes) == 0 && r.flag("A"):
		r.Direction = Local
	case len(r.Remotes) == 0:
		r.signal(Alias)
	}
}

const dvcOptions = "j,jobs= r,remote=alias a,all-branches T,all-tags A,all-commits d,with-deps R,recursive run-cache no-run-cache n,num="

const huggingfaceOptions = "repo-type,type= revision= token= quiet private"

const jfrogOptions = `url=endpoint server-id=alias user= password= access-token= access-token-stdin apikey= ssh-key-path= ssh-passphrase= client-cert-path= client-cert-key-path=
	insecure-tls!unverified build-name= build-number= module= project= threads= retries= retry-wait-time= spec=opaque spec-vars= props= target-props= exclusions= exclude-props=
	deb= flat=? recursive=? regexp=? ant=? archive= dry-run=?A symlinks=? sync-deletes= quiet=? include-dirs=? explode=? fail-no-op=? split-count= min-split= chunk-size=
	upload-split= detailed-summary=? skip-checksum=? validate-symlinks=? bundle= limit= offset= sort-by= sort-order= archive-entries= public-gpg-key= gpg-key= bypass-archive-inspection=?`

func jfrogUpload(r *reading) {
	if r.refuses = len(r.operands) < 2 && len(r.Opaque) == 0; !r.refuses {
		r.jfrogTarget(1)
	}
}

func jfrogDownload(r *reading) {
	if r.refuses = len(r.operands) < 1 && len(r.Opaque) == 0; !r.refuses {
		r.jfrogTarget(0)
	}
}

func jfrogCopy(r *reading) {
	r.jfrogTarget(0)
	r.jfrogTarget(1)
}

// jfrogTarget reads repository/path; the server is that of --url, or of a configuration.
func (r *reading) jfrogTarget(operand int) {
	if r.flag("A") {
		r.shows = true
	}
	if operand >= len(r.operands) {
		return
	}
	path := r.operands[operand]
	if len(r.Remotes) > 0 && r.Remotes[0].URL != "" {
		return // the URL is the end, and the path is in the line
	}
	repository, rest, _ := strings.Cut(path, "/")
	if rest != "" || strings.HasSuffix(path, "/") {
		rest = "/" + rest
	}
	r.remote(Remote{Host: repository, Path: rest})
	r.signal(Alias)
}

// huggingfaceRepository: owner/name on the hub.
func huggingfaceRepository(r *reading) {
	r.remote(Remote{Host: "huggingface.co", Path: r.operands[0]})
	if r.Direction == Upload {
		fromDirectory(r)
	}
}

// uvPublish sends what is in dist without operands.
func uvPublish(r *reading) {
	if len(r.LocalPaths) == 0 {
		r.addPath("dist/*")
	}
}
