//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
)

// A collector that is asked to end hands on what it has seen, from every
// buffer on the way.
func TestShutdownDrains(t *testing.T) {
	const count = 200
	needHost(t)
	binary := needCollector(t)
	dir := publicDir(t)
	events := &output{path: filepath.Join(dir, "events.json")}
	collector, err := startCollector(binary, "testdata/shutdown.yaml", filepath.Join(dir, "log"), append(os.Environ(), "E2E_FILE="+events.path))
	if err != nil {
		t.Fatal(err)
	}
	path, marker := tiny(t), newMarker(t)
	left := map[string]bool{}
	var pids []int
	for i := range count {
		serial := strconv.Itoa(i)
		pid, err := syscall.ForkExec(path, []string{path, serial}, &syscall.ProcAttr{
			Env: []string{markerVariable + "=" + marker}, Files: nullFiles(t),
		})
		if err != nil {
			t.Fatal(err)
		}
		left[serial] = true
		pids = append(pids, pid)
	}
	stopped := stopCleanly(collector)
	for _, pid := range pids {
		reap(t, pid)
	}
	if stopped != nil {
		t.Fatal(stopped)
	}
	records, err := events.read()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.text(schema.EnvironmentPrefix+markerVariable) != marker {
			continue
		}
		serial := r.texts(schema.CommandArgs)[1]
		if !left[serial] {
			t.Errorf("%s is there twice", serial)
		}
		delete(left, serial)
	}
	if len(left) > 0 {
		t.Errorf("%d of %d execs are not in the file", len(left), count)
	}
}
