//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
)

// generation is the programs as they were loaded once, with the maps that they
// share. Pinned ones outlive whoever loaded them.
type generation struct {
	name     string // of its pins; empty where it has none
	maps     generationMaps
	programs map[string]*ebpf.Program // that are attached, by their tracepoints
	links    map[string]link.Link     // by the same; none where others hold them
	rings    [probeRingIndexRINGS]*ring
	ledger   *ledger

	// The reader releases under pressure, and who delivers does when an event is settled.
	releasing sync.Mutex
}

// generationMaps are those that user space reads or writes.
type generationMaps struct {
	Events     *ebpf.Map `ebpf:"events"`
	Reserve    *ebpf.Map `ebpf:"reserve"`
	Delivery   *ebpf.Map `ebpf:"delivery"`
	Counters   *ebpf.Map `ebpf:"counters"`
	Precedence *ebpf.Map `ebpf:"precedence"`
	Familiar   *ebpf.Map `ebpf:"familiar"`
}

// byName is for what is done to every one of them. The names are those of the pins.
func (m *generationMaps) byName() map[string]**ebpf.Map {
	return map[string]**ebpf.Map{
		probeMapEvents: &m.Events, probeMapReserve: &m.Reserve, probeMapDelivery: &m.Delivery,
		probeMapCounters: &m.Counters, probeMapPrecedence: &m.Precedence, probeMapFamiliar: &m.Familiar,
	}
}

// The tracepoints, and the programs that are attached to them.
const (
	execTracepoint   = "sched_process_exec"
	exitTracepoint   = "sched_process_exit"
	failedTracepoint = "sys_exit"
)

var programNames = map[string]string{
	execTracepoint:   probeProgHandleExec,
	exitTracepoint:   probeProgHandleExit,
	failedTracepoint: probeProgHandleExecFailed,
}

// tracepoints are those that the options ask for. The first is the one without which there is no probe.
func tracepoints(o *Options) []string {
	list := []string{execTracepoint, exitTracepoint}
	if o.Failed {
		list = append(list, failedTracepoint)
	}
	return list
}

