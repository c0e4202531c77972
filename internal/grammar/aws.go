package grammar

import "strings"

// aws is the AWS CLI. Its argument parser is Python's argparse: options may be
// abbreviated, and stand before or after the words. The options of its many
// services are generated from their descriptions: all but switches take values
// (aws help, aws s3 cp help; awscli/customizations/s3/subcommands.py).
var awsClient = cloudClient{
	options: Options{
		Long: "debug endpoint-url= no-verify-ssl no-paginate output= query= profile= region= version color= no-sign-request ca-bundle= " +
			"cli-read-timeout= cli-connect-timeout= cli-binary-format= cli-input-json= cli-input-yaml= no-cli-pager cli-auto-prompt no-cli-auto-prompt " +
			"quiet dryrun recursive delete follow-symlinks no-follow-symlinks exact-timestamps size-only only-show-errors no-progress no-overwrite " +
			"force-glacier-transfer ignore-glacier-warnings human-readable summarize no-guess-mime-type exclude= include= acl= grants= grant-read= " +
			"metadata= metadata-directive= sse= sse-c= sse-c-key= storage-class= content-type= cache-control= expires= expires-in= source-region= " +
			"bucket= key= body= copy-source= upload-id= part-number= range= zip-file= bypass-governance-retention bucket-key-enabled no-bucket-key-enabled " +
			"publish no-publish dry-run no-dry-run content= source= source-directory= s3-location= name= resource=",
		Permute: true, Abbreviate: true,
	}.compiled(),
	guessValues: true,
	streams:     true,
	scheme:      "s3",
	isRemote:    remoteSchemes("s3"),
	verbs: cloudVerbs{
		"s3 cp":               {operands: "st"},
		"s3 mv":               {operands: "st", signals: []Signal{RemovesSource}},
		"s3 sync":             {operands: "st"},
		"s3 ls":               {direction: Informative, operands: "r*"},
		"s3 rm|mb|rb|website": {direction: Informative, operands: "r*"},
		"s3 presign":          {direction: Informative, operands: "r", signals: []Signal{SharesLink}},

		"s3api put-object|upload-part":                   {direction: Upload, means: awsObject},
		"s3api get-object|get-object-torrent":            {direction: Download, operands: "o", means: awsObject},
		"s3api select-object-content":                    {direction: Download, operands: "o", means: awsObject},
		"s3api copy-object|upload-part-copy":             {direction: RemoteToRemote, means: awsObject},
		"s3api head-object|list-objects|list-objects-v2": {direction: Informative, means: awsObject},

		"glacier upload-archive|upload-multipart-part": {direction: Upload, host: "glacier", means: cloudMeanings{"body": is(roleFile)}},
		"mediastore-data put-object":                   {direction: Upload, host: "mediastore-data", means: cloudMeanings{"body": is(roleFile)}},
		"ebs put-snapshot-block":                       {direction: Upload, host: "ebs", means: cloudMeanings{"block-data": is(roleFile)}},
		"codeartifact publish-package-version":         {direction: Upload, host: "codeartifact", means: cloudMeanings{"asset-content": is(roleFile)}},
		"gamelift upload-build":                        {direction: Upload, host: "gamelift", means: cloudMeanings{"build-root": is(roleFile)}},
		"deploy push":                                  {direction: Upload, means: cloudMeanings{"source": is(roleFile), "s3-location": is(roleBucket)}},
		"cloudformation package":                       {direction: Upload, means: cloudMeanings{"template-file": is(roleFile), "s3-bucket": is(roleBucket), "s3-prefix": is(roleKey)}},
	},
	means: cloudMeanings{
		"version":                       is(roleHelp),
		"endpoint-url":                  is(roleEndpoint),
		"no-verify-ssl":                 says(Unverified),
		"no-sign-request":               says(Anonymous),
		"dryrun":                        is(roleDryRun),
		"delete":                        says(DeletesExtra),
		"acl grants grant-read":         is(rolePublic),
		"cli-input-json cli-input-yaml": is(roleConfig),
	},
}.compiled()

var awsObject = cloudMeanings{
	"bucket": is(roleBucket), "key": is(roleKey), "body": is(roleFile), "copy-source": is(roleFromPath),
}

// awsGrammar reads s3 and the like by their tables, and finds in calls of all
// other services the parameters that are read from a file: file://F and fileb://F.
func awsGrammar(c *Command) Transfer {
	if n := len(c.Args); n > 0 && c.Args[n-1] == "help" {
		return Transfer{Direction: Informative}
	}
	t := awsClient.read(c)
	if t.Direction != NoCopy {
		return t
	}
	return awsParameters(c)
}

// awsParameters reads a call of a service that is not a copy by itself. That a
// parameter comes from a file does not mean that the file is what the caller
// wanted to send.
func awsParameters(c *Command) Transfer {
	var t Transfer
	service, last := "", -2
	for opt := range awsClient.options.Scan(c.Args) {
		switch {
		case opt.IsOperand() && opt.Index != last+1 && service == "":
			service = opt.Value
			t.addRemote(Remote{Scheme: "aws", Host: service})
		case opt.Name == "cli-input-json" || opt.Name == "cli-input-yaml":
			t.addOpaque(opt.Value)
			t.signal(OpaqueConfig)
		case opt.Name == "endpoint-url":
			if r, ok := parseURL(opt.Value); ok {
				t.addRemote(r)
				showProtocol(&t, &r)
				t.signal(CustomEndpoint)
			}
		case opt.Name == "no-verify-ssl":
			t.signal(Unverified)
		}
		if path, ok := awsFile(opt.Value); ok {
			t.addPath(path)
		}
		last = -2
		if opt.Unknown && opt.Long && !opt.HasValue {
			last = opt.Index
		}
	}
	if len(t.LocalPaths) == 0 {
		return Transfer{}
	}
	t.Direction, t.Confidence = Upload, Medium
	return t
}

// awsFile finds the file of a parameter, also within a shorthand structure
// (ZipFile=fileb://f.zip).
func awsFile(value string) (string, bool) {
	for _, prefix := range []string{"file://", "fileb://"} {
		if at := strings.Index(value, prefix); at == 0 || at > 0 && value[at-1] == '=' {
			path, _, _ := strings.Cut(value[at+len(prefix):], ",")
			return path, path != ""
		}
	}
	return "", false
}
