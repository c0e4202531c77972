package ebpfexecreceiver

import (
	"io/fs"
	"syscall"
	"time"
)

// changeTime is when the inode was last changed (ctime).
func changeTime(info fs.FileInfo) time.Time {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return time.Time{}
	}
	return time.Unix(int64(stat.Ctim.Sec), int64(stat.Ctim.Nsec))
}
