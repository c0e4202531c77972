package grammar

import (
	"cmp"
	"slices"
	"strings"
)

// consumerStores are the clients of storage services for people. Each talks to
// one service, whose domain is their remote host.
var consumerStores = map[string]*cloudClient{
	// MEGAcmd: each command is also a program (mega-put --help; UserGuide.md of meganz/MEGAcmd).
	"mega-put":    megaCmd(cloudVerb{direction: Upload, operands: "f+k?"}),
	"mega-get":    megaCmd(cloudVerb{direction: Download, operands: "ko?"}),
	"mega-sync":   megaCmd(cloudVerb{direction: Bidirectional, operands: "fk", signals: []Signal{Background}}),
	"mega-backup": megaCmd(cloudVerb{direction: Upload, operands: "fk", signals: []Signal{Background}}),
	"mega-cat":    megaCmd(cloudVerb{direction: Download, operands: "k+", stdout: true}),
	"mega-export": megaCmd(cloudVerb{direction: Informative, operands: "k?", signals: []Signal{SharesLink}}),
	"mega-webdav": megaCmd(cloudVerb{direction: Listen, operands: "k"}),
	// mega-exec COMMAND …, mega-cmd without one is a shell.
	"mega-exec": cloudClient{
		options: megaOptions, scheme: "mega", host: "mega.nz", pastime: Informative,
		verbs: cloudVerbs{
			"put":    {direction: Upload, operands: "f+k?"},
			"get":    {direction: Download, operands: "ko?"},
			"sync":   {direction: Bidirectional, operands: "fk", signals: []Signal{Background}},
			"backup": {direction: Upload, operands: "fk", signals: []Signal{Background}},
			"cat":    {direction: Download, operands: "k+", stdout: true},
			"export": {direction: Informative, operands: "k?", signals: []Signal{SharesLink}},
			"webdav": {direction: Listen, operands: "k"},
		},
		means: megaMeans,
	}.compiled(),
	"mega-cmd": verbless(cloudClient{options: megaOptions, scheme: "mega", host: "mega.nz", means: megaMeans}, cloudVerb{direction: Interactive}),
	"megasync": verbless(cloudClient{options: megaOptions, scheme: "mega", host: "mega.nz", means: megaMeans}, cloudVerb{direction: Bidirectional, signals: []Signal{Background}}),

	// megatools (megaput --help).
	"megaput":  megatools(cloudVerb{direction: Upload, operands: "f+", means: cloudMeanings{"path": is(roleKey)}}),
	"megaget":  megatools(cloudVerb{direction: Download, operands: "k+", means: cloudMeanings{"path": is(roleOutput)}}),
	"megadl":   megatools(cloudVerb{direction: Download, operands: "k+", means: cloudMeanings{"path": is(roleOutput)}}),
	"megacopy": megatools(cloudVerb{direction: Upload, operands: "", means: cloudMeanings{"remote r": is(roleKey), "local l": is(roleFile)}}),

	// dropbox_uploader.sh without arguments (andreafabrizi/Dropbox-Uploader).
	"dropbox_uploader.sh": cloudClient{
		options: Options{Short: "f:dqpkshx:"}.compiled(), scheme: "dropbox", host: "dropbox.com", streams: true, pastime: Informative,
		verbs: cloudVerbs{
			"upload":                               {direction: Upload, operands: "f+k"},
			"download":                             {direction: Download, operands: "ko?"},
			"saveurl":                              {direction: RemoteToRemote, operands: "uk"},
			"copy|move":                            {direction: RemoteToRemote, operands: "Kk"},
			"share":                                {direction: Informative, operands: "k", signals: []Signal{SharesLink}},
			"list|delete|mkdir|monitor|info|space": {direction: Informative, operands: "k?"},
		},
		means: cloudMeanings{"f": is(roleConfig), "k": says(Unverified), "h": is(roleHelp)},
	}.compiled(),
	// dbxcli put --help (dropbox/dbxcli).
	"dbxcli": cloudClient{
		options: Options{
			Short: "hvrw:c:d:", Long: "help verbose recursive version as-member= domain= chunksize= workers=", Permute: true,
		}.compiled(),
		scheme: "dropbox", host: "dropbox.com", streams: true, pastime: Informative,
		verbs: cloudVerbs{
			"put":                                {direction: Upload, operands: "fk?"},
			"get":                                {direction: Download, operands: "ko?"},
			"cp|mv":                              {direction: RemoteToRemote, operands: "K+k"},
			"share-link|share":                   {direction: Informative, operands: ".*", signals: []Signal{SharesLink}},
			"ls|rm|mkdir|search|du|revs|restore": {direction: Informative, operands: "k?"},
		},
		means: cloudMeanings{"help h": is(roleHelp)},
	}.compiled(),

	// gdrive help upload (prasmussen/gdrive 2), gdrive files upload --help (glotlabs/gdrive 3).
	"gdrive": cloudClient{
		options: Options{
			Short: "hrfp:c:", Permute: true,
			Long: "help version recursive force skip delete no-progress share stdout keep-remote keep-local keep-largest dry-run print-only-id parent= path= destination= " +
				"name= description= mime= chunksize= timeout= config= refresh-token= access-token= service-account= query= overwrite follow-shortcuts",
		}.compiled(),
		scheme: "gdrive", host: "drive.google.com", streams: true, pastime: Informative,
		verbs: cloudVerbs{
			"upload":            {direction: Upload, operands: "f+"},
			"update":            {direction: Upload, operands: "kf"},
			"files upload":      {direction: Upload, operands: "f?"},
			"files update":      {direction: Upload, operands: "kf"},
			"sync upload":       {direction: Upload, operands: "fk"},
			"sync download":     {direction: Download, operands: "ko"},
			"download":          {direction: Download, operands: "k", means: cloudMeanings{"path": is(roleOutput)}},
			"download query":    {direction: Download, operands: ".", means: cloudMeanings{"path": is(roleOutput)}},
			"files download":    {direction: Download, operands: "k", means: cloudMeanings{"destination": is(roleOutput)}},
			"export":            {direction: Download, operands: "k"},
			"files export":      {direction: Download, operands: "ko"},
			"share":             {direction: Informative, operands: "k", signals: []Signal{SharesLink}},
			"permissions share": {direction: Informative, operands: "k", signals: []Signal{SharesLink}},
		},
		means:  gdriveMeans,
		finish: gdriveFinish,
	}.compiled(),
	// drive push -h (odeke-em/drive): Go's flag package; the working directory is a mirror.
	"drive": cloudClient{
		options: driveOptions, scheme: "gdrive", host: "drive.google.com",
		verbs: cloudVerbs{
			"push":                           {direction: Upload, operands: "f*", implicit: true, options: driveOptions},
			"pull":                           {direction: Download, operands: "k*", options: driveOptions},
			"publish|pub|share":              {direction: Informative, operands: "k+", options: driveOptions, signals: []Signal{SharesLink}},
			"list|ls|stat|diff|trash|delete": {direction: Informative, operands: "k*", options: driveOptions},
		},
		means:  cloudMeanings{"help h": is(roleHelp)},
		finish: driveFinish,
	}.compiled(),
	// skicka (google/skicka README).
	"skicka": cloudClient{
		options: Options{
			Short: "h", SingleDash: true, Long: "help config= cache-dir= metadata-cache-file= no-browser-auth verbose debug dump-http flakey-http tokencache=",
		}.compiled(),
		scheme: "gdrive", host: "drive.google.com", pastime: Informative,
		verbs: cloudVerbs{
			"upload":              {direction: Upload, operands: "fk", options: skickaCopy},
			"download":            {direction: Download, operands: "ko", options: skickaCopy},
			"cat":                 {direction: Download, operands: "k", stdout: true, options: skickaCopy},
			"ls|du|fsck|mkdir|rm": {direction: Informative, operands: "k?", options: skickaCopy},
		},
		means: cloudMeanings{"help h": is(roleHelp), "config": is(roleConfig), "dry-run": is(roleDryRun)},
	}.compiled(),

	// onedrive --help (abraunegg/onedrive 2.4; --sync and -s from 2.5 on): what
	// is synchronised is configured, the options say which way.
	"onedrive": cloudClient{
		options: Options{
			Short: "hmvsr",
			Long: "help version synchronize sync monitor upload-only download-only dry-run resync resync-auth verbose no-remote-delete remove-source-files " +
				"remove-source-folders cleanup-local-files local-first force force-sync force-http-11 sync-root-files sync-shared-folders sync-shared-files skip-dot-files " +
				"skip-symlinks enable-logging disable-notifications disable-upload-validation disable-download-validation check-for-nomount check-for-nosync " +
				"display-config display-running-config display-sync-status display-quota list-shared-folders list-shared-items logout reauth print-token " +
				"print-access-token with-editing-perms debug-https skip-dir-strict-match download-file-shared " +
				"auth-files= auth-response= classify-as-big-delete= confdir= create-directory= create-share-link= destination-directory= get-O365-drive-id= " +
				"get-sharepoint-drive-id= get-file-link= log-dir= min-notify-changes= modified-by= monitor-fullscan-frequency= monitor-interval= " +
				"monitor-log-frequency= operation-timeout= remove-directory= share-password= single-directory= skip-dir= skip-file= skip-size= source-directory= " +
				"space-reservation= syncdir= user-agent= file-fragment-size= threads= rate-limit=",
			Permute: true,
		}.compiled(),
		scheme: "onedrive", host: "onedrive.live.com",
		verbs: cloudVerbs{"": {direction: Informative}},
		means: cloudMeanings{
			"help h version": is(roleHelp), "dry-run": is(roleDryRun), "remove-source-files": says(RemovesSource),
			"create-share-link": says(SharesLink), "cleanup-local-files": says(DeletesExtra),
		},
		finish: onedriveFinish,
	}.compiled(),

	// nextcloudcmd --help, of which owncloudcmd is the origin: -h is no help there.
	"nextcloudcmd": ownCloud,
	"owncloudcmd":  ownCloud,

	// seaf-cli download -h: either command starts a sync that goes on in the daemon.
	"seaf-cli": cloudClient{
		options: Options{
			Short: "hc:C:l:s:d:u:p:T:a:e:n:f:",
			Long:  "help confdir= library= server= dir= username= password= token= tfa= libpasswd= name= folder= desc= key= value= json", Permute: true, Abbreviate: true,
		}.compiled(),
		scheme: "seafile", pastime: Informative,
		verbs: cloudVerbs{
			"download|download-by-name|sync": {direction: Bidirectional, signals: []Signal{Background}, means: cloudMeanings{
				"server s": is(roleURL), "dir d folder": is(roleFile),
			}},
			"create|list-remote": {direction: Informative},
		},
		means:  cloudMeanings{"help h": is(roleHelp)},
		finish: seafileFinish,
	}.compiled(),

	// pcloudcc --help (pcloudcom/console-client).
	"pcloudcc": verbless(cloudClient{
		options: Options{
			Short: "hu:pcydosm:knx:", Long: "help username= password crypto passascrypto= daemonize commands_only newuser savepassword mountpoint= commands", Permute: true,
		}.compiled(),
		scheme: "pcloud", host: "pcloud.com",
		means: cloudMeanings{"help h": is(roleHelp), "mountpoint m": is(roleOutput), "daemonize d": says(Background)},
	}, cloudVerb{direction: Bidirectional}),

	// filen help (FilenCloudDienste/filen-cli).
	"filen": cloudClient{
		options: Options{
			Short: "hvqe:p:", Permute: true,
			Long: "help version verbose quiet force continuous disable-local-trash email= password= two-factor-code= data-dir= root= log-file= " +
				"w-user= w-password= w-hostname= w-port= s3-hostname= s3-port= s3-access-key-id= s3-secret-access-key=",
		}.compiled(),
		scheme: "filen", host: "filen.io", pastime: Informative,
		verbs: cloudVerbs{
			"upload":                 {direction: Upload, operands: "fk?"},
			"download":               {direction: Download, operands: "ko?"},
			"cat|head|tail":          {direction: Download, operands: "k", stdout: true},
			"sync":                   {direction: Bidirectional, operands: ".*"},
			"mount":                  {direction: Bidirectional, operands: "o?"},
			"webdav|webdav-proxy|s3": {direction: Listen},
			"link|links":             {direction: Informative, operands: "k*", signals: []Signal{SharesLink}},
		},
		means:  cloudMeanings{"help h version": is(roleHelp), "continuous": says(Background)},
		finish: filenFinish,
	}.compiled(),
}

