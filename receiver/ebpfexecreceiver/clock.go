package ebpfexecreceiver

import (
	"time"

	"github.com/copywatch/copywatch/bpf"
)

// clock turns the kernel's time since boot into wall-clock time.
type clock struct {
	boot    time.Time // the wall-clock time of boot, as the clock is set now
	checked time.Time
}

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
