package ebpfexecreceiver

import (
	"math/bits"
	"time"

	"github.com/copywatch/copywatch/bpf"
)

// process is what is known of one. All but the key may be unknown.
type process struct {
	key bpf.ProcessKey
	running
	entity    string // its process.entity_id, once a child's record told it
	container *container
	since     time.Duration  // boot, when it began to run the program
	parent    bpf.ProcessKey // that started it
	looked    bool           // /proc was asked about it
	emitted   bool           // a process.exec record told of it

	up           *process // was the parent's when last seen; may have become another's
	place        slot     // its own
	newer, older slot     // by when they were used last, about
	beside       slot     // the next in its bucket, or of those that are free
	linked       uint64   // when it got its place among them
	bytes        int      // of the text of what it runs, when that was weighed
}

// slot is a place for a process, by its number; 0 is none.
type slot uint32

// running is what a process runs.
type running struct {
	path, name  string
	commandLine string // redacted, at most commandLineMost bytes
	script      string // that it runs
}

func (r *running) size() int { return len(r.path) + len(r.name) + len(r.commandLine) + len(r.script) }

// processes remembers those that were used last. A lookup leaves no garbage,
// and one that begins where the process was the last time takes no search: there
// are several for each exec. They are kept in slabs and name each other by
// number, so that the garbage collector has few objects and pointers to follow.
type processes struct {
	most    int
	count   int
	slabs   []*[slabSize]process // the first of all is none: older is the one used last, newer the one used first
	made    slot                 // the last that was ever used
	free    slot
	buckets []slot
	shift   uint // of a hash, for the number of a bucket
	links   uint64
	bytes   int // of all
}

const slabSize = 256

// processesBytes is what the text of all may take: paths are as long as who runs
// a program wants, and usually take a tenth of this.
const processesBytes = 16 << 20

// processesLeast is more than one event speaks of: none of these is forgotten meanwhile.
const processesLeast = 8 * ancestorsMost

func newProcesses(most int) *processes {
	most = max(most, processesLeast)
	width := bits.Len(uint(most - 1))
	return &processes{
		most: most, slabs: []*[slabSize]process{{}},
		buckets: make([]slot, 1<<width), shift: uint(64 - width),
	}
}

func (s *processes) in(n slot) *process { return &s.slabs[n/slabSize][n%slabSize] }

// bucket is where the chain of those begins of which one is perhaps that with
// the key. Pids are given out one after the other, so neighbours in time are
// neighbours here. One pid is given out again after all others: many starts of
// it are minutes apart and are spread.
func (s *processes) bucket(key bpf.ProcessKey) *slot {
	const golden = 0x9e3779b97f4a7c15 // 2^64 by the golden ratio: multiplication by it spreads what is alike
	minutes := uint64(key.Start) >> 36
	return &s.buckets[(uint64(key.PID)+minutes*golden>>s.shift)&uint64(len(s.buckets)-1)]
}

// find returns a process that is remembered, or nil. The hint is where it may be, or nil.
func (s *processes) find(key bpf.ProcessKey, hint *process) *process {
	p := hint
	if p == nil || p.key != key {
		if p = s.search(key); p == nil {
			return nil
		}
	}
	// One that was made the newest a while ago is still among the newer half:
	// the ancestors that all have in common stay where they are.
	if s.links-p.linked >= uint64(s.most/2) {
		s.unlink(p)
		s.link(p)
	}
	return p
}

func (s *processes) search(key bpf.ProcessKey) *process {
	for n := *s.bucket(key); n != 0; {
		p := s.in(n)
		if p.key == key {
			return p
		}
		n = p.beside
	}
	return nil
}

// at returns what is known of a process. Where that is nothing, it is
// remembered from now on, and one that was not used for long is not: none of
// the last half of what can be remembered.
func (s *processes) at(key bpf.ProcessKey) *process {
	if p := s.find(key, nil); p != nil {
		return p
	}
	if s.count == s.most {
		s.forget(s.in(s.in(0).newer))
	}
	p, first := s.fresh(), s.bucket(key)
	p.key, p.beside = key, *first
	*first = p.place
	s.link(p)
	s.count++
	return p
}

// fresh returns a place that is free, and empty.
func (s *processes) fresh() *process {
	if s.free != 0 {
		p := s.in(s.free)
		s.free = p.beside
		return p
	}
	s.made++
	if int(s.made/slabSize) == len(s.slabs) {
		s.slabs = append(s.slabs, new([slabSize]process))
	}
	p := s.in(s.made)
	p.place = s.made
	return p
}

// weigh is called when it runs something else.
func (s *processes) weigh(p *process) {
	size := p.size()
	s.bytes += size - p.bytes
	p.bytes = size
}

// trim forgets those that were not used for longest while all take too much.
// Nothing may speak of any of them.
func (s *processes) trim() {
	for s.bytes > processesBytes {
		s.forget(s.in(s.in(0).newer))
	}
}

// forget takes it out of the list and out of its bucket. Whoever remembers where it was does not find it there.
func (s *processes) forget(p *process) {
	s.unlink(p)
	at := s.bucket(p.key)
	for *at != p.place {
		at = &s.in(*at).beside
	}
	*at = p.beside
	s.bytes -= p.bytes
	s.count--
	*p = process{place: p.place, beside: s.free}
	s.free = p.place
}

// link makes it the one used last.
func (s *processes) link(p *process) {
	ends := s.in(0)
	p.newer, p.older = 0, ends.older
	s.in(p.older).newer, ends.older = p.place, p.place
	s.links++
	p.linked = s.links
}

func (s *processes) unlink(p *process) { s.in(p.newer).older, s.in(p.older).newer = p.older, p.newer }
