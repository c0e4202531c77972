package grammar

import "maps"

// cloudGrammars are those of clients of cloud storage, by tool.
var cloudGrammars = func() map[string]Grammar {
	all := map[string]Grammar{
		"aws": awsGrammar,
		"az":  azGrammar,
		"mc":  minioGrammar, // mcli
	}
	for _, group := range []map[string]*cloudClient{
		{
			"gsutil": gsutilClient, "gcloud": gcloudClient, "azcopy": azcopyClient, "rclone": rcloneClient,
			"s3cmd": s3cmdClient, "s4cmd": s4cmdClient, "s5cmd": s5cmdClient,
		},
		objectStores, // ossutil: ossutil64
		cloudMounts,
		consumerStores,
	} {
		for tool, client := range maps.All(group) {
			all[tool] = client.read
		}
	}
	return all
}()
