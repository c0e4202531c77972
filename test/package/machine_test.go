//go:build linux

package packaging

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// machine is a Debian in namespaces of its own, with its systemd as the first
// process. The kernel is the host's, so that the probe in it is a real one.
type machine struct {
	root   string // its root directory, as the host sees it
	cgroup string
	init   int // its first process, as the host counts
	daemon *testprocess.Daemon
}

// makeDebian installs a small Debian of the host's release from the host's sources.
func makeDebian(t *testing.T, packages ...string) string {
	t.Helper()
	mmdebstrap := testhost.WantCommand(t, "mmdebstrap", "mmdebstrap")
	release, err := os.ReadFile("/etc/os-release")
	require.NoError(t, err)
	codename := regexp.MustCompile(`(?m)^VERSION_CODENAME=(\w+)$`).FindSubmatch(release)
	if codename == nil {
		t.Skip("optional: needs a Debian whose release has a name")
	}
	root := filepath.Join(t.TempDir(), "root")
	packages = append(packages, "systemd", "passwd", "init-system-helpers")
	args := append([]string{"--mode=root", "--variant=essential", "--format=directory", "--include=" + strings.Join(packages, ","),
		string(codename[1]), root}, aptSources(t, string(codename[1]))...)
	cmd := exec.Command(mmdebstrap, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("optional: mmdebstrap does not work here: %v\n%s", err, out)
	}
	t.Cleanup(func() { removeTree(t, root) })
	return root
}

// aptSources are the files of /etc/apt that name a release.
func aptSources(t *testing.T, codename string) (files []string) {
	t.Helper()
	suite := regexp.MustCompile(`\s` + codename + `(\s|$)`)
	for _, pattern := range []string{"/etc/apt/sources.list", "/etc/apt/sources.list.d/*.list", "/etc/apt/sources.list.d/*.sources"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range found {
			if content, err := os.ReadFile(file); err == nil && suite.Match(content) {
				files = append(files, file)
			}
		}
	}
	if len(files) == 0 {
		t.Skipf("optional: no file of /etc/apt names %s", codename)
	}
	return files
}

// removeTree does what t.TempDir does, but says what is in the way.
func removeTree(t *testing.T, root string) {
	if err := os.RemoveAll(root); err != nil {
		t.Error(err)
	}
}

// boot starts systemd with a directory as its root, until the test ends.
func boot(t *testing.T, root string) *machine {
	t.Helper()
	m := &machine{root: root, cgroup: filepath.Join(cgroupRoot(t), fmt.Sprintf("copywatch-packaging-%d", os.Getpid()))}
	require.NoError(t, os.Mkdir(m.cgroup, 0o755))
	t.Cleanup(func() { m.removeCgroups(t) })
	script := fromRoot(t, "test/package/testdata/boot.sh")
	// The cgroup is entered before its namespace is made: it is the machine's root.
	cmd := exec.Command("sh", "-c", `echo $$ > "$0/cgroup.procs" && exec unshare --pid --fork --kill-child --mount --cgroup --uts --ipc --net "$@"`,
		m.cgroup, "sh", script, root)
	var err error
	m.daemon, err = testprocess.Start(cmd, filepath.Join(t.TempDir(), "boot.log"))
	require.NoError(t, err)
	t.Cleanup(m.daemon.Kill)
	up := testprocess.Await(func() bool {
		m.init = firstProcess(m.cgroup + "/init.scope")
		if m.init == 0 {
			return !m.daemon.Alive()
		}
		state, _ := m.command("systemctl", "is-system-running").Output()
		return slices.Contains([]string{"running", "degraded"}, strings.TrimSpace(string(state)))
	})
	if !up || !m.daemon.Alive() {
		t.Skipf("optional: systemd does not run in a namespace here: %s", m.daemon.Output())
	}
	return m
}

// cgroupRoot is where the second version of cgroups is mounted.
func cgroupRoot(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"} {
		var stat unix.Statfs_t
		if unix.Statfs(dir, &stat) == nil && stat.Type == unix.CGROUP2_SUPER_MAGIC {
			return dir
		}
	}
	t.Skip("optional: needs cgroups of version 2")
	return ""
}

func firstProcess(cgroup string) int {
	content, _ := os.ReadFile(cgroup + "/cgroup.procs")
	first, _, _ := bytes.Cut(content, []byte("\n"))
	pid, _ := strconv.Atoi(string(first)) // 0 before systemd has made it
	return pid
}

// removeCgroups waits until the machine's processes are gone, and removes what systemd made for them.
func (m *machine) removeCgroups(t *testing.T) {
	removed := testprocess.Await(func() bool {
		var dirs []string
		_ = filepath.WalkDir(m.cgroup, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				dirs = append(dirs, path)
			}
			return nil
		})
		for _, dir := range slices.Backward(dirs) { // those below first
			_ = os.Remove(dir)
		}
		return len(dirs) == 0
	})
	if !removed {
		t.Errorf("%s is still there", m.cgroup)
	}
}

// command is a program that runs in the machine.
func (m *machine) command(args ...string) *exec.Cmd {
	enter := []string{"--target", strconv.Itoa(m.init), "--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup", "--root", "--wd"}
	cmd := exec.Command("nsenter", append(append(enter, "--"), args...)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"}
	return cmd
}

func (m *machine) must(t *testing.T, args ...string) string {
	t.Helper()
	return mustRun(t, m.command(args...))
}

// says is what a program prints, whether it succeeds or not.
func (m *machine) says(args ...string) string {
	out, _ := m.command(args...).Output()
	return strings.TrimSpace(string(out))
}

// put copies a file of the host into the machine.
func (m *machine) put(t *testing.T, from, to string, mode fs.FileMode) {
	t.Helper()
	content, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(m.root, to), content, mode))
}

// read is a file of the machine.
func (m *machine) read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(m.root, name))
	require.NoError(t, err)
	return string(content)
}

// state is whether the service runs, and whether it is started at boot.
func (m *machine) state() string {
	return m.says("systemctl", "is-active", "copywatch") + " " + m.says("systemctl", "is-enabled", "copywatch")
}

// mainPID is the collector, as the machine counts.
func (m *machine) mainPID() string {
	return m.says("systemctl", "show", "--property=MainPID", "--value", "copywatch")
}

// requireReady waits until the collector that runs now says so.
func (m *machine) requireReady(t *testing.T) {
	t.Helper()
	ready := testprocess.Await(func() bool {
		return strings.Contains(m.says("journalctl", "--unit=copywatch", "--output=cat", "_PID="+m.mainPID()), "Everything is ready.")
	})
	require.True(t, ready, m.says("journalctl", "--unit=copywatch", "--output=cat", "--lines=20"))
}
