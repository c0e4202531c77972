package ebpfexecreceiver

import (
	"sync/atomic"
	"time"
)

// turn is had by one goroutine at a time. Who works below the roots of others
// may hang there for ever: nobody waits behind one that has it for too long.
type turn struct {
	taken chan struct{}
	since atomic.Int64 // when it was taken, in Unix nanoseconds
	limit time.Duration
}

func newTurn(limit time.Duration) *turn {
	return &turn{taken: make(chan struct{}, 1), limit: limit}
}

// take is false where whoever has the turn does not come to an end.
func (t *turn) take() bool {
	select {
	case t.taken <- struct{}{}:
	default:
		timer := time.NewTimer(time.Until(time.Unix(0, t.since.Load()).Add(t.limit)))
		defer timer.Stop()
		select {
		case t.taken <- struct{}{}:
		case <-timer.C:
			return false
		}
	}
	t.since.Store(time.Now().UnixNano())
	return true
}

func (t *turn) end() { <-t.taken }
