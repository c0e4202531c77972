//go:build linux

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// enduranceVariable says how long these tests run: they want the machine for
// themselves, so that others must not run beside them.
const enduranceVariable = "COPYWATCH_ENDURANCE"

func endurance(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv(enduranceVariable)
	if text == "" {
		t.Skip("optional: needs the machine for itself, run make endurance")
	}
	length, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("%s: %v", enduranceVariable, err)
	}
	return length
}

// As many execs as one core can make, the sensor on another: every one of them
// is in the file, and the sensor's memory does not grow.
func TestSaturationOfOneCore(t *testing.T) {
	length := endurance(t)
	if runtime.NumCPU() < 2 {
		t.Skip("optional: needs two CPUs")
	}
	s := saturate(t, length, []string{"0"}, "1")
	t.Logf("%s", s)
	if s.recorded != s.executed || s.lost != 0 {
		t.Errorf("%s: should all be recorded", s)
	}
	s.memory.requireFlat(t)
}

// With the load on all cores the sensor need not keep up: what it loses it counts.
func TestSaturationOfAllCores(t *testing.T) {
	s := saturate(t, endurance(t), nil, "")
	t.Logf("%s", s)
	// Other programs of the host may be among the lost.
	if s.recorded+s.lost < s.executed || s.recorded+s.lost > s.executed+s.executed/100 {
		t.Errorf("%s: should be accounted for", s)
	}
	s.memory.requireFlat(t)
}

// saturation is what came of a load.
type saturation struct {
	executed, recorded, lost int
	seconds                  float64
	memory                   *memory
}

func (s *saturation) String() string {
	return fmt.Sprintf("%d execs in %.0f s (%.0f/s), %d recorded, %d reported as lost; memory %s",
		s.executed, s.seconds, float64(s.executed)/s.seconds, s.recorded, s.lost, s.memory)
}

// saturate makes execs on the CPUs given, all of them where none is, while a collector writes them to a file.
func saturate(t *testing.T, length time.Duration, loadCPUs []string, sensorCPU string) *saturation {
	t.Helper()
	needHost(t)
	generator, tiny := buildLoad(t)
	c := startEndurance(t, "file", sensorCPU)
	tag := fmt.Sprintf("cwload%dx%d", os.Getpid(), time.Now().UnixNano())
	args := []string{generator, "-n", strconv.Itoa(2 * max(1, len(loadCPUs))), "-d", fmt.Sprint(length.Seconds()), "-r", "0", "-c", "1", "-s", "16", "-t", tag, tiny}
	if loadCPUs != nil {
		args = append([]string{testhost.NeedCommand(t, "taskset", "util-linux"), "-c", strings.Join(loadCPUs, ",")}, args...)
	}
	out, err := exec.Command(args[0], args[1:]...).Output()
	if err != nil {
		t.Fatalf("run the load: %v", err)
	}
	var made struct {
		Execs   int
		Fails   int
		Seconds float64
	}
	if err := json.Unmarshal(out, &made); err != nil || made.Fails > 0 {
		t.Fatalf("the load said %q: %v", out, err)
	}
	s := &saturation{executed: made.Execs, seconds: made.Seconds, memory: c.memory}
	c.stop(t)
	s.recorded, s.lost = countTagged(t, c.file, tag)
	return s
}

// buildLoad compiles the load generator of the benchmark.
func buildLoad(t *testing.T) (generator, tiny string) {
	t.Helper()
	cc := testhost.NeedCommand(t, "gcc", "gcc")
	dir := t.TempDir()
	build := func(source string, flags ...string) string {
		target := filepath.Join(dir, strings.TrimSuffix(source, ".c"))
		out, err := exec.Command(cc, append([]string{"-O2", "-o", target, "../../bench/load/" + source}, flags...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("compile %s: %v\n%s", source, err, out)
		}
		return target
	}
	return build("execload.c"), build("tiny.c", "-static", "-nostdlib")
}

// countTagged counts the records of a load in a file that is too large to keep in memory, and the events reported as lost.
func countTagged(t *testing.T, path, tag string) (recorded, lost int) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	mark := []byte(`{"key":"sensor.lost_events","value":{"intValue":"`)
	list := []byte(`{"values":[{"stringValue":"`)
	lines := bufio.NewReaderSize(file, 16<<20)
	for {
		line, err := lines.ReadBytes('\n')
		for rest := line; ; {
			at := bytes.Index(rest, mark)
			if at < 0 {
				break
			}
			rest = rest[at+len(mark):]
			digits, _, _ := bytes.Cut(rest, []byte(`"`))
			n, _ := strconv.Atoi(string(digits))
			lost += n
		}
		recorded += countRecords(line, list, []byte(tag))
		if err != nil {
			return recorded, lost
		}
	}
}