// loadGeneration loads the programs into the kernel, and attaches none.
func loadGeneration(o *Options) (*generation, error) {
	spec, err := specify(o)
	if err != nil {
		return nil, err
	}
	var options ebpf.CollectionOptions
	if o.BTFPath != "" {
		if options.Programs.KernelTypes, err = btf.LoadSpec(o.BTFPath); err != nil {
			return nil, fmt.Errorf("read the kernel's types from %s: %w", o.BTFPath, err)
		}
	}
	collection, err := ebpf.NewCollectionWithOptions(spec, options)
	if err != nil {
		return nil, explainLoad(err)
	}
	defer collection.Close() // of what is not taken out of it
	g := &generation{programs: map[string]*ebpf.Program{}, links: map[string]link.Link{}}
	if err := collection.Assign(&g.maps); err != nil {
		return nil, fmt.Errorf("find the maps of the probe: %w", err)
	}
	for _, tracepoint := range tracepoints(o) {
		g.programs[tracepoint] = collection.DetachProgram(programNames[tracepoint])
	}
	if err := g.open(); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// specify sets in the embedded object what the options say.
func specify(o *Options) (*ebpf.CollectionSpec, error) {
	spec, err := loadProbe()
	if err != nil {
		return nil, err
	}
	cpus, err := ebpf.PossibleCPU()
	if err != nil {
		return nil, fmt.Errorf("count the possible CPUs: %w", err)
	}
	spec.Maps[probeMapScratch].MaxEntries = uint32(cpus)
	spec.Maps[probeMapEvents].MaxEntries = uint32(o.BufferSize)
	spec.Maps[probeMapReserve].MaxEntries = uint32(o.ReserveSize)
	if !o.Failed {
		delete(spec.Programs, probeProgHandleExecFailed)
	}
	err = errors.Join(
		spec.Variables[probeVarArgsLimit].Set(uint32(o.ArgsLimit)),
		spec.Variables[probeVarEnvLimit].Set(uint32(o.EnvLimit)),
		spec.Variables[probeVarWakeupBacklog].Set(uint64(o.BufferSize/8)),
		spec.Variables[probeVarExits].Set(o.Exits),
		spec.Variables[probeVarCallInterval].Set(uint64(callInterval)),
		spec.Variables[probeVarSecret].Set(rand.Uint64()),
	)
	if err != nil {
		return nil, fmt.Errorf("set the limits: %w", err)
	}
	return spec, nil
}

// open maps what is read and written without system calls.
func (g *generation) open() (err error) {
	if g.ledger, err = newLedger(g.maps.Delivery); err != nil {
		return err
	}
	for i, m := range []*ebpf.Map{probeRingIndexMAIN_RING: g.maps.Events, probeRingIndexRESERVE_RING: g.maps.Reserve} {
		if g.rings[i], err = newRing(m); err != nil {
			return err
		}
		g.rings[i].events = g.ledger.released(i, g.rings[i].read)
	}
	return nil
}

// attach begins with the exec program: a process that ended is of interest once it was seen.
func (g *generation) attach(o *Options) error {
	for _, tracepoint := range tracepoints(o) {
		l, err := link.AttachTracing(link.TracingOptions{Program: g.programs[tracepoint]})
		if err != nil {
			return fmt.Errorf("attach to the tracepoint %s: %w", tracepoint, err)
		}
		g.links[tracepoint] = l
	}
	return nil
}

func (g *generation) detach() error {
	var errs []error
	for tracepoint, l := range g.links {
		errs = append(errs, l.Close())
		delete(g.links, tracepoint)
	}
	return errors.Join(errs...)
}

func (g *generation) close() error {
	errs := []error{g.detach()}
	for _, r := range g.rings {
		if r != nil {
			errs = append(errs, r.close())
		}
	}
	if g.ledger != nil {
		errs = append(errs, g.ledger.close())
	}
	for _, m := range g.maps.byName() {
		errs = append(errs, (*m).Close())
	}
	for _, p := range g.programs {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}

// setPrecedence makes these the names that have precedence, and no others.
func (g *generation) setPrecedence(names []string) error {
	wanted := make(map[probeName]bool, len(names))
	for _, name := range names {
		var key probeName
		if len(name) >= len(key.Text) {
			return fmt.Errorf("give precedence to %q: it has more than %d bytes", name, len(key.Text)-1)
		}
		for i := range len(name) {
			key.Text[i] = int8(name[i])
		}
		if err := g.maps.Precedence.Put(&key, uint8(1)); err != nil {
			return fmt.Errorf("give precedence to %q: %w", name, err)
		}
		wanted[key] = true
	}
	var (
		key    probeName
		value  uint8
		others []probeName
	)
	for all := g.maps.Precedence.Iterate(); all.Next(&key, &value); {
		if !wanted[key] {
			others = append(others, key)
		}
	}
	for i := range others {
		if err := g.maps.Precedence.Delete(&others[i]); err != nil && !errors.Is(err, ebpf.ErrKeyNotExist) {
			return fmt.Errorf("take back precedence: %w", err)
		}
	}
	return nil
}

// next appends the next event of its rings to dst. The reserve comes first: it
// has something only when the other has more than anyone could read at once.
func (g *generation) next(dst []byte) ([]byte, bool, error) {
	if event, ok, err := g.rings[probeRingIndexRESERVE_RING].next(dst); ok || err != nil {
		return event, ok, err
	}
	return g.rings[probeRingIndexMAIN_RING].next(dst)
}

// produced returns the positions behind the last events in its rings.
func (g *generation) produced() (positions [probeRingIndexRINGS]uint64) {
	if g.rings[len(g.rings)-1] == nil { // it was never opened
		return positions
	}
	for i, r := range g.rings {
		positions[i] = r.produced()
	}
	return positions
}

func (g *generation) isReadUpTo(positions [probeRingIndexRINGS]uint64) bool {
	for i, r := range g.rings {
		if r.read < positions[i] {
			return false
		}
	}
	return true
}

func (g *generation) isDrained() bool {
	return g.rings[probeRingIndexRESERVE_RING].isDrained() && g.rings[probeRingIndexMAIN_RING].isDrained()
}

// release gives back the room of what was read before a position.
func (g *generation) release(i int, position, events uint64) {
	g.releasing.Lock()
	defer g.releasing.Unlock()
	present := g.rings[i].released()
	if position <= present {
		return
	}
	g.ledger.checkpoint(i, present, position, events)
	g.rings[i].release(position)
}

// releaseRead gives back the room of all that was read, where share of a ring or more is held.
func (g *generation) releaseRead(share float64) {
	for i, r := range g.rings {
		if r.released() != r.read && float64(r.held()) >= share*float64(r.size) {
			g.release(i, r.read, r.events)
		}
	}
}

// losses adds up what the kernel side and the readers counted.
func (g *generation) losses() (Losses, error) {
	var losses Losses
	for reason := range losses {
		losses[reason] = atomic.LoadUint64(&g.ledger.Lost[reason])
	}
	for counter, reason := range map[probeCounter]LossReason{
		probeCounterLOST_EXEC_RING_FULL:    RingBufferFull,
		probeCounterLOST_EXIT_RING_FULL:    RingBufferFull,
		probeCounterLOST_ORPHANS_RING_FULL: RingBufferFull,
		probeCounterLOST_EXEC_NO_SCRATCH:   NoScratch,
	} {
		var perCPU []uint64
		if err := g.maps.Counters.Lookup(uint32(counter), &perCPU); err != nil {
			return losses, fmt.Errorf("read counter %d: %w", counter, err)
		}
		for _, n := range perCPU {
			losses[reason] += n
		}
	}
	// The kernel itself counts when it does not run a program, from 5.12 on; before that it cannot happen.
	for _, program := range g.programs {
		stats, err := program.Stats()
		if err != nil {
			return losses, fmt.Errorf("read the statistics of %s: %w", program, err)
		}
		losses[Recursion] += stats.RecursionMisses
	}
	return losses, nil
}
