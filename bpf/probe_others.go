//go:build !linux || !(amd64 || arm64)

package bpf

import (
	"fmt"
	"runtime"
	"time"
)

// Probe exists on this platform so that programs compile; Open never returns one.
type Probe struct{}

// Open says that there is no probe for this platform.
func Open(Options) (*Probe, error) {
	return nil, fmt.Errorf("%w: this is %s/%s", ErrPlatform, runtime.GOOS, runtime.GOARCH)
}

// Read is never called: there is no Probe.
func (*Probe) Read(*Event, time.Duration) error { return ErrPlatform }

// Know is never called: there is no Probe.
func (*Probe) Know(uint64) error { return ErrPlatform }

// Losses is never called: there is no Probe.
func (*Probe) Losses() (Losses, error) { return Losses{}, ErrPlatform }

// Lost is never called: there is no Probe.
func (*Probe) Lost(LossReason, uint64) {}

// Told is never called: there is no Probe.
func (*Probe) Told() Losses { return Losses{} }

// Tell is never called: there is no Probe.
func (*Probe) Tell(Losses) {}

// Mark is a place in the stream of events.
type Mark struct{}

// Mark is never called: there is no Probe.
func (*Probe) Mark() Mark { return Mark{} }

// HandOn is never called: there is no Probe.
func (*Probe) HandOn(Mark) {}

// Settle is never called: there is no Probe.
func (*Probe) Settle(Mark) {}

// Detach is never called: there is no Probe.
func (*Probe) Detach() error { return ErrPlatform }

// Close is never called: there is no Probe.
func (*Probe) Close() error { return ErrPlatform }
