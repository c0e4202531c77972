package grammar

// s3cmd, s4cmd: options as Python's optparse reads them, anywhere and
// abbreviated (s3cmd --help, s4cmd --help).
var s3cmdClient = cloudClient{
	options: Options{
		Short: "hc:nsefrPD:pMm:HvdFql",
		Long: "help configure config= dump-config access_key= secret_key= access_token= dry-run ssl no-ssl encrypt no-encrypt force continue continue-put upload-id= " +
			"skip-existing recursive check-md5 no-check-md5 acl-public acl-private acl-grant= acl-revoke= restore-days= restore-priority= delete-removed " +
			"no-delete-removed delete-after delay-updates max-delete= limit= add-destination= delete-after-fetch preserve no-preserve exclude= exclude-from= " +
			"rexclude= rexclude-from= include= include-from= rinclude= rinclude-from= files-from= region= bucket-location= host= host-bucket= " +
			"reduced-redundancy rr no-reduced-redundancy no-rr storage-class= access-logging-target-prefix= no-access-logging default-mime-type= guess-mime-type " +
			"no-guess-mime-type no-mime-magic mime-type= add-header= remove-header= server-side-encryption server-side-encryption-kms-id= encoding= " +
			"add-encoding-exts= verbatim disable-multipart multipart-chunk-size-mb= list-md5 list-allow-unordered human-readable-sizes ws-index= ws-error= " +
			"expiry-date= expiry-days= expiry-prefix= progress no-progress stats enable disable cf-invalidate cf-invalidate-default-index " +
			"cf-no-invalidate-default-index-root cf-add-cname= cf-remove-cname= cf-comment= cf-default-root-object= verbose debug version follow-symlinks " +
			"cache-file= quiet ca-certs= ssl-cert= ssl-key= check-certificate no-check-certificate check-hostname no-check-hostname signature-v2 limit-rate= " +
			"no-connection-pooling requester-pays long-listing stop-on-error max-retries= content-disposition= content-type=",
		Permute: true, Abbreviate: true,
	}.compiled(),
	streams:  true,
	isRemote: remoteSchemes("s3"),
	verbs: cloudVerbs{
		"put":            {direction: Upload, operands: "e+"},
		"get":            {direction: Download, operands: "e+"},
		"sync":           {operands: "s*t"},
		"cp|copy":        {operands: "s+t"},
		"mv|move|rename": {operands: "s+t", signals: []Signal{RemovesSource}},
		"signurl":        {direction: Informative, operands: "r.?", signals: []Signal{SharesLink}},
		"ls|la|du|info|del|rm|mb|rb|setacl|modify|restore|multipart|payer": {direction: Informative, operands: "r*"},
	},
	means: cloudMeanings{
		"help h version dump-config": is(roleHelp),
		"dry-run n":                  is(roleDryRun),
		"config c":                   is(roleConfig),
		"host":                       is(roleEndpoint),
		"files-from":                 is(roleList),
		"acl-public P":               says(PublicAccess),
		"delete-removed":             says(DeletesExtra),
		"delete-after-fetch":         says(RemovesSource),
		"no-check-certificate":       says(Unverified),
		"add-destination":            is(roleTarget),
	},
	pastime: Informative,
	finish:  s3cmdFinish,
}.compiled()

// s3cmdFinish: the endpoint has no scheme, an option says whether it is TLS.
func s3cmdFinish(call *cloudCall) {
	if call.has("no-ssl") {
		call.t.Protocol, call.t.Channel = "http", Clear
	}
}

