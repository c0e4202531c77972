//go:build linux

package main

import (
	"slices"
	"time"
)

// run is one run of the load.
type run struct {
	load loadResult
	// threads is what threads of the kernel did for the load.
	threads time.Duration
	// others is how many CPUs were used by processes that take no part.
	others float64
	// calm says that the machine was quiet when the run began.
	calm bool
	// changed says that tracing programs of others came or went.
	changed bool
	// getppid in ns.
	getppid float64

	// Of the sensor.
	cpu      time.Duration
	programs time.Duration
	maxRSS   uint64
	captured captured
}

func (r run) disturbed() bool { return !r.calm || r.changed || r.others > disturbedShare }

// cpuMicros is what an exec costs in all, in processes of the load and in the kernel.
func (r run) cpuMicros() float64 {
	return per((r.load.cpuSeconds()+r.threads.Seconds())*1e6, r.load.Execs)
}

func (r run) sensorMicros() float64 { return per(r.cpu.Seconds()*1e6, r.load.Execs) }
func (r run) programNanos() float64 { return per(float64(r.programs), r.load.Execs) }

// pair is a run without and one with a sensor, one right after the other.
type pair struct{ without, with run }

func (p pair) disturbed() bool { return p.without.disturbed() || p.with.disturbed() }

// others orders pairs by how far other processes disturbed them.
func (p pair) others() float64 { return max(p.without.others, p.with.others) }

func (p pair) addedCPU() float64  { return p.with.cpuMicros() - p.without.cpuMicros() }
func (p pair) addedWall() float64 { return p.with.load.wallMicros() - p.without.load.wallMicros() }
func (p pair) cpuRatio() float64  { return p.with.cpuMicros() / p.without.cpuMicros() }
func (p pair) slowdown() float64 {
	return 100 * (p.with.load.wallMicros()/p.without.load.wallMicros() - 1)
}

// leastDisturbed returns n of the pairs: all calm ones first, then those with the least use by others.
func leastDisturbed(pairs []pair, n int) []pair {
	sorted := slices.Clone(pairs)
	slices.SortStableFunc(sorted, func(a, b pair) int {
		switch {
		case a.disturbed() != b.disturbed():
			if b.disturbed() {
				return -1
			}
			return 1
		case a.others() < b.others():
			return -1
		case a.others() > b.others():
			return 1
		}
		return 0
	})
	return sorted[:min(n, len(sorted))]
}
