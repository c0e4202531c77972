//go:build linux

package e2e

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/copywatch/copywatch/internal/schema"
)

// spawn starts a program at once and with nothing added, in the way of the
// tests that start very many, and waits for its end.
func spawn(t *testing.T, path string, argv, env []string, dir string) (pid int) {
	t.Helper()
	pid, err := syscall.ForkExec(path, argv, &syscall.ProcAttr{Dir: dir, Env: env, Files: nullFiles(t)})
	if err != nil {
		t.Fatalf("%s: %v", clip(strconv.Quote(path)), err)
	}
	reap(t, pid)
	return pid
}

func reap(t *testing.T, pid int) {
	t.Helper()
	for {
		_, err := syscall.Wait4(pid, nil, 0, nil)
		if err == nil {
			return
		}
		if err != syscall.EINTR {
			t.Fatal(err)
		}
	}
}

var null *os.File

func nullFiles(t *testing.T) []uintptr {
	t.Helper()
	if null == nil {
		null = open(t, os.DevNull, os.O_RDWR)
	}
	return []uintptr{null.Fd(), null.Fd(), 2}
}

// tinySource is a program that does nothing but end.
const tinySource = `
void _start(void)
{
#if defined(__x86_64__)
	__asm__ volatile("syscall" : : "a"(231), "D"(0));
#elif defined(__aarch64__)
	__asm__ volatile("mov x8, #94\n mov x0, #0\n svc #0");
#endif
	for (;;)
		;
}
`

// tiny returns the shortest-lived program that can be had: one without a C library, or else /bin/true.
func tiny(t *testing.T) string {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		return "/bin/true"
	}
	dir := publicDir(t)
	source := filepath.Join(dir, "tiny.c")
	if err := os.WriteFile(source, []byte(tinySource), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(gcc, "-static", "-nostdlib", "-O2", "-o", dir+"/tiny", source).CombinedOutput()
	if err != nil {
		t.Logf("/bin/true is used; gcc: %v\n%s", err, out)
		return "/bin/true"
	}
	return dir + "/tiny"
}

// Processes that are gone before anybody could look at them: none is lost and
// none is there twice, in the file, at the OTLP receiver and at that of Splunk.
func TestShortLivedProcesses(t *testing.T) {
	const count = 1000
	s := watch(t)
	path, marker := tiny(t), newMarker(t)
	env := []string{markerVariable + "=" + marker}
	pids := map[string]int{}
	begin := time.Now()
	for i := range count {
		serial := strconv.Itoa(i)
		pids[serial] = spawn(t, path, []string{path, serial}, env, "")
	}
	t.Logf("%d processes of %s, %v each from fork to wait", count, filepath.Base(path), time.Since(begin)/count)
	s.requireDelivered(t)
	for name, o := range map[string]*output{"file": s.file, "OTLP": s.otlp, "Splunk HEC": s.hec} {
		t.Run(name, func(t *testing.T) { requireSerials(t, o, marker, pids) })
	}
}

// requireSerials wants one exec for each serial number in argv[1], of the process that had it, and one exit for each.
func requireSerials(t *testing.T, o *output, marker string, pids map[string]int) {
	t.Helper()
	records, err := o.read()
	if err != nil {
		t.Fatal(err)
	}
	left := maps.Clone(pids)
	running := map[string]bool{} // entity ids without an exit
	for _, r := range records {
		if !r.isExec() || r.text(schema.EnvironmentPrefix+markerVariable) != marker {
			continue
		}
		args := r.texts(schema.CommandArgs)
		if len(args) < 2 {
			t.Fatalf("arguments are %q", args)
		}
		if pid, ok := left[args[1]]; !ok || int64(pid) != r.number(schema.PID) {
			t.Errorf("%s is there twice, or by pid %d and not %d", args[1], r.number(schema.PID), pids[args[1]])
		}
		delete(left, args[1])
		running[r.text(schema.EntityID)] = true
	}
	if len(left) > 0 {
		t.Errorf("%d execs are not there: %s", len(left), clip(strings.Join(slices.Sorted(maps.Keys(left)), ", ")))
	}
	if len(running) != len(pids) {
		t.Errorf("%d processes have %d entity ids", len(pids), len(running))
	}
	for _, r := range records {
		if r.isExit() {
			delete(running, r.text(schema.EntityID))
		}
	}
	if len(running) > 0 {
		t.Errorf("%d exits are not there", len(running))
	}
}

// Many programs with as many arguments as a record holds come to more bytes
// than a receiver takes at once: they must be handed on in pieces, or whoever
// starts them hides what else is in the batch.
func TestBurstOfLongArguments(t *testing.T) {
	const count = 400
	s := watch(t)
	path, marker := tiny(t), newMarker(t)
	padding := strings.Repeat("x", 100<<10)
	pids := map[string]int{}
	for i := range count {
		serial := strconv.Itoa(i)
		pids[serial] = spawn(t, path, []string{path, serial, padding}, []string{markerVariable + "=" + marker}, "")
	}
	s.requireDelivered(t)
	requireSerials(t, s.otlp, marker, pids)
	requireSerials(t, s.hec, marker, pids)
}
