package ebpfexecreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/copywatch/copywatch/bpf"
)

func TestClockIsSteady(t *testing.T) {
	c := clock{}
	now := time.Now()
	c.sync(now)
	first := c.wall(time.Minute)
	for i := range 100 {
		c.sync(now.Add(time.Duration(i+1) * 2 * clockChecked))
		assert.Equal(t, first, c.wall(time.Minute), "a process would have another creation time in each record")
	}
}

func TestClockFollowsAWallClockThatIsSet(t *testing.T) {
	now := time.Now()
	right := now.Add(-bpf.SinceBoot())
	c := clock{boot: right.Add(-time.Hour), checked: now}
	c.sync(now.Add(clockChecked / 2))
	assert.Equal(t, right.Add(-time.Hour), c.boot, "not looked at yet")
	c.sync(now.Add(2 * clockChecked))
	assert.WithinDuration(t, right, c.boot, time.Second)
}

func TestClockFormats(t *testing.T) {
	c := clock{boot: time.Date(2026, 12, 31, 23, 59, 58, 900_000_000, time.FixedZone("", 3600))}
	for _, sinceBoot := range []time.Duration{
		0, 1, 10, 99_999_999, 100 * time.Millisecond, 100_000_001, 1100 * time.Millisecond, time.Second, 0,
		time.Hour, time.Hour + 120*time.Microsecond, -100 * 365 * 24 * time.Hour,
	} {
		assert.Equal(t, c.wall(sinceBoot).UTC().Format(time.RFC3339Nano), c.format(sinceBoot))
	}
}
