//go:build !linux || !(amd64 || arm64)

package bpf

import (
	"fmt"
	"runtime"
)

// Probe exists on this platform so that programs compile; Open never returns one.
type Probe struct{}

// Open says that there is no probe for this platform.
func Open(Options) (*Probe, error) {
	return nil, fmt.Errorf("%w: this is %s/%s", ErrPlatform, runtime.GOOS, runtime.GOARCH)
}

// Read is never called: there is no Probe.
func (*Probe) Read(*Event) error { return ErrPlatform }

// Losses is never called: there is no Probe.
func (*Probe) Losses() (Losses, error) { return Losses{}, ErrPlatform }

// Detach is never called: there is no Probe.
func (*Probe) Detach() error { return ErrPlatform }

// Close is never called: there is no Probe.
func (*Probe) Close() error { return ErrPlatform }
