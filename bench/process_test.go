//go:build linux

package main

import (
	"os"
	"testing"
	"time"
)

func TestParseParent(t *testing.T) {
	tests := []struct {
		name, stat  string
		pid, parent int
		ok          bool
	}{
		{"usual", "17 (bash) S 3 17 17 0", 17, 3, true},
		{"a name with parentheses and spaces", "17 (a) R 9 (b) c) S 3 17", 17, 3, true},
		{"cut off", "17 (bash) S", 0, 0, false},
		{"gone", "", 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pid, parent, ok := parseParent([]byte(tt.stat))
			if pid != tt.pid || parent != tt.parent || ok != tt.ok {
				t.Errorf("got %d, %d, %v", pid, parent, ok)
			}
		})
	}
}

func TestExecThreads(t *testing.T) {
	tests := map[string]bool{
		"14 (ksoftirqd/0) S 2 0":         true,
		"15 (rcu_preempt) I 2 0":         true,
		"30 (kauditd) S 2 0":             true,
		"40 (kworker/0:2-events) I 2 0":  false,
		"41 (my rcu) S 2 0":              false,
		"77 (kdamond.0) S 2 0 ksoftirqd": false,
	}
	for stat, want := range tests {
		if got := isExecThread([]byte(stat)); got != want {
			t.Errorf("%s: got %v", stat, got)
		}
	}
}

func TestParseKiB(t *testing.T) {
	const status = "Name:\tx\nVmHWM:\t   2048 kB\nVmRSS:\t 1 kB\n"
	if got := parseKiB([]byte(status), "VmHWM:"); got != 2<<20 {
		t.Errorf("got %d", got)
	}
	if got := parseKiB([]byte(status), "VmRSS:"); got != 1<<10 {
		t.Errorf("got %d", got)
	}
	if got := parseKiB([]byte("Name:\tkthread\n"), "VmHWM:"); got != 0 {
		t.Errorf("no memory of its own: got %d", got)
	}
}

func TestProcessTimeOfItself(t *testing.T) {
	before := processTime(os.Getpid())
	for start := time.Now(); time.Since(start) < 20*time.Millisecond; {
	}
	if used := processTime(os.Getpid()) - before; used <= 0 || used > 10*time.Second {
		t.Errorf("20 ms of work took %v of CPU time", used)
	}
}

func TestProcessTimeOfNoProcess(t *testing.T) {
	if got := processTime(1 << 22); got != 0 { // above the kernel's limit for pids
		t.Errorf("got %v", got)
	}
}
