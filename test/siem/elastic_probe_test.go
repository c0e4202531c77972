//go:build linux

package siem

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// Real programs, seen by the probe: all that the machine executes meanwhile
// becomes documents, and the copies among them are alerts.
func TestRealProgramsInECS(t *testing.T) {
	testhost.NeedBPF(t)
	server := newElasticServer(t, false)
	c := newSensor(t, []string{"elastic-ecs.yaml"}, server.variables("COPYWATCH_MATCHES_ONLY=false")...)
	c.start(t)

	file := filepath.Join(t.TempDir(), "customers.csv")
	require.NoError(t, os.WriteFile(file, []byte("name\n"), 0o600))
	closed := "127.0.0.1:1" // what counts is the attempt
	commands := [][]string{
		{testhost.NeedCommand(t, "curl", "curl"), "-sS", "-T", file, "http://" + closed + "/in/"},
		{testhost.NeedCommand(t, "scp", "openssh-client"), "-o", "BatchMode=yes", "-P", "1", file, "deploy@127.0.0.1:/in/"},
		{testhost.NeedCommand(t, "sh", "dash"), "-c", "cat " + file + " | tee /dev/null"},
	}
	for _, command := range commands {
		_ = exec.Command(command[0], command[1:]...).Run() // nobody listens there
	}
	for _, command := range commands {
		var document map[string]any
		testprocess.Await(func() bool {
			document = executed(server, command[0], file)
			return document != nil || server.conflict() != ""
		})
		server.requireNoConflict(t)
		require.NotNil(t, document, "%v did not arrive", command)
		checkExecution(t, document, command)
	}
	upload := executed(server, commands[0][0], file)
	assert.Equal(t, "alert", at(upload, "event.kind"))
	assert.Equal(t, "upload", at(upload, "filecopy.direction"))
	assert.Equal(t, []any{file}, at(upload, "filecopy.local_paths"))
	assert.Equal(t, "127.0.0.1", at(upload, "destination.ip"))
	assert.Equal(t, json.Number("1"), at(upload, "destination.port"))
	assert.Equal(t, "event", at(executed(server, commands[2][0], file), "event.kind"))
	c.requireNoComplaint(t)
}

// executed finds the document of a program that has a file in its command line.
func executed(server *elasticServer, program, file string) map[string]any {
	for _, document := range server.all() {
		args, _ := at(document, "process.args").([]any)
		if len(args) == 0 || args[0] != program {
			continue
		}
		if slices.Contains(args, any(file)) || slices.Contains(args, any("cat "+file+" | tee /dev/null")) {
			return document
		}
	}
	return nil
}

func checkExecution(t *testing.T, document map[string]any, command []string) {
	t.Helper()
	args, _ := at(document, "process.args").([]any)
	require.Len(t, args, len(command))
	self, err := os.Executable()
	require.NoError(t, err)
	host, err := os.Hostname()
	require.NoError(t, err)
	for name, want := range map[string]any{
		"process.parent.executable": self, "process.parent.name": filepath.Base(self),
		"process.user.id": "0", "user.id": "0", "host.name": host, "host.os.type": "linux",
		"event.type": []any{"start"}, "event.outcome": "success",
	} {
		assert.Equal(t, want, at(document, name), name)
	}
	assert.NotEmpty(t, at(document, "process.entity_id"))
	assert.NotEmpty(t, at(document, "process.start"))
	assert.NotEmpty(t, at(document, "host.os.kernel"))
}
