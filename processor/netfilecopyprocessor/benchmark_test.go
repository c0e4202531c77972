package netfilecopyprocessor

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
)

// Batches are taken in turn, together larger than the processor's caches, as records in a pipeline come from memory.
const (
	benchmarkRecords = 1000
	benchmarkBatches = 32
)

// batchOf returns a batch of the scp case's record, which has 40 attributes with the executable's name first, under another name.
func batchOf(tb testing.TB, executable string) plog.Logs {
	tb.Helper()
	one := records(readCase(tb, "scp/in.yaml"))[0]
	require.Equal(tb, 40, one.Attributes().Len())
	if executable != "scp" {
		const line = "-O2 -Wall -Iinclude -c src/main.c -o build/main.o"
		one.Attributes().PutStr(schema.ExecutableName, executable)
		one.Attributes().PutStr(schema.CommandLine, executable+" "+line)
		list, _ := one.Attributes().Get(schema.CommandArgs)
		require.NoError(tb, list.FromRaw([]any{executable, "-O2", "-Wall", "-Iinclude", "-c", "src/main.c", "-o", "build/main.o"}))
	}
	asReceived(one.Attributes())
	require.Equal(tb, 40, one.Attributes().Len())
	logs := plog.NewLogs()
	scope := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	scope.Scope().SetName(ownScope)
	batch := scope.LogRecords()
	for range benchmarkRecords {
		one.CopyTo(batch.AppendEmpty())
	}
	return logs
}

// asReceived puts the attributes into the order in which the receiver has
// them, with a build id as nearly every executable has, in place of another.
func asReceived(attrs pcommon.Map) {
	ordered := pcommon.NewMap()
	take := func(key string) {
		if value, ok := attrs.Get(key); ok {
			value.CopyTo(ordered.PutEmpty(key))
			attrs.Remove(key)
		}
	}
	take(schema.ExecutableName)
	take(schema.EventAction)
	take(schema.ExecutablePath)
	ordered.PutStr(schema.ExecutableBuildIDGNU, "8a6c1b0d9e8f7a6b3f1e7c0a9d5b4e2f8a6c1b0d")
	attrs.Remove(schema.VPID)
	for _, key := range []string{schema.ExecutableInode, schema.ExecutableDevice, schema.CommandLine, schema.Command, schema.CommandArgs} {
		take(key)
	}
	for key, value := range attrs.All() {
		value.CopyTo(ordered.PutEmpty(key))
	}
	ordered.MoveTo(attrs)
}

func BenchmarkUnmatched(b *testing.B) {
	benchmarkUntouched(b, batchOf(b, "gcc"))
}

// BenchmarkInterpreter has executions of a shell, whose arguments are looked at.
func BenchmarkInterpreter(b *testing.B) {
	benchmarkUntouched(b, batchOf(b, "bash"))
}

// BenchmarkForeign has records that are not of processes at all: every attribute is looked at.
func BenchmarkForeign(b *testing.B) {
	logs := batchOf(b, "bash")
	for _, record := range records(logs) {
		record.SetEventName("")
		record.Attributes().Remove(schema.ExecutableName)
		record.Attributes().Remove(schema.ExecutablePath)
	}
	benchmarkUntouched(b, logs)
}

func benchmarkUntouched(b *testing.B, logs plog.Logs) {
	var batches [benchmarkBatches]plog.Logs
	for i := range batches {
		batches[i] = plog.NewLogs()
		logs.CopyTo(batches[i])
	}
	p := newProcessor(b, Config{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_, _ = p.processLogs(context.Background(), batches[i%len(batches)])
	}
	reportPerRecord(b, benchmarkRecords)
}

// BenchmarkMatched is copies: in batches as a receiver on the same host makes
// them of 2,000 execs a second, fresh in the caches, and in batches that are not.
func BenchmarkMatched(b *testing.B) {
	for _, size := range []int{100, benchmarkRecords} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			benchmarkMatched(b, Config{}, size)
		})
	}
}

// benchmarkMatched takes a fresh copy of the batch each time, since a record is tagged once.
func benchmarkMatched(b *testing.B, cfg Config, size int) {
	p, logs := newProcessor(b, cfg), batchOf(b, "scp")
	kept := 0
	logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(plog.LogRecord) bool {
		kept++
		return kept > size
	})
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		fresh := plog.NewLogs()
		logs.CopyTo(fresh)
		b.StartTimer()
		_, _ = p.processLogs(context.Background(), fresh)
	}
	reportPerRecord(b, size)
}

func reportPerRecord(b *testing.B, records int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(records), "ns/record")
}

func TestUnmatchedDoesNotAllocate(t *testing.T) {
	for _, name := range []string{"gcc", "bash"} {
		p, logs := newProcessor(t, Config{}), batchOf(t, name)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			_, _ = p.processLogs(context.Background(), logs)
		}), name)
	}
}