var (
	megaOptions = Options{
		Short: "cqmafhpds", Permute: true,
		Long: "help version ignore-quota-warn merge password= print-only-value use-pcre clientID= path-display-size= time-format= expire= writable mega-hosted " +
			"remove delete disable enable pause d s period= num-backups= debug debug-full skip-lock-check port= public tls certificate= key=",
	}.compiled()
	megaMeans = cloudMeanings{"help version": is(roleHelp)}

	megatoolsOptions = Options{
		Short: "hu:p:nr:l:d", Permute: true, Abbreviate: false,
		Long: "help no-progress enable-previews disable-previews disable-resume username= password= no-ask-password reload limit-speed= proxy= netif= ip-proto= " +
			"config= ignore-config-file debug= version path= remote= local= download no-follow dryrun print-names choose-files",
	}.compiled()

	gdriveMeans = cloudMeanings{
		"help h version": is(roleHelp), "dry-run": is(roleDryRun), "share": says(PublicAccess), "delete": says(RemovesSource),
		"parent p": is(roleKey),
	}

	driveOptions = Options{
		Short: "hrfqm", SingleDash: true, Permute: true,
		Long: "help quiet no-prompt no-clobber force recursive hidden piped files ignore-checksum ignore-conflict ignore-name-clashes fix-clashes starred matches id all " +
			"trashed verbose destination= export= exports-dir= depth= coerced-mime= convert ocr upload-chunk-size= upload-rate-limit= retry-count= skip-mime= " +
			"directories same-exports-dir desktop-links decryption-password= encryption-password= explicitly-export exclude-ops= emails= role= type= message= with-link",
	}.compiled()

	skickaCopy = Options{
		Short: "h", SingleDash: true,
		Long: "help dry-run encrypt ignore-times follow-symlinks= follow-symlink download-google-apps-files r d l ll s",
	}.compiled()

	ownCloud = cloudClient{
		options: Options{
			Short: "su:p:nhv",
			Long: "silent httpproxy= trust exclude= unsyncedfolders= user= password= non-interactive max-sync-retries= uplimit= downlimit= version logdebug path= " +
				"davpath= token= server=", Permute: true,
		}.compiled(),
		scheme: "nextcloud",
		verbs:  cloudVerbs{"": {direction: Bidirectional, operands: "ftk?"}},
		means: cloudMeanings{
			"version v": is(roleHelp), "trust": says(Unverified), "httpproxy": says(ViaProxy),
		},
		isRemote: remoteSchemes("http https owncloud owncloudds nextcloud ownclouds"),
		finish:   ownCloudFinish,
	}.compiled()
)

