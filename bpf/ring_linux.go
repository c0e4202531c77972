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

// ring reads a BPF ring buffer. Unlike the reader of the library it leaves it to
// its user when the room of an event is given back: what is not
// given back is still there for the next reader of a ring that outlives one.
//
// The layout is that of include/uapi/linux/bpf.h and kernel/bpf/ringbuf.c: a
// page with the consumer's position, one with the producer's, and the data,
// which the kernel offers twice in a row, so that no record is ever in two
// pieces. What is mapped counts as memory of the process, and mapping takes
// longer than reading: the data is mapped once, when there is some, and of the
// second time only as much as the longest record needed that went over the end.
type ring struct {
	fd       int
	page     uint64
	consumer []byte
	producer []byte
	size     uint64
	data     []byte
	read     uint64 // position up to which events were read
	events   uint64 // that were read, since the ring was made
}

const (
	recordHeader  = 8
	recordBusy    = 1 << 31
	recordDiscard = 1 << 30
)

func newRing(m *ebpf.Map) (*ring, error) {
	r := &ring{fd: m.FD(), page: uint64(os.Getpagesize()), size: uint64(m.MaxEntries())}
	var err error
	if r.consumer, err = unix.Mmap(r.fd, 0, int(r.page), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		return nil, fmt.Errorf("map the consumer's page of the ring buffer: %w", err)
	}
	if r.producer, err = unix.Mmap(r.fd, int64(r.page), int(r.page), unix.PROT_READ, unix.MAP_SHARED); err != nil {
		return nil, errors.Join(fmt.Errorf("map the producer's page of the ring buffer: %w", err), r.close())
	}
	r.read = r.released()
	return r, nil
}

// extend maps the data up to an offset, which may be behind the first end.
func (r *ring) extend(end uint64) error {
	length := (max(end, r.size) + r.page - 1) &^ (r.page - 1)
	data, err := unix.Mmap(r.fd, int64(2*r.page), int(length), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("map %d bytes of the ring buffer: %w", length, err)
	}
	before := r.data
	r.data = data
	if before != nil {
		return unix.Munmap(before)
	}
	return nil
}

func (r *ring) close() error {
	var errs []error
	for _, mapped := range [][]byte{r.consumer, r.producer, r.data} {
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
func (r *ring) next(dst []byte) ([]byte, bool, error) {
	event, err := r.pass()
	return append(dst, event...), event != nil, err
}

// pass goes past the next event and returns it, in place; nil where there is none yet.
func (r *ring) pass() ([]byte, error) {
	for r.read < r.produced() {
		header, err := r.see(recordHeader)
		if err != nil {
			return nil, err
		}
		length := atomic.LoadUint32((*uint32)(unsafe.Pointer(unsafe.SliceData(header))))
		if length&recordBusy != 0 {
			return nil, nil
		}
		size := uint64(length &^ (recordBusy | recordDiscard))
		record, err := r.see(recordHeader + size)
		if err != nil {
			return nil, err
		}
		r.read += (recordHeader + size + 7) &^ 7
		if length&recordDiscard == 0 {
			r.events++
			return record[recordHeader:], nil
		}
	}
	return nil, nil
}

// see returns so many bytes from the position on up to which events were read.
func (r *ring) see(bytes uint64) ([]byte, error) {
	at := r.read & (r.size - 1)
	end := at + bytes
	if end > uint64(len(r.data)) {
		if err := r.extend(end); err != nil {
			return nil, err
		}
	}
	return r.data[at:end:end], nil
}

// skip goes past events until so many were read since the ring was made, or there are no more.
func (r *ring) skip(events uint64) error {
	for r.events < events {
		if event, err := r.pass(); event == nil {
			return err
		}
	}
	return nil
}

// release gives back the room of what was read before a position.
func (r *ring) release(to uint64) { atomic.StoreUint64(position(r.consumer), to) }
