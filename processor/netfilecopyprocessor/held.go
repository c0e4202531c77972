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
	most   int // series
	next   consumer.Logs
	logger *zap.Logger
	sizer  plog.ProtoMarshaler

	mu      sync.Mutex
	last    map[seriesID]heldRecord
	bytes   int // of all that is kept
	stopped chan struct{}
	ended   chan struct{}
}

type heldRecord struct {
	logs plog.Logs
	size int // bytes, in protobuf
}

// heldBytesMost is how much is kept at most: a record is as large as its arguments, and in memory some three times that.
const heldBytesMost = 16 << 20

func newHeld(c *RepeatsConfig, next consumer.Logs, logger *zap.Logger) *held {
	return &held{
		window: c.Window, most: c.MaxTracked, next: next, logger: logger, last: map[seriesID]heldRecord{},
		stopped: make(chan struct{}), ended: make(chan struct{}),
	}
}

// keep copies a record in place of the one that it repeats. It does not where
// there is no more room: then nothing else is said of it than its record.
func (h *held) keep(id seriesID, p *place) bool {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	p.resource.Resource().CopyTo(resource.Resource())
	resource.SetSchemaUrl(p.resource.SchemaUrl())
	scope := resource.ScopeLogs().AppendEmpty()
	p.scope.Scope().CopyTo(scope.Scope())
	scope.SetSchemaUrl(p.scope.SchemaUrl())
	p.record.CopyTo(scope.LogRecords().AppendEmpty())

	record := heldRecord{logs, h.sizer.LogsSize(logs)}

	h.mu.Lock()
	defer h.mu.Unlock()
	before, repeated := h.last[id]
	bytes := h.bytes + record.size - before.size
	if bytes > heldBytesMost || !repeated && len(h.last) >= h.most {
		return false
	}
	h.last[id], h.bytes = record, bytes
	return true
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
				h.handOn(context.Background(), func(id seriesID) bool { return now.Sub(id.begun) >= h.window })
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
	h.handOn(ctx, func(seriesID) bool { return true })
}

func (h *held) handOn(ctx context.Context, due func(seriesID) bool) {
	h.mu.Lock()
	all := plog.NewLogs()
	for id, r := range h.last {
		if due(id) {
			r.logs.ResourceLogs().MoveAndAppendTo(all.ResourceLogs())
			delete(h.last, id)
			h.bytes -= r.size
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
