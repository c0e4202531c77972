//go:build linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// program is what a test starts. Nothing is added to it but the marker.
type program struct {
	path   string   // as given to execve
	args   []string // argv, argv[0] included
	env    []string // beside the marker
	dir    string   // empty: the test's own
	stdin  *os.File // nil: /dev/null
	stdout *os.File // nil: /dev/null
	extra  *os.File // descriptor 3, where not nil
	sys    *syscall.SysProcAttr
}

// command is a program that is started as argv[0] says.
func command(args ...string) program { return program{path: args[0], args: args} }

// child is a program that was started.
type child struct {
	program
	marker        string
	pid           int
	before, after time.Time // of its start, as the test saw it
	ended         time.Time
	process       *os.Process
	state         *os.ProcessState
	stderr        string // file
}

// markerVariable is one of those that the sensor copies into the records.
const markerVariable = "COPYWATCH_E2E"

// noteVariable is another.
const noteVariable = "COPYWATCH_NOTE"

var markers atomic.Int64

// newMarker returns a text that no other program of any run of the tests has.
func newMarker(t *testing.T) string {
	return fmt.Sprintf("%s-%d-%d", t.Name(), os.Getpid(), markers.Add(1))
}

// start starts a program.
func start(t *testing.T, p program) *child {
	t.Helper()
	c := &child{program: p, marker: newMarker(t), stderr: filepath.Join(t.TempDir(), "stderr")}
	null := open(t, os.DevNull, os.O_RDWR)
	stderr := open(t, c.stderr, os.O_RDWR|os.O_CREATE)
	defer null.Close()
	defer stderr.Close()
	attr := &os.ProcAttr{
		Dir:   p.dir,
		Env:   append([]string{markerVariable + "=" + c.marker}, p.env...),
		Files: []*os.File{null, null, stderr},
		Sys:   p.sys,
	}
	if p.stdin != nil {
		attr.Files[0] = p.stdin
	}
	if p.stdout != nil {
		attr.Files[1] = p.stdout
	}
	if p.extra != nil {
		attr.Files = append(attr.Files, p.extra)
	}
	c.before = time.Now()
	process, err := os.StartProcess(p.path, p.args, attr)
	c.after = time.Now()
	if err != nil {
		t.Fatal(err)
	}
	c.process, c.pid = process, process.Pid
	t.Cleanup(func() {
		if c.state == nil {
			_ = process.Kill()
			_, _ = process.Wait()
		}
	})
	return c
}

// run starts a program and waits for its end.
func run(t *testing.T, p program) *child {
	t.Helper()
	c := start(t, p)
	c.wait(t)
	return c
}

func (c *child) wait(t *testing.T) {
	t.Helper()
	hung := time.AfterFunc(2*testprocess.Patience, func() { _ = c.process.Kill() })
	defer hung.Stop()
	state, err := c.process.Wait()
	if err != nil {
		t.Fatal(err)
	}
	c.state, c.ended = state, time.Now()
}

// succeeds wants the program to have ended with code 0.
func (c *child) succeeds(t *testing.T) *child {
	t.Helper()
	if !c.state.Success() {
		message, _ := os.ReadFile(c.stderr)
		t.Fatalf("%q: %v\n%s", c.args, c.state, clip(string(message)))
	}
	return c
}

func open(t *testing.T, path string, flag int) *os.File {
	t.Helper()
	file, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// settle returns when every record of what has happened so far is in the
// file: events leave the kernel in their order, so it starts a program and
// waits for that one's record. It starts another now and then, in case that
// what else runs on the host makes the sensor lose one.
func (s *sensor) settle(t *testing.T) []record {
	t.Helper()
	var all []record
	var started time.Time
	last := map[string]bool{}
	arrived := testprocess.Await(func() bool {
		if time.Since(started) > testprocess.Patience/10 {
			started = time.Now()
			last[run(t, command("/bin/true")).marker] = true
		}
		records, err := s.file.read()
		if err != nil {
			t.Fatal(err)
		}
		fresh := records[len(all):]
		all = records
		return slices.ContainsFunc(fresh, func(r record) bool {
			return last[r.text(schema.EnvironmentPrefix+markerVariable)]
		}) || !s.collector.Alive()
	})
	if !arrived || !s.collector.Alive() {
		t.Fatalf("the record of a program that has just run is not in the file; the collector's log:\n%s", s.collector.Output())
	}
	return all
}

// execs returns the records of all programs that ran with the child's marker:
// it hands its environment on to its own children.
func (s *sensor) execs(t *testing.T, c *child) []record {
	t.Helper()
	var found []record
	for _, r := range s.settle(t) {
		if r.isExec() && r.text(schema.EnvironmentPrefix+markerVariable) == c.marker {
			found = append(found, r)
		}
	}
	return found
}

// exec returns the record of the child's exec, of which there must be one.
func (s *sensor) exec(t *testing.T, c *child) record {
	t.Helper()
	var found []record
	for _, r := range s.execs(t, c) {
		if r.number(schema.PID) == int64(c.pid) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("there are %d records of the exec of %s, and should be 1; %d events are reported as lost",
			len(found), clip(fmt.Sprintf("%q", c.args)), s.lost())
	}
	return found[0]
}

// exits returns the records of the end of the process that an exec record is of.
func (s *sensor) exits(t *testing.T, exec record) []record {
	t.Helper()
	var found []record
	for _, r := range s.settle(t) {
		if r.isExit() && r.text(schema.EntityID) == exec.text(schema.EntityID) {
			found = append(found, r)
		}
	}
	return found
}
