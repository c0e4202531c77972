package ebpfexecreceiver

import "time"

// patience bounds what reading from another process's world may cost. A
// hostile process can make a read of its memory or of its file systems hang
// for ever; such a read keeps its goroutine, of which there are few, and never
// the receiver.
type patience struct {
	slots chan struct{}
	limit time.Duration
}

func newPatience(atOnce int, limit time.Duration) *patience {
	return &patience{slots: make(chan struct{}, atOnce), limit: limit}
}

// ask runs f and returns its value, or false when it does not answer within
// the limit or too many before it have not answered yet.
func ask[T any](p *patience, f func() T) (value T, ok bool) {
	select {
	case p.slots <- struct{}{}:
	default:
		return value, false
	}
	answer := make(chan T, 1)
	go func() {
		answer <- f()
		<-p.slots
	}()
	timer := time.NewTimer(p.limit)
	defer timer.Stop()
	select {
	case value = <-answer:
		return value, true
	case <-timer.C:
		return value, false
	}
}
