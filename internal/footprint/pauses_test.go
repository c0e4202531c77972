package footprint

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestIsDue(t *testing.T) {
	const mib = 1 << 20
	for name, tt := range map[string]struct {
		heap heap
		want bool
	}{
		"before the first collection":          {heap{objects: 4 * mib, goal: 4 * mib}, false},
		"GOGC=400, little garbage":             {heap{objects: 25 * mib, live: 10 * mib, goal: 50 * mib}, false},
		"GOGC=400, half of the room taken":     {heap{objects: 30 * mib, live: 10 * mib, goal: 50 * mib}, true},
		"GOGC=150, half of the room taken":     {heap{objects: 18 * mib, live: 10 * mib, goal: 25 * mib}, false},
		"GOGC=150, as much garbage as is live": {heap{objects: 20 * mib, live: 10 * mib, goal: 25 * mib}, false},
		"GOGC=100, less live in pauses":        {heap{objects: 19 * mib, live: 10 * mib, goal: 20 * mib}.from(5 * mib), false},
		"GOGC=100, shortly before its goal":    {heap{objects: 19 * mib, live: 10 * mib, goal: 20 * mib}, false},
		"GOGC=50":                              {heap{objects: 15 * mib, live: 10 * mib, goal: 15 * mib}, false},
		"swept below what was live":            {heap{objects: 9 * mib, live: 10 * mib, goal: 50 * mib}, false},
	} {
		assert.Equal(t, tt.want, tt.heap.isDue(), name)
	}
}

// What is live within a burst is no reason to let the heap grow further.
func TestHeapFrom(t *testing.T) {
	h := heap{objects: 40, live: 20, goal: 100}
	assert.Equal(t, h, h.from(0))
	assert.Equal(t, h, h.from(30))
	assert.Equal(t, heap{objects: 40, live: 10, goal: 50}, h.from(10))
}

var garbage []byte

func makeGarbage(bytes int) {
	for range bytes >> 10 {
		garbage = make([]byte, 1<<10)
	}
}

// What is due is collected once, after the burst and not in it.
func TestPausesCollect(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1000))
	runtime.GC()
	p := NewPauses()
	defer p.Stop()
	h := readHeap(&p.samples)
	p.Begin()
	time.Sleep(2 * settling)
	assert.Zero(t, p.collected.Load(), "there was next to nothing to collect")

	makeGarbage(int(h.goal-h.live) * 6 / 10)
	p.Begin()
	assert.Zero(t, p.collected.Load(), "others still work")
	assert.Eventually(t, func() bool { return p.collected.Load() == 1 }, 10*time.Second, time.Millisecond)
	assert.Less(t, readHeap(&p.samples).objects, h.live+(h.goal-h.live)/2)
	p.Begin()
	time.Sleep(2 * settling)
	assert.EqualValues(t, 1, p.collected.Load())
}

// A burst that goes on uses no more memory than others.
func TestPausesCollectInALongBurst(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1000))
	runtime.GC()
	p := NewPauses()
	defer p.Stop()
	h := readHeap(&p.samples)
	now := time.Now()
	p.End(now)
	makeGarbage(int(h.goal-h.live) * 6 / 10)
	p.Within(now.Add(burstLongest))
	time.Sleep(2 * settling)
	assert.Zero(t, p.collected.Load())
	p.Within(now.Add(burstLongest + 1))
	assert.Eventually(t, func() bool { return p.collected.Load() == 1 }, 10*time.Second, time.Millisecond)
	p.Within(now.Add(burstLongest + 1))
	time.Sleep(2 * settling)
	assert.EqualValues(t, 1, p.collected.Load())
}
