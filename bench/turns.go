//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// What a program adds to an exec is little beside what an exec takes more in
// one second than in the next, on a machine that others share. So the programs
// are attached and detached in short turns under one load, none of them for a
// turn as well, and compared with those turns next to theirs.

// turns is what was found.
type turns struct {
	Rounds int        `json:"rounds"` // in each of which each has a turn
	TurnMS int64      `json:"turn_ms"`
	Alone  estimate   `json:"base_us"` // of an exec, with nothing attached
	Added  []addition `json:"added"`
}

// addition is what is added to an exec.
type addition struct {
	Name     string   `json:"name"`
	Micros   estimate `json:"added_us"` // of the load's CPU
	Programs estimate `json:"bpf_programs_ns"`
	Lost     uint64   `json:"lost"` // events, as it says
}

// estimate is a median, and where the true one is with a probability of 95 %.
type estimate struct {
	Median float64 `json:"median"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// estimateOf takes the bounds from the order of the values, and so needs nothing of how they are distributed.
func estimateOf(values []float64) estimate {
	if len(values) == 0 {
		return estimate{}
	}
	sorted := slices.Sorted(slices.Values(values))
	n := float64(len(sorted))
	aside := 1.96 * math.Sqrt(n) / 2
	low := max(0, int(math.Floor(n/2-aside))-1)
	high := min(len(sorted)-1, int(math.Ceil(n/2+aside)))
	return estimate{Median: summarize(sorted).Median, Low: sorted[low], High: sorted[high]}
}

func (e estimate) String() string {
	return fmt.Sprintf("%.2f [%.2f, %.2f]", e.Median, e.Low, e.High)
}

// of finds what was measured of one, nil where nothing was.
func (t *turns) of(name string) *addition {
	if t == nil {
		return nil
	}
	for i := range t.Added {
		if t.Added[i].Name == name {
			return &t.Added[i]
		}
	}
	return nil
}

const turnsName = "turns"

// measureTurns runs the load, and beside it the process that takes the turns.
func (b *bencher) measureTurns(ctx context.Context) (*turns, error) {
	if _, err := b.quiet.wait(ctx, (*process)(nil).partTime); err != nil {
		return nil, err
	}
	load := b.load
	load.progress = filepath.Join(absolute(b.options.workDir), "tallies")
	load.seconds = math.MaxInt32 // until it is ended
	load.shape.rate = 0          // it takes all of its CPU: time is CPU time
	if err := makeTallies(load.progress, load.shape.workers); err != nil {
		return nil, err
	}
	defer os.Remove(load.progress)

	loadContext, endLoad := context.WithCancel(ctx)
	var loadErrs bytes.Buffer
	running, err := load.start(loadContext, b.nextTag(), nil, &loadErrs)
	if err != nil {
		endLoad()
		return nil, err
	}
	defer running.Wait() // it was ended, which is no error
	defer endLoad()

	found, err := b.takeTurns(ctx, load.progress)
	if err != nil {
		return nil, fmt.Errorf("attach and detach in turns: %w %s", err, &loadErrs)
	}
	found.print(b.progress)
	return found, nil
}

func (b *bencher) takeTurns(ctx context.Context, tallies string) (*turns, error) {
	cmd, err := commandOfChild(turnsName, strconv.Itoa(b.options.turns)+" "+tallies)
	if err != nil {
		return nil, err
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := startOn(b.machine.Place.Sensor, cmd); err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { _ = unix.Kill(-cmd.Process.Pid, unix.SIGKILL) })()
	if err := cmd.Wait(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s", err, bytes.TrimSpace(errs.Bytes())), ctx.Err())
	}
	found := new(turns)
	return found, json.Unmarshal(out.Bytes(), found)
}
