package grammar

import "strings"

// az is the Azure CLI. All ends are values of options, which argparse lets be
// abbreviated; there are no operands (az storage blob upload -h and the like).
var azClient = cloudClient{
	options: Options{
		Short: "hc:n:f:d:s:p:o:b:u:t:g:l:r:",
		Long: "help debug verbose only-show-errors no-progress dryrun recursive version= async= resource= " +
			"account-name= account-key= connection-string= sas-token= container-name= container= name= file= data= blob-url= blob-endpoint= " +
			"source= destination= destination-path= pattern= share-name= path= dest= file-system= file-url= " +
			"source-uri= source-container= source-blob= source-account-name= source-account-key= source-sas= source-share= source-path= " +
			"source-local-path= destination-local-path= destination-account-name= destination-container= destination-blob= destination-share= destination-file-path= " +
			"source-file-path= delete-destination= src-path= src-url= src= resource-group= overwrite= auth-mode= type= vault-name= encoding= public-access= query= uri= url= registry=",
		Permute: true, Abbreviate: true,
	}.compiled(),
	guessValues: true,
	scheme:      "az",
	isRemote:    remoteSchemes("http https"),
	verbs: cloudVerbs{
		"storage blob upload":                                    {direction: Upload, means: cloudMeanings{"container-name c": is(roleBucket), "name n": is(roleKey), "blob-url": is(roleBucket), "file f": is(roleFile), "data": is(roleInline)}},
		"storage blob download":                                  {direction: Download, means: cloudMeanings{"container-name c": is(roleBucket), "name n": is(roleKey), "blob-url": is(roleBucket), "file f": is(roleOutput)}},
		"storage blob|file upload-batch":                         {direction: Upload, means: cloudMeanings{"destination d": is(roleBucket), "destination-path": is(roleKey), "source s": is(roleFile)}},
		"storage blob|file download-batch":                       {direction: Download, means: cloudMeanings{"source s": is(roleBucket), "destination d": is(roleOutput)}},
		"storage blob sync":                                      {direction: Upload, means: cloudMeanings{"container c": is(roleBucket), "destination d": is(roleKey), "source s": is(roleFile)}},
		"storage blob|file copy start|start-batch":               {direction: RemoteToRemote, means: azCopy},
		"storage blob url|list|show|exists|delete|delete-batch":  {direction: Informative, means: azBlob},
		"storage blob|container|file|share|account generate-sas": {direction: Informative, means: azBlob, signals: []Signal{SharesLink}},

		"storage file upload":   {direction: Upload, means: cloudMeanings{"share-name s": is(roleBucket), "path p": is(roleKey), "file-url": is(roleBucket), "source": is(roleFile)}},
		"storage file download": {direction: Download, means: cloudMeanings{"share-name s": is(roleBucket), "path p": is(roleKey), "file-url": is(roleBucket), "dest": is(roleOutput)}},

		"storage fs file upload":        {direction: Upload, means: cloudMeanings{"file-system f": is(roleBucket), "path p": is(roleKey), "source s": is(roleFile)}},
		"storage fs file download":      {direction: Download, means: cloudMeanings{"file-system f": is(roleBucket), "path p": is(roleKey), "destination d": is(roleOutput)}},
		"storage fs directory upload":   {direction: Upload, means: cloudMeanings{"file-system f": is(roleBucket), "destination-path d": is(roleKey), "source s": is(roleFile)}},
		"storage fs directory download": {direction: Download, means: cloudMeanings{"file-system f": is(roleBucket), "source-path s": is(roleKey), "destination-path d": is(roleOutput)}},

		"storage copy": {means: cloudMeanings{
			"source s source-local-path": is(roleSource), "destination d destination-local-path": is(roleTarget),
			"source-account-name": is(roleFromAccount), "source-container source-share": is(roleFromBucket), "source-blob source-file-path": is(roleFromKey),
			"account-name destination-account-name": is(roleAccount), "destination-container destination-share": is(roleBucket), "destination-blob destination-file-path": is(roleKey),
		}},

		"webapp deploy":                            {direction: Upload, host: "webapp", means: cloudMeanings{"name n": is(roleKey), "src-path": is(roleFile), "src-url": is(roleURL)}},
		"webapp deployment source config-zip":      {direction: Upload, host: "webapp", means: cloudMeanings{"name n": is(roleKey), "src": is(roleFile)}},
		"functionapp deployment source config-zip": {direction: Upload, host: "functionapp", means: cloudMeanings{"name n": is(roleKey), "src": is(roleFile)}},
		"webapp up":                {direction: Upload, host: "webapp", implicit: true, means: cloudMeanings{"name n": is(roleKey)}},
		"acr build":                {direction: Upload, host: "acr", operands: "s", means: cloudMeanings{"registry r": is(roleKey)}},
		"keyvault secret set":      {direction: Upload, confidence: Medium, host: "keyvault", means: cloudMeanings{"vault-name": is(roleBucket), "name n": is(roleKey), "file f": is(roleFile)}},
		"keyvault secret download": {direction: Download, host: "keyvault", means: cloudMeanings{"vault-name": is(roleBucket), "name n": is(roleKey), "file f": is(roleOutput)}},
	},
	means: cloudMeanings{
		"help h version":     is(roleHelp),
		"dryrun":             is(roleDryRun),
		"account-name":       is(roleAccount),
		"blob-endpoint":      is(roleEndpoint),
		"public-access":      is(rolePublic),
		"delete-destination": says(DeletesExtra),
	},
	finish: azFinish,
}.compiled()

