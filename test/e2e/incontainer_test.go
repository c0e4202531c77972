//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// The collector in a container of its own, with three capabilities and no
// others, sees the host and the other containers as it does from outside.
func TestCollectorInAContainer(t *testing.T) {
	needHost(t)
	box := newCollectorBox(t, needCollector(t))
	sensor := box.start(t)

	scp := testhost.NeedCommand(t, "scp", "openssh-client")
	renamed := filepath.Join(box.dir, "renamed")
	copyFile(t, scp, renamed)
	mustChmod(t, renamed, 0o755)
	marker := newMarker(t)
	spawn(t, renamed, []string{"x"}, []string{markerVariable + "=" + marker}, "")
	other := newContainer(t, "carol")
	runc := other.start(t, marker, "true | cat", nil)
	runc.wait(t)
	for name, fields := range map[string]map[string]string{
		"renamed": {
			schema.ExecutablePath: renamed, schema.ExecutableOriginalName: "scp", schema.Tool: "scp", schema.UserName: currentUser(t),
			schema.ParentName: filepath.Base(mustExecutable(t)), schema.ParentExecutable: mustExecutable(t),
		},
		"busybox": {schema.UserID: "1000", schema.ParentName: "busybox", resourcePrefix + schema.ContainerID: other.id},
	} {
		r, ok := box.find(t, marker, name, fields[schema.ParentName])
		if !ok {
			t.Errorf("there is no record of %s:\n%s", name, clip(sensor.Output()))
			continue
		}
		for field, want := range fields {
			if got := fmt.Sprint(r.fields()[field]); got != want {
				t.Errorf("%s: %s is %s, and should be %s", name, field, got, want)
			}
		}
	}

	// It is killed and replaced by another, which misses nothing of what runs in between.
	box.kill(t)
	<-sensor.Ended
	between := newMarker(t)
	spawn(t, renamed, []string{"x"}, []string{markerVariable + "=" + between}, "")
	sensor = box.start(t)
	if _, ok := box.find(t, between, "renamed", ""); !ok {
		t.Errorf("what ran while there was no collector is not in the file:\n%s", clip(sensor.Output()))
	}
	box.kill(t)
}

// collectorBox is a container for the collector, with what it needs of the host mounted.
type collectorBox struct {
	container
	dir    string
	config object
	starts int
	events *output // of the collector that was started last: what is killed may leave half a line
}

func newCollectorBox(t *testing.T, collector string) *collectorBox {
	t.Helper()
	b := &collectorBox{container: newContainer(t, "nobody"), dir: publicDir(t)}
	fs, out := mustMkdir(t, b.dir+"/bpf"), mustMkdir(t, b.dir+"/out")
	if err := unix.Mount("bpf", fs, "bpf", 0, ""); err != nil {
		t.Skipf("needs a BPF file system: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(fs, unix.MNT_DETACH) })
	config, err := filepath.Abs("testdata/container.yaml")
	if err != nil {
		t.Fatal(err)
	}
	bind := func(from, to string, options ...string) object {
		return object{"type": "bind", "source": from, "destination": to, "options": append(options, "rbind")}
	}
	capabilities := []string{"CAP_BPF", "CAP_PERFMON", "CAP_SYS_PTRACE"}
	b.config = object{
		"ociVersion": "1.0.2",
		"process": object{
			"user": object{"uid": 0, "gid": 0}, "cwd": "/", "noNewPrivileges": true,
			"args": []string{"/otelcol", "--config=/config.yaml"},
			"capabilities": object{
				"bounding": capabilities, "effective": capabilities, "permitted": capabilities, "inheritable": []string{}, "ambient": []string{},
			},
		},
		"root":     object{"path": b.root(), "readonly": true},
		"hostname": "sensor",
		"mounts": []object{
			{"destination": "/proc", "type": "proc", "source": "proc"},
			{"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": []string{"ro"}},
			bind("/proc", "/host/proc", "ro"), bind("/", "/host/root", "ro"),
			bind(fs, "/bpf"), bind(out, "/out"), bind(collector, "/otelcol", "ro"), bind(config, "/config.yaml", "ro"),
		},
		"linux": object{ // the pid namespace is the host's
			"cgroupsPath": dockerCgroup + "/" + b.id,
			"namespaces":  []object{{"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}},
		},
	}
	for _, file := range []string{"/otelcol", "/config.yaml"} { // where files are mounted there must be some
		writeLines(t, b.root()+file)
	}
	for _, dir := range []string{"/sys", "/host", "/host/proc", "/host/root", "/bpf", "/out"} {
		mustMkdir(t, b.root()+dir)
	}
	t.Cleanup(func() { _ = exec.Command(b.runc, "--root", b.state, "delete", "--force", "box").Run() })
	return b
}

// start returns when the collector in the container is ready.
func (b *collectorBox) start(t *testing.T) *testprocess.Daemon {
	t.Helper()
	b.starts++
	name := fmt.Sprintf("/events%d.json", b.starts)
	b.events = &output{path: b.dir + "/out" + name}
	b.config["process"].(object)["env"] = []string{"PATH=/bin", "E2E_FILE=/out" + name}
	content, err := json.Marshal(b.config)
	if err != nil {
		t.Fatal(err)
	}
	writeLines(t, b.bundle+"/config.json", string(content))
	d, err := testprocess.Start(exec.Command(b.runc, "--root", b.state, "run", "--bundle", b.bundle, "box"), fmt.Sprintf("%s/log%d", b.dir, b.starts))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Says(ready); err != nil {
		t.Fatal(err)
	}
	return d
}

// kill ends it with SIGKILL.
func (b *collectorBox) kill(t *testing.T) {
	t.Helper()
	if out, err := exec.Command(b.runc, "--root", b.state, "delete", "--force", "box").CombinedOutput(); err != nil {
		t.Fatalf("runc delete: %v\n%s", err, out)
	}
}

// find waits for the record of a program that ran with a marker, below a parent unless that does not matter.
func (b *collectorBox) find(t *testing.T, marker, name, parent string) (found record, ok bool) {
	t.Helper()
	testprocess.Await(func() bool {
		records, err := b.events.read()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if r.isExec() && r.text(schema.EnvironmentPrefix+markerVariable) == marker && r.text(schema.ExecutableName) == name &&
				(parent == "" || r.text(schema.ParentName) == parent) {
				found, ok = r, true
			}
		}
		return ok
	})
	return found, ok
}

func mustExecutable(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
