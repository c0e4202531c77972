//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// container is one that runc runs on an overlay, as Docker would set it up,
// from a busybox that the test brings along.
type container struct {
	id, bundle, state string
	runc              string
}

func newContainer(t *testing.T, user string) container {
	t.Helper()
	c := container{
		id:     fmt.Sprintf("%016x%016x%016x%016x", rand.Uint64(), rand.Uint64(), rand.Uint64(), rand.Uint64()),
		runc:   testhost.NeedCommand(t, "runc", "runc"),
		bundle: publicDir(t),
	}
	c.state = mustMkdir(t, c.bundle+"/state")
	image := mustMkdir(t, c.bundle+"/image")
	makeImage(t, image, user)
	mustMkdir(t, c.bundle+"/upper")
	mustMkdir(t, c.bundle+"/work")
	mustMkdir(t, c.root())
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s/upper,workdir=%s/work", image, c.bundle, c.bundle)
	if err := unix.Mount("overlay", c.root(), "overlay", 0, options); err != nil {
		t.Skipf("optional: needs overlay file systems: %v", err)
	}
	removeCgroups(t)
	t.Cleanup(func() {
		if err := unix.Unmount(c.root(), 0); err != nil {
			t.Error(err)
		}
	})
	return c
}

// dockerCgroup is where containers are placed: below the name that Docker uses, in a place of the tests' own.
const dockerCgroup = ownCgroup + "/docker"

func (c container) root() string { return c.bundle + "/root" }

// makeImage makes a root file system in which user 1000 has the given name.
func makeImage(t *testing.T, dir, user string) {
	t.Helper()
	busybox := testhost.NeedCommand(t, "busybox", "busybox-static")
	for _, name := range []string{"bin", "etc", "proc", "tmp", "dev"} {
		mustMkdir(t, filepath.Join(dir, name))
	}
	mustChmod(t, dir+"/tmp", 0o777)
	copyFile(t, busybox, dir+"/bin/busybox")
	for _, applet := range []string{"sh", "cat", "true"} {
		mustSymlink(t, "busybox", dir+"/bin/"+applet)
	}
	writeLines(t, dir+"/etc/passwd", "root:x:0:0:root:/:/bin/sh", user+":x:1000:1000::/:/bin/sh")
}

// object is one of JSON.
type object = map[string]any

// start runs a shell script in the container as user 1000, and returns runc.
func (c container) start(t *testing.T, marker, script string, stdin *os.File) *child {
	t.Helper()
	config := object{
		"ociVersion": "1.0.2",
		"process": object{
			"user": object{"uid": 1000, "gid": 1000}, "cwd": "/tmp", "noNewPrivileges": true,
			"args": []string{"/bin/sh", "-c", script},
			"env":  []string{"PATH=/bin", markerVariable + "=" + marker},
		},
		"root":     object{"path": c.root()},
		"hostname": "box",
		"mounts":   []object{{"destination": "/proc", "type": "proc", "source": "proc"}},
		"linux": object{
			"cgroupsPath": dockerCgroup + "/" + c.id,
			"namespaces":  []object{{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}},
		},
	}
	content, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	writeLines(t, c.bundle+"/config.json", string(content))
	p := command(c.runc, "--root", c.state, "run", "--bundle", c.bundle, "--pid-file", c.bundle+"/pid", "box")
	p.stdin = stdin
	p.env = []string{"PATH=" + os.Getenv("PATH")}
	child := start(t, p)
	t.Cleanup(func() { _ = exec.Command(c.runc, "--root", c.state, "delete", "--force", "box").Run() })
	return child
}

// awaitExecs waits until n programs have run with a marker that the test did not start itself.
func (s *sensor) awaitExecs(t *testing.T, marker string, n int) []record {
	t.Helper()
	var found []record
	testprocess.Await(func() bool {
		found = nil
		records, err := s.file.read()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if r.isExec() && r.text(schema.EnvironmentPrefix+markerVariable) == marker {
				found = append(found, r)
			}
		}
		return len(found) >= n
	})
	if len(found) != n {
		t.Fatalf("there are %d execs with the marker, and should be %d; the collector's log:\n%s", len(found), n, clip(s.collector.Output()))
	}
	return found
}

// expectContained is for a program that user 1000 runs in the container below runc.
func (c container) expectContained(t *testing.T, runc *child, marker string, r record, user string, p program) want {
	t.Helper()
	started := *runc
	started.program = p
	started.marker = marker
	started.pid = int(r.number(schema.PID))
	started.after = r.ObservedTimestamp().AsTime()
	inRoot := started
	inRoot.path = c.root() + "/bin/busybox"
	w := expectExec(t, &inRoot).with(want{
		resourcePrefix + schema.ContainerID:      c.id,
		resourcePrefix + schema.ContainerRuntime: "docker",
		schema.LinuxCgroup:                       like(`(\d+:[a-z,]+:` + dockerCgroup + `/` + c.id + `\n)?0::/.*`),
		schema.ExecutablePath:                    "/bin/busybox",
		schema.ExecutableName:                    "busybox",
		schema.ExecutableRequestedPath:           p.path,
		schema.Title:                             comm(filepath.Base(p.path)),
		schema.WorkingDirectory:                  "/tmp",
		schema.StdinType:                         "pipe", // runc's own, as is the output
		schema.StdoutType:                        "pipe",
		schema.Interactive:                       false,
		schema.TTY:                               nil,
		schema.VPID:                              1,
		schema.GroupLeaderPID:                    started.pid,
		schema.SessionLeaderPID:                  started.pid,
	})
	for _, field := range []string{schema.UserName, schema.RealUserName, schema.SavedUserName} {
		w[field] = user
	}
	for _, field := range []string{
		schema.UserID, schema.RealUserID, schema.SavedUserID, schema.GroupID, schema.RealGroupID, schema.SavedGroupID,
	} {
		w[field] = 1000
	}
	return w
}

