//go:build linux

package packaging

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// cgroupOfEngine is below which the tests' engines place containers.
const cgroupOfEngine = "/copywatch-packaging-engine"

// engine is a container engine's command, with the options that lead it to a
// state of the test's own.
type engine []string

func (e engine) command(args ...string) *exec.Cmd {
	return exec.Command(e[0], slices.Concat(e[1:], args)...)
}

// startDocker starts a daemon without a network.
func startDocker(t *testing.T) engine {
	t.Helper()
	client := testhost.WantCommand(t, "docker", "docker.io")
	dockerd := testhost.WantCommand(t, "dockerd", "docker.io")
	dir := publicDir(t)
	d := engine{client, "--host=unix://" + dir + "/docker.sock"}
	t.Cleanup(func() { removeCgroups(t) })
	t.Cleanup(func() { _ = unix.Unmount(dir+"/exec/netns/default", unix.MNT_DETACH) }) // where a container was on the host's network
	daemon := testprocess.Serve(t, dir+"/log", dockerd,
		"--host=unix://"+dir+"/docker.sock", "--data-root="+dir+"/data", "--exec-root="+dir+"/exec", "--pidfile="+dir+"/pid",
		"--exec-opt=native.cgroupdriver=cgroupfs", "--cgroup-parent="+cgroupOfEngine,
		"--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false")
	answers := testprocess.Await(func() bool { return d.command("info").Run() == nil || !daemon.Alive() })
	if !answers || !daemon.Alive() {
		t.Skipf("optional: dockerd does not run here: %s", daemon.Output())
	}
	return d
}

// podman has no daemon.
func podman(t *testing.T) engine {
	t.Helper()
	dir := publicDir(t)
	t.Cleanup(func() { removeCgroups(t) })
	e := engine{testhost.WantCommand(t, "podman", "podman"), "--root=" + dir + "/root", "--runroot=" + dir + "/run", "--tmpdir=" + dir + "/tmp",
		"--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=file"}
	if out, err := e.command("info").CombinedOutput(); err != nil {
		t.Skipf("optional: podman does not run here: %s", out)
	}
	return e
}

// removeCgroups removes what an engine leaves in each hierarchy of cgroups.
func removeCgroups(t *testing.T) {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mounts")
	require.NoError(t, err)
	for line := range strings.Lines(string(mounts)) {
		if fields := strings.Fields(line); strings.HasPrefix(fields[2], "cgroup") {
			_ = os.Remove(fields[1] + cgroupOfEngine) // it need not be in all
		}
	}
}
