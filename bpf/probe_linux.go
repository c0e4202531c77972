//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
	"github.com/cilium/ebpf/rlimit"
)

// Probe is the loaded and attached program with its ring buffer.
type Probe struct {
	objects probeObjects
	links   []link.Link
	reader  *ringbuf.Reader
	reserve *ringbuf.Reader // for the names that have precedence, when the other was full
	record  ringbuf.Record
	poll    time.Duration
}

// Open loads the programs into the kernel and attaches them. From its return
// on, every exec is either delivered by Read or counted in Losses.
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

	p := &Probe{poll: o.PollInterval}
	if err := p.open(o); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Probe) open(o Options) error {
	if err := p.load(o); err != nil {
		return err
	}
	var err error
	if p.reader, err = ringbuf.NewReader(p.objects.Events); err != nil {
		return fmt.Errorf("map the ring buffer of %d bytes: %w", o.BufferSize, err)
	}
	p.reader.SetDeadline(time.Now().Add(p.poll))
	if p.reserve, err = ringbuf.NewReader(p.objects.Reserve); err != nil {
		return fmt.Errorf("map the ring buffer of %d bytes: %w", o.ReserveSize, err)
	}
	p.reserve.SetDeadline(time.Unix(0, 1)) // it is read when it has something, and never waited for
	if err := p.setPrecedence(o.Precedence); err != nil {
		return err
	}
	if err := p.attach("sched_process_exec", p.objects.HandleExec); err != nil {
		return err
	}
	if o.Exits {
		return p.attach("sched_process_exit", p.objects.HandleExit)
	}
	return nil
}

func (p *Probe) load(o Options) error {
	spec, err := loadProbe()
	if err != nil {
		return err
	}
	cpus, err := ebpf.PossibleCPU()
	if err != nil {
		return fmt.Errorf("count the possible CPUs: %w", err)
	}
	spec.Maps[probeMapScratch].MaxEntries = uint32(cpus)
	spec.Maps[probeMapEvents].MaxEntries = uint32(o.BufferSize)
	spec.Maps[probeMapReserve].MaxEntries = uint32(o.ReserveSize)
	err = errors.Join(
		spec.Variables[probeVarArgsLimit].Set(uint32(o.ArgsLimit)),
		spec.Variables[probeVarEnvLimit].Set(uint32(o.EnvLimit)),
		spec.Variables[probeVarWakeupBacklog].Set(uint64(o.BufferSize/4)),
	)
	if err != nil {
		return fmt.Errorf("set the limits: %w", err)
	}
	var options ebpf.CollectionOptions
	if o.BTFPath != "" {
		if options.Programs.KernelTypes, err = btf.LoadSpec(o.BTFPath); err != nil {
			return fmt.Errorf("read the kernel's types from %s: %w", o.BTFPath, err)
		}
	}
	if err := spec.LoadAndAssign(&p.objects, &options); err != nil {
		return explainLoad(err)
	}
	return nil
}

func (p *Probe) setPrecedence(names []string) error {
	for _, name := range names {
		var key probeName
		if len(name) >= len(key.Text) {
			return fmt.Errorf("give precedence to %q: it has more than %d bytes", name, len(key.Text)-1)
		}
		for i := range len(name) {
			key.Text[i] = int8(name[i])
		}
		if err := p.objects.Precedence.Put(&key, uint8(1)); err != nil {
			return fmt.Errorf("give precedence to %q: %w", name, err)
		}
	}
	return nil
}

func (p *Probe) attach(tracepoint string, program *ebpf.Program) error {
	l, err := link.AttachTracing(link.TracingOptions{Program: program})
	if err != nil {
		return fmt.Errorf("attach to the tracepoint %s: %w", tracepoint, err)
	}
	p.links = append(p.links, l)
	return nil
}

// Read fills ev with the next event. Without one it waits for a poll interval
// and returns [os.ErrDeadlineExceeded]; after Detach it returns [io.EOF] when
// the buffer is empty, after Close [os.ErrClosed]. An event that cannot be
// decoded yields a [*DecodeError], and reading may go on.
func (p *Probe) Read(ev *Event) error {
	if p.reserve.AvailableBytes() > 0 {
		if err := p.reserve.ReadInto(&p.record); err == nil {
			return p.decode(ev)
		} else if !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
	switch err := p.reader.ReadInto(&p.record); {
	case err == nil:
		return p.decode(ev)
	case errors.Is(err, os.ErrDeadlineExceeded):
		p.reader.SetDeadline(time.Now().Add(p.poll))
		return os.ErrDeadlineExceeded
	case errors.Is(err, ringbuf.ErrFlushed):
		return io.EOF
	default:
		return err
	}
}

func (p *Probe) decode(ev *Event) error {
	if err := ev.decode(p.record.RawSample); err != nil {
		return &DecodeError{Size: len(p.record.RawSample), Err: err}
	}
	return nil
}

// Losses returns what was lost since Open.
func (p *Probe) Losses() (Losses, error) {
	lost := func(c probeCounter) (uint64, error) {
		var perCPU []uint64
		if err := p.objects.Counters.Lookup(uint32(c), &perCPU); err != nil {
			return 0, fmt.Errorf("read counter %d: %w", c, err)
		}
		sum := uint64(0)
		for _, n := range perCPU {
			sum += n
		}
		return sum, nil
	}
	execs, err1 := lost(probeCounterLOST_EXEC_RING_FULL)
	exits, err2 := lost(probeCounterLOST_EXIT_RING_FULL)
	scratch, err3 := lost(probeCounterLOST_EXEC_NO_SCRATCH)
	recursion, err4 := p.recursionMisses()
	return Losses{RingBufferFull: execs + exits, NoScratch: scratch, Recursion: recursion},
		errors.Join(err1, err2, err3, err4)
}

// recursionMisses is what the kernel itself counts, from 5.12 on; before that it cannot happen.
func (p *Probe) recursionMisses() (uint64, error) {
	sum := uint64(0)
	for _, program := range []*ebpf.Program{p.objects.HandleExec, p.objects.HandleExit} {
		stats, err := program.Stats()
		if err != nil {
			return 0, fmt.Errorf("read the statistics of %s: %w", program, err)
		}
		sum += stats.RecursionMisses
	}
	return sum, nil
}

// Detach ends the taking of events. What is in the buffer can still be read, up to [io.EOF].
func (p *Probe) Detach() error {
	var errs []error
	for _, l := range p.links {
		errs = append(errs, l.Close())
	}
	p.links = nil
	if p.reader != nil {
		errs = append(errs, p.reader.Flush())
	}
	return errors.Join(errs...)
}

// Close detaches and unloads everything. It interrupts a Read.
func (p *Probe) Close() error {
	errs := []error{p.Detach()}
	for _, r := range []*ringbuf.Reader{p.reader, p.reserve} {
		if r != nil {
			errs = append(errs, r.Close())
		}
	}
	return errors.Join(append(errs, p.objects.Close())...)
}
