package netfilecopyprocessor

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// held keeps repeats of a copy back until the window of their series ends, and
// then hands on the last of them, which says how many there were.
type held struct {
	window time.Duration
	next   consumer.Logs
	logger *zap.Logger

	mu      sync.Mutex
	last    map[uint64]heldRecord // by series
	stopped chan struct{}
	ended   chan struct{}
}

type heldRecord struct {
	logs plog.Logs
	due  time.Time
}

func newHeld(window time.Duration, next consumer.Logs, logger *zap.Logger) *held {
	return &held{
		window: window, next: next, logger: logger, last: map[uint64]heldRecord{},
		stopped: make(chan struct{}), ended: make(chan struct{}),
	}
}

// keep copies a record in place of the one that it repeats.
func (h *held) keep(series uint64, p *place, now time.Time) {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	p.resource.Resource().CopyTo(resource.Resource())
	resource.SetSchemaUrl(p.resource.SchemaUrl())
	scope := resource.ScopeLogs().AppendEmpty()
	p.scope.Scope().CopyTo(scope.Scope())
	scope.SetSchemaUrl(p.scope.SchemaUrl())
	p.record.CopyTo(scope.LogRecords().AppendEmpty())

	h.mu.Lock()
	defer h.mu.Unlock()
	due := now.Add(h.window)
	if before, ok := h.last[series]; ok {
		due = before.due
	}
	h.last[series] = heldRecord{logs, due}
}

func (h *held) start() {
	if h == nil {
		return
	}
	go func() {
		defer close(h.ended)
		ticker := time.NewTicker(min(h.window, time.Second))
		defer ticker.Stop()
		for {
			select {
			case <-h.stopped:
				return
			case now := <-ticker.C:
				h.handOn(context.Background(), func(r heldRecord) bool { return !now.Before(r.due) })
			}
		}
	}()
}

// stop hands on everything.
func (h *held) stop(ctx context.Context) {
	if h == nil {
		return
	}
	close(h.stopped)
	<-h.ended
	h.handOn(ctx, func(heldRecord) bool { return true })
}

func (h *held) handOn(ctx context.Context, due func(heldRecord) bool) {
	h.mu.Lock()
	all := plog.NewLogs()
	for series, r := range h.last {
		if due(r) {
			r.logs.ResourceLogs().MoveAndAppendTo(all.ResourceLogs())
			delete(h.last, series)
		}
	}
	h.mu.Unlock()
	if all.LogRecordCount() == 0 {
		return
	}
	if err := h.next.ConsumeLogs(ctx, all); err != nil {
		h.logger.Error("The pipeline refused summaries of repeated copies; they are lost",
			zap.Error(err), zap.Int("dropped_items", all.LogRecordCount()))
	}
}
