//go:build !linux

package bpf

import "time"

// SinceBoot is the clock of the events, of which there are none on this platform.
func SinceBoot() time.Duration { return 0 }
