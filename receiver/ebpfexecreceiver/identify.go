package ebpfexecreceiver

import (
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/identity"
	"github.com/copywatch/copywatch/internal/schema"
)

// identifier says what executables are by their content. To look into a file
// takes milliseconds, so it is done beside the reading of events and once for
// each state of a file. The batch with the records of that file waits for the
// answer, for a short time, and those after it wait behind it.
type identifier struct {
	proc, root string
	known      *simplelru.LRU[fileState, identity.Identity]
	inquiries  map[fileState]*inquiry
	answers    chan answer
	slots      chan struct{} // taken by inquiries whose answer is not heard yet
}

// fileState is one state of one file: when the file is written, its time of change is another.
type fileState struct {
	device  uint32
	inode   uint64
	changed int64
	size    int64
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
}

type answer struct {
	file fileState
	id   identity.Identity
	ok   bool // false where the file could not be opened: the next exec may have more luck
}

const (
	identitiesKept   = 4096
	inquiriesAtOnce  = 4
	heldLongest      = 250 * time.Millisecond
	fuseMagic        = 0x65735546 // include/uapi/linux/magic.h
	identifyAtMostOf = 1 << 40    // bytes; a larger size is no real file's
)

func newIdentifier(proc, root string) (*identifier, error) {
	known, err := simplelru.NewLRU[fileState, identity.Identity](identitiesKept, nil)
	return &identifier{
		proc: proc, root: root, known: known,
		inquiries: map[fileState]*inquiry{},
		answers:   make(chan answer, inquiriesAtOnce),
		slots:     make(chan struct{}, inquiriesAtOnce),
	}, err
}

// of returns what is known of the executable, or else the inquiry that its
// record has to wait for. With neither the record goes without.
func (i *identifier) of(x *bpf.Exec, now time.Time) (id identity.Identity, pending *inquiry) {
	f := &x.Executable
	state := fileState{f.Device, f.Inode, f.Changed.UnixNano(), f.Size}
	if id, ok := i.known.Get(state); ok {
		return id, nil
	}
	if q := i.inquiries[state]; q != nil {
		if q.isOver(now) { // it hangs: what waits for it would only pile up
			return id, nil
		}
		return id, q
	}
	// A file system in user space answers when its owner likes.
	if f.FileSystem == fuseMagic || f.Size <= 0 || f.Size > identifyAtMostOf {
		return id, nil
	}
	select {
	case i.slots <- struct{}{}:
	default:
		return id, nil
	}
	q := &inquiry{begun: now}
	i.inquiries[state] = q
	search, answers := newFileSearch(x, i.proc, i.root), i.answers
	go func() {
		id, ok := search.identify()
		answers <- answer{file: state, id: id, ok: ok} // there is room: its slot is free only when it is heard
	}()
	return id, q
}

// wait lets a record, and with it its batch, wait for an answer.
func (q *inquiry) wait(record plog.LogRecord, b *batch) {
	q.records = append(q.records, waiting{record, b})
	if len(b.awaited) == 0 || b.awaited[len(b.awaited)-1] != q {
		b.awaited = append(b.awaited, q)
	}
}

// isOver says that the answer has come, or is not waited for any longer.
func (q *inquiry) isOver(now time.Time) bool { return q.done || now.Sub(q.begun) >= heldLongest }

// hear takes the answers that have come.
func (i *identifier) hear() {
	for {
		select {
		case a := <-i.answers:
			<-i.slots
			if a.ok {
				i.known.Add(a.file, a.id)
			}
			q := i.inquiries[a.file]
			delete(i.inquiries, a.file)
			q.done = true
			for _, w := range q.records {
				if !w.batch.sent {
					setIdentity(w.record.Attributes(), a.id)
				}
			}
		default:
			return
		}
	}
}

func setIdentity(attrs pcommon.Map, id identity.Identity) {
	putKnown(attrs, schema.ExecutableBuildIDGNU, id.GNUBuildID)
	putKnown(attrs, schema.ExecutableBuildIDGo, id.GoBuildID)
	putKnown(attrs, schema.ExecutableOriginalName, id.Tool)
}
