package footprint

import (
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"time"
)

// Pauses has garbage collected in the pauses of a program that works in bursts.
// Then little is in use that would have to be looked at, and no work has to wait
// or to help; and the next burst has room, so that the growth of the heap seldom
// makes for a collection in its middle. The same memory is enough for fewer of these.
//
// A burst that does not end is not waited for, so that no more memory is used in it.
//
// Where the heap may not grow to three times what is in use (below GOGC=200, so
// by default), it does nothing.
type Pauses struct {
	timer     *time.Timer
	ended     time.Time // the last pause
	samples   [heapSamples]metrics.Sample
	least     atomic.Uint64 // live after the last collection that was made here, at first before any burst; 0 if not known
	busy      atomic.Bool
	collected atomic.Uint32 // times
}

const (
	settling     = 10 * time.Millisecond  // for how long after a burst others may still work on what came of it
	burstLongest = 500 * time.Millisecond // that is waited for
)

// NewPauses returns one that waits for a pause.
func NewPauses() *Pauses {
	p := &Pauses{ended: time.Now(), samples: newHeapSamples()}
	p.least.Store(readHeap(&p.samples).live)
	p.timer = time.AfterFunc(time.Hour, p.collect)
	p.timer.Stop()
	return p
}

// Begin is called when a burst is over. It returns at once. Begin, End and Within are for one goroutine.
func (p *Pauses) Begin() {
	if p.read(&p.samples).isDue() {
		p.timer.Reset(settling)
	}
}

// End is called when the next burst begins.
func (p *Pauses) End(now time.Time) { p.ended = now }

// Within is called during a burst, now and then. It returns at once.
func (p *Pauses) Within(now time.Time) {
	if now.Sub(p.ended) > burstLongest && !p.busy.Load() && p.read(&p.samples).isDue() {
		p.timer.Reset(0)
	}
}

// Stop ends it. Neither of the others may be called after it.
func (p *Pauses) Stop() { p.timer.Stop() }

func (p *Pauses) collect() {
	if !p.busy.CompareAndSwap(false, true) {
		return
	}
	defer p.busy.Store(false)
	samples := newHeapSamples()
	if p.read(&samples).isDue() { // nothing has collected since
		runtime.GC()
		p.least.Store(readHeap(&samples).live)
		p.collected.Add(1)
	}
}

// read is readHeap with what is live in a pause. A collection within a burst
// finds more: batches that are garbage when it is over.
func (p *Pauses) read(samples *[heapSamples]metrics.Sample) heap {
	return readHeap(samples).from(p.least.Load())
}

// heap is how much memory is in use, in bytes.
type heap struct {
	objects uint64 // and garbage that was not swept
	live    uint64 // after the last collection
	goal    uint64 // at which the next begins
}

// from is the heap as if so much had been live, where that is less.
func (h heap) from(live uint64) heap {
	if live > 0 && live < h.live {
		h.goal = uint64(float64(h.goal) * float64(live) / float64(h.live))
		h.live = live
	}
	return h
}

// isDue says that the heap has grown by half of what it may, where that is as much as is in use or more.
func (h heap) isDue() bool {
	if h.live == 0 || h.objects < h.live || h.goal < h.live {
		return false
	}
	half := (h.goal - h.live) / 2
	return half >= h.live && h.objects-h.live >= half
}

const heapSamples = 3

func newHeapSamples() [heapSamples]metrics.Sample {
	return [heapSamples]metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/gc/heap/live:bytes"},
		{Name: "/gc/heap/goal:bytes"},
	}
}

func readHeap(samples *[heapSamples]metrics.Sample) heap {
	metrics.Read(samples[:])
	return heap{
		objects: samples[0].Value.Uint64(),
		live:    samples[1].Value.Uint64(),
		goal:    samples[2].Value.Uint64(),
	}
}
