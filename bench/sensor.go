//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// sensor is something that sees execs. Each runs as a process of its own, so
// that what it uses can be told from what the harness uses.
type sensor struct {
	name string
	// skip is why it cannot be measured here.
	skip string
	// command runs the sensor for execs whose serial numbers begin with tag; it may write into dir.
	command func(dir, tag string) (*exec.Cmd, error)
	// beside runs what the sensor sends to. It is started before the sensor and ended
	// after it, says readyLine when it works, and its CPU time is not the sensor's.
	beside func(tag string) (*exec.Cmd, error)
	// ready says whether the sensor sees execs by now. Then it is given the time settle.
	ready  func(dir string) bool
	settle time.Duration
	// slack is how exactly its threads are woken; 0 is the system's default.
	slack time.Duration
	// captured finds what the sensor saw, after it has ended.
	captured func(dir, tag string) (captured, error)
}

// captured is what a sensor says that it saw. What it does not say is nil.
type captured struct {
	// Execs is how many different serial numbers it reported.
	Execs *uint64 `json:"captured"`
	// Repeated is how many serial numbers it reported again.
	Repeated *uint64 `json:"repeated,omitempty"`
	// Lost is how many events it says it lost.
	Lost *uint64 `json:"lost"`
}

// start returns when the sensor sees execs.
func (s sensor) start(ctx context.Context, cpu int, dir, tag string) (*process, error) {
	beside, err := s.startBeside(ctx, cpu, dir, tag)
	if err != nil {
		return nil, fmt.Errorf("start what it sends to: %w", err)
	}
	cmd, err := s.command(dir, tag)
	if err != nil {
		return nil, errors.Join(err, beside.stop())
	}
	p, err := startProcess(cpu, s.slack, cmd, dir)
	if err != nil {
		return nil, errors.Join(err, beside.stop())
	}
	p.beside = beside
	if err := awaitReady(ctx, p, s.ready, s.settle); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// startBeside returns nil where the sensor needs nothing beside it.
func (s sensor) startBeside(ctx context.Context, cpu int, dir, tag string) (*process, error) {
	if s.beside == nil {
		return nil, nil
	}
	cmd, err := s.beside(tag)
	if err != nil {
		return nil, err
	}
	dir = besideDir(dir)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	p, err := startProcess(cpu, 0, cmd, dir)
	if err != nil {
		return nil, err
	}
	if err := awaitReady(ctx, p, fileContains("stdout", readyLine+"\n"), 0); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// awaitReady waits until ready says so, unless it is nil, and then for the time settle.
func awaitReady(ctx context.Context, p *process, ready func(dir string) bool, settle time.Duration) error {
	const most = 60 * time.Second
	for start := time.Now(); ; {
		if p.died() {
			return p.diedError()
		}
		switch {
		case ready == nil || ready(p.dir):
			return pause(ctx, settle)
		case time.Since(start) > most:
			return fmt.Errorf("it was not ready within %v", most)
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// selectSensors finds those that are named in a list with commas, or all for an empty list.
func selectSensors(all []sensor, names string) ([]sensor, error) {
	if names == "" {
		return all, nil
	}
	var selected []sensor
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(all, func(s sensor) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("-only %s: there is no sensor %q", names, name)
		}
		selected = append(selected, all[i])
	}
	return selected, nil
}

// fileContains makes a ready function for sensors that say so in their output.
func fileContains(name, text string) func(dir string) bool {
	return func(dir string) bool {
		content, err := os.ReadFile(filepath.Join(dir, name))
		return err == nil && strings.Contains(string(content), text)
	}
}

// scanFiles finds serial numbers in all that a sensor wrote. No number at all
// means that it does not print arguments, not that it saw nothing.
func scanFiles(dir, tag string) (captured, error) {
	seen := newSerials(tag)
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		return seen.scan(f)
	})
	if n := seen.count(); n > 0 {
		return captured{Execs: &n}, err
	}
	return captured{}, err
}