// verbless is a client whose operands follow at once.
func verbless(cl cloudClient, v cloudVerb) *cloudClient {
	cl.verbs = cloudVerbs{"": v}
	return cl.compiled()
}

func megaCmd(v cloudVerb) *cloudClient {
	return verbless(cloudClient{options: megaOptions, scheme: "mega", host: "mega.nz", means: megaMeans}, v)
}

func megatools(v cloudVerb) *cloudClient {
	return verbless(cloudClient{
		options: megatoolsOptions, scheme: "mega", host: "mega.nz", streams: true,
		means: cloudMeanings{
			"help h version": is(roleHelp), "dryrun n": is(roleDryRun), "proxy": says(ViaProxy), "config": is(roleConfig),
		},
		finish: func(call *cloudCall) {
			if call.has("download") || call.has("d") {
				call.t.Direction = Download
			}
		},
	}, v)
}

// gdriveFinish: after "upload -" comes the name for what standard input has.
func gdriveFinish(call *cloudCall) {
	if t := &call.t; call.word == "upload" && len(t.LocalPaths) == 2 && slices.Contains(t.Signals, StdinData) {
		call.name(roleKey, t.LocalPaths[1])
		t.LocalPaths = t.LocalPaths[:1]
	}
	if call.has("stdout") {
		call.t.addOutput(call.Command, "-")
	}
}

