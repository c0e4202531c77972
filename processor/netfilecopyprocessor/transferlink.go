package netfilecopyprocessor

import (
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/copywatch/copywatch/internal/grammar"
)

// transfers remembers which processes are copy tools, to link the tool that one
// of them starts for its transport (the ssh under an scp) and not to alert twice.
type transfers struct {
	mu    sync.Mutex
	known *simplelru.LRU[string, hosts] // of each copy, by its entity id
}

// hosts are the first of the remote ends of a copy.
type hosts struct {
	names [remotesKept]string
	count int
}

func hostsOf(remotes []grammar.Remote) (h hosts) {
	for h.count < min(len(remotes), remotesKept) {
		h.names[h.count] = remotes[h.count].Host
		h.count++
	}
	return h
}

const (
	transfersKept = 4096
	remotesKept   = 4
)

func newTransfers() (*transfers, error) {
	known, err := simplelru.NewLRU[string, hosts](transfersKept, nil)
	return &transfers{known: known}, err
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
		if above, ok := t.known.Get(e.parentEntity); ok && above.include(v.transfer.Remotes) {
			parent = e.parentEntity
		}
	}
	if e.entity != "" {
		t.known.Add(e.entity, hostsOf(v.transfer.Remotes))
	}
	return parent
}

// include says that all remote ends of a part are among those of the whole.
func (h *hosts) include(part []grammar.Remote) bool {
	for i := range part {
		if !slices.Contains(h.names[:h.count], part[i].Host) {
			return false
		}
	}
	return len(part) > 0
}
