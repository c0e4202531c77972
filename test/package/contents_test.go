//go:build linux

package packaging

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

// What a package installs, with mode and owner. Other files that it may have
// are below /usr/share/copywatch, readable by all.
var installed = map[string]string{
	"/etc/copywatch":                             "drwxr-xr-x root/root",
	"/etc/copywatch/config.yaml":                 "-rw-r--r-- root/root",
	"/etc/copywatch/environment":                 "-rw-r----- root/copywatch",
	"/usr/bin/otelcol-copywatch":                 "-rwxr-xr-x root/root",
	"/usr/lib/systemd/system/copywatch.service":  "-rw-r--r-- root/root",
	"/usr/share/copywatch/config/local.yaml":     "-rw-r--r-- root/root",
	"/usr/share/doc/copywatch/copyright":         "-rw-r--r-- root/root",
	"/usr/share/doc/copywatch/LICENSE":           "-rw-r--r-- root/root",
	"/usr/share/doc/copywatch/NOTICES.gz":        "-rw-r--r-- root/root",
	"/usr/share/man/man1/otelcol-copywatch.1.gz": "-rw-r--r-- root/root",
	"/var/lib/copywatch":                         "drwxr-x--- copywatch/copywatch",
	"/var/log/copywatch":                         "drwxr-x--- copywatch/copywatch",
}

var configurations = []string{"/etc/copywatch/config.yaml", "/etc/copywatch/environment"}

func TestDebContents(t *testing.T) {
	testhost.WantCommand(t, "dpkg-deb", "dpkg")
	deb := pack(t, stage(t), newVersion, "deb")

	found := map[string]string{}
	for line := range strings.Lines(must(t, "dpkg-deb", "--contents", deb)) {
		fields := strings.Fields(line)
		found[strings.TrimSuffix(strings.TrimPrefix(fields[5], "."), "/")] = fields[0] + " " + fields[1]
	}
	requireInstalled(t, found)
	control := t.TempDir()
	must(t, "dpkg-deb", "--control", deb, control)
	conffiles, err := os.ReadFile(filepath.Join(control, "conffiles"))
	require.NoError(t, err)
	require.ElementsMatch(t, configurations, strings.Fields(string(conffiles)))
	require.Equal(t, newVersion+"-1", must(t, "dpkg-deb", "--field", deb, "Version"))
	require.Equal(t, "passwd", must(t, "dpkg-deb", "--field", deb, "Pre-Depends"), "preinst adds a user")
}

func TestRPMContents(t *testing.T) {
	testhost.WantCommand(t, "rpm", "rpm")
	rpm := pack(t, stage(t), newVersion, "rpm")

	found := map[string]string{}
	query := "[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME}\n]"
	for line := range strings.Lines(must(t, "rpm", "-qp", "--queryformat", query, rpm)) {
		fields := strings.Fields(line)
		found[fields[0]] = fields[1] + " " + fields[2]
	}
	requireInstalled(t, found)
	flags := must(t, "rpm", "-qp", "--queryformat", "[%{FILENAMES} %{FILEFLAGS:fflags}\n]", rpm)
	for _, name := range configurations {
		require.Contains(t, flags, name+" cn", "a configuration file that an upgrade does not replace")
	}
	scripts := must(t, "rpm", "-qp", "--scripts", rpm)
	for _, kind := range []string{"preinstall", "postinstall", "preuninstall", "postuninstall"} {
		require.Contains(t, scripts, kind+" scriptlet (using /bin/sh)")
	}
}

// The same files make the same packages, whenever they are laid out.
func TestReproducible(t *testing.T) {
	needTime(t)
	one, other := stage(t), stage(t)
	for _, format := range []string{"deb", "rpm"} {
		require.Equal(t, sum(t, pack(t, one, newVersion, format)), sum(t, pack(t, other, newVersion, format)), format)
	}
}

// requireInstalled wants the list above, and nothing that it does not allow.
func requireInstalled(t *testing.T, found map[string]string) {
	t.Helper()
	for name, want := range installed {
		require.Equal(t, want, found[name], name)
	}
	shared := regexp.MustCompile(`^(drwxr-xr-x|-rw-r--r--) root/root$`)
	for name, mode := range found {
		if _, ok := installed[name]; ok || isParent(name) {
			continue
		}
		require.True(t, strings.HasPrefix(name, "/usr/share/copywatch"), "%s is not expected", name)
		require.Regexp(t, shared, mode, name)
	}
	files, err := filepath.Glob("../../config/*.yaml")
	require.NoError(t, err)
	for _, file := range files {
		base := filepath.Base(file)
		_, packaged := found["/usr/share/copywatch/config/"+base]
		require.Equal(t, base != "demo.yaml", packaged, "%s (the demonstration needs the recordings of the repository)", base)
	}
}

// isParent says that a directory is above one of the installed files.
func isParent(name string) bool {
	for file := range installed {
		if strings.HasPrefix(file, name+"/") {
			return true
		}
	}
	return name == ""
}

func sum(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	return fmt.Sprintf("%x", sha256.Sum256(content))
}
