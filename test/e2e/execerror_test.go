//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// With exec_errors an execve that fails is recorded with what was asked for.
func TestExecErrors(t *testing.T) {
	needHost(t)
	binary := needCollector(t)
	dir := publicDir(t)
	events := &output{path: filepath.Join(dir, "events.json")}
	collector, err := startCollector(binary, "testdata/exec-errors.yaml", filepath.Join(dir, "log"), append(os.Environ(), "E2E_FILE="+events.path))
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "scp")
	writeLines(t, plain, "not executable")
	for path, want := range map[string]string{filepath.Join(dir, "nothing"): "ENOENT", plain: "EACCES", dir: "EACCES"} {
		args := []string{"the tool", "--password=abc", "", path}
		_, err := syscall.ForkExec(path, args, &syscall.ProcAttr{Env: []string{}, Files: nullFiles(t), Dir: "/usr/lib"})
		if err == nil {
			t.Fatalf("%s was executed", path)
		}
		var found []record
		testprocess.Await(func() bool {
			records, err := events.read()
			if err != nil {
				t.Fatal(err)
			}
			found = nil
			for _, r := range records {
				if r.EventName() == schema.EventExecError && r.text(schema.ExecutableRequestedPath) == path {
					found = append(found, r)
				}
			}
			return len(found) > 0
		})
		if len(found) != 1 {
			t.Fatalf("there are %d records of the execve of %s, and should be 1", len(found), path)
		}
		r := found[0]
		self, _ := os.Executable()
		for name, want := range map[string]string{
			schema.ErrorType:        want,
			schema.EventAction:      schema.ActionExecError,
			schema.WorkingDirectory: "/usr/lib",
			schema.ExecutablePath:   self, // what goes on running
			schema.Command:          "the tool",
			schema.CommandLine:      "'the tool' '--password=***' '' " + path,
		} {
			if got := r.text(name); got != want {
				t.Errorf("%s: %s is %q, and should be %q", path, name, got, want)
			}
		}
		if got := r.number(schema.ParentPID); got != int64(os.Getpid()) {
			t.Errorf("%s is %d, and should be %d", schema.ParentPID, got, os.Getpid())
		}
	}
	if err := stopCleanly(collector); err != nil {
		t.Error(err)
	}
}
