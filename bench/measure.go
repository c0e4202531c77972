//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// bencher runs sensors against the load.
type bencher struct {
	options  options
	service  service
	machine  machine
	load     loader
	quiet    quiet
	runTimes io.Closer
	progress io.Writer
	notes    []string
	runs     int
}

func newBencher(o options, progress io.Writer) (*bencher, error) {
	dir := absolute(o.workDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	place, err := placeOnHost()
	if err != nil {
		return nil, err
	}
	as, err := readService(".")
	if err != nil {
		return nil, err
	}
	load, err := buildLoad(dir)
	if err != nil {
		return nil, err
	}
	load.shape, load.seconds, load.cpu = o.load, o.seconds, place.Load
	b := &bencher{
		options: o, service: as, machine: describeMachine(place), load: load,
		quiet: quiet{cpus: place.cpus(), patience: o.patience}, progress: progress,
	}
	if place.Remark != "" {
		b.notes = append(b.notes, place.Remark)
	}
	if b.runTimes, err = countRunTime(); err != nil {
		return nil, err
	}
	return b, b.noteForeignPrograms()
}

func (b *bencher) close() { b.runTimes.Close() }

// noteForeignPrograms tells of sensors that run here anyway: each baseline contains them.
func (b *bencher) noteForeignPrograms() error {
	loaded, err := loadedPrograms()
	if len(loaded) > 0 {
		b.notes = append(b.notes, fmt.Sprintf("%d tracing programs of others are loaded: what they cost is in the baseline", len(loaded)))
	}
	return err
}

// measure runs as many pairs as were asked for, and up to twice as many again
// where other processes disturbed them; the least disturbed count.
func (b *bencher) measure(ctx context.Context, s sensor) result {
	if s.skip != "" {
		fmt.Fprintf(b.progress, "%s: skipped: %s\n", s.name, s.skip)
		return result{Name: s.name, Skipped: s.skip}
	}
	var pairs []pair
	calm := 0
	for i := 0; calm < b.options.pairs && i < 3*b.options.pairs; i++ {
		p, err := b.runPair(ctx, s, i%2 == 1)
		if err != nil {
			fmt.Fprintf(b.progress, "%s: failed: %v\n", s.name, err)
			return result{Name: s.name, Failed: err.Error()}
		}
		b.tell(s, p)
		pairs = append(pairs, p)
		if !p.disturbed() {
			calm++
		}
		if b.quiet.patience == 0 && len(pairs) >= b.options.pairs {
			break
		}
	}
	return newResult(s.name, leastDisturbed(pairs, b.options.pairs))
}

func (b *bencher) tell(s sensor, p pair) {
	remark := ""
	if p.disturbed() {
		remark = fmt.Sprintf("  (disturbed: others used %.2f CPUs)", p.others())
	}
	fmt.Fprintf(b.progress, "%s: %.2f µs CPU per exec without, %.2f with%s\n",
		s.name, p.without.cpuMicros(), p.with.cpuMicros(), remark)
}

// runPair alternates which of the two comes first, so that a drift evens out.
func (b *bencher) runPair(ctx context.Context, s sensor, sensorFirst bool) (p pair, err error) {
	if sensorFirst {
		if p.with, err = b.runWith(ctx, s); err == nil {
			p.without, err = b.runWithout(ctx)
		}
		return p, err
	}
	if p.without, err = b.runWithout(ctx); err == nil {
		p.with, err = b.runWith(ctx, s)
	}
	return p, err
}

func (b *bencher) runWithout(ctx context.Context) (run, error) {
	r, _, err := b.runLoad(ctx, nil, b.nextTag())
	return r, err
}

// nextTag makes a tag that no sensor's output has by chance, nor of another run.
func (b *bencher) nextTag() string {
	b.runs++
	return fmt.Sprintf("cwbench%dx%d", os.Getpid(), b.runs)
}

// runWith starts the sensor, warms it up, loads it, lets it finish its work, and stops it.
func (b *bencher) runWith(ctx context.Context, s sensor) (r run, err error) {
	tag := b.nextTag()
	dir := filepath.Join(absolute(b.options.workDir), s.name)
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return r, err
	}
	before, err := loadedPrograms()
	if err != nil {
		return r, err
	}
	p, err := s.start(ctx, b.machine.Place.Sensor, dir, tag)
	if err != nil {
		return r, err
	}
	if err = b.warmUp(ctx, p); err == nil {
		r, err = b.runUnder(ctx, p, before, tag)
	}
	if err := errors.Join(err, p.stop()); err != nil {
		return r, err
	}
	if r.captured, err = s.captured(dir, tag); err != nil {
		return r, fmt.Errorf("count what it captured: %w", err)
	}
	return r, os.RemoveAll(dir) // a run's output may be hundreds of MB
}

// warmUp makes the same load as the run that follows, with serial numbers that
// nobody counts. Sensors run for months: what they do for the first time, above
// all to take the memory that they use from then on, would count the more per
// exec the fewer execs there are in a run.
func (b *bencher) warmUp(ctx context.Context, p *process) error {
	if _, err := b.load.run(ctx, b.nextTag()); err != nil {
		return err
	}
	_, err := p.awaitIdle(ctx)
	return err
}

// begin is how things stood when the load began.
type begin struct {
	programs programs
	cpu      time.Duration // of the sensor
}

// runUnder runs the load while the sensor p is at work; before are the programs that were loaded before it.
func (b *bencher) runUnder(ctx context.Context, p *process, before programs, tag string) (run, error) {
	r, begin, err := b.runLoad(ctx, p, tag)
	if err != nil {
		return r, err
	}
	waiting, err := p.awaitIdle(ctx)
	if err != nil {
		return r, err
	}
	if p.died() {
		return r, p.diedError()
	}
	after, err := loadedPrograms()
	own := begin.programs.without(before)
	r.programs = after.only(own).ranSince(begin.programs)
	r.cpu, r.maxRSS = p.cpuTime()-begin.cpu-waiting, p.maxRSS()
	return r, err
}

// runLoad waits for a quiet machine and runs the load. There may be no sensor p.
func (b *bencher) runLoad(ctx context.Context, p *process, tag string) (r run, start begin, err error) {
	if r.calm, err = b.quiet.wait(ctx, p.partTime); err != nil {
		return r, start, err
	}
	if r.getppid, err = measureTax(b.machine.Place.Load); err != nil {
		return r, start, err
	}
	if start.programs, err = loadedPrograms(); err != nil {
		return r, start, err
	}
	p.forgetMaxRSS()
	start.cpu = p.cpuTime()
	spent := time.Duration(0) // by the load, once it has ended
	own := func() time.Duration { return p.partTime() + kernelThreads() + spent }
	r.others, err = b.quiet.othersDuring(own, func() error {
		threads := kernelThreads()
		r.load, err = b.load.run(ctx, tag)
		r.threads = kernelThreads() - threads
		spent = time.Duration(r.load.cpuSeconds() * float64(time.Second))
		return err
	})
	if err != nil {
		return r, start, err
	}
	after, err := loadedPrograms()
	r.changed = !after.sameSet(start.programs)
	return r, start, err
}
