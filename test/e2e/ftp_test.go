//go:build linux

package e2e

import (
	"testing"

	"github.com/copywatch/copywatch/internal/testhost"
)

// overFTP is for the tools whose copies everybody on the way can read.
func overFTP(name string) copyTool {
	return copyTool{
		name: name, family: "ftp", protocol: "ftp",
		techniqueID: "T1048", technique: "Exfiltration Over Alternative Protocol",
		subtechniqueID: "T1048.003", subtechnique: "Exfiltration Over Unencrypted Non-C2 Protocol",
	}
}

// The classic clients, where the host has them. There is no server: that a
// program was started is recorded before it can fail.
func TestFTPClients(t *testing.T) {
	s := watch(t)
	port := freePort(t)
	lftp := overFTP("lftp")
	lftp.protocol = "" // it has many
	for name, test := range map[string]struct {
		debianPackage string
		tool          copyTool
		args          []string
	}{
		"ftp":  {"tnftp", overFTP("ftp"), []string{"-n", "127.0.0.1", port}},
		"lftp": {"lftp", lftp, []string{"-c", "set net:max-retries 1; set net:timeout 1; put -O ftp://127.0.0.1:" + port + "/ /etc/hostname"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := testhost.WantCommand(t, name, test.debianPackage)
			p := command(append([]string{path}, test.args...)...)
			p.env = []string{"HOME=/nonexistent", "TERM=dumb"}
			c := run(t, p)
			requireRecord(t, s.exec(t, c), test.tool.tagged(expectExec(t, c)))
		})
	}
}
