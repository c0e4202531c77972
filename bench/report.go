//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// report is all that a benchmark found, and the layout of its JSON file.
type report struct {
	Machine machine  `json:"machine"`
	Load    loadInfo `json:"load"`
	Notes   []string `json:"notes,omitempty"`
	Sensors []result `json:"sensors,omitempty"`
	Turns   *turns   `json:"turns,omitempty"`
	// Cold is of the machine.
	Cold *coldness `json:"cold,omitempty"`
	// Idle, Rates and Flat are of collector-file.
	Idle  *idle    `json:"idle,omitempty"`
	Rates []series `json:"rates,omitempty"`
	Flat  []series `json:"flat,omitempty"`
}

type loadInfo struct {
	Workers       int     `json:"workers"`
	Rate          float64 `json:"rate_per_second,omitempty"`
	Seconds       float64 `json:"seconds_per_run"`
	Arguments     int     `json:"arguments"`
	ArgumentBytes int     `json:"argument_bytes"`
}

func describeLoad(o options) loadInfo {
	l := o.load
	return loadInfo{l.workers, l.rate, o.seconds, l.arguments, l.argumentSize}
}

// result is what was found of one sensor. Times are µs per exec where the name does not say otherwise.
type result struct {
	Name    string `json:"name"`
	Skipped string `json:"skipped,omitempty"`
	Failed  string `json:"failed,omitempty"`

	Pairs     int `json:"pairs"`
	Disturbed int `json:"disturbed_pairs"`
	// Others is the most that other processes used during a run, in CPUs.
	Others float64 `json:"others_cpus"`

	BaseCPU   summary `json:"base_cpu_us"`
	BaseWall  summary `json:"base_wall_us"`
	AddedCPU  summary `json:"added_kernel_cpu_us"`
	CPURatio  summary `json:"cpu_ratio"`
	AddedWall summary `json:"added_wall_us"`
	Slowdown  summary `json:"slowdown_percent"`
	SensorCPU summary `json:"sensor_cpu_us"`
	Programs  summary `json:"bpf_programs_ns"`
	MaxRSS    uint64  `json:"max_rss_bytes"`

	// The fastest getppid of all runs, in ns.
	Getppid     float64 `json:"getppid_with_ns"`
	BaseGetppid float64 `json:"getppid_without_ns"`

	// Made is how many execs the load made under the sensor.
	Made uint64 `json:"execs"`
	captured
}

func (s result) measured() bool { return s.Pairs > 0 }

func newResult(name string, pairs []pair) result {
	r := result{
		Name: name, Pairs: len(pairs),
		BaseCPU:     summarizeOf(pairs, func(p pair) float64 { return p.without.cpuMicros() }),
		BaseWall:    summarizeOf(pairs, func(p pair) float64 { return p.without.load.wallMicros() }),
		AddedCPU:    summarizeOf(pairs, pair.addedCPU),
		CPURatio:    summarizeOf(pairs, pair.cpuRatio),
		AddedWall:   summarizeOf(pairs, pair.addedWall),
		Slowdown:    summarizeOf(pairs, pair.slowdown),
		SensorCPU:   summarizeOf(pairs, func(p pair) float64 { return p.with.sensorMicros() }),
		Programs:    summarizeOf(pairs, func(p pair) float64 { return p.with.programNanos() }),
		Others:      summarizeOf(pairs, pair.others).Max,
		Getppid:     summarizeOf(pairs, func(p pair) float64 { return p.with.getppid }).Min,
		BaseGetppid: summarizeOf(pairs, func(p pair) float64 { return p.without.getppid }).Min,
	}
	for _, p := range pairs {
		if p.disturbed() {
			r.Disturbed++
		}
		r.MaxRSS = max(r.MaxRSS, p.with.maxRSS)
		r.Made += p.with.load.Execs
		r.captured.add(p.with.captured)
	}
	return r
}

// add sums up what is known.
func (c *captured) add(other captured) {
	for _, field := range []struct{ sum, n *(*uint64) }{
		{&c.Execs, &other.Execs}, {&c.Repeated, &other.Repeated}, {&c.Lost, &other.Lost},
	} {
		if *field.n == nil {
			continue
		}
		if *field.sum == nil {
			*field.sum = new(uint64)
		}
		**field.sum += **field.n
	}
}

func (r report) save(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// added is what a sensor adds to an exec in the kernel, in µs of CPU time: by turns where it took some, else by pairs.
func (r report) added(s result) (cpu summary, inTurns bool) {
	if a := r.Turns.of(s.Name); a != nil {
		return summary{Median: a.Micros.Median, Min: a.Micros.Low, Max: a.Micros.High}, true
	}
	return s.AddedCPU, false
}

// probeBudget is which part of an exec's own cost the probe may add to it.
const probeBudget = 0.05

// assert checks what the project promises of its probe.
func (r report) assert() error {
	for _, s := range r.Sensors {
		if s.Name != probeName {
			continue
		}
		if !s.measured() {
			return fmt.Errorf("the probe was not measured: %s%s", s.Skipped, s.Failed)
		}
		return errors.Join(r.Turns.assertCost(), s.assertComplete())
	}
	return errors.New("the probe was not measured: -only leaves it out")
}

// assertCost fails where the turns leave no doubt.
func (t *turns) assertCost() error {
	probe := t.of(probeName)
	if probe == nil {
		return errors.New("what the probe adds was not measured: -parts leaves the turns out")
	}
	if probe.Micros.Low > probeBudget*t.Alone.Median {
		return fmt.Errorf("the probe adds %v µs to an exec of %.2f; its budget is %g %% of that", probe.Micros, t.Alone.Median, 100*probeBudget)
	}
	return nil
}

func (s result) assertComplete() error {
	captured, repeated, lost := value(s.Execs), value(s.Repeated), value(s.Lost)
	if captured != s.Made || repeated != 0 || lost != 0 {
		return fmt.Errorf("%s delivered %d of %d execs, %d of them more than once, and reports %d lost",
			s.Name, captured, s.Made, repeated, lost)
	}
	return nil
}

func value(n *uint64) uint64 {
	if n == nil {
		return 0
	}
	return *n
}
