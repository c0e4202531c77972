//go:build linux

package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// sensor is the collector under test and the peer that it sends to. One serves
// all tests; each finds its own records by the marker that it gives its programs.
type sensor struct {
	dir             string
	collector, peer *testprocess.Daemon
	file            *output // written by the collector under test
	otlp, hec       *output // written by the peer: what arrived there
}

var (
	theSensor    *sensor
	theSensorErr error
	startOnce    sync.Once
)

// watch returns the running sensor, which it starts for the first test that asks.
func watch(t *testing.T) *sensor {
	t.Helper()
	needHost(t)
	collector, peer := needCollector(t), needPeer(t)
	startOnce.Do(func() { theSensor, theSensorErr = startSensor(collector, peer) })
	if theSensorErr != nil {
		t.Fatalf("the sensor did not start: %v", theSensorErr)
	}
	return theSensor
}

func startSensor(collector, peer string) (*sensor, error) {
	dir, err := os.MkdirTemp("", "copywatch-e2e-")
	if err != nil {
		return nil, err
	}
	addresses, err := testprocess.FreeAddresses(2)
	if err != nil {
		return nil, err
	}
	s := &sensor{
		dir:  dir,
		file: &output{path: filepath.Join(dir, "events.json")},
		otlp: &output{path: filepath.Join(dir, "otlp.json")},
		hec:  &output{path: filepath.Join(dir, "hec.json")},
	}
	env := append(os.Environ(),
		"E2E_OTLP="+addresses[0], "E2E_HEC="+addresses[1],
		"E2E_FILE="+s.file.path, "E2E_OTLP_FILE="+s.otlp.path, "E2E_HEC_FILE="+s.hec.path)
	s.peer, err = startCollector(peer, "testdata/peer.yaml", filepath.Join(dir, "peer.log"), env)
	if err != nil {
		return nil, errors.Join(err, s.discard())
	}
	s.collector, err = startCollector(collector, "testdata/sensor.yaml", filepath.Join(dir, "collector.log"), env)
	if err != nil {
		return nil, errors.Join(err, s.discard())
	}
	return s, nil
}

// ready is what a collector logs when all its components have started.
const ready = "Everything is ready."

// startCollector starts a collector and waits until it is ready.
func startCollector(binary, config, log string, env []string) (*testprocess.Daemon, error) {
	cmd := exec.Command(binary, "--config", config)
	cmd.Env = env
	d, err := testprocess.Start(cmd, log)
	if err != nil {
		return nil, err
	}
	if err := d.Says(ready); err != nil {
		_, _ = d.Stop()
		return nil, err
	}
	return d, nil
}

// discard ends what was started when the rest could not be.
func (s *sensor) discard() error {
	var err error
	if s.peer != nil {
		_, err = s.peer.Stop()
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// stopSensor ends the sensor, if any test started it, and says what was wrong with its work as a whole.
func stopSensor() error {
	s := theSensor
	if s == nil {
		return nil
	}
	defer os.RemoveAll(s.dir)
	collectorErr := stopCleanly(s.collector) // first: it hands the last records to the peer
	peerErr := stopCleanly(s.peer)
	return errors.Join(collectorErr, peerErr, s.checkDelivery(), s.checkLosses())
}

// stopCleanly wants a collector to end with success and to have logged no error.
func stopCleanly(d *testprocess.Daemon) error {
	if !d.Alive() {
		return fmt.Errorf("%s ended before its time:\n%s", d.Cmd.Path, clip(d.Output()))
	}
	code, err := d.Stop()
	if err != nil {
		return err
	}
	var complaints []error
	if code != 0 {
		complaints = append(complaints, fmt.Errorf("%s ended with code %d", d.Cmd.Path, code))
	}
	for line := range strings.Lines(d.Output()) {
		if isComplaint(line) {
			complaints = append(complaints, fmt.Errorf("%s logged: %s", d.Cmd.Path, strings.TrimSpace(line)))
		}
	}
	return errors.Join(complaints...)
}

// isComplaint is true for a line of a collector's log that is an error, or that says that data is gone.
func isComplaint(line string) bool {
	return strings.Contains(line, "\terror\t") || strings.Contains(line, "panic:") ||
		strings.Contains(line, "Permanent error") || strings.Contains(line, "Dropping data")
}

// quietHost is more than the events of a run of the tests. With more,
// something else ran on the host, and may have run faster than is possible to record.
const quietHost = 50_000

// checkLosses wants no record that says that events were lost.
func (s *sensor) checkLosses() error {
	records, err := s.file.read()
	lost := s.lost()
	switch {
	case err != nil || lost == 0:
		return err
	case int64(len(records))+lost > quietHost:
		fmt.Fprintf(os.Stderr, "something else ran: %d events were lost, and %d recorded\n", lost, len(records))
		return nil
	default:
		return fmt.Errorf("%d events were lost, and %d recorded", lost, len(records))
	}
}

// lost is how many events the sensor has reported as lost.
func (s *sensor) lost() int64 {
	records, _ := s.file.read() // a file that cannot be read fails the test elsewhere
	lost := int64(0)
	for _, r := range records {
		if r.EventName() == schema.EventLoss {
			lost += r.number(schema.LostEvents)
		}
	}
	return lost
}

// needHost skips a test on a machine that cannot load the probe, and where the
// test would not see processes as the kernel does.
func needHost(t *testing.T) {
	t.Helper()
	testhost.NeedBPF(t)
	// The inode numbers of the initial namespaces are fixed (include/linux/proc_ns.h, enum init_ns_ino).
	for name, initial := range map[string]string{"pid": "4026531836", "cgroup": "4026531835"} {
		link, err := os.Readlink("/proc/self/ns/" + name)
		if err == nil && link != name+":["+initial+"]" {
			t.Skipf("needs the initial %s namespace, this is %s", name, link)
		}
	}
}

func needCollector(t *testing.T) string {
	t.Helper()
	return needBinary(t, "COPYWATCH_COLLECTOR", "../../dist/otelcol-copywatch")
}

func needPeer(t *testing.T) string {
	t.Helper()
	return needBinary(t, "COPYWATCH_PEER", "../../dist/otelcol-peer")
}

func needBinary(t *testing.T, variable, built string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		path = built
	}
	path, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Skipf("needs a collector, run make test: %v", err)
	}
	return path
}

// publicDir makes a directory that every user of the host may enter, unlike t.TempDir.
func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "copywatch-e2e-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir) // as the kernel will name it
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
