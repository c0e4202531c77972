//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"

	"github.com/copywatch/copywatch/bpf"
)

// rival is a set of programs that takes turns with others. One without programs is what they are compared with.
type rival struct {
	name     string
	programs []*ebpf.Program
	losses   func() (uint64, error) // nil: it has nothing to lose
	end      func() error

	micros []float64 // of the load's CPU per exec, in each turn
	nanos  []float64 // of the programs per exec
}

func (r *rival) close() error {
	var errs []error
	for _, p := range r.programs {
		errs = append(errs, p.Close())
	}
	if r.end != nil {
		errs = append(errs, r.end())
	}
	return errors.Join(errs...)
}

func (r *rival) attach() (links []link.Link, err error) {
	for _, p := range r.programs {
		l, err := attach(p)
		if err != nil {
			return links, err
		}
		links = append(links, l)
	}
	return links, nil
}

// ran is for how long its programs have run, all together.
func (r *rival) ran() (sum time.Duration, err error) {
	for _, p := range r.programs {
		stats, err := p.Stats()
		if err != nil {
			return 0, fmt.Errorf("read the statistics of %s: %w", p, err)
		}
		sum += stats.Runtime
	}
	return sum, nil
}

func floorRival() (*rival, error) {
	program, err := loadFloor()
	if err != nil {
		return nil, err
	}
	return &rival{name: floorName, programs: []*ebpf.Program{program}}, nil
}

// probeRival is our probe with its defaults and a reader that decodes each event and drops it.
func probeRival() (*rival, error) {
	before, err := heldPrograms()
	if err != nil {
		return nil, err
	}
	probe, err := bpf.Open(bpf.Options{})
	if err != nil {
		return nil, err
	}
	r := &rival{name: probeName}
	after, err := heldPrograms()
	if err == nil {
		r.programs, err = openPrograms(after.without(before))
	}
	// It goes on reading what programs attached by others put into its buffer.
	if err := errors.Join(err, probe.Detach()); err != nil {
		return nil, errors.Join(err, r.close(), probe.Close())
	}
	ended := make(chan error, 1)
	go func() { ended <- drainOn(probe) }()
	r.losses = func() (uint64, error) { return lostBy(probe) }
	r.end = func() error { return errors.Join(probe.Close(), <-ended) }
	return r, nil
}

// drainOn reads until the probe is closed, whoever attaches its programs.
func drainOn(probe *bpf.Probe) error {
	const interval = 20 * time.Millisecond
	var event bpf.Event
	for {
		switch err := probe.Read(&event, interval); {
		case err == nil, errors.Is(err, os.ErrDeadlineExceeded):
		case errors.Is(err, io.EOF): // to a detached probe an empty buffer is the end
			time.Sleep(interval)
		case errors.Is(err, os.ErrClosed):
			return nil
		default:
			return err
		}
	}
}

// attach runs a program at the tracepoint that it was loaded for, or the empty one at that of execs.
func attach(program *ebpf.Program) (l link.Link, err error) {
	if program.Type() == ebpf.RawTracepoint {
		l, err = link.AttachRawTracepoint(link.RawTracepointOptions{Name: "sched_process_exec", Program: program})
	} else {
		l, err = link.AttachTracing(link.TracingOptions{Program: program})
	}
	if err != nil {
		return nil, fmt.Errorf("attach %s: %w", program, err)
	}
	return l, nil
}
