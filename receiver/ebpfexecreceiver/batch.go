package ebpfexecreceiver

import (
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/bpf"
)

// scopeName is what the Elasticsearch exporter takes the dataset's name from.
const scopeName = "github.com/copywatch/copywatch/receiver/ebpfexecreceiver"

// batch collects records, one ResourceLogs for the host and one for each
// container, so that the k8sattributes processor can tell them apart.
type batch struct {
	logs     plog.Logs
	recorder *recorder
	records  map[*container]plog.LogRecordSlice
	count    int
	bytes    int // of all records, estimated
	awaited  []*inquiry
	sent     bool        // its records are the pipeline's now
	mark     bpf.Mark    // behind the last event in it
	tells    *bpf.Losses // what is told when it is delivered; nil: nothing
}

func newBatch(r *recorder) *batch {
	return &batch{logs: plog.NewLogs(), recorder: r, records: map[*container]plog.LogRecordSlice{}}
}

func (b *batch) size() int { return b.count }

// isFull says that nothing more should be added.
func (b *batch) isFull(limit *BatchConfig) bool {
	return b.count >= limit.MaxSize || b.bytes >= limit.MaxBytes
}

// isComplete says that no record of it waits for anything.
func (b *batch) isComplete(now time.Time) bool {
	for _, q := range b.awaited {
		if !q.isOver(now) {
			return false
		}
	}
	return true
}

// record adds an empty record to the container's resource, or with nil to the host's.
func (b *batch) record(c *container) plog.LogRecord {
	b.count++
	records, ok := b.records[c]
	if !ok {
		resource := b.logs.ResourceLogs().AppendEmpty()
		b.recorder.host.set(resource.Resource().Attributes())
		c.set(resource.Resource().Attributes())
		scope := resource.ScopeLogs().AppendEmpty()
		scope.Scope().SetName(scopeName)
		scope.Scope().SetVersion(b.recorder.version)
		records = scope.LogRecords()
		b.records[c] = records
	}
	return records.AppendEmpty()
}
