//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// idle is what the whole pipeline uses while nothing is executed.
type idle struct {
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu_percent"` // of one
	RSS     uint64  `json:"rss_bytes"`
}

const idleLasts = 10 * time.Second

func (b *bencher) measureIdle(ctx context.Context) (found *idle, err error) {
	s := filePipeline.sensor(b.options.collector, b.service)
	if s.skip != "" {
		return nil, errors.New(s.skip)
	}
	dir := filepath.Join(absolute(b.options.workDir), "idle")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return nil, err
	}
	p, err := s.start(ctx, b.machine.Place.Sensor, dir, b.nextTag())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop(), os.RemoveAll(dir)) }()
	if _, err := p.awaitIdle(ctx); err != nil {
		return nil, err
	}
	before := p.cpuTime()
	if err := pause(ctx, idleLasts); err != nil {
		return nil, err
	}
	used := p.cpuTime() - before
	p.forgetMaxRSS() // the most that it has from now on is what it has now
	found = &idle{Seconds: idleLasts.Seconds(), CPU: 100 * used.Seconds() / idleLasts.Seconds(), RSS: p.maxRSS()}
	fmt.Fprintf(b.progress, "idle: %.2f %% of a CPU, %.0f MiB\n", found.CPU, float64(found.RSS)/(1<<20))
	return found, nil
}
