package ebpfexecreceiver

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// errorName returns the name of an error number, such as ENOENT, or the number where it has none.
func errorName(errno uint32) string {
	if name := unix.ErrnoName(unix.Errno(errno)); name != "" {
		return name
	}
	return strconv.FormatUint(uint64(errno), 10)
}
