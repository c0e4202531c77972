//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// The collector is killed while programs are executed all the time, and comes
// back after five seconds. Whatever ran before, between and after is delivered
// or counted, and nothing comes twice.
func TestKilledCollector(t *testing.T) {
	needHost(t)
	collector, peer := needCollector(t), needPeer(t)
	for name, test := range map[string]struct {
		buffer string
		fits   bool // all that runs while there is no collector
	}{
		"with the default buffer":    {"8388608", true},
		"with one that is too small": {"262144", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPinned(t, collector, peer, test.buffer)
			load := startLoad(t)
			time.Sleep(2 * time.Second)
			signal(t, p.collector, syscall.SIGKILL)
			<-p.collector.Ended
			time.Sleep(5 * time.Second)
			p.start(t, "after.log")
			time.Sleep(2 * time.Second)
			count := load.stop()
			p.stop(t)
			p.require(t, load.marker, count, test.fits)
		})
	}
}

// A collector that is stopped in order leaves nothing to doubt.
func TestRestartedCollector(t *testing.T) {
	needHost(t)
	p := startPinned(t, needCollector(t), needPeer(t), "8388608")
	load := startLoad(t)
	time.Sleep(time.Second)
	if err := stopCleanly(p.collector); err != nil {
		t.Error(err)
	}
	time.Sleep(500 * time.Millisecond)
	p.start(t, "after.log")
	time.Sleep(500 * time.Millisecond)
	count := load.stop()
	p.stop(t)
	if lost := p.require(t, load.marker, count, true); len(lost) > 0 {
		t.Errorf("%v is reported as lost", lost)
	}
}

// pinned is a collector whose probe is pinned, and the peer that it sends to.
type pinned struct {
	dir, binary     string
	env             []string
	collector, peer *testprocess.Daemon
	arrived         *output
}

func startPinned(t *testing.T, collector, peer, buffer string) *pinned {
	t.Helper()
	dir := publicDir(t)
	fs := filepath.Join(dir, "bpf")
	if err := os.Mkdir(fs, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("bpf", fs, "bpf", 0, ""); err != nil {
		t.Skipf("needs a BPF file system: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(fs, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	addresses, err := testprocess.FreeAddresses(2)
	if err != nil {
		t.Fatal(err)
	}
	p := &pinned{dir: dir, binary: collector, arrived: &output{path: filepath.Join(dir, "otlp.json")}}
	p.env = append(os.Environ(), "E2E_OTLP="+addresses[0], "E2E_HEC="+addresses[1],
		"E2E_PIN="+fs+"/copywatch", "E2E_BUFFER="+buffer,
		"E2E_OTLP_FILE="+p.arrived.path, "E2E_HEC_FILE="+filepath.Join(dir, "hec.json"))
	if p.peer, err = startCollector(peer, "testdata/peer.yaml", filepath.Join(dir, "peer.log"), p.env); err != nil {
		t.Fatal(err)
	}
	p.start(t, "before.log")
	return p
}

func (p *pinned) start(t *testing.T, log string) {
	t.Helper()
	var err error
	p.collector, err = startCollector(p.binary, "testdata/pinned.yaml", filepath.Join(p.dir, log), p.env)
	if err != nil {
		t.Fatal(err)
	}
}

func (p *pinned) stop(t *testing.T) {
	t.Helper()
	for _, d := range []*testprocess.Daemon{p.collector, p.peer} {
		if err := stopCleanly(d); err != nil {
			t.Error(err)
		}
	}
}

// require wants each program of the load once, or as many reported as lost as
// are missing. It returns how many were reported, by reason.
func (p *pinned) require(t *testing.T, marker string, count int, fits bool) map[string]int64 {
	t.Helper()
	records, err := p.arrived.read()
	if err != nil {
		t.Fatal(err)
	}
	times, lost, allLost := map[string]int{}, map[string]int64{}, int64(0)
	for _, r := range records {
		switch {
		case r.EventName() == schema.EventLoss:
			lost[r.text(schema.LostReason)] += r.number(schema.LostEvents)
			allLost += r.number(schema.LostEvents)
		case r.text(schema.EnvironmentPrefix+markerVariable) == marker:
			times[r.texts(schema.CommandArgs)[1]]++
		}
	}
	for serial, n := range times {
		if n > 1 {
			t.Errorf("%s is there %d times", serial, n)
		}
	}
	missing := int64(count - len(times))
	t.Logf("of %d execs %d arrived; reported as lost: %v", count, len(times), lost)
	if missing > allLost {
		t.Errorf("of %d execs %d are missing, and %d reported as lost", count, missing, allLost)
	}
	if fits != (lost[schema.ReasonRingBufferFull] == 0) {
		t.Errorf("%d events are reported to have found the buffer full", lost[schema.ReasonRingBufferFull])
	}
	return lost
}

// load executes programs with rising numbers as arguments, a few hundred each second.
type load struct {
	marker string
	end    chan struct{}
	count  chan int
}

func startLoad(t *testing.T) *load {
	t.Helper()
	l := &load{marker: newMarker(t), end: make(chan struct{}), count: make(chan int, 1)}
	path, files := tiny(t), nullFiles(t)
	attr := &syscall.ProcAttr{Env: []string{markerVariable + "=" + l.marker}, Files: files}
	go func() {
		for n := 0; ; n++ {
			select {
			case <-l.end:
				l.count <- n
				return
			case <-time.After(2 * time.Millisecond):
			}
			pid, err := syscall.ForkExec(path, []string{path, strconv.Itoa(n)}, attr)
			if err == nil {
				_, err = syscall.Wait4(pid, nil, 0, nil)
			}
			if err != nil {
				t.Errorf("execute program %d: %v", n, err)
			}
		}
	}()
	return l
}

// stop ends the load and returns how many programs were executed.
func (l *load) stop() int {
	close(l.end)
	return <-l.count
}
