package grammar

// gcloud is the Google Cloud CLI: options anywhere, in full, of which all but
// switches take values (gcloud topic command-conventions; gcloud storage cp --help).
var gcloudClient = cloudClient{
	options: Options{
		Short: "hqrRncUeuvPpaDAIZz:j:J:i:",
		Long: "help version= quiet async recursive recurse no-recursive no-clobber read-paths-from-stdin preserve-posix preserve-symlinks no-preserve-symlinks " +
			"ignore-symlinks print-created-message skip-unsupported gzip-in-flight-all gzip-local-all daisy-chain do-not-decompress manifest-path= " +
			"checksums-only delete-unmatched-destination-objects dry-run no-ignore-existing skip-if-dest-has-newer-mtime continue-on-error all-versions " +
			"compress plain tunnel-through-iap no-tunnel-through-iap internal-ip force-key-file-overwrite no-force-key-file-overwrite troubleshoot " +
			"promote no-promote stop-previous-version no-stop-previous-version no-cache bypass-bootstrap no-source gen2 no-gen2 " +
			"allow-unauthenticated no-allow-unauthenticated trigger-http log-http no-log-http user-output-enabled no-user-output-enabled " +
			"enable-docker-cache suppress-logs no-traffic region= project= account= configuration= zone= port= source= tag= config= predefined-acl= canned-acl= " +
			"storage-class= flags-file= format= impersonate-service-account= verbosity=",
		Permute: true,
	}.compiled(),
	guessValues: true,
	streams:     true,
	isRemote:    gcloudRemote,
	scheme:      "gcloud",
	skipped:     "alpha beta preview",
	verbs: cloudVerbs{
		"storage cp":            {operands: "s*t"},
		"storage mv":            {operands: "s*t", signals: []Signal{RemovesSource}},
		"storage rsync":         {operands: "st"},
		"storage cat":           {direction: Download, operands: "s+", stdout: true},
		"storage ls|du|hash|rm": {direction: Informative, operands: "r*"},
		"storage sign-url":      {direction: Informative, operands: "r+", signals: []Signal{SharesLink}},

		"compute scp|copy-files":     {operands: "s+t"},
		"compute tpus tpu-vm scp":    {operands: "s+t"},
		"workstations copy":          {operands: "s+t"},
		"cloud-shell scp":            {operands: "s+t"},
		"app deploy":                 {direction: Upload, operands: "f*", host: "app", implicit: true},
		"builds submit":              {direction: Upload, operands: "f?", host: "builds", implicit: true, means: cloudMeanings{"gcs-source-staging-dir": is(roleTargetURL)}},
		"functions deploy":           {direction: Upload, operands: ".?", host: "functions", implicit: true, means: gcloudSource},
		"run deploy":                 {direction: Upload, operands: ".?", host: "run", means: gcloudSource},
		"secrets create":             {direction: Upload, confidence: Medium, operands: "k", host: "secrets", means: gcloudData},
		"secrets versions add":       {direction: Upload, confidence: Medium, operands: "k", host: "secrets", means: gcloudData},
		"artifacts generic upload":   {direction: Upload, host: "artifacts", means: cloudMeanings{"source source-directory": is(roleFile), "repository": is(roleKey)}},
		"artifacts generic download": {direction: Download, host: "artifacts", means: cloudMeanings{"destination": is(roleOutput), "repository": is(roleKey)}},
	},
	means: cloudMeanings{
		"help h version":                       is(roleHelp),
		"dry-run":                              is(roleDryRun),
		"predefined-acl canned-acl a":          is(rolePublic),
		"delete-unmatched-destination-objects": says(DeletesExtra),
		"read-paths-from-stdin I":              is(roleListed),
		"flags-file":                           is(roleConfig),
		"tunnel-through-iap":                   says(ViaProxy),
	},
	finish: gcloudFinish,
}.compiled()

var (
	gcloudSource = cloudMeanings{"source": is(roleSource)}
	gcloudData   = cloudMeanings{"data-file": is(roleFile)}
)

// gcloudRemote: of the commands that end in scp, [user@]instance:path; of the others gs:// and s3://.
func gcloudRemote(call *cloudCall, operand string) (Remote, bool) {
	if !call.viaSSH() {
		return gcloudStorage(call, operand)
	}
	r, ok := parseHostPath(operand)
	if ok && r.Host == "localhost" { // of cloud-shell scp: this host
		return Remote{Path: r.Path}, false
	}
	return r, ok
}

var gcloudStorage = remoteSchemes("gs s3")

func (call *cloudCall) viaSSH() bool {
	return call.word == "scp" || call.word == "copy-files" || call.word == "copy"
}

// gcloudFinish adds what scp commands have in common, and where a deployment from a bucket goes.
func gcloudFinish(call *cloudCall) {
	t := &call.t
	if call.viaSSH() {
		t.Protocol, t.Channel = "ssh", Encrypted
		if call.value("strict-host-key-checking") == "no" {
			t.signal(Unverified)
		}
		port := parsePort(call.value("port"))
		for i := range t.Remotes {
			t.Remotes[i].Port = port
		}
		return
	}
	call.nothing = call.has("no-source")
	if call.verb.host != "" && call.remoteSource {
		t.Direction = RemoteToRemote // its source is in a bucket
		t.addRemote(Remote{Scheme: "gcloud", Host: call.verb.host})
	}
}
