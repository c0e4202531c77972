package grammar

// The clients of the other object stores. Each is its table.
var objectStores = map[string]*cloudClient{
	// oci os object put --help: click, options in full, also -bn. An operation
	// of the many services of Oracle is a copy only for object storage.
	"oci": cloudClient{
		options: Options{
			Short: "hvd?", SingleDash: true, Permute: true,
			Long: "help version debug force no-retry no-overwrite overwrite no-multipart disable-parallel-uploads verify-checksum no-follow-symlinks follow-symlinks " +
				"dry-run delete include-deleted-objects all raw-output cli-auto-prompt generate-full-command-json-input latest-version max-retries= " +
				"bn= bucket-name= ns= namespace= namespace-name= file= name= src-dir= download-dir= dest-dir= object-prefix= prefix= endpoint= profile= region= " +
				"config-file= from-json= auth= destination-bucket= destination-object-name= source-object-name= par-url=",
		}.compiled(),
		guessValues: true, streams: true, scheme: "oos",
		verbs: cloudVerbs{
			"os object put|resume-put":               {direction: Upload, means: cloudMeanings{"file": is(roleFile)}},
			"os object get":                          {direction: Download, means: cloudMeanings{"file": is(roleOutput)}},
			"os object bulk-upload":                  {direction: Upload, means: cloudMeanings{"src-dir": is(roleFile)}},
			"os object bulk-download":                {direction: Download, means: cloudMeanings{"download-dir dest-dir": is(roleOutput)}},
			"os object sync":                         {means: cloudMeanings{"src-dir": is(roleFile), "dest-dir": is(roleOutput)}},
			"os object copy":                         {direction: RemoteToRemote, means: cloudMeanings{"bn bucket-name": is(roleFromBucket), "source-object-name": is(roleFromKey), "destination-bucket": is(roleBucket), "destination-object-name": is(roleKey)}},
			"os object list|head|delete|bulk-delete": {direction: Informative},
			"os preauth-request create":              {direction: Informative, signals: []Signal{SharesLink}},
		},
		means: cloudMeanings{
			"help h version": is(roleHelp), "dry-run": is(roleDryRun), "delete": says(DeletesExtra),
			"bn bucket-name": is(roleBucket), "name": is(roleKey), "endpoint": is(roleEndpoint), "from-json": is(roleConfig),
		},
		finish: ociFinish,
	}.compiled(),

	// ossutil help cp (1.x, 2.x).
	"ossutil": cloudClient{
		options: Options{
			Short: "hrfue:i:k:t:c:j:L:", Permute: true,
			Long: "help version recursive force update delete dryrun dry-run bigfile-threshold= part-size= checkpoint-dir= encoding-type= include= exclude= meta= acl= " +
				"config-file= endpoint= access-key-id= access-key-secret= sts-token= output-dir= jobs= parallel= snapshot-path= disable-crc64 disable-dir-object " +
				"disable-all-symlink enable-symlink-dir only-current-dir disable-ignore-error payer= maxupspeed= maxdownspeed= version-id= backup-dir= start-time= " +
				"end-time= tagging= loglevel= proxy-host= proxy-user= proxy-pwd= skip-verify-cert region= profile= sign-version= timeout= disable-encode-slash " +
				"all-versions bucket multipart short-format directory",
		}.compiled(),
		streams: false, isRemote: remoteSchemes("oss"),
		verbs: cloudVerbs{
			"cp":                     {operands: "st"},
			"sync":                   {operands: "st"},
			"appendfromfile":         {direction: Upload, operands: "ft"},
			"cat":                    {direction: Download, operands: "s", stdout: true},
			"sign|presign":           {direction: Informative, operands: "r", signals: []Signal{SharesLink}},
			"ls|rm|mb|stat|du|mkdir": {direction: Informative, operands: "r*"},
		},
		means: cloudMeanings{
			"help h version": is(roleHelp), "dryrun dry-run": is(roleDryRun), "endpoint e": is(roleEndpoint), "config-file c": is(roleConfig),
			"acl": is(rolePublic), "delete": says(DeletesExtra), "proxy-host": says(ViaProxy), "skip-verify-cert": says(Unverified),
		},
		pastime: Informative,
	}.compiled(),

	// coscli cp --help: the name in cos://name/key may be an alias of the configuration.
	"coscli": cloudClient{
		options: Options{
			Short: "hrc:e:i:k:p:b:", Permute: true,
			Long: "help version recursive delete force skip-dir disable-crc64 init-skip include= exclude= storage-class= rate-limiting= part-size= thread-num= " +
				"config-path= endpoint= secret-id= secret-key= token= meta= acl= snapshot-path= version-id= limit= protocol= routines= err-retry-num= only-current-dir " +
				"disable-all-symlink enable-symlink-dir fail-output fail-output-path= check-point move backup-dir=",
		}.compiled(),
		isRemote: remoteSchemes("cos"),
		verbs: cloudVerbs{
			"cp":                          {operands: "st"},
			"sync":                        {operands: "st"},
			"cat":                         {direction: Download, operands: "s", stdout: true},
			"signurl":                     {direction: Informative, operands: "r", signals: []Signal{SharesLink}},
			"ls|rm|mb|rb|du|hash|lsparts": {direction: Informative, operands: "r*"},
		},
		means: cloudMeanings{
			"help h version": is(roleHelp), "endpoint e": is(roleEndpoint), "config-path c": is(roleConfig), "acl": is(rolePublic), "delete": says(DeletesExtra),
			"move": says(RemovesSource),
		},
		pastime: Informative,
	}.compiled(),

	// coscmd upload -h: the paths are in the bucket that -b or the configuration names.
	"coscmd": cloudClient{
		options: Options{
			Short: "hdsb:r:c:l:fy", Long: "help version debug silence bucket= region= config_path= log_path=", Permute: false,
		}.compiled(),
		scheme: "cos",
		verbs: cloudVerbs{
			"upload":                   {direction: Upload, operands: "fk", options: coscmdCopy},
			"download":                 {direction: Download, operands: "ko", options: coscmdCopy},
			"copy|move":                {direction: RemoteToRemote, operands: "Qk", options: coscmdCopy},
			"signurl":                  {direction: Informative, operands: "k", options: coscmdCopy, signals: []Signal{SharesLink}},
			"list|info|delete|restore": {direction: Informative, options: coscmdCopy},
		},
		means: cloudMeanings{
			"help h version": is(roleHelp), "bucket b": is(roleBucket), "config_path c": is(roleConfig), "delete": says(DeletesExtra),
		},
		pastime: Informative,
	}.compiled(),

	// obsutil cp: options as -name or -name=value only (support.huaweicloud.com/utiltg-obs).
	"obsutil": cloudClient{
		options: Options{
			Short: "hrfu", SingleDash: true, Permute: true,
			Long: "help version dryRun=? delete=? acl=? e=? i=? k=? t=? config=? fr=? flat=? link=? vlength=? vmd5=? p=? j=? threshold=? sc=? meta=? ps=? " +
				"include=? exclude=? timeRange=? mf=? o=? cpd=? msm=? arcDir=? tempFileDir=? crr=? versionId=? at=? limit=? encoding-type=?",
		}.compiled(),
		isRemote: remoteSchemes("obs"),
		verbs: cloudVerbs{
			"cp":                             {operands: "st"},
			"sync":                           {operands: "st"},
			"mv":                             {operands: "st", signals: []Signal{RemovesSource}},
			"sign|share-create|create-share": {direction: Informative, operands: "r*", signals: []Signal{SharesLink}},
			"ls|rm|mb|stat|mkdir|restore":    {direction: Informative, operands: "r*"},
		},
		means: cloudMeanings{
			"help h version": is(roleHelp), "dryRun": is(roleDryRun), "e": is(roleEndpoint), "config": is(roleConfig), "acl": is(rolePublic), "delete": says(DeletesExtra),
		},
		pastime: Informative,
	}.compiled(),

	// b2 upload-file --help; from version 4 "b2 file upload". Options in
	// camelCase before version 2, as Debian has it.
	"b2": cloudClient{
		options: Options{
			Short: "hr", Permute: true,
			Long: "help version no-progress noProgress delete keep-days= keepDays= skip-newer skipNewer replace-newer replaceNewer compare-versions= compareVersions= " +
				"compare-threshold= compareThreshold= threads= dry-run dryRun allow-empty-source allowEmptySource exclude-regex= excludeRegex= include-regex= " +
				"includeRegex= exclude-dir-regex= excludeDirRegex= exclude-all-symlinks excludeAllSymlinks sha1= content-type= contentType= info= min-part-size= " +
				"minPartSize= part-size= quiet incremental-mode upload-mode= no-escape-control-characters profile= destination-server-side-encryption= " +
				"source-server-side-encryption= file-retention-mode= retain-until= legal-hold= cache-control= expires= duration= prefix= with-auth recursive long json " +
				"versions write-buffer-size= skip-hash-verification max-download-streams-per-file= custom-upload-timestamp= sync-threads= upload-threads= download-threads=",
		}.compiled(),
		streams: true, scheme: "b2", isRemote: remoteSchemes("b2 b2id"),
		verbs: cloudVerbs{
			"upload-file|upload_file":                     {direction: Upload, operands: "bfk"},
			"file upload":                                 {direction: Upload, operands: "bfk"},
			"upload-unbound-stream":                       {direction: Upload, operands: "bfk"},
			"download-file-by-name|download_file_by_name": {direction: Download, operands: "bko"},
			"download-file-by-id|download_file_by_id":     {direction: Download, operands: "ko"},
			"download-file":                               {direction: Download, operands: "so"},
			"file download":                               {direction: Download, operands: "so"},
			"cat":                                         {direction: Download, operands: "s", stdout: true},
			"file cat":                                    {direction: Download, operands: "s", stdout: true},
			"sync":                                        {operands: "st"},
			"replication setup":                           {direction: RemoteToRemote, operands: "Bb"},
			"copy-file-by-id":                             {direction: RemoteToRemote, operands: "Kbk"},
			"file copy-by-id":                             {direction: RemoteToRemote, operands: "Kbk"},
			"file server-side-copy":                       {operands: "st"},
			"get-url|get-download-url-with-auth|get-download-auth|make-url|make-friendly-url": {direction: Informative, operands: "b?k?", signals: []Signal{SharesLink}},
			"file url": {direction: Informative, operands: "r", signals: []Signal{SharesLink}},
			"ls|rm":    {direction: Informative, operands: "b?"},
		},
		means:   cloudMeanings{"help h version": is(roleHelp), "dry-run dryRun": is(roleDryRun), "delete": says(DeletesExtra)},
		pastime: Informative,
	}.compiled(),

	// swift upload --help.
	"swift": cloudClient{
		options: Options{
			Short: "hsvqA:V:U:K:R:cS:C:m:H:ap:ro:D:ld:", Permute: true, Abbreviate: true,
			Long: "help version os-help snet verbose debug info quiet auth= auth-version= os-identity-api-version= user= key= retries= os-username= os-password= " +
				"os-user-id= os-user-domain-id= os-user-domain-name= os-tenant-id= os-tenant-name= os-project-id= os-project-name= os-project-domain-id= " +
				"os-project-domain-name= os-auth-url= os-auth-token= os-auth-type= os-application-credential-id= os-application-credential-secret= os-storage-url= " +
				"os-region-name= os-service-type= os-endpoint-type= os-cacert= insecure os-cert= os-key= no-ssl-compression force-auth-retry " +
				"changed skip-identical segment-size= segment-container= leave-segments object-threads= segment-threads= meta= header= use-slo ignore-checksum " +
				"skip-container-put object-name= all marker= prefix= output= output-dir= container-threads= no-download remove-prefix version-id= no-shuffle " +
				"ignore-mtime yes-all destination= fresh-metadata lh long totals delimiter= read-acl= write-acl=",
		}.compiled(),
		streams: true, scheme: "swift",
		verbs: cloudVerbs{
			"upload":   {direction: Upload, operands: "bf+", means: cloudMeanings{"object-name": is(roleKey)}},
			"download": {direction: Download, operands: "b?k*", means: cloudMeanings{"output o output-dir D": is(roleOutput), "prefix p": is(roleKey), "no-download": is(roleDryRun)}},
			"copy":     {direction: RemoteToRemote, operands: "BK*", means: cloudMeanings{"destination d": is(rolePath)}},
			"tempurl":  {direction: Informative, operands: "...", signals: []Signal{SharesLink}},
			"list|stat|delete|post|capabilities|info": {direction: Informative, operands: "b?k?"},
		},
		means: cloudMeanings{
			"help h version os-help": is(roleHelp), "insecure": says(Unverified), "auth A os-auth-url os-storage-url": is(roleEndpoint),
		},
		pastime: Informative,
	}.compiled(),

	// openstack object create -h: cliff on argparse; its other resources are no files.
	"openstack": cloudClient{
		options: Options{
			Short: "hqvf:c:", Permute: true, Abbreviate: true,
			Long: "help version verbose quiet debug insecure verify noindent print-empty fit-width fit sort-ascending sort-descending file= name= public private " +
				"community shared protected unprotected import progress volume= os-auth-url= os-cacert= os-cloud= disk-format= container-format=",
		}.compiled(),
		guessValues: true, streams: true, scheme: "swift",
		verbs: cloudVerbs{
			"object create":           {direction: Upload, operands: "bf+", means: cloudMeanings{"name": is(roleKey)}},
			"object save":             {direction: Download, operands: "bk", means: cloudMeanings{"file": is(roleOutput)}},
			"container save":          {direction: Download, operands: "b"},
			"object list|show|delete": {direction: Informative, operands: "b"},
			"image create":            {direction: Upload, operands: "k", host: "image", means: cloudMeanings{"file": is(roleFile), "public": says(PublicAccess)}},
			"image save":              {direction: Download, operands: "k", host: "image", means: cloudMeanings{"file": is(roleOutput)}},
		},
		means: cloudMeanings{"help h version": is(roleHelp), "insecure": says(Unverified), "os-auth-url": is(roleEndpoint)},
	}.compiled(),

	// uplink cp --help (storj/storj cmd/uplink).
	"uplink": cloudClient{
		options: Options{
			Short: "hrp:t:o:", Permute: true,
			Long: "help version advanced recursive pending progress dry-run human-readable recursive utc access= range= parallelism= transfers= parallelism-chunk-size= " +
				"expires= metadata= maximum-concurrent-pieces= long-tail-margin= inmemory-erasure-coding readonly writeonly url register not-after= not-before= " +
				"max-object-ttl= disallow-reads disallow-writes disallow-lists disallow-deletes export-to= base-url= auth-service= dns= tls public interactive config-dir= cert=",
		}.compiled(),
		guessValues: true, streams: true, isRemote: remoteSchemes("sj"),
		verbs: cloudVerbs{
			"cp":               {operands: "s+t"},
			"mv":               {operands: "st", signals: []Signal{RemovesSource}},
			"sync":             {operands: "st"},
			"share":            {direction: Informative, operands: "r*", signals: []Signal{SharesLink}},
			"ls|rm|mb|rb|meta": {direction: Informative, operands: "r*"},
		},
		means:   cloudMeanings{"help h version": is(roleHelp), "dry-run": is(roleDryRun)},
		pastime: Informative,
	}.compiled(),

	// wrangler r2 object put --help. From version 4 on, --remote or --local
	// says whether the bucket is the true one or its copy for tests.
	"wrangler": cloudClient{
		options: Options{
			Short: "hvf:p:e:c:", Permute: true,
			Long: "help version pipe local remote force preview dry-run minify file= path= bucket= config= env= cwd= content-type= cache-control= " +
				"jurisdiction= persist-to= project-name= branch= commit-hash= commit-message= commit-dirty name= outdir= binding= namespace-id= script= " +
				"skip-caching upload-source-maps",
		}.compiled(),
		guessValues: true, scheme: "r2",
		verbs: cloudVerbs{
			"r2 object put":           {direction: Upload, confidence: Medium, operands: "p", means: cloudMeanings{"file f": is(roleFile)}},
			"r2 object get":           {direction: Download, confidence: Medium, operands: "p", means: cloudMeanings{"file f": is(roleOutput)}},
			"r2 object delete":        {direction: Informative, operands: "p"},
			"pages deploy|publish":    {direction: Upload, operands: "f?", host: "pages", implicit: true, means: cloudMeanings{"project-name": is(roleKey)}},
			"pages deployment create": {direction: Upload, operands: "f?", host: "pages", implicit: true, means: cloudMeanings{"project-name": is(roleKey)}},
			"deploy|publish":          {direction: Upload, operands: "f?", host: "workers", implicit: true, means: cloudMeanings{"name": is(roleKey)}},
			"kv key put":              {direction: Upload, operands: "k.?", host: "kv", means: cloudMeanings{"path": is(roleFile)}},
			"kv:key put":              {direction: Upload, operands: "k.?", host: "kv", means: cloudMeanings{"path": is(roleFile)}},
			"kv bulk put":             {direction: Upload, operands: "f", host: "kv"},
			"d1 execute":              {direction: Upload, confidence: Medium, operands: "k", host: "d1", means: cloudMeanings{"file": is(roleFile)}},
		},
		means:  cloudMeanings{"help h version v": is(roleHelp), "dry-run": is(roleDryRun)},
		finish: wranglerFinish,
	}.compiled(),

	// ibmcloud cos object-put --help: --name VALUE of the IBM Cloud plug-in; older ones say put-object.
	"ibmcloud": cloudClient{
		options: Options{
			Short: "hvq", Permute: true,
			Long: "help version force json quiet bucket= key= body= file= copy-source= region= endpoint= output= upload-id= part-number= content-type=",
		}.compiled(),
		guessValues: true, scheme: "cos",
		verbs: cloudVerbs{
			"cos object-put|put-object|part-upload|upload-part":  {direction: Upload, means: cloudMeanings{"body": is(roleFile)}},
			"cos object-get|get-object|download":                 {direction: Download, operands: "o?"},
			"cos upload":                                         {direction: Upload, means: cloudMeanings{"file": is(roleFile)}},
			"cos object-copy|copy-object|part-upload-copy":       {direction: RemoteToRemote, means: cloudMeanings{"copy-source": is(roleFromPath)}},
			"cos objects|list-objects|object-head|object-delete": {direction: Informative},
		},
		means: cloudMeanings{"help h version": is(roleHelp), "bucket": is(roleBucket), "key": is(roleKey), "endpoint": is(roleEndpoint)},
	}.compiled(),

	// qshell fput --help (qiniu/qshell).
	"qshell": cloudClient{
		options: Options{
			Short: "hdLCo:k:c:t:n:s:", Permute: true,
			Long: "help version debug local overwrite force key= outfile= check-size check-hash domain= public thread-count= src-dir= bucket= key-prefix= up-host= " +
				"storage= mimetype= callback-urls= file-list= dest-dir= resumable-api accelerate sequential-read-file",
		}.compiled(),
		guessValues: true, scheme: "qiniu",
		verbs: cloudVerbs{
			"fput|rput":                          {direction: Upload, operands: "bkf"},
			"get":                                {direction: Download, operands: "bk", means: cloudMeanings{"outfile o": is(roleOutput)}},
			"qupload":                            {direction: Upload, operands: "C"},
			"qupload2":                           {direction: Upload, means: cloudMeanings{"src-dir": is(roleFile), "bucket": is(roleBucket), "file-list": is(roleList)}},
			"qdownload":                          {direction: Download, operands: "C"},
			"qdownload2":                         {direction: Download, means: cloudMeanings{"dest-dir": is(roleOutput), "bucket": is(roleBucket)}},
			"fetch|sync":                         {direction: RemoteToRemote, operands: "ub", means: cloudMeanings{"key k": is(roleKey)}},
			"privateurl":                         {direction: Informative, operands: ".+", signals: []Signal{SharesLink}},
			"listbucket|listbucket2|stat|delete": {direction: Informative, operands: "bk?"},
		},
		means:   cloudMeanings{"help h version": is(roleHelp), "up-host": is(roleEndpoint)},
		pastime: Informative,
	}.compiled(),

	// linode-cli obj put --help.
	"linode-cli": cloudClient{
		options: Options{
			Short: "hd", Permute: true,
			Long: "help version debug json text no-headers pretty suppress-warnings acl-public cluster= region= chunk-size= expiry= as-user= label= description= format=",
		}.compiled(),
		guessValues: true, scheme: "s3",
		verbs: cloudVerbs{
			"obj put":                            {direction: Upload, operands: "f+b"},
			"obj get":                            {direction: Download, operands: "bko?"},
			"obj signurl":                        {direction: Informative, operands: "bk", signals: []Signal{SharesLink}},
			"obj ls|la|du|info|del|rb|mb|setacl": {direction: Informative, operands: "b?k?"},
			"image-upload":                       {direction: Upload, operands: "f", host: "image"},
		},
		means: cloudMeanings{"help h version": is(roleHelp), "acl-public": says(PublicAccess)},
	}.compiled(),

	// doctl serverless deploy --help; it has no commands for objects.
	"doctl": cloudClient{
		options: Options{
			Short: "hvt:c:o:u:", Permute: true,
			Long: "help version verbose trace wait insecure remote-build verbose-build verbose-zip yarn incremental access-token= api-url= config= context= output= env= include= exclude=",
		}.compiled(),
		guessValues: true, scheme: "do",
		verbs: cloudVerbs{
			"serverless|sandbox|sbx|sls deploy": {direction: Upload, operands: "f", host: "functions"},
		},
		means: cloudMeanings{"help h version": is(roleHelp), "config c": is(roleConfig), "api-url u": is(roleEndpoint)},
	}.compiled(),
}

var coscmdCopy = Options{
	Short: "hrfyH:at:c:d:pz", Permute: true,
	Long: "help recursive force yes sync headers= skipmd5 ignore= include= delete versionId= cos-acl= skip-check= num= timeout= type= directive= all human",
}.compiled()

// ociFinish: the direction of sync follows from which directory is given.
func ociFinish(call *cloudCall) {
	if call.word == "sync" {
		call.remoteTarget, call.remoteSource = call.localSource, call.localTarget
	}
}

func wranglerFinish(call *cloudCall) {
	t := &call.t
	if t.Confidence = call.verb.confidence; call.has("remote") {
		t.Confidence = High
	}
	if call.has("pipe") {
		if call.verb.direction == Upload {
			call.localSource = true
			t.addInput(call.Command, "-")
		} else {
			t.addOutput(call.Command, "-")
		}
	}
	if call.has("local") {
		t.Direction = Local
	}
}
