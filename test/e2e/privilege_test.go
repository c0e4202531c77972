//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// The capabilities that the documentation names are enough, for a user who has no others.
func TestLeastPrivilege(t *testing.T) {
	needHost(t)
	required := []uintptr{unix.CAP_BPF, unix.CAP_PERFMON}
	for name, test := range map[string]struct {
		capabilities []uintptr
		parentKnown  bool // this program ran before the collector, as another user
	}{
		"the two that it needs":            {required, false},
		"and one to read other processes'": {append(required, unix.CAP_SYS_PTRACE), true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := publicDir(t)
			config := filepath.Join(dir, "config.yaml")
			copyFile(t, "testdata/loss.yaml", config)
			events := &output{path: filepath.Join(dir, "events.json")}
			if err := os.Chown(dir, nobody, nobody); err != nil {
				t.Fatal(err)
			}
			d := startUnprivileged(t, config, test.capabilities...)
			if err := d.Says(ready); err != nil {
				t.Fatal(err)
			}
			marker := newMarker(t)
			pid := spawn(t, "/bin/true", []string{"true"}, []string{markerVariable + "=" + marker}, "/usr/lib")
			var found *record
			testprocess.Await(func() bool {
				records, _ := events.read()
				for i := range records {
					if records[i].text(schema.EnvironmentPrefix+markerVariable) == marker {
						found = &records[i]
					}
				}
				return found != nil
			})
			if err := stopCleanly(d); err != nil {
				t.Error(err)
			}
			if found == nil {
				t.Fatalf("the exec is not in the file:\n%s", clip(d.Output()))
			}
			requireUnprivileged(t, *found, pid, test.parentKnown)
		})
	}
}

// requireUnprivileged wants what the kernel tells to be complete, and of the parent what may be read.
func requireUnprivileged(t *testing.T, r record, pid int, parentKnown bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		schema.ExecutableName:   "true",
		schema.WorkingDirectory: "/usr/lib",
		schema.UserName:         currentUser(t),
		schema.ParentName:       comm(filepath.Base(self)),
	} {
		if got := r.text(name); got != want {
			t.Errorf("%s is %q, and should be %q", name, got, want)
		}
	}
	if got := r.number(schema.PID); got != int64(pid) {
		t.Errorf("%s is %d, and should be %d", schema.PID, got, pid)
	}
	if path := r.text(schema.ParentExecutable); (path == self) != parentKnown {
		t.Errorf("%s is %q", schema.ParentExecutable, path)
	}
}
