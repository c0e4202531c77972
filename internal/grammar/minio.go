package grammar

import "strings"

// mc is the MinIO client, mcli where Midnight Commander has the name: flags
// anywhere, with one dash or two (mc cp --help). Its remote paths are
// alias/bucket/key: nothing but the configuration tells them from local ones.
var minioClient = cloudClient{
	options: Options{
		Short: "hC:qH:rawnefds:", SingleDash: true, Permute: true,
		Long: "help version quiet no-color json debug insecure disable-pager dp recursive preserve disable-multipart zip overwrite dry-run watch remove " +
			"active-active retry summary skip-errors fake force dangerous incomplete versions continue md5 stdin checksum= " +
			"config-dir= resolve= limit-upload= limit-download= custom-header= rewind= version-id= vid= older-than= newer-than= storage-class= sc= attr= tags= " +
			"retention-mode= retention-duration= legal-hold= enc-c= enc-kms= enc-s3= encrypt= encrypt-key= region= exclude= exclude-bucket= exclude-storageclass= " +
			"monitoring-address= concurrent= part-size= parallel= expire= content-type= lines= part-number= offset= tail= query= name= exec= print= api= path=",
	}.compiled(),
	isRemote: minioEnd,
	scheme:   "mc",
	verbs: cloudVerbs{
		"cp":                                 {operands: "s+t"},
		"mv":                                 {operands: "s+t", signals: []Signal{RemovesSource}},
		"mirror":                             {operands: "st"},
		"put":                                {direction: Upload, operands: "ft"},
		"get":                                {direction: Download, operands: "so"},
		"pipe":                               {operands: "t?", stdin: true},
		"cat|head|sql":                       {direction: Download, operands: "s+", stdout: true},
		"share download|upload":              {direction: Informative, operands: "r+", signals: []Signal{SharesLink}},
		"ls|du|find|stat|tree|rm|mb|rb|diff": {direction: Informative, operands: "r*"},
	},
	means: cloudMeanings{
		"help h version": is(roleHelp),
		"dry-run fake":   is(roleDryRun),
		"insecure":       says(Unverified),
		"remove":         says(DeletesExtra),
		"resolve":        says(RedirectedHost),
		"config-dir C":   is(roleConfig),
	},
	finish: minioFinish,
}.compiled()

// minioGrammar: mc is also the name of Midnight Commander, mcli is not.
func minioGrammar(c *Command) Transfer {
	t := minioClient.read(c)
	if t.Direction == NoCopy && c.Tool == "mcli" {
		t.Direction = Informative
	}
	return t
}

// minioEnd takes a path for alias/bucket/key where it cannot be anything else
// but a relative local path, and where that is likely: as target, and as
// source of a copy to what is surely local, or from the aliases that are known.
func minioEnd(call *cloudCall, operand string) (Remote, bool) {
	if r, ok := parseURL(operand); ok && (r.Scheme == "https" || r.Scheme == "http") {
		return r, true
	}
	if call.isMinioLocal(operand) || call.isSource(operand) && !call.isMinioSource(operand) {
		return Remote{}, false
	}
	alias, path, _ := strings.Cut(operand, "/")
	if path != "" {
		path = "/" + path
	}
	call.t.signal(Alias)
	return Remote{Scheme: "mc", Host: alias, Path: path}, true
}

// isSource says that the operand is not the last of a verb that has a target.
func (call *cloudCall) isSource(operand string) bool {
	switch call.word {
	case "cp", "mv", "mirror":
		return operand != call.last
	}
	return false
}

func (call *cloudCall) isMinioSource(operand string) bool {
	target := call.last
	if call.isMinioLocal(target) {
		return true
	}
	alias, _, _ := strings.Cut(operand, "/")
	after, same := strings.CutPrefix(target, alias)
	return same && (after == "" || after[0] == '/') || isOneOf(alias, "play s3 gcs local") || call.env("MC_HOST_"+alias) != ""
}

// isMinioLocal says that the operand can only be local. An object is in a bucket,
// so a name without a slash is none: mc cp play/bucket/f f copies from play.
func (call *cloudCall) isMinioLocal(operand string) bool {
	return isLocalPath(operand) || (call.word == "cp" || call.word == "mv") && strings.IndexByte(operand, '/') < 0
}

// isLocalPath says that a path can only be local: absolute or explicitly relative.
func isLocalPath(s string) bool {
	return s == "" || s == "." || s == ".." || s[0] == '/' || s[0] == '~' ||
		strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
}

// minioFinish: that neither path is surely local leaves a doubt.
func minioFinish(call *cloudCall) {
	t := &call.t
	switch call.word {
	case "pipe":
		call.localSource = true
		if !call.remoteTarget { // mc pipe > file, as cat does
			call.t.Direction = Local
			call.t.addOutput(call.Command, "-")
		}
	case "cp", "mv", "mirror":
		if call.localSource && call.remoteTarget {
			for _, p := range t.LocalPaths {
				if strings.Contains(p, "/") && !isLocalPath(p) {
					t.Confidence = Medium // it may as well be another alias
				}
			}
		}
	case "cat", "head", "sql":
		if !call.remoteSource {
			t.Direction = Local
		}
	}
}
