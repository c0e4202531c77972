//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"
)

// A run starts when other processes use less than quietShare of a CPU on the
// CPUs that matter, and its pair is measured again when they used more than
// disturbedShare during it. Interrupts and threads of the kernel look like
// others' use; they are below the latter.
const (
	quietShare     = 0.10
	disturbedShare = 0.30
)

// userHZ is the unit of /proc/stat; the kernel's interface has had it at 100 on every architecture for long.
const userHZ = 100

// busySeconds is how long these CPUs did anything, or were taken away by a hypervisor, since boot.
func busySeconds(cpus []int) (float64, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, fmt.Errorf("read how busy the CPUs are: %w", err)
	}
	return parseBusy(stat, cpus), nil
}

// parseBusy adds up all columns of /proc/stat but idle and iowait, and those of guests, which user contains.
func parseBusy(stat []byte, cpus []int) float64 {
	const idle, iowait, guest = 3, 4, 8
	ticks := uint64(0)
	for line := range bytes.Lines(stat) {
		fields := bytes.Fields(line)
		if len(fields) == 0 || !slices.ContainsFunc(cpus, func(cpu int) bool {
			return string(fields[0]) == "cpu"+strconv.Itoa(cpu)
		}) {
			continue
		}
		for column, field := range fields[1:] {
			if column == idle || column == iowait || column >= guest {
				continue
			}
			n, _ := strconv.ParseUint(string(field), 10, 64) // a kernel writes numbers
			ticks += n
		}
	}
	return float64(ticks) / userHZ
}

// quiet waits for the machine.
type quiet struct {
	cpus     []int
	patience time.Duration // that is left
}

// wait returns false when the machine did not become quiet while there was
// patience. own is the CPU time of processes that are part of the measurement.
func (q *quiet) wait(ctx context.Context, own func() time.Duration) (bool, error) {
	const interval = 500 * time.Millisecond
	for {
		share, err := q.othersDuring(own, func() error { return pause(ctx, interval) })
		if err != nil || share < quietShare {
			return err == nil, err
		}
		if q.patience -= interval; q.patience <= 0 {
			q.patience = 0
			return false, nil
		}
	}
}

// othersDuring returns how much of a CPU was used by anything but own while action ran.
func (q *quiet) othersDuring(own func() time.Duration, action func() error) (float64, error) {
	ownBefore, start := own(), time.Now()
	before, err := busySeconds(q.cpus)
	if err != nil {
		return 0, err
	}
	if err := action(); err != nil {
		return 0, err
	}
	after, err := busySeconds(q.cpus)
	if err != nil {
		return 0, err
	}
	others := after - before - (own() - ownBefore).Seconds()
	return max(0, others) / time.Since(start).Seconds(), nil
}

// pause sleeps, unless the user interrupts.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
