package netfilecopyprocessor

import (
	"hash/maphash"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// RepeatsConfig says what becomes of copies that are like one before them.
type RepeatsConfig struct {
	// Window is for how long after the first of them others count as its
	// repeats; 0 counts none.
	Window time.Duration `mapstructure:"window"`
	// Hold keeps repeats back, and hands on one summary when the window ends.
	Hold bool `mapstructure:"hold"`
	// MaxTracked is how many kinds of copies are remembered.
	MaxTracked int `mapstructure:"max_tracked"`

	_ struct{}
}

// repeats counts copies that have the tool, direction, remote end, executable,
// parent and container in common.
type repeats struct {
	mu     sync.Mutex
	window time.Duration
	seed   maphash.Seed
	known  *simplelru.LRU[uint64, series]
}

// series is a copy and its repeats.
type series struct {
	begun time.Time
	count int // of repeats
	worst int // score of those that were handed on
}

// seriesID tells one from all others, and from the next of the same kind.
type seriesID struct {
	kind  uint64
	begun time.Time
}

func newRepeats(c *RepeatsConfig) (*repeats, error) {
	if c.Window == 0 {
		return nil, nil
	}
	known, err := simplelru.NewLRU[uint64, series](c.MaxTracked, nil)
	return &repeats{window: c.Window, seed: maphash.MakeSeed(), known: known}, err
}

// count returns how many like it came before within the window, and of which series they are.
func (r *repeats) count(v *verdict, e *execution, container string, now time.Time) (before int, id seriesID) {
	if r == nil {
		return 0, id
	}
	id.kind = r.kind(v, e, container)
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.known.Get(id.kind)
	if !ok || now.Sub(s.begun) >= r.window {
		s = series{begun: now, worst: -1}
	} else {
		s.count++
	}
	r.known.Add(id.kind, s)
	id.begun = s.begun
	return s.count, id
}

// tellsMore says whether a copy has a higher score than all of its series that
// were handed on, and takes it for one of these then: who copies something harmless
// first, and again and again, hides nothing behind it.
func (r *repeats) tellsMore(id seriesID, score int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.known.Peek(id.kind)
	if !ok || !s.begun.Equal(id.begun) {
		return true
	}
	if score <= s.worst {
		return false
	}
	s.worst = score
	r.known.Add(id.kind, s)
	return true
}

func (r *repeats) kind(v *verdict, e *execution, container string) uint64 {
	var h maphash.Hash
	h.SetSeed(r.seed)
	host := ""
	if v.remote >= 0 {
		host = v.transfer.Remotes[v.remote].Host
	}
	for _, part := range [...]string{v.Tool.Name, string(v.transfer.Direction), host, e.ExecutablePath, e.parentPath, container} {
		_, _ = h.WriteString(part)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}
