package grammar

import "strings"

// gsutil is Google's older client. It reads its options with getopt(3), those
// of gsutil before the verb and those of the verb after it
// (gslib/__main__.py; gsutil help options, gsutil help cp).
var gsutilClient = cloudClient{
	options: Options{
		Short: "Dh:mo:qu:i:",
		Long:  "help version quiet multithreaded option= header= user-project= impersonate-service-account= testexceptiontraces trace-token= perf-trace-token=",
	}.compiled(),
	streams:  true,
	isRemote: remoteSchemes("gs s3"),
	verbs: cloudVerbs{
		"cp":    {operands: "s*t", options: gsutilCopy, means: gsutilMeans},
		"mv":    {operands: "s*t", options: gsutilCopy, means: gsutilMeans, signals: []Signal{RemovesSource}},
		"rsync": {operands: "st", options: gsutilRsync, means: gsutilRsyncMeans},
		"cat":   {direction: Download, operands: "s+", stdout: true, options: Options{Short: "hr:", Permute: true}.compiled()},
		"compose|rewrite": {direction: RemoteToRemote, operands: "s*t",
			options: Options{Short: "kKIrRs:Os", Permute: true}.compiled()},
		"signurl": {direction: Informative, operands: ".r*", signals: []Signal{SharesLink},
			options: Options{Short: "m:d:b:c:r:p:u", Permute: true}.compiled()},
		"ls|du|stat|hash|rm|mb|rb": {direction: Informative, operands: "r*",
			options: Options{Short: "labrRLdpehcmIf", Permute: true}.compiled()},
	},
	means: cloudMeanings{
		"version": is(roleHelp), "help": is(roleHelp),
	},
	pastime: Informative,
	option:  gsutilOption,
}.compiled()

var (
	gsutilCopy  = Options{Short: "a:AcCDeIj:JL:npPrRs:tUvx:z:Z", Permute: true}.compiled()
	gsutilRsync = Options{Short: "a:cCdeiIj:JnpPrRuUx:y:", Permute: true}.compiled()

	gsutilMeans      = cloudMeanings{"a": is(rolePublic), "I": is(roleListed)}
	gsutilRsyncMeans = cloudMeanings{"a": is(rolePublic), "d": says(DeletesExtra), "n": is(roleDryRun)}
)

// gsutilOption reads -o SECTION:NAME=VALUE, a setting of the boto configuration.
func gsutilOption(call *cloudCall, opt *Option) {
	if opt.Name != "o" && opt.Name != "option" {
		return
	}
	_, setting, _ := strings.Cut(opt.Value, ":")
	name, value, _ := strings.Cut(setting, "=")
	switch strings.ToLower(name) {
	case "https_validate_certificates":
		if strings.EqualFold(value, "false") {
			call.t.signal(Unverified)
		}
	case "gs_host", "s3_host", "gs_json_host":
		call.endpoint(value)
	case "proxy":
		call.t.signal(ViaProxy)
	}
}
