//go:build linux

package siem

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// collector is a collector that runs with configurations of config/. It can be
// killed and started anew with the same state.
type collector struct {
	binary  string
	configs []string
	env     []string
	dir     string // its state and its log
	replay  string // address at which it takes what a test replays
	health  string // address of its health check
	daemon  *testprocess.Daemon
}

// The distributions, and how they are made.
const (
	distribution     = "otelcol-copywatch"      // make build
	fullDistribution = "otelcol-copywatch-full" // make build-full
)

// newCollector prepares a collector with configurations below config/ (by
// their names), merged with the replay. The variables are those of the
// configurations: NAME=value.
func newCollector(t *testing.T, binary string, configs []string, variables ...string) *collector {
	t.Helper()
	c := prepare(t, binary, configs, variables...)
	c.configs = append(c.configs, "testdata/replay.yaml")
	return c
}

// newSensor prepares a collector with configurations below config/ as they
// are, the probe included.
func newSensor(t *testing.T, configs []string, variables ...string) *collector {
	t.Helper()
	return prepare(t, distribution, configs, variables...)
}

func prepare(t *testing.T, binary string, configs []string, variables ...string) *collector {
	t.Helper()
	addresses, err := testprocess.FreeAddresses(2)
	require.NoError(t, err)
	c := &collector{binary: needBinary(t, binary), dir: t.TempDir(), replay: addresses[0], health: addresses[1]}
	for _, name := range configs {
		c.configs = append(c.configs, filepath.Join("../../config", name))
	}
	c.env = append(os.Environ(), "REPLAY="+c.replay, "COPYWATCH_STATE="+c.dir, "COPYWATCH_HEALTH="+c.health)
	c.env = append(c.env, variables...)
	return c
}

// start starts the collector, and stops it when the test ends.
func (c *collector) start(t *testing.T) {
	t.Helper()
	var args []string
	for _, config := range c.configs {
		args = append(args, "--config", config)
	}
	cmd := exec.Command(c.binary, args...)
	cmd.Env = c.env
	log := filepath.Join(c.dir, "collector.log")
	if c.daemon != nil { // one log for each life
		require.NoError(t, os.Rename(log, log+".before"))
	}
	var err error
	c.daemon, err = testprocess.Start(cmd, log)
	require.NoError(t, err)
	daemon := c.daemon
	t.Cleanup(func() {
		if _, err := daemon.Stop(); err != nil {
			t.Error(err)
		}
	})
	require.NoError(t, daemon.Says("Everything is ready."))
}

// isHealthy asks the health check.
func (c *collector) isHealthy() bool {
	response, err := http.Get("http://" + c.health + "/")
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// says waits until the collector logs a text.
func (c *collector) says(t *testing.T, text string) {
	t.Helper()
	require.NoError(t, c.daemon.Says(text))
}

// requireNoComplaint wants no error in the log, and nothing that says that data is gone.
func (c *collector) requireNoComplaint(t *testing.T) {
	t.Helper()
	for line := range strings.Lines(c.daemon.Output()) {
		for _, sign := range []string{"\terror\t", "panic:", "Permanent error", "Dropping data"} {
			require.NotContains(t, line, sign)
		}
	}
}

// needBinary finds what make puts into dist/.
func needBinary(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../dist", name))
	require.NoError(t, err)
	if _, err := os.Stat(path); err != nil {
		if name == distribution {
			t.Skipf("needs a collector, run make test: %v", err)
		}
		t.Skipf("optional: needs %s, run make test-siem: %v", name, err)
	}
	return path
}
