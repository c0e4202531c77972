package grammar

// containerGrammars are those of tools of containers, clusters, machines and
// code hosts. The tools that share one are named beside it.
var containerGrammars = map[string]Grammar{
	"kubectl":  kubernetes.grammar(), // oc
	"docker":   dockerTool,           // podman, nerdctl
	"compose":  composeTool,          // docker-compose, podman-compose
	"skopeo":   skopeo.grammar(),
	"buildah":  buildah.grammar(),
	"buildctl": buildctl.grammar(),
	"crane":    crane.grammar(), // gcrane
	"oras":     oras.grammar(),
	"regctl":   regctl.grammar(),
	"ctr":      ctr.grammar(),
	"helm":     helm.grammar(),

	"lxc":       lxc.grammar(), // incus
	"vagrant":   vagrant.grammar(),
	"multipass": multipass.grammar(),
	"limactl":   limactl.grammar(),
	"adb":       adb.grammar(),
	"tailscale": tailscale.grammar(),
	"code":      code.grammar(), // code-insiders, code-tunnel
	"devtunnel": devtunnel.grammar(),

	"git":     gitTool, // git-lfs, git-annex, git-upload-pack, git-receive-pack, git-upload-archive, git-shell, git-remote-http, git-remote-https
	"hg":      mercurial.grammar(),
	"svn":     subversion.grammar(),
	"svnmucc": svnmucc.grammar(),
	"gh":      gh.grammar(),
	"glab":    glab.grammar(),

	"npm":         npm.grammar(), // yarn, pnpm, bun
	"npx":         npx,           // bunx, pnpx
	"twine":       twineTool,
	"gem":         gem.grammar(),
	"cargo":       cargoTool,
	"poetry":      poetry.grammar(),
	"uv":          uv.grammar(),
	"jfrog":       jfrog.grammar(),       // jf
	"huggingface": huggingface.grammar(), // huggingface-cli, hf
	"dvc":         dvc.grammar(),
	"dotnet":      dotnet.grammar(),
	"conan":       conan.grammar(),
	"vsce":        vsce.grammar(),
	"ovsx":        ovsx.grammar(),
	"wandb":       wandb.grammar(),
	"netlify":     netlify.grammar(),
	"vercel":      vercel.grammar(),
	"firebase":    firebase.grammar(),
	"surge":       surge.grammar(),
	"cf":          cf.grammar(),

	"bq":         bq.grammar(),
	"databricks": databricks.grammar(),
	"snow":       snow.grammar(),
	"snowsql":    snowsql.grammar(),

	"mail":     mailx,    // mailx, s-nail, bsd-mailx, heirloom-mailx
	"mutt":     mutt,     // neomutt
	"sendmail": sendmail, // msmtp, ssmtp, postfix's and exim's sendmail
	"swaks":    swaks,
	"slackcat": slackcat.grammar(),
	"gist":     gist.grammar(),

	"telegram-send":     telegramSend.grammar(),
	"telegram-upload":   telegramUpload.grammar(),
	"telegram-download": telegramDownload.grammar(),
}

var twineTool = twine.grammar()
