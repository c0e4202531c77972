package netfilecopyprocessor

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/copywatch/copywatch/internal/grammar"
)

// transfers remembers which processes are copy tools, to link the tool that one
// of them starts for its transport (the ssh under an scp) and not to alert twice.
type transfers struct {
	mu    sync.Mutex
	known *simplelru.LRU[string, ongoing] // by entity id
}

// ongoing is a copy, as far as it is compared with another.
type ongoing struct {
	remotes []grammar.Remote
}

const (
	transfersKept = 4096
	remotesKept   = 4
)

func newTransfers() (*transfers, error) {
	known, err := simplelru.NewLRU[string, ongoing](transfersKept, nil)
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
		if above, ok := t.known.Get(e.parentEntity); ok && sameEnd(above.remotes, v.transfer.Remotes) {
			parent = e.parentEntity
		}
	}
	if e.entity != "" {
		remotes := v.transfer.Remotes
		t.known.Add(e.entity, ongoing{remotes: append([]grammar.Remote(nil), remotes[:min(len(remotes), remotesKept)]...)})
	}
	return parent
}

// sameEnd says that all remote ends of the part are among those of the whole.
func sameEnd(whole, part []grammar.Remote) bool {
	if len(part) == 0 {
		return false
	}
	for i := range part {
		found := false
		for j := range whole {
			found = found || whole[j].Host == part[i].Host
		}
		if !found {
			return false
		}
	}
	return true
}
