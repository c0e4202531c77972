//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A soak runs the whole pipeline under a busy build server's load for long,
// while containers, users and executables come and go, and asks whether anything grows.

// soakOptions are the flags of bench soak.
type soakOptions struct {
	duration  time.Duration
	rate      float64
	collector string
	workDir   string
	jsonPath  string
}

func parseSoakOptions(args []string) (soakOptions, error) {
	var o soakOptions
	f := flag.NewFlagSet("bench soak", flag.ExitOnError)
	f.DurationVar(&o.duration, "duration", time.Hour, "how long")
	f.Float64Var(&o.rate, "rate", sweptRate, "execs per second")
	f.StringVar(&o.collector, "collector", "dist/otelcol-copywatch", "the built collector distribution")
	f.StringVar(&o.workDir, "work", "bench/out", "directory for what is built")
	f.StringVar(&o.jsonPath, "json", "bench/soak.json", "file for the results")
	_ = f.Parse(args) // ends the program itself
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	case o.duration < shortestSoak:
		return o, fmt.Errorf("-duration %v is less than %v, of which the last third would say nothing", o.duration, shortestSoak)
	case o.rate <= 0:
		return o, errors.New("-rate must be positive")
	}
	return o, nil
}

// The load is run in rounds: new containers, users and executables with each. There is a sample after each.
const (
	shortestSoak = 30 * time.Second
	rounds       = 30 // at least
	longestRound = 10 * time.Second

	containersPerRound  = 20
	executablesPerRound = 10
	usersOfRound        = 100
	// What came is there for some rounds.
	roundsAlive = 3
)

func (o soakOptions) round() time.Duration { return min(o.duration/rounds, longestRound) }