var (
	azBlob = cloudMeanings{"container-name c": is(roleBucket), "name n": is(roleKey)}
	azCopy = cloudMeanings{
		"source-uri u": is(roleFromBucket), "source-account-name": is(roleFromAccount),
		"source-container source-share": is(roleFromBucket), "source-blob source-path": is(roleFromKey),
		"destination-container c destination-share": is(roleBucket), "destination-blob b destination-path p": is(roleKey),
	}
)

// azGrammar reads copies by their tables, and finds in all other calls the
// values that az reads from files: @F.
func azGrammar(c *Command) Transfer {
	t := azClient.read(c)
	if t.Direction == NoCopy && len(c.Args) > 0 {
		return azParameters(c)
	}
	return t
}

func azParameters(c *Command) (t Transfer) {
	remote := Remote{Scheme: "az", Host: c.Args[0]}
	for opt := range azClient.options.Scan(c.Args[1:]) {
		switch {
		case opt.Name == "query": // JMESPath, where @ is the current node
		case opt.Name == "uri" || opt.Name == "url":
			if r, ok := parseURL(opt.Value); ok { // az rest
				remote = r
			}
		default: // of an unlisted option, the value is taken for an operand
			if path, ok := strings.CutPrefix(opt.Value, "@"); ok && path != "" {
				t.addPath(path)
			}
		}
	}
	if len(t.LocalPaths) == 0 {
		return Transfer{}
	}
	t.addRemote(remote)
	showProtocol(&t, &remote)
	t.Direction, t.Confidence = Upload, Medium
	return t
}

// azFinish completes storage copy, of which the ends may be given in parts,
// and takes a deployment of a URL for what it is.
func azFinish(call *cloudCall) {
	if call.word == "copy" {
		call.remoteSource = call.remoteSource || call.from.bucket != ""
		call.remoteTarget = call.remoteTarget || call.to.bucket != ""
		for _, n := range []*cloudName{&call.from, &call.to} {
			if n.at > 0 && n.bucket == "" { // the URL of that end names the account
				call.drop(n)
			}
		}
		return
	}
	if call.verb.host != "" && call.remoteSource {
		call.t.Direction = RemoteToRemote
	}
}