// countRecords counts lists of arguments whose second begins with the tag.
func countRecords(line, list, tag []byte) (n int) {
	for {
		at := bytes.Index(line, list)
		if at < 0 {
			return n
		}
		line = line[at+len(list):]
		_, second, ok := bytes.Cut(line[:min(len(line), 4096)], []byte(`"},{"stringValue":"`))
		if ok && bytes.HasPrefix(second, tag) {
			n++
		}
	}
}

// A fork bomb in a cgroup that limits it: the sensor's memory stays bounded,
// and what it records and reports as lost is all that was executed.
func TestForkBomb(t *testing.T) {
	length := 10 * endurance(t)
	needHost(t)
	sh := testhost.NeedCommand(t, "dash", "dash")
	cgroup := limitedCgroup(t, 200)

	// Two probes that only count: one sees a little more than the collector, the other a little less.
	most := startCounter(t)
	c := startEndurance(t, "debug", "")
	least := startCounter(t)
	for end := time.Now().Add(length); time.Now().Before(end); {
		// Each runs a program and two of itself, as long as it is allowed to.
		bomb := exec.Command(sh, "-c", `echo $$ > "$0"; b() { /bin/true; b & b & wait; }; b`, cgroup+"/cgroup.procs")
		if err := bomb.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(min(10*time.Second, time.Until(end)))
		killAll(t, cgroup)
		_ = bomb.Wait()
	}
	lower := least.stop(t)
	time.Sleep(3 * time.Second) // the collector's loss interval may be running
	total := c.total(t)
	c.stop(t)
	upper := most.stop(t)
	t.Logf("%d execs (at most %d), %d recorded or reported as lost; memory %s", lower, upper, total, c.memory)
	if slack := uint64(c.lossRecords()); total < lower || total > upper+slack {
		t.Errorf("%d records and lost events should be from %d to %d", total, lower, upper+slack)
	}
	c.memory.requireFlat(t)
}

// limitedCgroup makes a cgroup in which so many processes may be.
func limitedCgroup(t *testing.T, pids int) string {
	t.Helper()
	for line := range strings.Lines(mustRead(t, "/proc/self/mounts")) {
		fields := strings.Fields(line)
		if fields[2] != "cgroup2" && !(fields[2] == "cgroup" && strings.Contains(","+fields[3]+",", ",pids,")) {
			continue
		}
		dir := fields[1] + "/copywatch-bomb"
		if err := os.MkdirAll(dir, 0o755); err != nil {
			continue
		}
		if os.WriteFile(dir+"/pids.max", []byte(strconv.Itoa(pids)), 0o644) != nil {
			_ = os.Remove(dir)
			continue
		}
		t.Cleanup(func() {
			killAll(t, dir)
			testprocess.Await(func() bool { return os.Remove(dir) == nil })
		})
		return dir
	}
	t.Skip("optional: needs a cgroup hierarchy with the pids controller")
	return ""
}

// killAll ends every process of a cgroup, of which new ones come while it does.
func killAll(t *testing.T, cgroup string) {
	t.Helper()
	empty := testprocess.Await(func() bool {
		content, _ := os.ReadFile(cgroup + "/cgroup.procs")
		for _, field := range strings.Fields(string(content)) {
			if pid, err := strconv.Atoi(field); err == nil {
				_ = unix.Kill(pid, unix.SIGKILL)
			}
		}
		return len(bytes.TrimSpace(content)) == 0
	})
	if !empty {
		t.Fatalf("processes are left in %s", cgroup)
	}
}

// enduring is a collector whose memory is watched.
type enduring struct {
	*testprocess.Daemon
	file, metrics string
	memory        *memory
	began         time.Time
}

