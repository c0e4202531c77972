//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// process is a running sensor: the process that was started and all that it started.
type process struct {
	cmd  *exec.Cmd
	dir  string // has its output in the files stdout and stderr
	done chan struct{}
	// beside is what it sends to, nil for none.
	beside *process
}

// startProcess runs cmd on one CPU, with a timer slack other than the default unless that is 0.
func startProcess(cpu int, slack time.Duration, cmd *exec.Cmd, dir string) (*process, error) {
	stdout, err := os.Create(filepath.Join(dir, "stdout"))
	if err != nil {
		return nil, err
	}
	defer stdout.Close()
	stderr, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		return nil, err
	}
	defer stderr.Close()
	cmd.Stdout, cmd.Stderr, cmd.Env = stdout, stderr, append(cmd.Environ(), "OUT="+dir)
	if slack > 0 { // the child inherits that of the thread that forks it; main keeps its thread
		if err := unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack), 0, 0, 0); err != nil {
			return nil, fmt.Errorf("set the timer slack: %w", err)
		}
		defer unix.Prctl(unix.PR_SET_TIMERSLACK, 0, 0, 0, 0)
	}
	if err := startOn(cpu, cmd); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	p := &process{cmd: cmd, dir: dir, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended is told by diedError or not of interest
		close(p.done)
	}()
	return p, nil
}

func (p *process) died() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// diedError is for a process that ended too early.
func (p *process) diedError() error {
	return fmt.Errorf("it ended by itself: %v: %s", p.cmd.ProcessState, lastWords(p.dir))
}

// lastWords is the end of what a sensor wrote to stderr, on one line.
func lastWords(dir string) []byte {
	text, _ := os.ReadFile(filepath.Join(dir, "stderr")) // none: it said nothing
	const most = 400
	text = bytes.TrimSpace(text)
	text = text[max(0, len(text)-most):]
	return bytes.ReplaceAll(text, []byte("\n"), []byte("; "))
}

// stop asks the process to end, and makes it end if it does not; and then what is beside it.
func (p *process) stop() error {
	if p == nil {
		return nil
	}
	return errors.Join(p.stopItself(), p.beside.stop())
}

func (p *process) stopItself() error {
	group := -p.cmd.Process.Pid
	_ = unix.Kill(group, unix.SIGINT) // fails where it has ended already
	select {
	case <-p.done:
	case <-time.After(15 * time.Second):
		_ = unix.Kill(group, unix.SIGKILL)
		<-p.done
		return errors.New("it did not end within 15 s of SIGINT and was killed")
	}
	_ = unix.Kill(group, unix.SIGKILL) // what it may have left running
	return nil
}

// awaitIdle returns when the process has dealt with what it was sent: its CPU
// use stays low for longer than it may wait to fill a batch. It says how much of
// that use was for the waiting and not for what was sent: as much as in the last part.
func (p *process) awaitIdle(ctx context.Context) (waiting time.Duration, err error) {
	const interval, enough, most = 250 * time.Millisecond, 4, 80
	idle, last := 0, time.Duration(0)
	for i := 0; i < most && idle < enough; i++ {
		before := p.cpuTime()
		if err := pause(ctx, interval); err != nil {
			return 0, err
		}
		last = p.cpuTime() - before
		idle++
		if last > interval/10 {
			idle = 0
		}
	}
	return last * time.Duration(idle), nil
}

// cpuTime is what the process and its descendants have used so far. It is 0 for no process.
func (p *process) cpuTime() time.Duration {
	sum := time.Duration(0)
	for _, pid := range p.tree() {
		sum += processTime(pid)
	}
	return sum
}

// partTime is the CPU time of all that is part of a measurement: of the process, and of what is beside it.
func (p *process) partTime() time.Duration {
	if p == nil {
		return 0
	}
	return p.cpuTime() + p.beside.cpuTime()
}

// processTime reads the CPU clock of a process: the scheduler's run time in ns
// of all its threads, those that have ended included. The clock's number is
// made as clock_getcpuclockid(3) does.
func processTime(pid int) time.Duration {
	const cpuclockSched = 2
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|cpuclockSched), &t); err != nil {
		return 0 // it has just ended
	}
	return time.Duration(t.Nano())
}

// forgetMaxRSS makes the memory that each process of the tree has resident now the most that it had (proc_pid_clear_refs(5)).
func (p *process) forgetMaxRSS() {
	for _, pid := range p.tree() {
		_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0) // fails where it has just ended
	}
}

// maxRSS is the most memory that each process of the tree had resident, in bytes, since forgetMaxRSS.
func (p *process) maxRSS() uint64 {
	sum := uint64(0)
	for _, pid := range p.tree() {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // none: it has just ended
		sum += parseKiB(status, "VmHWM:")
	}
	return sum
}

// parseKiB reads a size from /proc/PID/status, in bytes.
func parseKiB(status []byte, key string) uint64 {
	_, after, _ := bytes.Cut(status, []byte("\n"+key))
	number, _, ok := bytes.Cut(bytes.TrimLeft(after, " \t"), []byte(" kB"))
	kib, err := strconv.ParseUint(string(number), 10, 64)
	if !ok || err != nil {
		return 0
	}
	return kib << 10
}

// tree lists the process and its descendants.
func (p *process) tree() []int {
	if p == nil {
		return nil
	}
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		stat, _ := os.ReadFile(path)
		if pid, parent, ok := parseParent(stat); ok {
			children[parent] = append(children[parent], pid)
		}
	}
	tree := []int{p.cmd.Process.Pid}
	for i := 0; i < len(tree); i++ {
		tree = append(tree, children[tree[i]]...)
	}
	return tree
}

// parseParent reads pid and parent from /proc/PID/stat, where a name in parentheses may contain anything.
func parseParent(stat []byte) (pid, parent int, ok bool) {
	open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if open < 0 || end < open {
		return 0, 0, false
	}
	pid, err1 := strconv.Atoi(string(bytes.TrimSpace(stat[:open])))
	fields := bytes.Fields(stat[end+1:])
	if len(fields) < 2 {
		return 0, 0, false
	}
	parent, err2 := strconv.Atoi(string(fields[1]))
	return pid, parent, err1 == nil && err2 == nil
}
