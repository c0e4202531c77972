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
