//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"
)

// takeover makes the probe go on where its predecessors stopped. One of the
// same kind is adopted: its programs have never ceased to work. Others, of
// another version or with other options, are replaced: the new programs are
// attached before the old are detached, so that no exec is missed, and what the
// old have in their buffers is read first.
func (p *Probe) takeover(o *Options) error {
	var err error
	if p.pins, err = openPins(o.PinPath); err != nil {
		return err
	}
	names, err := p.pins.names()
	if err != nil {
		return err
	}
	if err := p.adopt(o, names); err != nil {
		return err
	}
	if p.current == nil {
		if err := p.install(o); err != nil {
			return err
		}
	}
	if err := p.current.setPrecedence(o.Precedence); err != nil {
		return err
	}
	for _, name := range names {
		if name != p.current.name {
			if err := p.succeed(name, o.Redeliver); err != nil {
				return err
			}
		}
	}
	if len(p.earlier) > 0 {
		p.taken, p.tookOver = make(map[execKey]struct{}), SinceBoot()
	}
	return nil
}

// adopt takes over one that does what the options say.
func (p *Probe) adopt(o *Options, names []string) error {
	for _, name := range names {
		if !isOfKind(name, kindName(o)) {
			continue
		}
		g, err := p.pins.load(name)
		if err != nil {
			continue // incomplete: it will be replaced
		}
		if !p.pins.isAttached(g) {
			if err := g.close(); err != nil {
				return err
			}
			continue
		}
		p.current = g
		return g.recover(o.Redeliver)
	}
	return nil
}

// install loads, attaches and pins a new generation.
func (p *Probe) install(o *Options) error {
	var err error
	if p.current, err = loadGeneration(o); err != nil {
		return err
	}
	if err := p.current.setPrecedence(o.Precedence); err != nil {
		return err
	}
	name := newName(o)
	if err = p.current.attach(o); err == nil {
		err = p.pins.save(p.current, name)
	}
	if err != nil {
		return errors.Join(err, p.pins.remove(name))
	}
	return nil
}

// inFlight is how long a program may still run that was detached.
const inFlight = 20 * time.Millisecond

// succeed detaches a predecessor, and keeps it for its events where this version understands them.
func (p *Probe) succeed(name string, redeliver bool) error {
	if err := p.pins.detach(name); err != nil {
		return err
	}
	g, err := p.pins.load(name)
	if err != nil {
		return p.pins.remove(name) // it was never at work
	}
	time.Sleep(inFlight)
	if err := g.recover(redeliver); err != nil {
		return err
	}
	if !strings.HasPrefix(name, formatName()+"-") {
		if err := g.abandon(); err != nil {
			return err
		}
	}
	if err := p.inherit(g); err != nil {
		return err
	}
	if g.isDrained() {
		return errors.Join(p.pins.remove(name), g.close())
	}
	p.earlier = append(p.earlier, g)
	return nil
}

// inherit makes the losses of a predecessor that nobody was told of ours.
func (p *Probe) inherit(g *generation) error {
	losses, err := g.losses()
	if err != nil {
		return err
	}
	told := g.ledger.told()
	for reason, events := range losses {
		if events > told[reason] {
			p.current.ledger.addLost(LossReason(reason), events-told[reason])
		}
	}
	g.ledger.tell(losses)
	return nil
}

// recover decides what becomes of the events that a reader had taken when it
// was killed. Those that it had handed on may have arrived or not: to have none
// twice, they are counted as lost; to have each at least once, they are
// delivered again as far as they still are in the buffer.
func (g *generation) recover(redeliver bool) error {
	for i, r := range g.rings {
		progress := &g.ledger.Rings[i]
		released, settled := r.events, progress.Settled
		gone := released
		if !redeliver {
			gone = max(released, progress.HandedOn)
		}
		if gone > settled {
			g.ledger.addLost(Interrupted, gone-settled)
		}
		g.ledger.settle(i, max(gone, settled))
		if err := r.skip(gone); err != nil {
			return err
		}
		g.release(i, r.read, r.events)
		g.ledger.handOn(i, r.events)
	}
	return nil
}

// abandon counts as lost what is in the buffers: another version wrote it in a form of its own.
func (g *generation) abandon() error {
	for i, r := range g.rings {
		from := r.events
		if err := r.skip(math.MaxUint64); err != nil {
			return err
		}
		g.ledger.addLost(Interrupted, r.events-from)
		g.ledger.settle(i, r.events)
		g.release(i, r.read, r.events)
	}
	return nil
}

// execKey identifies an exec, whichever program saw it.
type execKey struct {
	process ProcessKey
	id      uint64
}

// overlap is for how long after the takeover an event may still come that a predecessor took, too.
const overlap = 10 * time.Second

// isRepeated says that an earlier generation, too, took this exec, in the
// moment in which both were attached. It knows all that are left of them: where
// a reader was killed in the middle of a takeover there may be several.
func (p *Probe) isRepeated(g *generation, ev *Event) bool {
	if p.taken == nil || ev.Kind != KindExec {
		return false
	}
	key := execKey{ev.Exec.Process, ev.Exec.ID}
	if _, taken := p.taken[key]; taken {
		return true
	}
	switch {
	case g != p.current:
		p.taken[key] = struct{}{}
	case ev.Exec.Time > p.tookOver+overlap:
		p.taken = nil
	}
	return false
}

// Mark is a place in the stream of events, to say how far they have come.
type Mark struct {
	generation       *generation
	position, events [probeRingIndexRINGS]uint64
}

// Mark returns the place after the last event that was read.
func (p *Probe) Mark() Mark {
	g := p.source()
	m := Mark{generation: g}
	for i, r := range g.rings {
		m.position[i], m.events[i] = r.read, r.events
	}
	return m
}

// HandOn notes that the events up to a mark are being handed on to whom they
// are for. Where the reader is killed now, nobody knows whether they arrived.
func (p *Probe) HandOn(m Mark) {
	if p.pins == nil || m.generation == nil {
		return
	}
	for i := range m.generation.rings {
		m.generation.ledger.handOn(i, m.events[i])
	}
}

// Settle notes that the events up to a mark have arrived or are counted as
// lost. Only then is their room in the buffer free, as long as there is enough.
func (p *Probe) Settle(m Mark) {
	if p.pins == nil || m.generation == nil {
		return
	}
	for i := range m.generation.rings {
		m.generation.ledger.settle(i, m.events[i])
		m.generation.release(i, m.position[i], m.events[i])
	}
	p.forget(m.generation)
}

// forget removes the predecessors whose events have all come before those of g.
func (p *Probe) forget(g *generation) {
	p.forgetting.Lock()
	defer p.forgetting.Unlock()
	n := slices.Index(p.drained, g)
	if n < 0 {
		n = len(p.drained)
	}
	for _, old := range p.drained[:n] {
		// What cannot be removed now is empty, and will be by the next to take over.
		_ = p.pins.remove(old.name)
	}
	p.forgotten = append(p.forgotten, p.drained[:n]...)
	p.drained = p.drained[n:]
}
