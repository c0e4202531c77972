//go:build linux

package siem

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// From the kernel to Loki's limits: an scp whose arguments are 60 KiB that are
// no text, each byte of which takes four in a record.
func TestLokiTakesWhatTheProbeSees(t *testing.T) {
	testhost.NeedBPF(t)
	scp := testhost.NeedCommand(t, "scp", "openssh-client")
	authority := newAuthority(t)
	loki := newLokiStandIn(t, authority)
	c := newSensor(t, []string{"loki.yaml"}, lokiVariables(t, loki.server.URL, authority)...)
	c.start(t)
	args := []string{"-o", "BatchMode=yes", "-P", "1"}
	for range 60 {
		args = append(args, "/tmp/"+strings.Repeat("\xff", 1<<10))
	}
	// Nobody listens there: what counts is that it was run.
	cmd := exec.Command(scp, append(args, "deploy@127.0.0.1:/in")...)
	require.Error(t, cmd.Run())

	var entry lokiEntry
	require.True(t, testprocess.Await(func() bool {
		var ok bool
		entry, ok = loki.ofProcess(cmd.Process.Pid)
		return ok
	}), "%v\n%s", loki.refused, c.daemon.Output())
	requireAnalysedInLoki(t, entry.metadata)
	assert.Equal(t, "deploy", entry.metadata["filecopy_remote_user"])
	assert.Equal(t, "true", entry.metadata["process_args_truncated"])
	assert.Contains(t, entry.metadata["process_command_line"], `\xff`)
	assert.Contains(t, entry.metadata["process_parent_executable_name"], "siem.test")
	assert.NotEmpty(t, entry.labels["service_instance_id"])
	c.requireNoComplaint(t)
}