func startEndurance(t *testing.T, exporter, cpu string) *enduring {
	t.Helper()
	dir := publicDir(t)
	e := &enduring{file: filepath.Join(dir, "events.json"), metrics: testprocess.FreePort(t), began: time.Now()}
	args := []string{needCollector(t), "--config", "testdata/endurance.yaml"}
	if cpu != "" {
		args = append([]string{testhost.NeedCommand(t, "taskset", "util-linux"), "-c", cpu}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "E2E_FILE="+e.file, "E2E_EXPORTER="+exporter, "E2E_METRICS="+e.metrics)
	var err error
	if e.Daemon, err = testprocess.Start(cmd, filepath.Join(dir, "log")); err != nil {
		t.Fatal(err)
	}
	if err := e.Says(ready); err != nil {
		t.Fatal(err)
	}
	e.memory = watchMemory(e.Cmd.Process.Pid)
	return e
}

func (e *enduring) stop(t *testing.T) {
	t.Helper()
	e.memory.end()
	if code, err := e.Daemon.Stop(); code != 0 || err != nil {
		t.Errorf("the collector ended with code %d: %v\n%s", code, err, clip(e.Output()))
	}
}

// total is how many records the receiver handed on, and how many events it reported as lost.
func (e *enduring) total(t *testing.T) uint64 {
	t.Helper()
	time.Sleep(10 * time.Second) // the receiver's loss_interval
	response, err := http.Get("http://127.0.0.1:" + e.metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	sum := 0.0
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "} ")
		if strings.HasPrefix(name, "otelcol_receiver_accepted_log_records{") || strings.HasPrefix(name, "otelcol_receiver_ebpf_exec_lost_events{") {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatalf("the metric %q: %v", lines.Text(), err)
			}
			sum += n
		}
	}
	return uint64(sum)
}

// lossRecords is how many of the records may be reports of losses: one for each reason in each interval.
func (e *enduring) lossRecords() int {
	return (int(time.Since(e.began)/(10*time.Second)) + 1) * int(bpf.LossReasons)
}

// counter counts execs beside the collector, by a probe of its own.
type counter struct {
	probe *bpf.Probe
	execs atomic.Uint64
	done  chan struct{}
}

func startCounter(t *testing.T) *counter {
	t.Helper()
	probe, err := bpf.Open(bpf.Options{ArgsLimit: bpf.MinArgsLimit, EnvLimit: -1})
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{probe: probe, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		var event bpf.Event
		for {
			switch err := probe.Read(&event, time.Second); {
			case err == nil && event.Kind == bpf.KindExec:
				c.execs.Add(1)
			case err != nil && !os.IsTimeout(err):
				return
			}
		}
	}()
	return c
}

// stop returns how many were read or lost.
func (c *counter) stop(t *testing.T) uint64 {
	t.Helper()
	if err := c.probe.Detach(); err != nil {
		t.Error(err)
	}
	<-c.done
	losses, err := c.probe.Losses()
	if err != nil {
		t.Error(err)
	}
	n := c.execs.Load()
	for _, lost := range losses {
		n += lost
	}
	if err := c.probe.Close(); err != nil {
		t.Error(err)
	}
	return n
}

// memory is what a process has resident, once a second.
type memory struct {
	kib     []int
	stopped chan struct{}
	ended   chan struct{}
}

func watchMemory(pid int) *memory {
	m := &memory{stopped: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(m.ended)
		for {
			select {
			case <-m.stopped:
				return
			case <-time.After(time.Second):
			}
			content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, after, _ := bytes.Cut(content, []byte("VmRSS:"))
			if fields := bytes.Fields(after); len(fields) > 0 {
				n, _ := strconv.Atoi(string(fields[0]))
				m.kib = append(m.kib, n)
			}
		}
	}()
	return m
}

func (m *memory) end() {
	close(m.stopped)
	<-m.ended
}

// halves are the highest values in the first half of the time, without its first seconds, and in the second.
func (m *memory) halves() (first, second int) {
	for i, n := range m.kib {
		if i < len(m.kib)/2 {
			first = max(first, n)
		} else {
			second = max(second, n)
		}
	}
	return first, second
}

func (m *memory) String() string {
	first, second := m.halves()
	return fmt.Sprintf("at most %d MiB in the first half and %d MiB in the second", first>>10, second>>10)
}

// requireFlat allows the garbage collector its moods.
func (m *memory) requireFlat(t *testing.T) {
	t.Helper()
	if first, second := m.halves(); second > first+first/10+4<<10 {
		t.Errorf("memory grows: %s", m)
	}
}
