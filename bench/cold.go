//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// A sensor that has little to do sleeps most of the time, and what it needs is
// no longer in the caches when it wakes. How much that costs is the machine's:
// on a shared one others use the caches meanwhile.

// coldness is how long a step from one line of memory to another takes, of as many as fit into most second-level caches.
type coldness struct {
	KiB int `json:"kib"`
	// Busy and Rested are ns of CPU time per step without a pause, and after pauses of as long as the receiver's.
	Busy    float64 `json:"busy_ns"`
	Rested  float64 `json:"rested_ns"`
	PauseMS int64   `json:"pause_ms"`
}

const (
	coldName   = "cold"
	coldKiB    = 1024
	coldRounds = 20
	coldPause  = 500 * time.Millisecond // the receiver's poll_interval
)

// line is one of a cache, and names the next.
type line struct {
	next uint32
	_    [lineSize - 4]byte
}

const lineSize = 64

// circle links lines in random order, so that no prefetcher knows which is next.
func circle(count int) []line {
	lines := make([]line, count)
	order := rand.Perm(count)
	for i, at := range order {
		lines[at].next = uint32(order[(i+1)%count])
	}
	return lines
}

// walk goes once around and returns what a step took of this thread's CPU time, in ns.
func walk(lines []line) float64 {
	start, at := threadTime(), uint32(0)
	for range lines {
		at = lines[at].next
	}
	if at != 0 {
		panic("not a circle")
	}
	return float64(threadTime()-start) / float64(len(lines))
}

func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err) // Linux has had it since 2.6.12
	}
	return time.Duration(t.Nano())
}

// runCold is a process of its own, which has one CPU.
func runCold(string) error {
	runtime.LockOSThread()
	c := coldness{KiB: coldKiB, PauseMS: coldPause.Milliseconds()}
	lines := circle(coldKiB << 10 / lineSize)
	walk(lines)
	var busy, rested []float64
	for range coldRounds {
		busy = append(busy, walk(lines))
	}
	for range coldRounds {
		time.Sleep(coldPause)
		rested = append(rested, walk(lines))
	}
	c.Busy, c.Rested = summarize(busy).Median, summarize(rested).Median
	return json.NewEncoder(os.Stdout).Encode(c)
}

// measureCold asks what a pause costs on the sensor's CPU.
func (b *bencher) measureCold() (*coldness, error) {
	cmd, err := commandOfChild(coldName, "")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := startOn(b.machine.Place.Sensor, cmd); err != nil {
		return nil, err
	}
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("measure what a pause costs: %w", err)
	}
	c := new(coldness)
	if err := json.Unmarshal(out.Bytes(), c); err != nil {
		return nil, fmt.Errorf("what a pause costs: %w", err)
	}
	fmt.Fprintf(b.progress, "a step through memory: %.1f ns, after a pause %.1f\n", c.Busy, c.Rested)
	return c, nil
}