// soakReport is the layout of the JSON file.
type soakReport struct {
	Machine machine `json:"machine"`
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"rate_per_second"`
	// Churn is how many of each there were in all.
	Churn struct {
		Containers  int `json:"containers"`
		Executables int `json:"executables"`
		Users       int `json:"users"`
	} `json:"churn"`
	Made uint64 `json:"execs"`
	captured
	Samples []sample `json:"samples"`
}

func soak(ctx context.Context, o soakOptions, out, progress io.Writer) error {
	if os.Geteuid() != 0 {
		return errors.New("loading BPF programs needs root: run it as root")
	}
	s, err := newSoaker(o, progress)
	if err != nil {
		return err
	}
	err = s.run(ctx)
	err = errors.Join(err, s.close())
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	if err != nil {
		return err
	}
	if err := s.report.save(o.jsonPath); err != nil {
		return err
	}
	s.report.print(out)
	fmt.Fprintf(out, "All figures: %s\n", o.jsonPath)
	return s.report.assert()
}

// soaker is a soak that runs.
type soaker struct {
	options  soakOptions
	service  service
	progress io.Writer
	load     loader
	churn    *churn
	tag      string
	report   soakReport
}

func newSoaker(o soakOptions, progress io.Writer) (*soaker, error) {
	place, err := placeOnHost()
	if err != nil {
		return nil, err
	}
	dir := absolute(o.workDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	load, err := buildLoad(dir)
	if err != nil {
		return nil, err
	}
	load.seconds, load.cpu = o.round().Seconds(), place.Load
	load.shape = loadShape{workers: 2, rate: o.rate, arguments: 1, argumentSize: 16, users: usersOfRound}
	as, err := readService(".")
	if err != nil {
		return nil, err
	}
	c, err := newChurn(load.programs[0])
	if err != nil {
		return nil, err
	}
	return &soaker{
		options: o, service: as, progress: progress, load: load, churn: c, tag: "cwsoak" + strconv.Itoa(os.Getpid()),
		report: soakReport{Machine: describeMachine(place), Rate: o.rate},
	}, nil
}

func (s *soaker) close() error { return s.churn.close() }

func (s *soaker) run(ctx context.Context) (err error) {
	dir := filepath.Join(absolute(s.options.workDir), "soak")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return err
	}
	soaked, err := soakSensor(s.options.collector, s.service)
	if err != nil {
		return err
	}
	p, err := soaked.start(ctx, s.report.Machine.Place.Sensor, dir, s.tag)
	if err != nil {
		return err
	}
	err = s.rounds(ctx, p)
	_, waitErr := p.awaitIdle(ctx)
	if err := errors.Join(err, waitErr, p.stop()); err != nil {
		return fmt.Errorf("%w: %s", err, lastWords(dir))
	}
	s.report.captured, err = soaked.captured(dir, s.tag)
	return errors.Join(err, os.RemoveAll(dir))
}

// rounds runs the load until the time is over.
func (s *soaker) rounds(ctx context.Context, p *process) error {
	diagnosis, err := diagnosisAddress(p.dir)
	if err != nil {
		return err
	}
	began, cpu := time.Now(), p.cpuTime()
	for time.Since(began) < s.options.duration {
		made, err := s.round(ctx)
		if err != nil {
			return err
		}
		if p.died() {
			return p.diedError()
		}
		now, err := takeSample(p, diagnosis, s.service.heapGrowth())
		if err != nil {
			return err
		}
		used := p.cpuTime()
		now.Seconds = time.Since(began).Seconds()
		now.SensorCPU = per((used-cpu).Seconds()*1e6, made)
		cpu = used
		s.report.Samples = append(s.report.Samples, now)
		fmt.Fprintf(s.progress, "%s\n", now)
	}
	s.report.Seconds = time.Since(began).Seconds()
	return nil
}

// round makes execs in new containers, of new executables and by new users.
func (s *soaker) round(ctx context.Context) (made uint64, err error) {
	if err := s.churn.next(); err != nil {
		return 0, err
	}
	s.load.programs, s.load.shape.cgroups = s.churn.executables, s.churn.containers.dir
	s.load.shape.firstUser = s.churn.rounds * usersOfRound
	r, err := s.load.run(ctx, s.tag)
	if err != nil {
		return 0, err
	}
	// No worker makes more than its share, and one at the last moment.
	s.load.shape.first += uint64(s.load.shape.rate*s.load.seconds) + 2
	s.report.Made += r.Execs
	s.report.Churn.Containers, s.report.Churn.Executables = s.churn.containers.made, s.churn.made
	s.report.Churn.Users += usersOfRound
	return r.Execs, nil
}

func (r soakReport) save(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

func (r soakReport) print(w io.Writer) {
	fmt.Fprintf(w, "%d execs in %.0f s, by %d users, in %d containers, of %d executables: %s captured, %s reported as lost\n",
		r.Made, r.Seconds, r.Churn.Users, r.Churn.Containers, r.Churn.Executables, share(r.Execs, r.Made), number(r.Lost))
	for _, g := range gauges {
		middle, last := r.thirds(g)
		fmt.Fprintf(w, "%s: %s in the second third of the time, %s in the last\n", g.name, g.text(middle), g.text(last))
	}
}

// assert checks that all that was made is accounted for, and that nothing grows.
func (r soakReport) assert() error {
	var grown []string
	for _, g := range gauges {
		if middle, last := r.thirds(g); last > g.bound(middle) {
			grown = append(grown, fmt.Sprintf("%s grows from %s to %s", g.name, g.text(middle), g.text(last)))
		}
	}
	var errs []error
	if len(grown) > 0 {
		errs = append(errs, errors.New(strings.Join(grown, "; ")))
	}
	if repeated := value(r.Repeated); repeated > 0 {
		errs = append(errs, fmt.Errorf("%d execs came more than once", repeated))
	}
	if value(r.Execs)+value(r.Lost) < r.Made {
		errs = append(errs, fmt.Errorf("%d execs were made, %d captured and only %d reported as lost", r.Made, value(r.Execs), value(r.Lost)))
	}
	return errors.Join(errs...)
}
