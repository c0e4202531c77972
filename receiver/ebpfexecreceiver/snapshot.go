package ebpfexecreceiver

import (
	"os"
	"strconv"
	"time"

	"github.com/copywatch/copywatch/bpf"
)

// snapshot is what ran when the receiver started. A process that has ended by
// the time when one of its descendants is of interest is found here only.
type snapshot struct {
	processes map[uint32]snapped // by pid
}

type snapped struct {
	started time.Duration // since boot, in clock ticks
	program running
}

// recall takes the snapshot, beside everything else: what /proc says of a hostile process may take for ever.
func (l *lineage) recall() { go func() { l.before.Store(l.snap()) }() }

func (l *lineage) snap() *snapshot {
	s := &snapshot{processes: map[uint32]snapped{}}
	dir, err := os.Open(l.proc)
	if err != nil {
		return s
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	bytes := 0
	for _, name := range names {
		pid, err := strconv.ParseUint(name, 10, 32)
		if err != nil || len(s.processes) >= l.known.most || bytes >= processesBytes {
			continue
		}
		image, started := readImageOf(l.proc, uint32(pid))
		if image.path != "" {
			program := l.describe(image)
			s.processes[uint32(pid)] = snapped{started, program}
			bytes += program.size()
		}
	}
	return s
}

// take returns what is known of a process, once: whoever asks remembers it.
func (s *snapshot) take(key bpf.ProcessKey) running {
	if s == nil {
		return running{}
	}
	found, ok := s.processes[key.PID]
	if !ok || found.started != key.Start.Truncate(clockTick) {
		return running{}
	}
	delete(s.processes, key.PID)
	return found.program
}
