//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// series is how one figure depends on one thing: the layout of a sweep in the JSON file.
type series struct {
	// Of is what changes from point to point.
	Of     string  `json:"of"`
	Failed string  `json:"failed,omitempty"`
	Runs   int     `json:"runs_per_point"`
	Points []point `json:"points"`
}

// point is what was found at one place of a sweep.
type point struct {
	// At is how many there were of what the series is of; a rate of 0 is as many as possible.
	At float64 `json:"at"`
	// Seconds that each run took.
	Seconds float64 `json:"seconds_per_run"`
	// Rate is how many execs per second the load made.
	Rate float64 `json:"execs_per_second"`
	// SensorCPU is the CPU time of the sensor's processes per exec in µs.
	SensorCPU summary `json:"sensor_cpu_us"`
	MaxRSS    uint64  `json:"max_rss_bytes"`
	// Others is the most that other processes used during a run, in CPUs.
	Others float64 `json:"others_cpus"`
	Made   uint64  `json:"execs"`
	captured
}

// The series.
const (
	ofRates      = "execs_per_second"
	ofProcesses  = "processes"
	ofContainers = "containers"
	ofTools      = "tools_added"
	ofApprovals  = "approvals"
)

// setup is one place of a sweep: how the load, the host and the configuration are there.
type setup struct {
	of    string
	at    float64
	shape loadShape
	// surround changes the host, and returns how to undo that; nil changes nothing.
	surround func(ctx context.Context, shape *loadShape) (undo func() error, err error)
	filecopy string // settings of the processor
}

// A run is long enough for so many execs, within a bound.
const (
	sweptExecs   = 10000
	sweptSeconds = 10.
)

func (o options) secondsAt(rate float64) float64 {
	if rate == 0 || o.quick {
		return o.seconds
	}
	return max(o.seconds, min(sweptExecs/rate, sweptSeconds))
}

// sweptRate is at which the sweeps run that are not of the rate: that of a busy build server.
const sweptRate = 2000

func (b *bencher) rateSetups() []setup {
	var all []setup
	for _, rate := range []float64{500, 2000, 5000, 10000, 0} {
		shape := b.options.load
		shape.rate = rate
		all = append(all, setup{of: ofRates, at: rate, shape: shape})
	}
	return all
}

func (b *bencher) flatSetups() []setup {
	shape := b.options.load
	shape.rate = sweptRate
	var all []setup
	add := func(of string, at int, s setup) {
		s.of, s.at, s.shape = of, float64(at), shape
		all = append(all, s)
	}
	for _, n := range []int{0, 500, 2000} {
		add(ofProcesses, n, setup{surround: b.crowd(n)})
	}
	for _, n := range []int{1, 50, 500} {
		add(ofContainers, n, setup{surround: inContainers(n)})
	}
	for _, n := range []int{0, 5000} {
		add(ofTools, n, setup{filecopy: addedTools(n)})
	}
	for _, n := range []int{0, 1000} {
		add(ofApprovals, n, setup{filecopy: someApprovals(n)})
	}
	return all
}

func (b *bencher) crowd(count int) func(context.Context, *loadShape) (func() error, error) {
	return func(ctx context.Context, _ *loadShape) (func() error, error) { return b.startCrowd(ctx, count) }
}

func inContainers(count int) func(context.Context, *loadShape) (func() error, error) {
	return func(_ context.Context, shape *loadShape) (func() error, error) {
		c, err := newContainers()
		if err != nil {
			return nil, err
		}
		if err := c.add(count); err != nil {
			return nil, errors.Join(err, c.close())
		}
		shape.cgroups = c.dir
		return c.close, nil
	}
}

// addedTools is a configuration with so many tools more, none of which is run.
func addedTools(count int) string {
	return listOf(count, "tools: {add: [%s]}", func(i int) string {
		return fmt.Sprintf("{name: acme-push-%d, family: other, about: an uploader, tier: dedicated, direction: upload, techniques: {upload: [T1567.002]}}", i)
	})
}

func someApprovals(count int) string {
	return listOf(count, "approvals: [%s]", func(i int) string {
		return fmt.Sprintf(`{id: approval-%d, reason: release, approved_by: ana, condition: 'log.attributes["server.address"] == "host-%[1]d.example.org"'}`, i)
	})
}

func listOf(count int, format string, item func(i int) string) string {
	if count == 0 {
		return ""
	}
	items := make([]string, count)
	for i := range items {
		items[i] = item(i)
	}
	return fmt.Sprintf(format, strings.Join(items, ", "))
}

// sweep measures every place as often as was asked for, in turn, so that a machine that drifts drifts for all.
func (b *bencher) sweep(ctx context.Context, setups []setup) ([]series, error) {
	defer func(load loader) { b.load = load }(b.load)
	runs := make([][]run, len(setups))
	failed := map[string]string{}
	for range b.options.sweeps {
		for i, s := range setups {
			if failed[s.of] != "" {
				continue
			}
			r, err := b.runAt(ctx, s)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				failed[s.of] = err.Error()
				fmt.Fprintf(b.progress, "%s: failed: %v\n", s.of, err)
				continue
			}
			fmt.Fprintf(b.progress, "%s %g: %.2f µs of its own CPU per exec\n", s.of, s.at, r.sensorMicros())
			runs[i] = append(runs[i], r)
		}
	}
	return b.collect(setups, runs, failed), nil
}

// collect makes one series of all places that are of the same.
func (b *bencher) collect(setups []setup, runs [][]run, failed map[string]string) (all []series) {
	for i, s := range setups {
		if len(all) == 0 || all[len(all)-1].Of != s.of {
			all = append(all, series{Of: s.of, Failed: failed[s.of], Runs: b.options.sweeps, Points: []point{}})
		}
		last := &all[len(all)-1]
		if last.Failed == "" {
			last.Points = append(last.Points, newPoint(s.at, runs[i]))
		}
	}
	return all
}

func newPoint(at float64, runs []run) point {
	p := point{
		At:        at,
		Seconds:   summarizeOf(runs, func(r run) float64 { return r.load.Seconds }).Median,
		Rate:      summarizeOf(runs, func(r run) float64 { return float64(r.load.Execs) / r.load.Seconds }).Median,
		SensorCPU: summarizeOf(runs, run.sensorMicros),
		Others:    summarizeOf(runs, func(r run) float64 { return r.others }).Max,
	}
	for _, r := range runs {
		p.MaxRSS = max(p.MaxRSS, r.maxRSS)
		p.Made += r.load.Execs
		p.captured.add(r.captured)
	}
	return p
}

// runAt runs the pipeline to a file in a setup.
func (b *bencher) runAt(ctx context.Context, s setup) (r run, err error) {
	p := filePipeline
	p.filecopy = s.filecopy
	swept := p.sensor(b.options.collector, b.service)
	if swept.skip != "" {
		return r, errors.New(swept.skip)
	}
	b.load.shape, b.load.seconds = s.shape, b.options.secondsAt(s.shape.rate)
	if s.surround != nil {
		undo, err := s.surround(ctx, &b.load.shape)
		if err != nil {
			return r, err
		}
		r, err = b.runWith(ctx, swept)
		return r, errors.Join(err, undo())
	}
	return b.runWith(ctx, swept)
}
