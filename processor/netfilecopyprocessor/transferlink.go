package netfilecopyprocessor

import (
	"hash/maphash"
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/copywatch/copywatch/internal/grammar"
)

// transfers remembers which processes are copy tools, to link the tool that one
// of them starts for its transport (the ssh under an scp) and not to alert twice.
// It keeps hashes: a name is a part of the arguments, which would all stay in
// memory for it.
type transfers struct {
	mu    sync.Mutex
	seed  maphash.Seed
	known *simplelru.LRU[uint64, hosts] // of each copy, by its entity id
}

// hosts are the first of the remote ends of a copy.
type hosts struct {
	names [remotesKept]uint64
	count int
}

const (
	transfersKept = 4096
	remotesKept   = 4
)

func newTransfers() (*transfers, error) {
	known, err := simplelru.NewLRU[uint64, hosts](transfersKept, nil)
	return &transfers{seed: maphash.MakeSeed(), known: known}, err
}

func (t *transfers) hash(s string) uint64 { return maphash.String(t.seed, s) }

func (t *transfers) hostsOf(remotes []grammar.Remote) (h hosts) {
	for h.count < min(len(remotes), remotesKept) {
		h.names[h.count] = t.hash(remotes[h.count].Host)
		h.count++
	}
	return h
}

// carriers are the tools that others start as their transport, or as the one
// end of it. Anything else below a copy tool is an execution of its own right.
var carriers = map[string]bool{"ssh": true, "plink": true, "dbclient": true, "rsh": true, "rsync": true, "scp": true, "sftp-server": true}

// partOf returns the entity id of the copy that this execution is a part of:
// its parent's, where the parent goes to the same remote end. Where it goes
// elsewhere it is no part of that, whoever is above. It remembers this one.
func (t *transfers) partOf(v *verdict, e *execution) (parent string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if carriers[v.Tool.Name] && e.parentEntity != "" {
		if above, ok := t.known.Get(t.hash(e.parentEntity)); ok && t.include(&above, v.transfer.Remotes) {
			parent = e.parentEntity
		}
	}
	if e.entity != "" {
		t.known.Add(t.hash(e.entity), t.hostsOf(v.transfer.Remotes))
	}
	return parent
}

// include says that all remote ends of a part are among those of the whole.
func (t *transfers) include(whole *hosts, part []grammar.Remote) bool {
	for i := range part {
		if !slices.Contains(whole.names[:whole.count], t.hash(part[i].Host)) {
			return false
		}
	}
	return len(part) > 0
}
