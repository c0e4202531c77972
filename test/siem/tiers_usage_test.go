//go:build linux

package siem

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// usage is what a process has used: processor time, and what memory it has of
// its own, without the pages of files that it has mapped (its queues).
type usage struct {
	cpu    time.Duration
	memory int // MiB
}

// usageOf reads /proc/PID/stat (proc(5)); a memoryMeter knows the memory.
func usageOf(t *testing.T, d *testprocess.Daemon) usage {
	t.Helper()
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every architecture that the probe runs on
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.Cmd.Process.Pid))
	require.NoError(t, err)
	_, after, found := strings.Cut(string(stat), ") ")
	require.True(t, found)
	fields := strings.Fields(after) // the first is the third of the manual
	user, err := strconv.Atoi(fields[14-3])
	require.NoError(t, err)
	system, err := strconv.Atoi(fields[15-3])
	require.NoError(t, err)
	return usage{cpu: time.Duration(user+system) * tick}
}

// perEvent is a cell of the table in docs/scale.md.
func (u usage) perEvent(events int) string {
	return fmt.Sprintf("%.1f µs per event | %d MiB", u.cpu.Seconds()*1e6/float64(events), u.memory)
}

// memoryMeter looks every half second how much memory a process has of its own.
type memoryMeter struct {
	stop chan struct{}
	most chan int
}

func newMemoryMeter(t *testing.T, d *testprocess.Daemon) *memoryMeter {
	t.Helper()
	m := &memoryMeter{stop: make(chan struct{}), most: make(chan int, 1)}
	go func() {
		most := 0
		ticker := time.NewTicker(500 * time.Millisecond)
		defer ticker.Stop()
		for {
			most = max(most, anonymousMemory(d))
			select {
			case <-ticker.C:
			case <-m.stop:
				m.most <- most
				return
			}
		}
	}()
	return m
}

// end returns the most that it saw, in MiB.
func (m *memoryMeter) end() int {
	close(m.stop)
	return <-m.most
}

// anonymousMemory is RssAnon of /proc/PID/status in MiB, or 0 where the process is gone.
func anonymousMemory(d *testprocess.Daemon) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.Cmd.Process.Pid))
	_, after, found := strings.Cut(string(status), "RssAnon:")
	if !found {
		return 0
	}
	kib, _ := strconv.Atoi(strings.Fields(after)[0])
	return kib / 1024
}
