package ebpfexecreceiver

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/copywatch/copywatch/bpf"
)

// clock turns the kernel's time since boot into wall-clock time.
type clock struct {
	boot    time.Time // the wall-clock time of boot, as the clock is set now
	checked time.Time
	bootID  string
}

func newClock(proc string) clock {
	id := strings.ReplaceAll(firstLine(filepath.Join(proc, "sys/kernel/random/boot_id")), "-", "")
	return clock{bootID: id[:min(len(id), bootIDDigits)]}
}

// bootIDDigits are enough of the boot's random id that with pid and start time no two processes of a fleet are one.
const bootIDDigits = 16

const (
	clockChecked = time.Second // how often the relation of the two clocks is looked at: the wall clock may be set
	clockStep    = time.Millisecond
)

// sync follows a wall clock that was set. Smaller differences are those of
// reading two clocks one after the other: following them would give a process
// another creation time in each of its records.
func (c *clock) sync(now time.Time) {
	if now.Sub(c.checked).Abs() < clockChecked {
		return
	}
	c.checked = now
	wall, sinceBoot := time.Now(), bpf.SinceBoot()
	if boot := wall.Add(-sinceBoot); boot.Sub(c.boot).Abs() > clockStep {
		c.boot = boot
	}
}

func (c *clock) wall(sinceBoot time.Duration) time.Time { return c.boot.Add(sinceBoot) }

func (c *clock) format(sinceBoot time.Duration) string {
	return c.wall(sinceBoot).UTC().Format(time.RFC3339Nano)
}

// entityID names a process for good: the boot, its pid, and when it was forked.
func entityID(bootID string, p bpf.ProcessKey) string {
	var buf [48]byte
	id := append(buf[:0], bootID...)
	id = append(id, '-')
	id = strconv.AppendUint(id, uint64(p.PID), 16)
	id = append(id, '-')
	id = strconv.AppendUint(id, uint64(p.Start), 16)
	return string(id)
}
