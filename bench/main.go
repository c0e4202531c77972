//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// options are the flags.
type options struct {
	pairs     int
	seconds   float64
	load      loadShape
	only      string
	parts     string
	turns     int
	sweeps    int
	collector string
	peers     peerFlags
	settle    time.Duration
	patience  time.Duration
	quick     bool
	assert    bool
	workDir   string
	jsonPath  string
}

func parseOptions(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ExitOnError)
	f.IntVar(&o.pairs, "pairs", 5, "pairs of runs without and with each sensor")
	f.Float64Var(&o.seconds, "seconds", 2, "length of a run")
	f.IntVar(&o.load.workers, "workers", 2, "processes that make execs")
	f.Float64Var(&o.load.rate, "rate", 0, "execs per second of all workers; 0 is as fast as possible")
	f.IntVar(&o.load.arguments, "arg-count", 1, "arguments of each exec after its serial number")
	f.IntVar(&o.load.argumentSize, "arg-size", 16, "bytes of each of these arguments, 16 to 65536")
	f.StringVar(&o.only, "only", "", "measure only the sensors of these names, separated by commas")
	f.StringVar(&o.parts, "parts", "sensors,turns,rates,flat", "what is measured: the sensors beside each other, the probe attached and detached in turns, "+
		"the sweep of rates, the sweeps of what should not matter")
	f.IntVar(&o.turns, "turns", 400, "turns with the probe, and as many without")
	f.IntVar(&o.sweeps, "sweeps", 2, "runs for each point of a sweep")
	f.StringVar(&o.collector, "collector", "dist/otelcol-copywatch", "the built collector distribution")
	f.Var(&o.peers, "peer", "another sensor, as name='command'; may be given several times. "+
		"It is stopped by SIGINT; what it writes to its output or into the directory $OUT is searched for serial numbers")
	f.DurationVar(&o.settle, "settle", 3*time.Second, "how long a peer gets to start")
	f.DurationVar(&o.patience, "patience", 3*time.Minute, "how long to wait, over all runs, for a quiet machine")
	f.BoolVar(&o.quick, "quick", false, "two pairs of one second, 100 turns, and a run for each point of a sweep: enough to see that nothing is badly wrong")
	f.BoolVar(&o.assert, "assert", false, "fail unless the probe is within its budget and lost nothing")
	f.StringVar(&o.workDir, "work", "bench/out", "directory for what is built and what the sensors write")
	f.StringVar(&o.jsonPath, "json", "bench/results.json", "file for the results")
	_ = f.Parse(args) // ends the program itself
	if o.quick {
		o.pairs, o.seconds, o.patience, o.sweeps, o.turns = 2, 1, 20*time.Second, 1, 100
	}
	return o, o.validate(f.Args())
}

func (o *options) validate(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case o.pairs < 1 || o.seconds <= 0 || o.sweeps < 1 || o.turns < 1:
		return errors.New("-pairs, -seconds, -sweeps and -turns must be positive")
	}
	for part := range strings.SplitSeq(o.parts, ",") {
		if !slices.Contains([]string{partSensors, partTurns, partRates, partFlat}, part) {
			return fmt.Errorf("-parts %s: there is no part %q", o.parts, part)
		}
	}
	return o.load.validate()
}

// The parts of a benchmark.
const (
	partSensors = "sensors"
	partTurns   = "turns"
	partRates   = "rates"
	partFlat    = "flat"
)

func (o *options) has(part string) bool { return slices.Contains(strings.Split(o.parts, ","), part) }

func main() {
	// The CPU mask and the death signal of a child hang on the thread that forks it.
	runtime.LockOSThread()
	if run, ok := childCommand(os.Args); ok {
		exitOn(run())
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), unix.SIGINT, unix.SIGTERM)
	defer stop()
	exitOn(command(ctx, os.Args[1:]))
}

// command runs one of the programs that this is: bench soak, bench report, or bench.
func command(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "soak" {
		o, err := parseSoakOptions(args[1:])
		if err != nil {
			return err
		}
		return soak(ctx, o, os.Stdout, os.Stderr)
	}
	if len(args) > 0 && args[0] == "report" {
		return writeDocument(args[1:])
	}
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	return bench(ctx, o, os.Stdout, os.Stderr)
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench measures one sensor after another and reports.
func bench(ctx context.Context, o options, out, progress io.Writer) error {
	if os.Geteuid() != 0 {
		return errors.New("loading BPF programs needs root: run it as root")
	}
	b, err := newBencher(o, progress)
	if err != nil {
		return err
	}
	defer b.close()
	selected, err := sensors(o, b.service)
	if err != nil {
		return err
	}
	r := report{Machine: b.machine, Load: describeLoad(o)}
	if err := b.fill(ctx, &r, selected); err != nil {
		return err
	}
	r.Notes = b.notes
	r.print(out)
	if err := r.save(o.jsonPath); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nAll figures: %s\n", o.jsonPath)
	if o.assert {
		return r.assert()
	}
	return nil
}

// fill measures the parts that were asked for.
func (b *bencher) fill(ctx context.Context, r *report, selected []sensor) (err error) {
	if b.options.has(partSensors) {
		for _, s := range selected {
			r.Sensors = append(r.Sensors, b.measure(ctx, s))
			if ctx.Err() != nil {
				return errors.New("interrupted")
			}
		}
	}
	if b.options.has(partTurns) {
		if r.Turns, err = b.measureTurns(ctx); err != nil {
			return err
		}
	}
	if b.options.has(partRates) {
		if r.Cold, err = b.measureCold(); err != nil {
			return err
		}
		if r.Idle, err = b.measureIdle(ctx); err != nil {
			return err
		}
		if r.Rates, err = b.sweep(ctx, b.rateSetups()); err != nil {
			return err
		}
	}
	if b.options.has(partFlat) {
		r.Flat, err = b.sweep(ctx, b.flatSetups())
	}
	return err
}

// sensors lists what is to be measured.
func sensors(o options, as service) ([]sensor, error) {
	all := []sensor{floorSensor(), probeSensor()}
	all = append(all, collectorSensors(o.collector, as)...)
	all = append(all, o.peers.sensors(o.settle)...)
	all = append(all, knownPeers(o.settle)...)
	all = append(all, auditSensor())
	return selectSensors(all, o.only)
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
