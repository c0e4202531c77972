package ebpfexecreceiver

import (
	"bytes"
	"strconv"

	"github.com/copywatch/copywatch/internal/cmdline"
)

// interner makes strings of what comes again and again (paths, directories,
// devices) once. It forgets everything when it is full: simpler than an order
// of use, and as good for what repeats.
type interner map[string]string

const (
	internedMost    = 8192
	internedLongest = 512 // bytes; a longer one is made anew each time
)

// get returns the attribute value for bytes that the kernel gave: valid UTF-8, whatever they are.
func (t interner) get(b []byte) string {
	if s, ok := t[string(b)]; ok {
		return s
	}
	s := cmdline.Text(b)
	if len(b) <= internedLongest {
		if len(t) >= internedMost {
			clear(t)
		}
		t[string(b)] = s
	}
	return s
}

// device formats a device number in the kernel's encoding as major:minor.
func (t interner) device(dev uint32) string {
	var buf [16]byte
	b := strconv.AppendUint(buf[:0], uint64(dev>>20), 10)
	b = append(b, ':')
	b = strconv.AppendUint(b, uint64(dev&0xfffff), 10)
	return t.get(b)
}

// tty turns the kernel's name of a terminal into that of its device: pts3 is /dev/pts/3.
func (t interner) tty(name []byte) string {
	if number, ok := bytes.CutPrefix(name, []byte("pts")); ok && len(number) > 0 {
		return t.get(append([]byte("pts/"), number...))
	}
	return t.get(name)
}
