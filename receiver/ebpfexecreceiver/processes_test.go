package ebpfexecreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/bpf"
)

func TestProcessesForgetTheOneNotUsedForLongest(t *testing.T) {
	s := newProcesses(1) // fewer than one event speaks of
	key := func(pid int) bpf.ProcessKey { return bpf.ProcessKey{PID: uint32(pid), Start: time.Second} }
	for pid := range processesLeast {
		s.at(key(pid)).name = "known"
	}
	first := s.find(key(0), nil) // used again
	require.NotNil(t, first)
	again := s.at(key(processesLeast))
	assert.Len(t, s.byKey, processesLeast)
	assert.Empty(t, again.name, "what is remembered now has nothing of the one that was forgotten")
	assert.Nil(t, s.find(key(1), nil))
	assert.Equal(t, "known", s.at(key(0)).name)
	assert.Equal(t, "known", s.at(key(2)).name)
}

// The memory of one that was forgotten is another's; who remembers where it was is not misled.
func TestProcessesAreNotFoundWhereTheyWere(t *testing.T) {
	s := newProcesses(processesLeast)
	old := s.at(bpf.ProcessKey{PID: 1})
	for pid := range uint32(processesLeast) {
		s.at(bpf.ProcessKey{PID: 2 + pid})
	}
	require.NotEqual(t, uint32(1), old.key.PID)
	assert.Nil(t, s.find(bpf.ProcessKey{PID: 1}, old))
	assert.Same(t, old, s.find(old.key, old))
	anew := s.at(bpf.ProcessKey{PID: 1})
	assert.Same(t, anew, s.find(bpf.ProcessKey{PID: 1}, old), "the hint is wrong")
	assert.Equal(t, bpf.ProcessKey{PID: 1}, anew.key)

	var order []uint32
	for p := s.ends.older; p != &s.ends; p = p.older {
		order = append(order, p.key.PID)
	}
	assert.Len(t, order, processesLeast)
	assert.Equal(t, []uint32{1, 2 + processesLeast - 1}, order[:2], "used last")
}
