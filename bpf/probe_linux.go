//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cilium/ebpf/rlimit"
)

// Probe is the loaded and attached programs with their ring buffers.
type Probe struct {
	waiter  *waiter
	called  bool // the kernel side ended the last wait
	current *generation
	known   []uint64      // what Know put into the current one, by its place
	pins    *pins         // nil: nothing outlives the process
	earlier []*generation // predecessors that have events left, to be read first

	taken    map[execKey]struct{} // execs that predecessors took; nil where none are left, or were long ago
	tookOver time.Duration        // when the last of them was detached

	forgetting sync.Mutex
	drained    []*generation // predecessors that were read
	forgotten  []*generation // and whose pins are removed

	reading  sync.Mutex // held by Read, and by Close while it takes the memory away
	event    []byte     // that Read returned last
	detached atomic.Bool
	last     [probeRingIndexRINGS]uint64 // positions up to which a probe that stays is read
	closed   bool
}

// Open loads the programs into the kernel and attaches them, or takes over
// those that are pinned. From its return on, every exec is either delivered by
// Read or counted in Losses.
//
// The error names what the host lacks: BTF, a capability, a kernel that is
// recent enough, or one that is not locked down.
func Open(o Options) (*Probe, error) {
	o.setDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	if err := checkHost(o); err != nil {
		return nil, err
	}
	// Below 5.11 maps count against RLIMIT_MEMLOCK. Where raising it is
	// refused, loading says whether it was needed.
	_ = rlimit.RemoveMemlock()

	p := &Probe{}
	if err := p.open(&o); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Probe) open(o *Options) (err error) {
	if o.PinPath != "" {
		err = p.takeover(o)
	} else {
		err = p.start(o)
	}
	if err != nil {
		return err
	}
	p.waiter, err = newWaiter(p.current.maps.Events)
	return err
}

// start loads and attaches programs that end with the process.
func (p *Probe) start(o *Options) (err error) {
	if p.current, err = loadGeneration(o); err != nil {
		return err
	}
	if err := p.current.setPrecedence(o.Precedence); err != nil {
		return err
	}
	return p.current.attach(o)
}

// Read fills ev with the next event. Without one it waits, at most as long as
// given, and returns [os.ErrDeadlineExceeded]; after Detach it returns [io.EOF]
// when what came before is read; after Close [os.ErrClosed]. An event that
// cannot be decoded yields a [*DecodeError], and reading may go on.
//
// While it waits, a buffer that is an eighth full ends that, and so does what
// should be looked at soon: the exec of a script, or of a file that [Probe.Know]
// was not told of. After such an end the next wait is for 50 ms at most: what
// comes in that time ends none.
func (p *Probe) Read(ev *Event, most time.Duration) error {
	p.reading.Lock()
	defer p.reading.Unlock()
	for waited := most <= 0; ; {
		if p.closed {
			return os.ErrClosed
		}
		g := p.source()
		if p.detached.Load() && p.pins != nil && g == p.current && g.isReadUpTo(p.last) {
			return io.EOF
		}
		g.releaseRead(p.heldShare())
		event, ok, err := g.next(p.event[:0])
		if err != nil {
			return err
		}
		if p.event = event; ok {
			if err := ev.decode(p.event); err != nil {
				return &DecodeError{Size: len(p.event), Err: err}
			}
			if p.isRepeated(g, ev) {
				continue
			}
			if g != p.current {
				ev.Exec.Executable.Unfamiliar = 0 // the others have keys of their own
			}
			return nil
		}
		switch {
		case g != p.current && g.isDrained():
			p.advance(g)
		case p.detached.Load() && g.isDrained():
			p.releaseAll(g)
			return io.EOF
		case waited:
			return os.ErrDeadlineExceeded
		default:
			waited = true
			if err := p.await(g, most); err != nil {
				return err
			}
		}
	}
}

