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
	entity    string // its process.entity_id, once that was asked for
	container *container
	since     time.Duration  // boot, when it began to run the program
	parent    bpf.ProcessKey // that started it
	looked    bool           // /proc was asked about it
	emitted   bool           // a process.exec record told of it

	up           *process // was the parent's when last seen; may have become another's
	newer, older *process // by when they were used last, about
	linked       uint64   // when it got its place among them
	beside       *process // the next in its bucket
	bytes        int      // of the text of what it runs, when that was weighed
}

// running is what a process runs.
type running struct {
	path, name  string
	commandLine string // redacted, at most commandLineMost bytes
	script      string // that it runs
}

func (r *running) size() int { return len(r.path) + len(r.name) + len(r.commandLine) + len(r.script) }

func (p *process) entityOf(bootID string) string {
	if p.entity == "" {
		p.entity = entityID(bootID, p.key)
	}
	return p.entity
}

// processes remembers those that were used last. A lookup leaves no garbage,
// and one that begins where the process was the last time takes no search: there
// are several for each exec.
type processes struct {
	most    int
	count   int
	buckets []*process
	shift   uint    // of a hash, for the number of a bucket
	ends    process // older is the one used last, newer the one used first
	links   uint64
	bytes   int // of all
}

// processesBytes is what the text of all may take: paths are as long as who runs
// a program wants, and usually take a tenth of this.
const processesBytes = 16 << 20

// processesLeast is more than one event speaks of: none of these is forgotten meanwhile.
const processesLeast = 8 * ancestorsMost

func newProcesses(most int) *processes {
	most = max(most, processesLeast)
	width := bits.Len(uint(most - 1))
	s := &processes{most: most, buckets: make([]*process, 1<<width), shift: uint(64 - width)}
	s.ends.newer, s.ends.older = &s.ends, &s.ends
	return s
}

// bucket is where the chain of those begins of which one is perhaps that with
// the key. Pids are given out one after the other, so neighbours in time are
// neighbours here. One pid is given out again after all others: many starts of
// it are minutes apart and are spread.
func (s *processes) bucket(key bpf.ProcessKey) **process {
	const golden = 0x9e3779b97f4a7c15 // 2^64 by the golden ratio: multiplication by it spreads what is alike
	minutes := uint64(key.Start) >> 36
	return &s.buckets[(uint64(key.PID)+minutes*golden>>s.shift)&uint64(len(s.buckets)-1)]
}

// find returns a process that is remembered, or nil. The hint is where it may be, or nil.
func (s *processes) find(key bpf.ProcessKey, hint *process) *process {
	p := hint
	if p == nil || p.key != key {
		for p = *s.bucket(key); p == nil || p.key != key; p = p.beside {
			if p == nil {
				return nil
			}
		}
	}
	// One that was made the newest a while ago is still among the newer half:
	// the ancestors that all have in common stay where they are.
	if s.links-p.linked >= uint64(s.most/2) {
		p.unlink()
		s.link(p)
	}
	return p
}

// at returns what is known of a process. Where that is nothing, it is
// remembered from now on, and one that was not used for long is not: none of
// the last half of what can be remembered.
func (s *processes) at(key bpf.ProcessKey) *process {
	if p := s.find(key, nil); p != nil {
		return p
	}
	p := s.ends.newer
	if s.count < s.most {
		p = &process{}
	} else {
		s.forget(p)
	}
	first := s.bucket(key)
	*p = process{key: key, beside: *first}
	*first = p
	s.link(p)
	s.count++
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
		p := s.ends.newer
		s.forget(p)
		*p = process{} // whoever remembers where it was does not find it there
	}
}

// forget takes it out of the list and out of its bucket.
func (s *processes) forget(p *process) {
	p.unlink()
	at := s.bucket(p.key)
	for *at != p {
		at = &(*at).beside
	}
	*at = p.beside
	s.bytes -= p.bytes
	s.count--
}

// link makes it the one used last.
func (s *processes) link(p *process) {
	p.newer, p.older = &s.ends, s.ends.older
	p.older.newer, s.ends.older = p, p
	s.links++
	p.linked = s.links
}

func (p *process) unlink() { p.newer.older, p.older.newer = p.older, p.newer }
