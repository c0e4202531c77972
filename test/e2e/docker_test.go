//go:build linux

package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// docker is a daemon of the test's own, without a network.
type docker struct{ client, host string }

func startDocker(t *testing.T) docker {
	t.Helper()
	client := testhost.NeedCommand(t, "docker", "docker.io")
	dockerd := testhost.NeedCommand(t, "dockerd", "docker.io")
	dir := publicDir(t)
	d := docker{client: client, host: "unix://" + dir + "/docker.sock"}
	removeCgroups(t)
	daemon := testprocess.Serve(t, dir+"/log", dockerd,
		"--host="+d.host, "--data-root="+dir+"/data", "--exec-root="+dir+"/exec", "--pidfile="+dir+"/pid",
		"--exec-opt=native.cgroupdriver=cgroupfs", "--cgroup-parent="+dockerCgroup,
		"--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false")
	answers := testprocess.Await(func() bool { return d.command("info").Run() == nil || !daemon.Alive() })
	if !answers || !daemon.Alive() {
		t.Skipf("optional: dockerd does not run here: %s", lastLine(daemon.Output()))
	}
	return d
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func (d docker) command(args ...string) *exec.Cmd {
	return exec.Command(d.client, append([]string{"--host", d.host}, args...)...)
}

func (d docker) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := d.command(args...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %q: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// What Docker itself sets up is recognised: the container, its user, and a program that its image did not have.
func TestDocker(t *testing.T) {
	s := watch(t)
	d := startDocker(t)
	importBox(t, d)

	marker := newMarker(t)
	id := d.must(t, "run", "--detach", "--network=none", "--user=1000:1000", "--interactive", "--env", markerVariable+"="+marker,
		"box", "/bin/sh", "-c", "cp /bin/busybox /tmp/busybox-dropped; /tmp/busybox-dropped true; cat")
	execs := s.awaitExecs(t, marker, 3)
	for _, r := range execs {
		title := r.text(schema.Title)
		got := r.fields()
		for field, value := range map[string]any{
			resourcePrefix + schema.ContainerID:      id,
			resourcePrefix + schema.ContainerRuntime: "docker",
			schema.UserName:                          "carol",
			schema.UserID:                            int64(1000),
		} {
			if got[field] != value {
				t.Errorf("%s of %s is %v, and should be %v", field, title, got[field], value)
			}
		}
		wantUpper := title == comm("busybox-dropped") && d.must(t, "info", "--format", "{{.Driver}}") == "overlay2"
		if upper, _ := got[schema.ExecutableUpperLayer].(bool); upper != wantUpper {
			t.Errorf("upper_layer of %s is %v, and should be %v", title, upper, wantUpper)
		}
	}
	d.must(t, "rm", "--force", id)
	s.requireOneResourceEach(t)
}

// importBox makes the image box, in which user 1000 is carol.
func importBox(t *testing.T, d docker) {
	t.Helper()
	image := publicDir(t)
	makeImage(t, image, "carol")
	archive := filepath.Join(publicDir(t), "image.tar")
	if out, err := exec.Command("tar", "-C", image, "-cf", archive, ".").CombinedOutput(); err != nil {
		t.Fatalf("tar: %v\n%s", err, out)
	}
	d.must(t, "import", archive, "box")
}