// driveFinish: -piped reads the content from standard input.
func driveFinish(call *cloudCall) {
	if !call.has("piped") {
		return
	}
	t := &call.t
	if call.verb.direction == Download {
		t.addOutput(call.Command, "-")
		return
	}
	paths := t.LocalPaths // they name the target
	t.LocalPaths = nil
	for _, p := range paths {
		call.name(roleKey, p)
	}
	t.addInput(call.Command, "-")
}

func onedriveFinish(call *cloudCall) {
	t := &call.t
	for _, option := range []string{"syncdir", "single-directory"} {
		if path := call.value(option); path != "" {
			t.addPath(path)
		}
	}
	monitors := call.has("monitor") || call.has("m")
	if monitors {
		t.signal(Background)
	}
	if !monitors && !call.has("synchronize") && !call.has("sync") && !call.has("s") {
		return
	}
	t.addRemote(Remote{Scheme: call.client.scheme, Host: call.client.host})
	switch {
	case call.has("upload-only"):
		t.Direction, call.localSource = Upload, true
	case call.has("download-only"):
		t.Direction = Download
	default:
		t.Direction = Bidirectional
	}
}

// ownCloudFinish puts the user and the remote folder into the remote end.
func ownCloudFinish(call *cloudCall) {
	t := &call.t
	user := call.value("user")
	if user == "" {
		user = call.value("u")
	}
	folder := strings.TrimPrefix(call.value("path"), "/")
	for i := range t.Remotes {
		r := &t.Remotes[i]
		if r.User == "" {
			r.User = user
		}
		if folder != "" {
			r.Path = joinPath(cmp.Or(r.Path, "/"), folder)
		}
	}
}