// below changes what is wanted to be of a child of a process that is recorded.
func below(w want, parent record) want {
	names, pids := parent.texts(schema.AncestorNames), []int{int(parent.number(schema.PID))}
	above, _ := parent.Attributes().Get(schema.AncestorPIDs)
	for _, pid := range above.Slice().All() {
		pids = append(pids, int(pid.Int()))
	}
	names = append([]string{parent.text(schema.ExecutableName)}, names...)
	return w.with(want{
		schema.ParentPID:         int(parent.number(schema.PID)),
		schema.ParentProcessPID:  int(parent.number(schema.PID)),
		schema.ParentEntityID:    parent.text(schema.EntityID),
		schema.ParentName:        parent.text(schema.ExecutableName),
		schema.ParentExecutable:  parent.text(schema.ExecutablePath),
		schema.ParentCommandLine: parent.text(schema.CommandLine),
		schema.AncestorNames:     names[:min(len(names), 16)],
		schema.AncestorPIDs:      pids[:min(len(pids), 16)],
	})
}

// A container's process is told by its cgroup, seen with the paths and users of
// its own root, and a program that was not in its image is told from those that were.
func TestContainer(t *testing.T) {
	s := watch(t)
	c := newContainer(t, "alice")
	marker := newMarker(t)
	reader, writer := pipe(t)
	script := "cp /bin/busybox /tmp/busybox-dropped; /tmp/busybox-dropped true; /bin/cat; :"
	runc := c.start(t, marker, script, reader)
	execs := s.awaitExecs(t, marker, 3) // cp is a part of this shell and no program
	shell := findByTitle(t, execs, "sh")
	if got, want := fmt.Sprint(shell.number(schema.PID)), mustRead(t, c.bundle+"/pid"); got != want {
		t.Errorf("the container's first process has pid %s, and to runc %s", got, want)
	}
	runcRecord := s.exec(t, runc)
	w := c.expectContained(t, runc, marker, shell, "alice", command("/bin/sh", "-c", script))
	requireRecord(t, shell, below(w, runcRecord))

	cat := findByTitle(t, execs, "cat")
	w = c.expectContained(t, runc, marker, cat, "alice", command("/bin/cat")).with(want{
		schema.VPID:             above(1),
		schema.GroupLeaderPID:   int(shell.number(schema.PID)),
		schema.SessionLeaderPID: int(shell.number(schema.PID)),
	})
	requireRecord(t, cat, below(w, shell))

	dropped := findByTitle(t, execs, comm("busybox-dropped"))
	w = c.expectContained(t, runc, marker, dropped, "alice", command("/tmp/busybox-dropped", "true")).
		with(expectInode(t, c.root()+"/tmp/busybox-dropped")).with(want{
		schema.ExecutablePath:          "/tmp/busybox-dropped",
		schema.ExecutableName:          "busybox-dropped",
		schema.ExecutableRequestedPath: nil,
		schema.ExecutableUpperLayer:    true,
		schema.ExecutableWritable:      true, // by its owner, who runs it
		schema.VPID:                    above(1),
		schema.GroupLeaderPID:          int(shell.number(schema.PID)),
		schema.SessionLeaderPID:        int(shell.number(schema.PID)),
	})
	requireRecord(t, dropped, below(w, shell))

	writer.Close()
	runc.wait(t)
	runc.succeeds(t)
	exits := s.exits(t, shell)
	if len(exits) != 1 {
		t.Fatalf("there are %d exits of the container's shell, and should be 1", len(exits))
	}
	if id := exits[0].fields()[resourcePrefix+schema.ContainerID]; id != c.id {
		t.Errorf("the exit is of the container %v, and should be of %s", id, c.id)
	}
	s.requireOneResourceEach(t)
}

func findByTitle(t *testing.T, records []record, title string) record {
	t.Helper()
	i := slices.IndexFunc(records, func(r record) bool { return r.text(schema.Title) == title })
	if i < 0 {
		var titles []string
		for _, r := range records {
			titles = append(titles, r.text(schema.Title))
		}
		t.Fatalf("%s is not among %s", title, strings.Join(titles, ", "))
	}
	return records[i]
}

// Two containers have two users 1000. The second gets, as the kernel does it,
// the number of the first one's mount namespace.
func TestUserOfEachContainer(t *testing.T) {
	s := watch(t)
	for _, user := range []string{"alice", "bob"} {
		t.Run(user, func(t *testing.T) {
			c := newContainer(t, user)
			marker := newMarker(t)
			reader, writer := pipe(t)
			runc := c.start(t, marker, "exec cat", reader)
			execs := s.awaitExecs(t, marker, 2)
			writer.Close()
			runc.wait(t)
			for _, r := range execs {
				if got := r.text(schema.UserName); got != user {
					t.Errorf("the user of %s is %q, and should be %q", r.Body().AsString(), got, user)
				}
			}
		})
	}
}
