package ebpfexecreceiver

import (
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/identity"
)

// inquiries are the files of one kind that are being looked at, and what was
// found of those before them. They belong to the goroutine that reads events.
// Each look is taken by a goroutine of its own, few of which are at work at once.
type inquiries[K comparable] struct {
	kept    time.Duration // how long an answer is good; 0 is for ever
	known   *simplelru.LRU[K, *finding]
	pending map[K]*inquiry
	slots   chan struct{} // taken by inquiries whose answer is not heard yet
	answers chan answer[K]
	// Taken by those at work: of this kind, and of all kinds.
	own, shared chan struct{}
	patience    time.Duration // how long one waits for its turn to work
}

// finding is an answer and when the file was looked at.
type finding struct {
	id    identity.Identity
	asked time.Time
}

// search is what an inquiry does. ok is false where the file was not found: the next exec may have more luck.
type search interface {
	identify() (id identity.Identity, ok bool)
}

// inquiry is a file that is being looked at, and the records that are to say what it is.
type inquiry struct {
	begun   time.Time
	records []waiting
	done    bool
}

type waiting struct {
	record plog.LogRecord
	batch  *batch // once it is handed on the record is no longer ours
	as     role
}

type answer[K comparable] struct {
	file K
	id   identity.Identity
	ok   bool
}

const (
	heldLongest = 250 * time.Millisecond // how long records wait for an answer
	queueMost   = 64                     // of inquiries, of one kind
)

func newInquiries[K comparable](most int, kept time.Duration, atOnce int, shared chan struct{}) (*inquiries[K], error) {
	known, err := simplelru.NewLRU[K, *finding](most, nil)
	return &inquiries[K]{
		kept: kept, known: known, pending: map[K]*inquiry{},
		slots: make(chan struct{}, queueMost), answers: make(chan answer[K], queueMost),
		own: make(chan struct{}, atOnce), shared: shared, patience: heldLongest,
	}, err
}

// find returns what is known of a file, or the inquiry that is under way. It is
// false where there is neither. With a nil inquiry the record does not wait.
func (q *inquiries[K]) find(file K, now time.Time) (id identity.Identity, pending *inquiry, ok bool) {
	if found, ok := q.known.Get(file); ok && (q.kept == 0 || now.Sub(found.asked) < q.kept) {
		return found.id, nil, true
	}
	if pending = q.pending[file]; pending == nil {
		return id, nil, false
	}
	if pending.isOver(now) { // it hangs: what waits for it would only pile up
		pending = nil
	}
	return id, pending, true
}

// begin begins an inquiry, or returns nil where there are too many.
func (q *inquiries[K]) begin(file K, now time.Time, prepare func() search) *inquiry {
	select {
	case q.slots <- struct{}{}:
	default:
		return nil
	}
	pending := &inquiry{begun: now}
	q.pending[file] = pending
	go q.work(file, prepare())
	return pending
}

// work looks into the file as soon as fewer do, unless nobody waits for the answer any longer by then.
func (q *inquiries[K]) work(file K, s search) {
	a := answer[K]{file: file}
	timer := time.NewTimer(q.patience)
	defer timer.Stop()
	if take(q.own, timer) {
		if take(q.shared, timer) {
			a.id, a.ok = s.identify()
			<-q.shared
		}
		<-q.own
	}
	q.answers <- a // there is room: its slot is free only when it is heard
}

func take(places chan struct{}, timer *time.Timer) bool {
	select {
	case places <- struct{}{}:
		return true
	case <-timer.C:
		return false
	}
}

// hear takes the answers that have come.
func (q *inquiries[K]) hear() {
	for {
		select {
		case a := <-q.answers:
			<-q.slots
			pending := q.pending[a.file]
			delete(q.pending, a.file)
			if a.ok {
				q.known.Add(a.file, &finding{a.id, pending.begun})
			}
			pending.answer(a.id)
		default:
			return
		}
	}
}

// wait lets a record, and with it its batch, wait for an answer.
func (q *inquiry) wait(w waiting) {
	q.records = append(q.records, w)
	if b := w.batch; len(b.awaited) == 0 || b.awaited[len(b.awaited)-1] != q {
		b.awaited = append(b.awaited, q)
	}
}

// isOver says that the answer has come, or is not waited for any longer.
func (q *inquiry) isOver(now time.Time) bool { return q.done || now.Sub(q.begun) >= heldLongest }

func (q *inquiry) answer(id identity.Identity) {
	q.done = true
	for _, w := range q.records {
		if !w.batch.sent {
			setIdentity(w.record.Attributes(), w.as, id)
		}
	}
}
