package ebpfexecreceiver

import (
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
	newer, older *process // by when they were used last
}

// running is what a process runs.
type running struct {
	path, name  string
	commandLine string // redacted, at most commandLineMost bytes
	script      string // that it runs
}

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
	most  int
	byKey map[[2]uint64]*process
	ends  process // older is the one used last, newer the one used first
}

// processesLeast is more than one event speaks of: none of these is forgotten meanwhile.
const processesLeast = 4 * ancestorsMost

func newProcesses(most int) *processes {
	s := &processes{most: max(most, processesLeast), byKey: map[[2]uint64]*process{}}
	s.ends.newer, s.ends.older = &s.ends, &s.ends
	return s
}

// indexed is the key in a form that is hashed as a whole.
func indexed(key bpf.ProcessKey) [2]uint64 { return [2]uint64{uint64(key.PID), uint64(key.Start)} }

// find returns a process that is remembered, or nil. The hint is where it may be, or nil.
func (s *processes) find(key bpf.ProcessKey, hint *process) *process {
	if hint == nil || hint.key != key {
		if hint = s.byKey[indexed(key)]; hint == nil {
			return nil
		}
	}
	if s.ends.older != hint {
		hint.unlink()
		s.link(hint)
	}
	return hint
}

// at returns what is known of a process. Where that is nothing, it is
// remembered from now on, and the one that was not used for longest is not.
func (s *processes) at(key bpf.ProcessKey) *process {
	if p := s.find(key, nil); p != nil {
		return p
	}
	var p *process
	if len(s.byKey) < s.most {
		p = &process{key: key}
	} else {
		p = s.ends.newer
		p.unlink()
		delete(s.byKey, indexed(p.key))
		*p = process{key: key}
	}
	s.byKey[indexed(key)] = p
	s.link(p)
	return p
}

// link makes it the one used last.
func (s *processes) link(p *process) {
	p.newer, p.older = &s.ends, s.ends.older
	p.older.newer, s.ends.older = p, p
}

func (p *process) unlink() { p.newer.older, p.older.newer = p.older, p.newer }
