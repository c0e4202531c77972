//go:build linux && (amd64 || arm64)

package bpf

import (
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// ledger is what a reader has to leave behind so that the next one goes on
// where it stopped: how far the events of each ring have come, and what was
// lost and told of. It lies in a map of the kernel, which outlives a reader
// that is killed at any point; the order of the writes below is for that.
type ledger struct {
	*probeLedger
	page []byte
}

func newLedger(m *ebpf.Map) (*ledger, error) {
	page, err := unix.Mmap(m.FD(), 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map the ledger: %w", err)
	}
	return &ledger{probeLedger: (*probeLedger)(unsafe.Pointer(unsafe.SliceData(page))), page: page}, nil
}

func (l *ledger) close() error { return unix.Munmap(l.page) }

// released is how many events of a ring gave back their room, of which this is the consumer's position.
func (l *ledger) released(ring int, position uint64) uint64 {
	for i := range l.Rings[ring].Checkpoints {
		c := &l.Rings[ring].Checkpoints[i]
		if atomic.LoadUint64(&c.Position) == position {
			return atomic.LoadUint64(&c.Events)
		}
	}
	return 0 // a position that no version of this wrote
}

// checkpoint notes a position that will be the consumer's next, without touching the note of the present one.
func (l *ledger) checkpoint(ring int, present, next, events uint64) {
	free := &l.Rings[ring].Checkpoints[0]
	if atomic.LoadUint64(&free.Position) == present {
		free = &l.Rings[ring].Checkpoints[1]
	}
	atomic.StoreUint64(&free.Events, events)
	atomic.StoreUint64(&free.Position, next)
}

func (l *ledger) handOn(ring int, events uint64) {
	atomic.StoreUint64(&l.Rings[ring].HandedOn, events)
}

func (l *ledger) settle(ring int, events uint64) {
	atomic.StoreUint64(&l.Rings[ring].Settled, events)
}

func (l *ledger) addLost(reason LossReason, events uint64) {
	atomic.AddUint64(&l.Lost[reason], events)
}

func (l *ledger) told() (told Losses) {
	for reason := range told {
		told[reason] = atomic.LoadUint64(&l.Told[reason])
	}
	return told
}

func (l *ledger) tell(losses Losses) {
	for reason, events := range losses {
		atomic.StoreUint64(&l.Told[reason], events)
	}
}
