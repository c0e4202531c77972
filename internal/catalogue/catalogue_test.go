package catalogue

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func load(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	require.NoError(t, err)
	return c
}

func TestLookup(t *testing.T) {
	c := load(t)
	tests := []struct {
		name, tool, family, protocol, upload string
		ambiguous                            bool
	}{
		{name: "scp", tool: "scp", family: "ssh-copy", protocol: "ssh", upload: "T1048.002"},
		{name: "hpnscp", tool: "scp", family: "ssh-copy", protocol: "ssh", upload: "T1048.002"},
		{name: "sftp", tool: "sftp", family: "ssh-copy", protocol: "ssh", upload: "T1048.002"},
		{name: "rsync", tool: "rsync", family: "ssh-copy", upload: "T1048.002"},
		{name: "rsync-ssl", tool: "rsync-ssl", family: "ssh-copy", protocol: "rsync", upload: "T1048.002"},
		{name: "pftp", tool: "ftp", family: "ftp", protocol: "ftp", upload: "T1048.003"},
		{name: "ftp-ssl", tool: "ftp-ssl", family: "ftp", protocol: "ftp", upload: "T1048.002"},
		{name: "lftp", tool: "lftp", family: "ftp", upload: "T1048.003"},
		{name: "tftp-hpa", tool: "tftp", family: "tftp", protocol: "tftp", upload: "T1048.003"},
		{name: "s3cmd", tool: "s3cmd", family: "cloud", protocol: "http", upload: "T1567.002"},
		{name: "rclone", tool: "rclone", family: "cloud", upload: "T1567.002"},
		{name: "mc", tool: "mc", family: "cloud", protocol: "http", upload: "T1567.002", ambiguous: true},
		{name: "mcli", tool: "mc", family: "cloud", protocol: "http", upload: "T1567.002"},
		{name: "upx", tool: "upx", family: "cloud", protocol: "http", upload: "T1567.002", ambiguous: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tool, ok := c.Lookup(tt.name)
			require.True(t, ok)
			assert.Equal(t, tt.tool, tool.Name)
			assert.Equal(t, tt.family, tool.Family.ID)
			assert.Equal(t, tt.protocol, tool.Protocol)
			assert.Equal(t, tt.upload, tool.Upload.Subtechniques[0].ID)
			_, ambiguous := tool.Ambiguous[tt.name]
			assert.Equal(t, tt.ambiguous, ambiguous)
		})
	}
}

func TestLookupIsExact(t *testing.T) {
	c := load(t)
	for _, name := range []string{"", "scp2", "sc", "SCP", "/usr/bin/scp", "scp ", "bash"} {
		tool, ok := c.Lookup(name)
		assert.False(t, ok, "%q", name)
		assert.Nil(t, tool, "%q", name)
	}
}

// The families promise a number of names; this is the list to extend with them.
func TestEveryNameIsThere(t *testing.T) {
	want := map[string][]string{
		"ssh-copy": {
			"scp", "scp-openssh", "hpnscp", "gsiscp", "dbscp", "sftp", "hpnsftp", "gsisftp",
			"rsync", "rsync-ssl", "sshfs", "pscp", "psftp",
		},
		"ftp": {
			"ftp", "tnftp", "netkit-ftp", "inetutils-ftp", "pftp", "ftp-ssl", "lftp", "lftpget",
			"ncftp", "ncftpget", "ncftpput", "ncftpls", "ncftpbatch", "ncftpspooler", "yafc",
			"gftp", "gftp-gtk", "gftp-text", "ftpget", "ftpput", "ftpcopy", "ftpsync", "zftp", "uftp",
		},
		"tftp": {"tftp", "tftp-hpa", "atftp"},
		"cloud": {
			"rclone", "aws", "s3cmd", "s4cmd", "s5cmd", "mc", "mcli", "gsutil", "gcloud", "az", "azcopy",
			"oci", "ossutil", "ossutil64", "coscli", "coscmd", "obsutil", "b2", "swift", "openstack",
			"uplink", "wrangler", "qshell", "upx", "bos", "ibmcloud",
		},
	}
	c := load(t)
	got := make(map[string][]string)
	for _, tool := range c.Tools {
		got[tool.Family.ID] = append(got[tool.Family.ID], append([]string{tool.Name}, tool.Aliases...)...)
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)))
	for family, names := range want {
		assert.ElementsMatch(t, names, got[family], family)
		for _, name := range names {
			_, ok := c.Lookup(name)
			assert.True(t, ok, name)
		}
	}
}

func TestDownloadHasItsOwnTechniques(t *testing.T) {
	ftp, ok := load(t).Lookup("ftp")
	require.True(t, ok)
	commandAndControl := Reference{ID: "TA0011", Name: "Command and Control", URL: "https://attack.mitre.org/tactics/TA0011/"}
	assert.Equal(t, Threat{
		Tactics: []Reference{commandAndControl},
		Techniques: []Reference{
			{ID: "T1105", Name: "Ingress Tool Transfer", URL: "https://attack.mitre.org/techniques/T1105/"},
			{ID: "T1071", Name: "Application Layer Protocol", URL: "https://attack.mitre.org/techniques/T1071/"},
		},
		Subtechniques: []Reference{
			{ID: "T1071.002", Name: "File Transfer Protocols", URL: "https://attack.mitre.org/techniques/T1071/002/"},
		},
	}, ftp.Download)
}

func TestLookupDoesNotAllocate(t *testing.T) {
	c := load(t)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		c.Lookup("scp")
		c.Lookup("bash")
	}))
}
