//go:build !linux

package ebpfexecreceiver

import "strconv"

// errorName returns the number: its name is Linux's, and there is no probe elsewhere.
func errorName(errno uint32) string { return strconv.FormatUint(uint64(errno), 10) }
