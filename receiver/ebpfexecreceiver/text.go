package ebpfexecreceiver

import (
	"bytes"
	"strconv"

	"github.com/copywatch/copywatch/internal/cmdline"
)

// interner makes strings of what comes again and again (paths, directories,
// devices) once. It forgets everything when it is full: simpler than an order
// of use, and as good for what repeats.
type interner struct {
	known  map[string]string
	bytes  int        // of all of it
	recent [64]string // by length and last bytes: what comes time after time is found without hashing
}

const (
	internedMost    = 8192
	internedBytes   = 4 << 20
	internedLongest = 512 // bytes; a longer one is made anew each time
)

func newInterner() *interner { return &interner{known: map[string]string{}} }

// get returns the attribute value for bytes that the kernel gave: valid UTF-8, whatever they are.
func (t *interner) get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	recent := &t.recent[(uint(len(b))*7+uint(b[len(b)-1])*5+uint(b[len(b)/2]))%uint(len(t.recent))]
	if *recent == string(b) {
		return *recent
	}
	s, ok := t.known[string(b)]
	if !ok {
		s = cmdline.Text(b)
		if len(b) > internedLongest {
			return s
		}
		if len(t.known) >= internedMost || t.bytes >= internedBytes {
			clear(t.known)
			t.bytes = 0
		}
		t.known[string(b)] = s
		t.bytes += len(b) + len(s)
	}
	if len(s) == len(b) { // it is the bytes as they are: only then may it stand for them
		*recent = s
	}
	return s
}

// device formats a device number in the kernel's encoding as major:minor.
func (t *interner) device(dev uint32) string {
	var buf [16]byte
	b := strconv.AppendUint(buf[:0], uint64(dev>>20), 10)
	b = append(b, ':')
	b = strconv.AppendUint(b, uint64(dev&0xfffff), 10)
	return t.get(b)
}

// tty turns the kernel's name of a terminal into that of its device: pts3 is /dev/pts/3.
func (t *interner) tty(name []byte) string {
	if number, ok := bytes.CutPrefix(name, []byte("pts")); ok && len(number) > 0 {
		return t.get(append([]byte("pts/"), number...))
	}
	return t.get(name)
}
