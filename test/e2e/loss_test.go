//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// While the collector stands still the kernel's buffer fills, and what no
// longer fits is lost. How much that was is reported, to the last event, and
// of the programs that the sensor is for nothing is lost.
func TestLossIsReported(t *testing.T) {
	const count, copies = 400, 5
	needHost(t)
	binary := needCollector(t)
	dir := publicDir(t)
	events := &output{path: filepath.Join(dir, "events.json")}
	collector, err := startCollector(binary, "testdata/loss.yaml", filepath.Join(dir, "log"), append(os.Environ(), "E2E_FILE="+events.path))
	if err != nil {
		t.Fatal(err)
	}
	marker, padding := newMarker(t), strings.Repeat("x", 8000)
	before := time.Now()
	signal(t, collector, syscall.SIGSTOP)
	for range count {
		spawn(t, "/bin/true", []string{"true", padding}, []string{markerVariable + "=" + marker}, "")
	}
	scp := filepath.Join(dir, "scp")
	copyFile(t, "/bin/true", scp)
	for range copies {
		spawn(t, scp, []string{"scp", padding}, []string{markerVariable + "=" + marker}, "")
	}
	signal(t, collector, syscall.SIGCONT)

	var recorded int
	var losses []record
	testprocess.Await(func() bool {
		recorded, losses = countLosses(t, events, marker)
		return len(losses) > 0
	})
	if err := stopCleanly(collector); err != nil {
		t.Error(err)
	}
	recorded, losses = countLosses(t, events, marker)
	if n := countCopies(t, events, marker); n != copies {
		t.Errorf("of %d executions of scp in the flood %d are recorded", copies, n)
	}
	lost := int64(0)
	for _, r := range losses {
		lost += r.number(schema.LostEvents)
		requireRecord(t, r, expectLoss(t, before, r.number(schema.LostEvents)))
	}
	// Other programs of the host may be among the lost.
	if recorded == 0 || lost == 0 || int64(recorded)+lost < count {
		t.Errorf("of %d execs %d are recorded and %d reported as lost", count, recorded, lost)
	}
}

func signal(t *testing.T, d *testprocess.Daemon, s os.Signal) {
	t.Helper()
	if err := d.Cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

func countLosses(t *testing.T, o *output, marker string) (recorded int, losses []record) {
	t.Helper()
	records, err := o.read()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		switch {
		case r.EventName() == schema.EventLoss:
			losses = append(losses, r)
		case r.EventName() == schema.EventExec && r.text(schema.EnvironmentPrefix+markerVariable) == marker:
			recorded++
		}
	}
	return recorded, losses
}

func countCopies(t *testing.T, o *output, marker string) (copies int) {
	t.Helper()
	records, err := o.read()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.text(schema.ExecutableName) == "scp" && r.text(schema.EnvironmentPrefix+markerVariable) == marker {
			copies++
		}
	}
	return copies
}

func expectLoss(t *testing.T, before time.Time, events int64) want {
	t.Helper()
	now := time.Now()
	return expectHost(t).with(want{
		fieldEventName:      schema.EventLoss,
		schema.EventAction:  schema.ActionLoss,
		fieldSeverityNumber: 13,
		fieldSeverityText:   "WARN",
		fieldTimestamp:      between(before, now),
		fieldObserved:       between(before, now),
		fieldBody:           like(`.*lost.*ring_buffer_full.*`),
		schema.LostEvents:   events,
		schema.LostReason:   "ring_buffer_full",
		schema.LostSince:    between(before.Add(-time.Second), now),
	})
}
