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
}

func newRepeats(c *RepeatsConfig) (*repeats, error) {
	if c.Window == 0 {
		return nil, nil
	}
	known, err := simplelru.NewLRU[uint64, series](c.MaxTracked, nil)
	return &repeats{window: c.Window, seed: maphash.MakeSeed(), known: known}, err
}

// count returns how many like it came before within the window, and what they have in common as a key.
func (r *repeats) count(v *verdict, e *execution, container string, now time.Time) (before int, key uint64) {
	if r == nil {
		return 0, 0
	}
	key = r.key(v, e, container)
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.known.Get(key)
	if !ok || now.Sub(s.begun) >= r.window {
		r.known.Add(key, series{begun: now})
		return 0, key
	}
	s.count++
	r.known.Add(key, s)
	return s.count, key
}

func (r *repeats) key(v *verdict, e *execution, container string) uint64 {
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
