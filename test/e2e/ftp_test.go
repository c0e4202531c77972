//go:build linux

package e2e

import (
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// The classic clients, where the host has them. There is no server: that a
// program was started is recorded before it can fail.
func TestFTPClients(t *testing.T) {
	s := watch(t)
	port := testprocess.FreePort(t)
	for name, test := range map[string]struct {
		debianPackage string
		tool          copied
		args          []string
	}{
		"ftp":  {"tnftp", copied{tool: "ftp", family: "ftp", direction: "unknown"}, []string{"-n", "127.0.0.1", port}},
		"lftp": {"lftp", copied{tool: "lftp", family: "ftp", direction: "upload", more: want{schema.LocalPaths: []string{"/etc/hostname"}}}, []string{"-c", "set net:max-retries 1; set net:timeout 1; put -O ftp://127.0.0.1:" + port + "/ /etc/hostname"}},
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
