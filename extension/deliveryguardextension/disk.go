package deliveryguardextension

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// diskWatch looks at the space for the queues: what does not fit there is
// refused to the receivers, and no destination is to blame.
type diskWatch struct {
	cfg    QueueConfig
	ledger *ledger
	look   func(path string) (space, error)
	full   atomic.Bool           // new records are to be refused
	failed atomic.Pointer[error] // a write that failed since the last look
	end    context.CancelFunc    // nil where nothing is watched
	done   chan struct{}
}

// space is what is left of a file system.
type space struct {
	bytes    uint64
	noFiles  bool // no inode is left
	readOnly bool
}

const (
	lookEvery = time.Second
	cureDisk  = "make room on this disk, or set queue::min_free_mib to what the queue needs"
)

func newDiskWatch(cfg QueueConfig, ledger *ledger) *diskWatch {
	return &diskWatch{cfg: cfg, ledger: ledger, look: freeSpace, done: make(chan struct{})}
}

func (d *diskWatch) start() {
	if d.cfg.Directory == "" {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.end = cancel
	go func() {
		defer close(d.done)
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for ctx.Err() == nil {
			d.check()
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	}()
}

func (d *diskWatch) stop() {
	if d.end != nil {
		d.end()
		<-d.done
	}
}

// check reports what the disk of the directory, or of its nearest parent that exists, can take.
func (d *diskWatch) check() {
	left, err := d.measure()
	if errors.Is(err, errors.ErrUnsupported) {
		return
	}
	v := verdict{mendable, reasonDisk, d.judge(left, err), cureDisk}
	d.full.Store(v.problem != "")
	if v.problem == "" {
		v = verdict{class: accepted}
	}
	d.ledger.report("file://"+d.cfg.Directory, v)
}

func (d *diskWatch) judge(left space, err error) (problem string) {
	failed := d.failed.Swap(nil)
	switch {
	case err != nil:
		return fmt.Sprintf("cannot be looked at (%v)", err)
	case left.readOnly:
		return "is on a disk that cannot be written to"
	case left.noFiles:
		return "is on a disk that has no room for another file"
	case left.bytes < d.cfg.MinFreeMiB<<20:
		return fmt.Sprintf("is on a disk that is full: %d MiB are left, fewer than %d", left.bytes>>20, d.cfg.MinFreeMiB)
	case failed != nil:
		return fmt.Sprintf("is on a disk that is full (%v)", *failed)
	}
	return ""
}

// noteFull remembers that a write failed, whatever the file system says of its room: there are quotas.
func (d *diskWatch) noteFull(err error) {
	d.failed.Store(&err)
	d.full.Store(d.end != nil) // else nothing would ever clear it
}

func (d *diskWatch) measure() (space, error) {
	for path := d.cfg.Directory; ; path = filepath.Dir(path) {
		left, err := d.look(path)
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return left, err
		}
	}
}

// observe gives the space that is left to the metric.
func (d *diskWatch) observe(_ context.Context, observer metric.Int64Observer) error {
	if d.cfg.Directory == "" {
		return nil
	}
	left, err := d.measure()
	if err == nil {
		observer.Observe(int64(left.bytes), metric.WithAttributes(attribute.String("destination", "file://"+d.cfg.Directory)))
	}
	return nil // what is wrong with the disk is told by check
}
