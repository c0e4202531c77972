//go:build linux

package packaging

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

const unitFile = "../../deploy/systemd/copywatch.service"

// setting is what the unit says under a key that it has once.
func setting(t *testing.T, key string) string {
	t.Helper()
	content, err := os.ReadFile(unitFile)
	require.NoError(t, err)
	var values []string
	for line := range strings.Lines(string(content)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), key+"="); ok {
			values = append(values, value)
		}
	}
	require.Len(t, values, 1, key)
	return values[0]
}

// The unit gives the capabilities that the receiver's documentation names, and no others.
func TestUnitCapabilities(t *testing.T) {
	readme, err := os.ReadFile("../../receiver/ebpfexecreceiver/README.md")
	require.NoError(t, err)
	var documented []string
	for line := range strings.Lines(string(readme)) {
		if name, ok := strings.CutPrefix(line, "| `CAP_"); ok {
			documented = append(documented, "CAP_"+name[:strings.Index(name, "`")])
		}
	}
	require.NotEmpty(t, documented)
	slices.Sort(documented)
	for _, key := range []string{"AmbientCapabilities", "CapabilityBoundingSet"} {
		given := strings.Fields(setting(t, key))
		slices.Sort(given)
		require.Equal(t, documented, given, key)
	}
}

// systemd understands every line of the unit, and rates it.
func TestUnitVerify(t *testing.T) {
	analyze := testhost.WantCommand(t, "systemd-analyze", "systemd")
	content, err := os.ReadFile(unitFile)
	require.NoError(t, err)
	unit := filepath.Join(t.TempDir(), "copywatch.service")
	runnable := strings.ReplaceAll(string(content), "/usr/bin/otelcol-copywatch", "/bin/true") // it looks whether that is there
	require.NoError(t, os.WriteFile(unit, []byte(runnable), 0o600))
	out, err := exec.Command(analyze, "verify", "--man=no", unit).CombinedOutput()
	require.NoError(t, err, string(out))
	require.NotContains(t, string(out), unit, "a complaint about the unit")

	// From 0 (nothing is possible) to 10. What is left is what a sensor needs: its capabilities, the network, /proc.
	out, err = exec.Command(analyze, "security", "--offline=yes", "--threshold=30", "--no-pager", unit).CombinedOutput()
	require.NoError(t, err, string(out))
}
