//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// ring reads a BPF ring buffer. Unlike the reader of the library it leaves it to its user when the room of an event is given back: what is not
// given back is still there for the next reader of a ring that outlives one.
//
// The layout is that of include/uapi/linux/bpf.h and kernel/bpf/ringbuf.c: a
// page with the consumer's position, one with the producer's, and the data. The
// kernel offers the data twice in a row, so that no record is ever in two
// pieces. Mapping it twice would count twice as memory of the process, so it is
// mapped once; a record is copied anyway.
type ring struct {
	consumer []byte
	producer []byte
	data     []byte
	mask     uint64
	read     uint64 // position up to which events were read
	events   uint64 // that were read, since the ring was made
}

const (
	recordHeader  = 8
	recordBusy    = 1 << 31
	recordDiscard = 1 << 30
)

func newRing(m *ebpf.Map) (*ring, error) {
	page, size := os.Getpagesize(), int(m.MaxEntries())
	r := &ring{mask: uint64(size - 1)}
	var err error
	if r.consumer, err = unix.Mmap(m.FD(), 0, page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		return nil, fmt.Errorf("map the consumer's page of the ring buffer: %w", err)
	}
	if r.producer, err = unix.Mmap(m.FD(), int64(page), page+size, unix.PROT_READ, unix.MAP_SHARED); err != nil {
		return nil, errors.Join(fmt.Errorf("map the ring buffer of %d bytes: %w", size, err), r.close())
	}
	r.data = r.producer[page:]
	r.read = r.released()
	return r, nil
}

func (r *ring) close() error {
	var errs []error
	for _, mapped := range [][]byte{r.consumer, r.producer} {
		if mapped != nil {
			errs = append(errs, unix.Munmap(mapped))
		}
	}
	*r = ring{}
	return errors.Join(errs...)
}

func position(page []byte) *uint64 { return (*uint64)(unsafe.Pointer(unsafe.SliceData(page))) }

func (r *ring) released() uint64 { return atomic.LoadUint64(position(r.consumer)) }
func (r *ring) produced() uint64 { return atomic.LoadUint64(position(r.producer)) }

// held is how many bytes are not free for new events.
func (r *ring) held() uint64 { return r.produced() - r.released() }

// isDrained says that nothing is left to read, and nothing is being written.
func (r *ring) isDrained() bool { return r.read == r.produced() }

// next appends the next event to dst. It is false where there is none yet. The
// copy is made in one go: the lines of the buffer are in the cache of the CPU
// that wrote them, and to fetch each as it is needed takes longer.
func (r *ring) next(dst []byte) ([]byte, bool) {
	start, size, ok := r.pass()
	if !ok {
		return dst, false
	}
	whole := min(size, uint64(len(r.data))-start) // what goes beyond the end is at the beginning
	return append(append(dst, r.data[start:start+whole]...), r.data[:size-whole]...), true
}

// pass goes past the next event and says where in the data it is.
func (r *ring) pass() (start, size uint64, ok bool) {
	for r.read < r.produced() {
		at := r.read & r.mask
		length := atomic.LoadUint32((*uint32)(unsafe.Pointer(&r.data[at])))
		if length&recordBusy != 0 {
			return 0, 0, false
		}
		size = uint64(length &^ (recordBusy | recordDiscard))
		r.read += (recordHeader + size + 7) &^ 7
		if length&recordDiscard == 0 {
			r.events++
			return (at + recordHeader) & r.mask, size, true
		}
	}
	return 0, 0, false
}

// skip goes past events until so many were read since the ring was made, or there are no more.
func (r *ring) skip(events uint64) {
	for ok := true; ok && r.events < events; {
		_, _, ok = r.pass()
	}
}

// release gives back the room of what was read before a position.
func (r *ring) release(to uint64) { atomic.StoreUint64(position(r.consumer), to) }
