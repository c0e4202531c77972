//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
)

// Where a process is placed says which container and pod it belongs to. The
// names are those that the runtimes give to cgroups.
func TestCgroup(t *testing.T) {
	s := watch(t)
	const (
		id  = "4f8a1c3e5b7d9f0a2c4e6b8d0f1a3c5e7b9d1f2a4c6e8b0d2f3a5c7e9b1d3f5a"
		uid = "0b4c2f1e-9a6d-4c38-8f5b-1d2e3f4a5b6c"
	)
	container := func(runtime string) want {
		return want{resourcePrefix + schema.ContainerID: id, resourcePrefix + schema.ContainerRuntime: runtime}
	}
	for name, test := range map[string]struct {
		cgroup string
		want   want
	}{
		"a service":  {"system.slice/cron.service", want{}},
		"Docker":     {"system.slice/docker-" + id + ".scope", container("docker")},
		"Podman":     {"machine.slice/libpod-" + id + ".scope/container", container("podman")},
		"Kubernetes": {"kubepods/burstable/pod" + uid + "/" + id, container("").with(want{resourcePrefix + schema.K8sPodUID: uid, resourcePrefix + schema.ContainerRuntime: nil})},
		"Kubernetes under systemd": {
			"kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + strings.ReplaceAll(uid, "-", "_") + ".slice/cri-containerd-" + id + ".scope",
			container("containerd").with(want{resourcePrefix + schema.K8sPodUID: uid}),
		},
		"the monitor of a container": {"machine.slice/libpod-conmon-" + id + ".scope", want{}},
	} {
		t.Run(name, func(t *testing.T) {
			path := ownCgroup + "/" + test.cgroup
			p := command("/bin/true")
			p.sys = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(makeCgroup(t, path).Fd())}
			c := run(t, p).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c).with(test.want).with(want{
				schema.LinuxCgroup: like(`([^\n]+\n)?0::` + path),
			}))
		})
	}
}

// ownCgroup is below which the tests place their processes.
const ownCgroup = "/copywatch-e2e"

// removeCgroups removes at the test's end what container runtimes leave of it in each hierarchy.
func removeCgroups(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		for line := range strings.Lines(mustRead(t, "/proc/self/mounts")) {
			if fields := strings.Fields(line); strings.HasPrefix(fields[2], "cgroup") {
				_ = os.Remove(fields[1] + dockerCgroup) // it need not be in all
				_ = os.Remove(fields[1] + ownCgroup)
			}
		}
	})
}

// makeCgroup makes a cgroup of the unified hierarchy and opens it.
func makeCgroup(t *testing.T, path string) *os.File {
	t.Helper()
	root := unifiedHierarchy(t)
	if err := os.MkdirAll(root+path, 0o755); err != nil {
		t.Skipf("optional: needs a writable cgroup hierarchy: %v", err)
	}
	t.Cleanup(func() {
		for ; path != "/"; path = filepath.Dir(path) {
			if err := os.Remove(root + path); err != nil {
				t.Error(err)
			}
		}
	})
	return openFor(t, root+path, os.O_RDONLY|unix.O_DIRECTORY)
}

// unifiedHierarchy returns where cgroup v2 is mounted, which on a host with both versions is below the other.
func unifiedHierarchy(t *testing.T) string {
	t.Helper()
	for line := range strings.Lines(mustRead(t, "/proc/self/mounts")) {
		if fields := strings.Fields(line); fields[2] == "cgroup2" {
			return fields[1]
		}
	}
	t.Skip("optional: needs cgroup v2")
	return ""
}

// A hierarchy of version 1 without a controller places processes too: of systemd's own there is one on hosts with both versions.
func TestNamedHierarchy(t *testing.T) {
	s := watch(t)
	root := namedHierarchy(t)
	id := strings.Repeat("0d", 32)
	path := ownCgroup + "/docker/" + id
	if err := os.MkdirAll(root+path, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for ; path != "/"; path = filepath.Dir(path) {
			if err := os.Remove(root + path); err != nil {
				t.Error(err)
			}
		}
	})
	// In every other hierarchy it goes to the root.
	script := "echo $$ > " + root + path + "/cgroup.procs"
	for line := range strings.Lines(mustRead(t, "/proc/self/mounts")) {
		if fields := strings.Fields(line); fields[2] == "cgroup" && fields[1] != root {
			script += "; echo $$ > " + fields[1] + "/cgroup.procs"
		}
	}
	c := run(t, command("/bin/sh", "-c", script+"; exec /bin/true")).succeeds(t)
	execs := s.execs(t, c)
	last := execs[len(execs)-1]
	if got := last.fields()[resourcePrefix+schema.ContainerID]; got != id {
		t.Errorf("%s is %v, and should be %s; the cgroups are %q", schema.ContainerID, got, id, last.text(schema.LinuxCgroup))
	}
	if got := last.text(schema.LinuxCgroup); !strings.Contains(got, "name=copywatch:"+path+"\n") {
		t.Errorf("%s is %q", schema.LinuxCgroup, got)
	}
}

// namedHierarchy mounts one for the test.
func namedHierarchy(t *testing.T) string {
	t.Helper()
	dir := publicDir(t)
	if err := unix.Mount("cgroup", dir, "cgroup", 0, "none,name=copywatch"); err != nil {
		t.Skipf("optional: needs cgroup v1: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, 0) })
	return dir
}