// seafileFinish puts the user and the library into the remote end.
func seafileFinish(call *cloudCall) {
	t := &call.t
	user := cmp.Or(call.value("u"), call.value("username"))
	libraries := [...]string{call.value("library"), call.value("l"), call.value("name"), call.value("n")}
	for i := range t.Remotes {
		r := &t.Remotes[i]
		if user != "" {
			r.User = user
		}
		for _, library := range libraries {
			if library != "" {
				r.Path = joinPath(cmp.Or(r.Path, "/"), library)
			}
		}
	}
}

// filenFinish reads the pairs of sync, local:mode:remote.
func filenFinish(call *cloudCall) {
	if call.word != "sync" {
		return
	}
	for pair := range call.operands {
		local, rest, ok := strings.Cut(pair, ":")
		if !ok {
			call.t.addOpaque(pair) // a file of pairs
			continue
		}
		mode, remote, ok := strings.Cut(rest, ":")
		if !ok {
			mode, remote = "twoWay", rest
		}
		call.t.addPath(local)
		call.name(roleKey, remote)
		switch mode {
		case "localToCloud", "ltc", "localBackup", "lb":
			call.t.Direction, call.localSource = Upload, true
		case "cloudToLocal", "ctl", "cloudBackup", "cb":
			call.t.Direction = Download
		}
	}
}