// source is the generation to read from: predecessors come first.
func (p *Probe) source() *generation {
	if len(p.earlier) > 0 {
		return p.earlier[0]
	}
	return p.current
}

// advance goes on to the next generation: a predecessor is read to its end.
func (p *Probe) advance(g *generation) {
	p.earlier = p.earlier[1:]
	p.forgetting.Lock()
	p.drained = append(p.drained, g)
	p.forgetting.Unlock()
}

// heldShare is how much of a buffer may be held by events that were read. What
// is pinned is held until it is settled, unless room gets short.
func (p *Probe) heldShare() float64 {
	if p.pins != nil {
		return 0.5
	}
	return 0.125
}

// callInterval is from one call for what is unfamiliar to the next.
const callInterval = 50 * time.Millisecond

// releaseAll gives the producers all the room, where nothing else needs it.
func (p *Probe) releaseAll(g *generation) {
	if p.pins == nil {
		g.releaseRead(0)
	}
}

// await gives back what room it can, and waits.
func (p *Probe) await(g *generation, most time.Duration) (err error) {
	p.releaseAll(g)
	if p.detached.Load() { // a program is still at work on its last event
		time.Sleep(time.Millisecond)
		return nil
	}
	switch {
	case !g.isDrained():
		most = time.Millisecond // an event is being written
	case p.called:
		most = min(most, callInterval) // what came since then did not call
	}
	p.called, err = p.waiter.wait(most, func() bool { return !g.isDrained() })
	return err
}

// Know says of what [Executable.Unfamiliar] names that its execs need not be
// looked at before the next Read is over. There is room for some thousands. It
// is for the goroutine that reads.
func (p *Probe) Know(file uint64) error {
	familiar := p.current.maps.Familiar
	if p.known == nil {
		p.known = make([]uint64, familiar.MaxEntries())
	}
	place := uint32(file) & (familiar.MaxEntries() - 1)
	if file == 0 || p.known[place] == file {
		return nil
	}
	p.known[place] = file // even if it fails: it would fail with each exec
	if err := familiar.Put(place, file); err != nil {
		return fmt.Errorf("tell the kernel side of a familiar file: %w", err)
	}
	return nil
}

// Losses returns what was lost since the programs were loaded.
func (p *Probe) Losses() (Losses, error) { return p.current.losses() }

// Lost adds events to the losses that only the reader knows of.
func (p *Probe) Lost(reason LossReason, events uint64) { p.current.ledger.addLost(reason, events) }

// Told returns the losses that were told of, by this reader or those before it.
func (p *Probe) Told() Losses { return p.current.ledger.told() }

// Tell notes of which losses somebody was told.
func (p *Probe) Tell(losses Losses) { p.current.ledger.tell(losses) }

// Detach ends the taking of events. What is in the buffer can still be read, up
// to [io.EOF]. Where the programs are pinned they stay at work, and what comes
// from now on is left to the next reader.
func (p *Probe) Detach() error {
	var errs []error
	if p.current != nil && !p.detached.Load() {
		p.last = p.current.produced()
		if p.pins == nil {
			errs = append(errs, p.current.detach())
		}
	}
	p.detached.Store(true)
	if p.waiter != nil {
		errs = append(errs, p.waiter.call())
	}
	return errors.Join(errs...)
}

// Close detaches and unloads everything that is not pinned. It interrupts a Read.
func (p *Probe) Close() error {
	errs := []error{p.Detach()}
	p.reading.Lock()
	defer p.reading.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	p.forgetting.Lock()
	defer p.forgetting.Unlock()
	for _, list := range [][]*generation{p.earlier, p.drained, p.forgotten} {
		for _, g := range list {
			errs = append(errs, g.close())
		}
	}
	if p.current != nil {
		errs = append(errs, p.current.close())
	}
	if p.waiter != nil {
		errs = append(errs, p.waiter.close())
	}
	if p.pins != nil {
		errs = append(errs, p.pins.close())
	}
	return errors.Join(errs...)
}
