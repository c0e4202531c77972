package ebpfexecreceiver

import (
	"io/fs"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// openResolved opens a path that has no links. What it names is looked at
// through a handle that does not open it, and read through that same handle.
func (r *rootDir) openResolved(name string) (*os.File, fileID) {
	handle, err := r.OpenFile(name, unix.O_PATH|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, fileID{}
	}
	defer handle.Close()
	return reopen(handle)
}

// openDir opens a directory and nothing else: a fifo that is there by now would not be opened for ever.
func (r *rootDir) openDir(name string) (*os.File, error) {
	return r.OpenFile(name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NONBLOCK, 0)
}

// openDescriptor opens what a descriptor of a process is open on.
func openDescriptor(link string) (*os.File, fileID) {
	handle, err := os.OpenFile(link, unix.O_PATH, 0)
	if err != nil {
		return nil, fileID{}
	}
	defer handle.Close()
	return reopen(handle)
}

// reopen opens a regular file for reading by its handle, and returns nil of
// anything else, and of file systems in user space, which answer when their owner likes.
func reopen(handle *os.File) (*os.File, fileID) {
	info, err := handle.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil, fileID{}
	}
	conn, err := handle.SyscallConn()
	if err != nil {
		return nil, fileID{}
	}
	var file *os.File
	_ = conn.Control(func(fd uintptr) {
		var statfs unix.Statfs_t
		if unix.Fstatfs(int(fd), &statfs) != nil || statfs.Type == fuseMagic {
			return
		}
		link := "/proc/self/fd/" + strconv.FormatUint(uint64(fd), 10)
		if file, err = os.OpenFile(link, os.O_RDONLY|unix.O_NONBLOCK, 0); err != nil {
			file = nil
		}
	})
	if file == nil {
		return nil, fileID{}
	}
	if info, err = file.Stat(); err != nil || !info.Mode().IsRegular() {
		file.Close()
		return nil, fileID{}
	}
	return file, fileIDOf(info)
}

func fileIDOf(info fs.FileInfo) fileID {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fileID{}
	}
	return fileID{
		inode: inode{device: uint64(stat.Dev), number: stat.Ino}, links: uint64(stat.Nlink),
		size: info.Size(), changed: changeTime(info).UnixNano(), mode: info.Mode(),
	}
}