var s4cmdClient = cloudClient{
	options: Options{
		Short: "hp:frsnt:c:dD",
		Long: "help version config= access-key= secret-key= force recursive sync-check dry-run retry= retry-delay= num-threads= show-directory " +
			"ignore-empty-source endpoint-url= use-ssl verbose debug validate delete-removed multipart-split-size= max-singlepart-download-size= " +
			"max-singlepart-upload-size= max-singlepart-copy-size= batch-delete-size= last-modified-before= last-modified-after= API-ACL= " +
			"API-CacheControl= API-ContentType= API-GrantRead= API-Metadata= API-ServerSideEncryption= API-StorageClass=",
		Permute: true, Abbreviate: true,
	}.compiled(),
	guessValues: true, // the other --API options
	isRemote:    remoteSchemes("s3"),
	verbs: cloudVerbs{
		"put":                        {direction: Upload, operands: "e+"},
		"get":                        {direction: Download, operands: "e+"},
		"sync|dsync":                 {operands: "st"},
		"cp":                         {operands: "s+t"},
		"mv":                         {operands: "s+t", signals: []Signal{RemovesSource}},
		"ls|du|del|la|mb|_totalsize": {direction: Informative, operands: "r*"},
	},
	means: cloudMeanings{
		"help h version":        is(roleHelp),
		"dry-run n":             is(roleDryRun),
		"config p":              is(roleConfig),
		"endpoint-url":          is(roleEndpoint),
		"delete-removed D":      says(DeletesExtra),
		"API-ACL API-GrantRead": is(rolePublic),
	},
	pastime: Informative,
}.compiled()

// s5cmd reads its options with urfave/cli: -name or --name, before the
// operands (s5cmd cp --help; command/app.go and command/cp.go of peak/s5cmd).
var s5cmdClient = cloudClient{
	options: Options{
		Short: "hr:", SingleDash: true,
		Long: "help version json stat no-sign-request no-verify-ssl use-list-objects-v1 dry-run install-completion " +
			"endpoint-url= credentials-file= profile= log= numworkers= retry-count= request-payer= enable-no-verify-ssl",
	}.compiled(),
	isRemote: remoteSchemes("s3"),
	verbs: cloudVerbs{
		"cp":                  {operands: "st", options: s5cmdCopy},
		"mv":                  {operands: "st", options: s5cmdCopy, signals: []Signal{RemovesSource}},
		"sync":                {operands: "st", options: s5cmdCopy},
		"cat|select":          {direction: Download, operands: "s", stdout: true, options: s5cmdCopy},
		"pipe":                {direction: Upload, operands: "t", stdin: true, options: s5cmdCopy},
		"run":                 {direction: Unknown, operands: "c?", options: s5cmdCopy},
		"presign":             {direction: Informative, operands: "r", options: s5cmdCopy, signals: []Signal{SharesLink}},
		"ls|rm|du|head|mb|rb": {direction: Informative, operands: "r*", options: s5cmdCopy},
	},
	means: cloudMeanings{
		"help h version":  is(roleHelp),
		"dry-run":         is(roleDryRun),
		"endpoint-url":    is(roleEndpoint),
		"no-sign-request": says(Anonymous),
		"no-verify-ssl":   says(Unverified),
		"acl":             is(rolePublic),
		"delete":          says(DeletesExtra),
	},
	pastime: Informative,
	finish:  s5cmdFinish,
}.compiled()

var s5cmdCopy = Options{
	Short: "hnsufp:c:e", SingleDash: true,
	Long: "help no-clobber if-size-differ if-source-newer flatten no-follow-symlinks show-progress sp raw force-glacier-transfer ignore-glacier-warnings " +
		"delete size-only exit-on-error all-versions etag humanize show-fullpath " +
		"acl= cache-control= concurrency= content-disposition= content-encoding= content-type= destination-region= source-region= exclude= include= expires= " +
		"expire= metadata= metadata-directive= part-size= sse= sse-kms-key-id= storage-class= version-id= query= compression=",
}.compiled()

// s5cmdFinish: run without a file reads its commands from standard input.
func s5cmdFinish(call *cloudCall) {
	if call.word == "run" && len(call.t.Opaque) == 0 {
		call.take(roleCommands, "-")
	}
}
