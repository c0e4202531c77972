//go:build linux

package packaging

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// makeImage makes the image by its recipe.
func makeImage(t *testing.T) string {
	t.Helper()
	needTime(t)
	collector := needCollector(t)
	if _, err := os.Stat("/etc/ssl/certs/ca-certificates.crt"); err != nil {
		t.Skipf("optional: needs the Debian package ca-certificates: %v", err)
	}
	archive := filepath.Join(t.TempDir(), "image.tar")
	notices := filepath.Join(t.TempDir(), "NOTICES")
	require.NoError(t, os.WriteFile(notices, []byte("notices\n"), 0o600))
	mustRun(t, withDate(exec.Command("sh", fromRoot(t, "deploy/image/image.sh"), collector, notices, runtime.GOARCH, newVersion, archive)))
	return archive
}

// skopeo, which podman takes images with, understands the archive in both of its forms.
func TestImageForms(t *testing.T) {
	skopeo := testhost.WantCommand(t, "skopeo", "skopeo")
	archive := makeImage(t)
	for _, form := range []string{"oci-archive", "docker-archive"} {
		copied := t.TempDir()
		must(t, skopeo, "--insecure-policy", "copy", form+":"+archive, "dir:"+copied) // verifies the digests
		var image struct {
			Architecture string
			Labels       map[string]string
		}
		require.NoError(t, json.Unmarshal([]byte(must(t, skopeo, "inspect", form+":"+archive)), &image))
		require.Equal(t, runtime.GOARCH, image.Architecture)
		require.Equal(t, newVersion, image.Labels["org.opencontainers.image.version"])
	}
}

// The options under which the image runs, as docs/install.md gives them.
var (
	runOptions = []string{"--rm", "--network=host", "--pid=host", "--read-only", "--security-opt=no-new-privileges",
		"--volume=/proc:/host/proc:ro", "--volume=/:/host/root:ro", "--cap-drop=ALL"}
	needed = []string{"--cap-add=BPF", "--cap-add=PERFMON", "--cap-add=SYS_PTRACE"}
	// Docker before version 23 does not know two of them; CAP_SYS_ADMIN stands for both.
	neededBefore = []string{"--cap-add=SYS_ADMIN", "--cap-add=SYS_PTRACE"}
)

func TestImageInDocker(t *testing.T) {
	archive := makeImage(t)
	needRoot(t)
	docker := startDocker(t)
	require.Contains(t, mustRun(t, docker.command("load", "--input", archive)), "copywatch:"+newVersion)
	options := needed
	if out, err := docker.command("create", "--network=none", "--cap-add=BPF", "copywatch:"+newVersion).CombinedOutput(); err != nil {
		require.Contains(t, string(out), "unknown capability")
		options = neededBefore
	}
	requireImageSees(t, docker, options)
}

func TestImageInPodman(t *testing.T) {
	archive := makeImage(t)
	needRoot(t)
	podman := podman(t)
	require.Contains(t, mustRun(t, podman.command("load", "--input", archive)), "copywatch:"+newVersion)
	// Its profile of system calls may be one that knows CAP_SYS_ADMIN only. It
	// raises limits unless it is told them, which a host in a sandbox refuses.
	requireImageSees(t, podman, slices.Concat(needed, []string{"--security-opt=seccomp=unconfined",
		"--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024", "--cgroup-parent=" + cgroupOfEngine}))
}

// requireImageSees runs the image, which sees a copy on the host with these
// capabilities, the host's processes, and nothing that it may write to.
func requireImageSees(t *testing.T, e engine, options []string) {
	t.Helper()
	curl := testhost.WantCommand(t, "curl", "curl")
	name := filepath.Base(publicDir(t)) // a name that no other test has
	run := e.command(slices.Concat([]string{"run", "--name=" + name}, runOptions, options, []string{"copywatch:" + newVersion})...)
	t.Cleanup(func() { _ = e.command("rm", "--force", name).Run() }) // it may be gone by itself
	container := testprocess.Serve(t, filepath.Join(t.TempDir(), "log"), run.Path, run.Args[1:]...)
	require.NoError(t, container.Says("Everything is ready."))

	renamed := filepath.Join(publicDir(t), name)
	must(t, "cp", curl, renamed)
	_ = exec.Command(renamed, "--silent", "--upload-file", "/etc/hostname", "http://127.0.0.1:1/").Run() // nobody answers
	var found map[string]any
	arrived := testprocess.Await(func() bool {
		var records []string
		for line := range strings.Lines(container.Output()) { // the collector's own messages are among them
			if strings.HasPrefix(line, "{") {
				records = append(records, line)
			}
		}
		found = findCopy(t, []byte(strings.Join(records, "")), name)
		return found != nil
	})
	require.True(t, arrived, container.Output())
	require.Equal(t, "curl", found[schema.ExecutableOriginalName], "its file was looked into, through the mounts")
	self, err := os.Executable()
	require.NoError(t, err)
	require.Equal(t, self, found[schema.ParentExecutable])
}
