package grammar

import "strings"

// azcopy has switches and options with values as spf13/cobra reads them; its
// remote ends are URLs, often with a shared access signature (azcopy copy --help).
var azcopyClient = cloudClient{
	options: Options{
		Short: "h",
		Long: "help version recursive=? dry-run=? put-md5=? follow-symlinks=? as-subdir=? force-if-read-only=? preserve-smb-info=? preserve-smb-permissions=? " +
			"preserve-permissions=? preserve-posix-properties=? preserve-symlinks=? preserve-owner=? preserve-last-modified-time=? no-guess-mime-type=? " +
			"s2s-preserve-access-tier=? s2s-preserve-properties=? s2s-preserve-blob-tags=? s2s-detect-source-changed=? s2s-get-properties-in-backend=? " +
			"decompress=? backup=? disable-auto-decoding=? check-length=? cpk-by-value=? mirror-mode=? skip-version-check=? asSubdir=? include-directory-stub=? " +
			"machine-readable=? running-tally=? mega-units=? force-if-file-exist=? " +
			"from-to= overwrite= list-of-files= list-of-versions= include-pattern= exclude-pattern= include-path= exclude-path= include-regex= exclude-regex= " +
			"include-attributes= exclude-attributes= include-after= include-before= blob-type= block-blob-tier= page-blob-tier= block-size-mb= put-blob-size-mb= " +
			"cap-mbps= check-md5= delete-destination= metadata= blob-tags= content-type= content-encoding= content-disposition= content-language= cache-control= " +
			"log-level= output-level= output-type= s2s-handle-invalid-metadata= exclude-blob-type= compare-hash= local-hash-storage-mode= hash-meta-dir= " +
			"trusted-microsoft-suffixes= cpk-by-name= trailing-dot= symlink-handling= hardlinks= permanent-delete= access-tier= metadata-key= await-continue=? await-open=?",
		Permute: true,
	}.compiled(),
	streams:  false,
	isRemote: remoteSchemes("http https"),
	verbs: cloudVerbs{
		"copy|cp|c": {operands: "s*t"},
		"sync|s":    {operands: "st"},
		"remove|rm|r|list|ls|l|make|set-properties": {direction: Informative, operands: "r*"},
	},
	means: cloudMeanings{
		"help h version":                 is(roleHelp),
		"dry-run":                        is(roleDryRun),
		"list-of-files list-of-versions": is(roleList),
	},
	pastime: Informative,
	finish:  azcopyFinish,
}.compiled()

// azcopyFinish reads --from-to, without which no end can be a pipe, and
// --delete-destination, which has three answers.
func azcopyFinish(call *cloudCall) {
	switch call.value("delete-destination") {
	case "true", "prompt":
		call.t.signal(DeletesExtra)
	}
	ends := call.value("from-to")
	switch {
	case strings.HasPrefix(ends, "Pipe"):
		call.t.Direction = Upload
		call.localSource = true
		call.t.addInput(call.Command, "-")
	case strings.HasSuffix(ends, "Pipe"):
		call.t.Direction = Download
		call.t.addOutput(call.Command, "-")
	}
}
