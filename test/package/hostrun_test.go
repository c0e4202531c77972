//go:build linux

package packaging

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// nobody is a user with no files and no rights, as the package's user is.
const nobody = 65534

// The packaged configuration on this host, among its processes, with the
// capabilities that the unit gives, as a user that is not root, and with a
// file system that is read-only but for the directory of its files.
func TestConfigurationOnTheHost(t *testing.T) {
	needRoot(t)
	collector := needCollector(t)
	setpriv := testhost.WantCommand(t, "setpriv", "util-linux")
	curl := testhost.WantCommand(t, "curl", "curl")
	logs := publicDir(t)
	require.NoError(t, os.Chown(logs, nobody, nobody))

	capabilities := []string{"-all"}
	for _, name := range strings.Fields(setting(t, "AmbientCapabilities")) {
		capabilities = append(capabilities, "+"+strings.ToLower(strings.TrimPrefix(name, "CAP_")))
	}
	set := strings.Join(capabilities, ",")
	binary := filepath.Join(publicDir(t), "otelcol-copywatch") // where any user may read it
	must(t, "cp", collector, binary)
	config := filepath.Join(filepath.Dir(binary), "config.yaml")
	must(t, "cp", "../../deploy/package/config.yaml", config)
	require.NoError(t, os.Chmod(config, 0o644))
	cmd := exec.Command("unshare", "--mount", "sh", "-c", `mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec "$@"`, logs,
		setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs",
		"--inh-caps="+set, "--ambient-caps="+set, "--bounding-set="+set, binary, "--config="+config)
	cmd.Env = append(os.Environ(), "COPYWATCH_FILES="+logs)
	sensor, err := testprocess.Start(cmd, filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	t.Cleanup(func() {
		code, err := sensor.Stop()
		require.NoError(t, err)
		require.Zero(t, code, sensor.Output())
	})
	require.NoError(t, sensor.Says("Everything is ready."))

	address := listen(t)
	self, err := os.Executable()
	require.NoError(t, err)
	for name, mode := range map[string]os.FileMode{"open": 0o755, "closed": 0o700} { // to the collector's user
		dir := publicDir(t)
		require.NoError(t, os.Chmod(dir, mode))
		renamed := filepath.Join(dir, name+"-"+filepath.Base(logs)) // a name that no other test has
		must(t, "cp", curl, renamed)
		upload := testprocess.Serve(t, filepath.Join(logs, name), renamed, "--silent", "--upload-file", "/etc/hostname", "http://"+address+"/")
		found := awaitCopy(t, logs, filepath.Base(renamed))
		upload.Kill()
		require.Equal(t, "curl", found[schema.Tool], name)
		require.Equal(t, "curl", found[schema.ExecutableOriginalName], name)
		require.Equal(t, self, found[schema.ParentExecutable], "of a process that was there before, which CAP_SYS_PTRACE shows")
	}
}

// listen returns an address where nobody answers, so that an upload lasts until it is ended.
func listen(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

// publicDir is a directory that every user may search.
func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "copywatch-packaging-")
	require.NoError(t, err)
	t.Cleanup(func() { removeTree(t, dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}
