package processors

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// all returns the rivals and a batch.
func all(tb testing.TB, matches int) ([]rival, plog.Logs) {
	tb.Helper()
	rivals, err := rivals()
	require.NoError(tb, err)
	batch, err := newBatch(matches)
	require.NoError(tb, err)
	return rivals, batch
}

// What is compared does the same: it tags the matches and nothing else.
func TestRivalsTagTheSameRecords(t *testing.T) {
	rivals, batch := all(t, batchMatches)
	for _, r := range rivals {
		t.Run(r.name, func(t *testing.T) {
			var sink consumertest.LogsSink
			p, err := r.start(&sink)
			require.NoError(t, err)
			fresh := plog.NewLogs()
			batch.CopyTo(fresh)
			require.NoError(t, p.ConsumeLogs(context.Background(), fresh))
			records := recordsOf(sink.AllLogs()[0])
			require.Equal(t, batchRecords, records.Len())
			for i := range batchRecords {
				tool, tagged := records.At(i).Attributes().Get("filecopy.tool")
				assert.Equal(t, isMatch(i, batchMatches), tagged, i)
				if tagged {
					assert.Equal(t, "scp", tool.Str())
				}
			}
			require.NoError(t, p.Shutdown(context.Background()))
		})
	}
}

// Batches are taken in turn, together larger than the processor's caches, as records in a pipeline come from memory.
const batches = 32

// BenchmarkBatch gives the matches of a batch back what they were before its next turn, outside of the measured time.
func BenchmarkBatch(b *testing.B) {
	for _, matches := range []int{0, batchMatches} {
		rivals, batch := all(b, matches)
		turns := make([]plog.Logs, batches)
		for i := range turns {
			turns[i] = plog.NewLogs()
			batch.CopyTo(turns[i])
		}
		for _, r := range rivals {
			b.Run(fmt.Sprintf("matches=%d/processor=%s", matches, r.name), func(b *testing.B) {
				p, err := r.start(consumertest.NewNop())
				require.NoError(b, err)
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					_ = p.ConsumeLogs(context.Background(), turns[i%batches])
					b.StopTimer()
					restore(turns[i%batches], batch, matches)
					b.StartTimer()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchRecords, "ns/record")
				require.NoError(b, p.Shutdown(context.Background()))
			})
		}
	}
}

func restore(batch, original plog.Logs, matches int) {
	for i := range batchRecords {
		if isMatch(i, matches) {
			recordsOf(original).At(i).CopyTo(recordsOf(batch).At(i))
		}
	}
}

func recordsOf(logs plog.Logs) plog.LogRecordSlice {
	return logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
}
