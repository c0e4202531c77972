package grammar

import "strings"

// rclone reads its options with spf13/pflag: anywhere, never abbreviated. One
// that is not known here (of a newer backend) is taken to have a value.
var rcloneOptions = Options{
	Short: "f:o:hvcnIiMPquLlx1FRsdCap", Long: rcloneSwitches + " " + rcloneValues, Permute: true,
}.compiled()

var rcloneClient = cloudClient{
	options:     rcloneOptions,
	guessValues: true,
	isRemote:    rcloneEnd,
	verbs: cloudVerbs{
		"copy|copyto":                  {operands: "st"},
		"move|moveto":                  {operands: "st", signals: []Signal{RemovesSource}},
		"sync":                         {operands: "st", signals: []Signal{DeletesExtra}},
		"bisync":                       {direction: Bidirectional, operands: "st"},
		"cat":                          {direction: Download, operands: "s", stdout: true},
		"rcat":                         {operands: "t", stdin: true},
		"copyurl":                      {operands: "ut?"},
		"mount|cmount|mount2|nfsmount": {direction: Bidirectional, operands: "so"},
		"serve":                        {direction: Listen, operands: ".s?"},
		"link":                         {direction: Informative, operands: "r", signals: []Signal{SharesLink}},
		"rcd":                          {direction: Listen, operands: "f?"},
		"rc": {direction: Informative, operands: ".*", options: Options{
			Short: "a:o:hv", Long: rcloneSwitches + " " + rcloneValues + " json=", Permute: true,
		}.compiled()},
		"about|backend|check|checksum|cleanup|cryptcheck|dedupe|delete|deletefile|hashsum|ls|lsd|lsf|lsjson|lsl|md5sum|mkdir|ncdu|purge|rmdir|rmdirs|" +
			"settier|sha1sum|size|touch|tree": {direction: Informative, operands: "r?r?"},
	},
	means: cloudMeanings{
		"help h version":            is(roleHelp),
		"dry-run n":                 is(roleDryRun),
		"config":                    is(roleConfig),
		"files-from files-from-raw": is(roleList),
		"no-check-certificate ftp-no-check-certificate": says(Unverified),
		"s3-acl gcs-object-acl azureblob-public-access": is(rolePublic),
		"gcs-anonymous": says(Anonymous),
		"http-proxy ftp-http-proxy ftp-socks-proxy sftp-http-proxy sftp-socks-proxy": says(ViaProxy),
		"sftp-ssh": says(AlternateTransport),
		"daemon":   says(Background),
		"s3-endpoint gcs-endpoint azureblob-endpoint b2-endpoint swift-auth swift-storage-url": is(roleEndpoint),
	},
	pastime: Informative,
	finish:  rcloneFinish,
}.compiled()

func rcloneFinish(call *cloudCall) {
	t := &call.t
	switch call.word {
	case "rcat":
		call.localSource = true
	case "cat":
		if !call.remoteSource {
			t.Direction = Local
		}
	case "copyurl":
		rcloneCopyURL(call)
	case "mount", "cmount", "mount2", "nfsmount":
		switch {
		case len(t.Remotes) == 0:
			t.Direction = Local
		case call.has("read-only"):
			t.Direction = Download
		}
	case "bisync":
		if !call.remoteSource && !call.remoteTarget {
			t.Direction = Local
		}
	case "serve":
		rcloneServe(call)
	case "rc":
		rcloneRemoteControl(call)
	}
}

// rcloneCopyURL: without a target it needs --stdout.
func rcloneCopyURL(call *cloudCall) {
	if call.has("stdout") {
		call.t.Direction = Download
		call.t.addOutput(call.Command, "-")
	}
}

// rcloneServe: the first operand is the protocol.
func rcloneServe(call *cloudCall) {
	t := &call.t
	for protocol := range call.operands {
		switch protocol {
		case "http", "webdav", "restic", "s3", "dlna":
			t.Protocol, t.Channel = "http", Clear
			if call.value("cert") != "" {
				t.Channel = Encrypted
			}
		case "ftp":
			t.Protocol, t.Channel = "ftp", Clear
			if call.value("cert") != "" {
				t.Channel = Encrypted
			}
		case "sftp":
			t.Protocol, t.Channel = "sftp", Encrypted
		case "nfs":
			t.Protocol, t.Channel = "nfs", Clear
		}
		return
	}
}

// rcloneRemoteControl reads what a running rclone is told to copy:
// rclone rc sync/copy srcFs=F dstFs=F, operations/copyfile with srcRemote= and dstRemote= too.
func rcloneRemoteControl(call *cloudCall) {
	var command, from, to, fromFile, toFile string
	for operand := range call.operands {
		if command == "" {
			command = operand
			continue
		}
		switch name, value, _ := strings.Cut(operand, "="); name {
		case "srcFs", "path1":
			from = value
		case "dstFs", "path2", "fs":
			to = value
		case "srcRemote", "url":
			fromFile = value
		case "dstRemote", "remote":
			toFile = value
		}
	}
	kind, verb, _ := strings.Cut(command, "/")
	switch {
	case command == "operations/copyurl" && fromFile != "":
		call.take(roleURL, fromFile)
	case (kind == "sync" || kind == "operations") && from != "":
		call.end(rcloneJoin(from, fromFile), true)
	case kind == "sync" || isOneOf(verb, "copyfile movefile copyurl"): // they come as --json
		call.t.Direction = Unknown
		call.t.addRemote(Remote{Scheme: "rclone", Host: "rc"})
		return
	default:
		return
	}
	call.end(rcloneJoin(to, toFile), false)
	switch verb {
	case "move", "movefile":
		call.t.signal(RemovesSource)
	case "sync":
		call.t.signal(DeletesExtra)
	}
	if call.t.Direction = call.direction(); verb == "bisync" {
		call.t.Direction = Bidirectional
	}
}

func rcloneJoin(fs, file string) string {
	if file == "" || strings.HasSuffix(fs, ":") || strings.HasSuffix(fs, "/") {
		return fs + file
	}
	return fs + "/" + file
}
