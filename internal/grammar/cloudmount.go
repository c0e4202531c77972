package grammar

import "strings"

// cloudMounts are the FUSE clients that show a bucket as a directory: data may
// go both ways as long as it is mounted. They share "bucket[:prefix]
// directory" and the -o of mount(8); what differs is in the table.
var cloudMounts = map[string]*cloudClient{
	// s3fs --help. -o alone has all that matters.
	"s3fs": mountClient("s3", "b?o", Options{
		Short: "hVfsduo:", Long: "help version incomplete-mpu-list incomplete-mpu-abort=?", Permute: true,
	}),
	// github.com/aliyun/ossfs is a fork of s3fs.
	"ossfs": mountClient("oss", "b?o", Options{
		Short: "hVfsduo:", Long: "help version", Permute: true,
	}),
	// flags.go of kahing/goofys.
	"goofys": mountClient("s3", "bo", Options{
		Short: "hvfo:", SingleDash: true, Permute: true,
		Long: "help version f cache= dir-mode= file-mode= uid= gid= endpoint= region= requester-pays storage-class= profile= use-content-type sse sse-kms= " +
			"sse-c= acl= subdomain cheap no-implicit-dir stat-cache-ttl= type-cache-ttl= http-timeout= debug_fuse debug_fuse= debug_s3 debug_s3= " +
			"memory-limit= max-parallel-parts= iam iam-role= iam-flavor=",
	}),
	// mount-s3 --help (awslabs/mountpoint-s3).
	"mount-s3": mountClient("s3", "bo", Options{
		Short: "hVfdl:o:", Permute: true,
		Long: "help version read-only foreground debug debug-crt no-log auto-unmount allow-root allow-other allow-delete allow-overwrite no-sign-request " +
			"requester-pays transfer-acceleration dual-stack force-path-style incremental-upload log-metrics write-part-size= read-part-size= part-size= " +
			"endpoint-url= region= profile= prefix= cache= metadata-ttl= max-cache-size= max-threads= maximum-throughput-gbps= uid= gid= dir-mode= file-mode= " +
			"log-directory= sse= sse-kms-key-id= storage-class= expected-bucket-owner= bucket-type= upload-checksums= bind= user-agent-prefix=",
	}),
	// gcsfuse --help: one operand mounts all buckets.
	"gcsfuse": mountClient("gs", "b?o", Options{
		Short: "hvo:", Permute: true,
		Long: "help version foreground implicit-dirs debug_fuse debug_gcs debug_http debug_invariants anonymous-access enable-hns enable-nonexistent-type-cache " +
			"enable-storage-client-library experimental-local-file-cache ignore-interrupts reuse-token-from-url reuse-token-from-url=? only-dir= " +
			"config-file= key-file= custom-endpoint= app-name= dir-mode= file-mode= uid= gid= billing-project= token-url= limit-bytes-per-sec= limit-ops-per-sec= " +
			"stat-cache-ttl= type-cache-ttl= stat-cache-capacity= temp-dir= log-file= log-format= log-severity= max-conns-per-host= client-protocol= " +
			"rename-dir-limit= sequential-read-size-mb= max-retry-sleep= kernel-list-cache-ttl-secs= http-client-timeout= retry-multiplier= experimental-metadata-prefetch-on-mount=",
	}),
	// blobfuse --help (version 1): the container is an option or in the configuration.
	"blobfuse": mountClient("az", "o", Options{
		Short: "hvfdo:", Permute: true,
		Long: "help version tmp-path= config-file= container-name= file-cache-timeout-in-seconds= log-level= use-https= use-attr-cache= use-adls= max-concurrency= " +
			"cache-size-mb= empty-dir-check= cancel-list-on-mount-seconds= high-disk-threshold= low-disk-threshold= upload-modified-only= pre-mount-validate= " +
			"background-download= invalidate-on-sync= streaming= ca-cert-file= https-proxy= http-proxy= retry-delay-factor= max-retry= set-content-type=",
	}),
	// blobfuse2 mount --help.
	"blobfuse2": blobfuse2Client,
}

func mountClient(scheme, operands string, options Options) *cloudClient {
	return cloudClient{
		options: options.compiled(), guessValues: true, scheme: scheme,
		verbs: cloudVerbs{"": {direction: Bidirectional, operands: operands}},
		means: mountMeanings, pastime: Informative, finish: mountFinish,
	}.compiled()
}

var blobfuse2Client = cloudClient{
	options: Options{
		Short: "hvo:", Permute: true,
		Long: "help version foreground read-only allow-other virtual-directory use-adls basic-remount-check lazy-write no-symlinks disable-writeback-cache " +
			"ignore-open-flags preload streaming use-https block-cache hard-limit cpk-enabled " +
			"config-file= container-name= tmp-path= passphrase= secure-config log-level= log-type= log-file-path= attr-timeout= entry-timeout= negative-timeout= " +
			"file-cache-timeout= cache-size-mb= umask= wait-for-mount= container-allow-list= container-deny-list=",
	}.compiled(),
	guessValues: true,
	scheme:      "az",
	verbs: cloudVerbs{
		"mount":     {direction: Bidirectional, operands: "o"},
		"mount all": {direction: Bidirectional, operands: "o"},
	},
	means: mountMeanings, pastime: Informative, finish: mountFinish,
}.compiled()

var mountMeanings = cloudMeanings{
	"help h version V incomplete-mpu-list incomplete-mpu-abort u": is(roleHelp),
	"endpoint endpoint-url custom-endpoint":                       is(roleEndpoint),
	"no-sign-request anonymous-access":                            says(Anonymous),
	"acl":                                                         is(rolePublic),
	"container-name":                                              is(roleBucket),
	"prefix only-dir":                                             is(roleKey),
	"config-file":                                                 is(roleConfig),
	"https-proxy http-proxy":                                      says(ViaProxy),
}

// mountFinish reads -o, and splits bucket:prefix.
func mountFinish(call *cloudCall) {
	for i := range call.items {
		if item := &call.items[i]; item.Name == "o" {
			for rest := item.Value; rest != ""; {
				var option string
				option, rest, _ = strings.Cut(rest, ",")
				mountOption(call, option)
			}
		}
	}
	if bucket, prefix, ok := strings.Cut(call.to.bucket, ":"); ok && !strings.HasPrefix(prefix, "//") {
		call.to.bucket = bucket
		call.to.key = prefix
	}
	if call.has("read-only") {
		call.t.Direction = Download
	}
}

func mountOption(call *cloudCall, option string) {
	name, value, _ := strings.Cut(option, "=")
	switch name {
	case "ro":
		call.t.Direction = Download
	case "bucket":
		call.name(roleBucket, value)
	case "url":
		call.endpoint(value)
	case "public_bucket":
		if value == "1" {
			call.t.signal(Anonymous)
		}
	case "default_acl":
		call.take(rolePublic, value)
	case "no_check_certificate":
		call.t.signal(Unverified)
	case "ssl_verify_hostname":
		if value == "0" {
			call.t.signal(Unverified)
		}
	}
}
