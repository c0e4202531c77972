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

// isDeleted says that it is the file of that inode, and has no name any more.
func isDeleted(info fs.FileInfo, inode uint64) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink == 0 && stat.Ino == inode
}
