//go:build linux

package e2e

import (
	"strings"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

func TestRsyncToADaemon(t *testing.T) {
	s := watch(t)
	rsync := testhost.NeedCommand(t, "rsync", "rsync")
	dir := publicDir(t)
	port := testprocess.FreePort(t)
	mustMkdir(t, dir+"/module")
	writeLines(t, dir+"/file", strings.TrimSpace(payload))
	writeLines(t, dir+"/rsyncd.conf",
		"use chroot = no", "uid = root", "gid = root",
		"[module]", "path = "+dir+"/module", "read only = no")
	daemon := testprocess.Serve(t, dir+"/rsyncd.log", rsync,
		"--daemon", "--no-detach", "--config="+dir+"/rsyncd.conf", "--address=127.0.0.1", "--port="+port)
	daemon.Accepts(t, "127.0.0.1:"+port)

	url := "rsync://127.0.0.1:" + port + "/module/"
	for name, test := range map[string]struct {
		operands []string
		arrives  string
	}{
		"upload":   {[]string{dir + "/file", url + "up"}, dir + "/module/up"},
		"download": {[]string{url + "up", dir + "/down"}, dir + "/down"},
	} {
		t.Run(name, func(t *testing.T) {
			writeLines(t, dir+"/module/up", strings.TrimSpace(payload)) // for the download, whichever comes first
			c := run(t, command(append([]string{rsync, "-a"}, test.operands...)...)).succeeds(t)
			requireFile(t, test.arrives, payload)
			requireRecord(t, s.exec(t, c), copied{tool: "rsync", family: "ssh-copy", direction: name, more: want{
				schema.NetworkProtocolName: "rsync", schema.ServerAddress: "127.0.0.1", schema.DestinationClass: "loopback",
			}}.tagged(expectExec(t, c)))
		})
	}
}
