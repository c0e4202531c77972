//go:build !linux

package grammar

import "time"

var began = time.Now()

// threadTime is the time that has gone by, where that of one thread cannot be told.
func threadTime() time.Duration { return time.Since(began) }
