package ebpfexecreceiver

import (
	"bytes"

	"github.com/copywatch/copywatch/bpf"
)

// isMemfd says that the file lives in memory only. A file of that name on a file system is not detached.
func isMemfd(f *bpf.Executable) bool {
	return f.Detached && bytes.HasPrefix(f.Path, []byte("memfd:"))
}

// isWritable says that the user who runs the file could change it, by its mode
// alone: capabilities would make every file writable to root, and say nothing.
func isWritable(f *bpf.Executable, uid, gid uint32) bool {
	if f.ReadOnly {
		return false
	}
	const ownerWrites, groupWrites, othersWrite = 0o200, 0o020, 0o002
	switch {
	case f.Owner == uid && uid != 0:
		return f.Mode&ownerWrites != 0
	case f.Group == gid && gid != 0:
		return f.Mode&groupWrites != 0
	default:
		return f.Mode&othersWrite != 0
	}
}

// descriptorType names what a descriptor is open on, or is empty where it is closed.
func descriptorType(d *bpf.Descriptor) string {
	// The types of include/uapi/linux/stat.h.
	switch d.Mode & 0o170000 {
	case 0:
		return ""
	case 0o100000:
		return "file"
	case 0o010000:
		return "pipe"
	case 0o140000:
		return "socket"
	case 0o020000:
		return characterDevice(d.Device)
	default:
		return "other"
	}
}

// characterDevice tells terminals and /dev/null by their numbers (Documentation/admin-guide/devices.txt).
func characterDevice(dev uint32) string {
	major, minor := dev>>20, dev&0xfffff
	switch {
	case major == 1 && minor == 3:
		return "null"
	case major == 4, major == 5, // consoles and serial lines, /dev/tty
		major >= 136 && major <= 143,             // Unix98 pseudo-terminals
		major == 204, major == 229, major == 188, // serial lines of ARM, hypervisor consoles, USB
		major == 166:
		return "tty"
	default:
		return "other"
	}
}
