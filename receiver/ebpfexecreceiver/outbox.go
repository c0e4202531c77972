package ebpfexecreceiver

import "time"

// outbox holds batches, in their order, until what they wait for has come.
type outbox struct {
	identity *identifier // nil: they wait for nothing
	sender   *sender
	batches  []*batch
}

// outboxMost is how many batches may wait. With more the first does not: memory is bounded.
const outboxMost = 8

func (o *outbox) add(b *batch) { o.batches = append(o.batches, b) }

// isWaiting says that there are batches in it.
func (o *outbox) isWaiting() bool { return len(o.batches) > 0 }

// flush hands on the batches that are complete, up to the first that is not.
func (o *outbox) flush(now time.Time) {
	if o.identity != nil {
		o.identity.hear()
	}
	for len(o.batches) > 0 && (o.batches[0].isComplete(now) || len(o.batches) > outboxMost) {
		first := o.batches[0]
		o.batches = o.batches[1:]
		first.sent = true
		o.sender.send(first)
	}
}

// finish hands on all of them, with what has come until then.
func (o *outbox) finish() {
	for o.flush(time.Now()); len(o.batches) > 0; o.flush(time.Now()) {
		time.Sleep(time.Millisecond)
	}
}
