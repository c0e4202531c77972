package ebpfexecreceiver

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// In a container, the host's name is in its files: the kernel gives that of the container.
func TestHostName(t *testing.T) {
	write := func(dir, path, content string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, path), []byte(content), 0o644))
	}
	own, err := os.Hostname()
	require.NoError(t, err)
	root, proc, empty := t.TempDir(), t.TempDir(), t.TempDir()
	write(root, "etc/hostname", "the-host\n")
	write(proc, "sys/kernel/hostname", "the-container\n")
	assert.Equal(t, "the-host", hostName(root, proc))
	assert.Equal(t, "the-container", hostName(empty, proc))
	assert.Equal(t, "the-container", hostName("/", proc))
	assert.Equal(t, own, hostName(empty, empty))
}
