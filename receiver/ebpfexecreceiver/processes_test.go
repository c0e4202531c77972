package ebpfexecreceiver

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/bpf"
)

func pidKey(pid int) bpf.ProcessKey { return bpf.ProcessKey{PID: uint32(pid), Start: time.Second} }

// held returns the pids of all that are remembered, from the one used last on,
// and checks that each is found, and nothing else.
func (s *processes) held(t *testing.T) (pids []int) {
	for n := s.in(0).older; n != 0; n = s.in(n).older {
		p := s.in(n)
		assert.Equal(t, n, p.place)
		assert.Equal(t, n, s.in(p.older).newer)
		pids = append(pids, int(p.key.PID))
	}
	inBuckets := 0
	for _, first := range s.buckets {
		for n := first; n != 0; n = s.in(n).beside {
			assert.Same(t, s.in(n), s.find(s.in(n).key, nil))
			inBuckets++
		}
	}
	free := 0
	for n := s.free; n != 0; n = s.in(n).beside {
		assert.Equal(t, process{place: n, beside: s.in(n).beside}, *s.in(n))
		free++
	}
	assert.Equal(t, s.count, inBuckets)
	assert.EqualValues(t, s.made, inBuckets+free)
	assert.LessOrEqual(t, int(s.made), s.most)
	assert.Len(t, pids, s.count)
	return pids
}

func TestProcessesForgetWhatWasNotUsedForLong(t *testing.T) {
	s := newProcesses(1) // fewer than one event speaks of
	for pid := range processesLeast {
		s.at(pidKey(pid)).name = "known"
	}
	require.NotNil(t, s.find(pidKey(0), nil)) // used again
	again := s.at(pidKey(processesLeast))
	assert.Empty(t, again.name, "what is remembered now has nothing of the one that was forgotten")
	assert.Nil(t, s.find(pidKey(1), nil))
	assert.Equal(t, "known", s.at(pidKey(0)).name)
	assert.Equal(t, "known", s.at(pidKey(2)).name)
	assert.Len(t, s.held(t), processesLeast)
}

// None of the half that was used last is forgotten, whatever else comes.
func TestProcessesKeepWhatIsInUse(t *testing.T) {
	s := newProcesses(processesLeast)
	used := s.at(pidKey(1))
	next := 2
	for range 20 * processesLeast {
		for range processesLeast/2 - 1 {
			s.at(pidKey(next))
			next++
		}
		require.Same(t, used, s.find(pidKey(1), nil))
	}
	assert.Len(t, s.held(t), processesLeast)
}

// What all processes have in common is not moved for each of them.
func TestProcessesStayWhereTheyAre(t *testing.T) {
	s := newProcesses(processesLeast)
	p := s.at(pidKey(1))
	s.at(pidKey(2))
	before := s.links
	require.Same(t, p, s.find(pidKey(1), nil))
	require.Same(t, p, s.find(pidKey(1), p))
	assert.Equal(t, before, s.links)
}

func TestProcessesForgetWhereTextTakesTooMuch(t *testing.T) {
	s := newProcesses(4096)
	long := strings.Repeat("x", 8192)
	first := s.at(pidKey(0))
	for pid := range 4096 {
		s.trim()
		p := s.at(pidKey(pid))
		p.path = long
		s.weigh(p)
		require.LessOrEqual(t, s.bytes, processesBytes+len(long))
	}
	held := s.held(t)
	assert.Len(t, held, processesBytes/len(long)+1)
	assert.Equal(t, 4095, held[0])
	assert.Nil(t, s.find(pidKey(0), first), "who remembers where it was does not find it there")
	for n := s.in(0).older; n != 0; n = s.in(n).older {
		s.in(n).path = "/usr/bin/true"
		s.weigh(s.in(n))
	}
	assert.Equal(t, len(held)*len("/usr/bin/true"), s.bytes)
}

// Pids are given out one after the other, up to 32,768 or four million, and then from the first again.
func TestProcessesAreSpread(t *testing.T) {
	at := func(every time.Duration, pids int) func(i int) bpf.ProcessKey {
		return func(i int) bpf.ProcessKey {
			return bpf.ProcessKey{PID: uint32(i % pids), Start: time.Duration(i) * every}
		}
	}
	for name, key := range map[string]func(i int) bpf.ProcessKey{
		"20,000 a second, 32,768 pids":  at(50*time.Microsecond, 1<<15),
		"20,000 a second, 4 million":    at(50*time.Microsecond, 1<<22),
		"100 a second, 32,768 pids":     at(10*time.Millisecond, 1<<15),
		"one a minute, always one pid":  at(70*time.Second, 1),
		"a daemon's, every 1,000th pid": func(i int) bpf.ProcessKey { return at(time.Second, 1<<15)(1000 * i) },
	} {
		s := newProcesses(4096)
		for i := range 3 * s.most {
			p := s.at(key(i))
			require.Same(t, p, s.find(key(i), nil))
		}
		longest := 0
		for _, first := range s.buckets {
			length := 0
			for n := first; n != 0; n = s.in(n).beside {
				length++
			}
			longest = max(longest, length)
		}
		assert.LessOrEqual(t, longest, 16, name)
		assert.Len(t, s.held(t), s.most)
	}
}

// The memory of one that was forgotten is another's; who remembers where it was is not misled.
func TestProcessesAreNotFoundWhereTheyWere(t *testing.T) {
	s := newProcesses(processesLeast)
	old := s.at(pidKey(1))
	for pid := range processesLeast {
		s.at(pidKey(2 + pid))
	}
	require.NotEqual(t, uint32(1), old.key.PID)
	assert.Nil(t, s.find(pidKey(1), old))
	assert.Same(t, old, s.find(old.key, old))
	anew := s.at(pidKey(1))
	assert.Same(t, anew, s.find(pidKey(1), old), "the hint is wrong")
	assert.Equal(t, pidKey(1), anew.key)
	assert.Len(t, s.held(t), processesLeast)
}
