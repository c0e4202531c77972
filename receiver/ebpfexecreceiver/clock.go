package ebpfexecreceiver

import (
	"bytes"
	"strconv"
	"time"

	"github.com/copywatch/copywatch/bpf"
)

// clock turns the kernel's time since boot into wall-clock time.
type clock struct {
	boot    time.Time // the wall-clock time of boot, as the clock is set now
	checked time.Time

	second int64  // the Unix time that was formatted last
	date   []byte // as text; most processes of a batch began in the same second
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

// format writes a time as [time.RFC3339Nano] has it, in UTC.
func (c *clock) format(sinceBoot time.Duration) string {
	at := c.wall(sinceBoot)
	if second := at.Unix(); second != c.second || c.date == nil {
		c.second, c.date = second, at.UTC().AppendFormat(c.date[:0], "2006-01-02T15:04:05")
	}
	var buf [len(time.RFC3339Nano)]byte
	text := append(buf[:0], c.date...)
	if nanos := at.Nanosecond(); nanos != 0 {
		text = strconv.AppendInt(text, int64(nanos+1e9), 10)
		text[len(c.date)] = '.' // where the 1 was that keeps the zeros before the first digit
		text = bytes.TrimRight(text, "0")
	}
	return string(append(text, 'Z'))
}
