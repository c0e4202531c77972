package bpf

import (
	"time"

	"golang.org/x/sys/unix"
)

// SinceBoot is the clock of the events: time since the host booted, suspend included.
func SinceBoot() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
