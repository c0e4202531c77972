package netfilecopyprocessor

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	logs := plog.NewLogs()
	batch := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for range benchmarkRecords {
		one.CopyTo(batch.AppendEmpty())
	}
	return logs
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
	reportPerRecord(b)
}

func BenchmarkMatched(b *testing.B) {
	p, logs := newProcessor(b, Config{}), batchOf(b, "scp")
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		fresh := plog.NewLogs()
		logs.CopyTo(fresh)
		b.StartTimer()
		_, _ = p.processLogs(context.Background(), fresh)
	}
	reportPerRecord(b)
}

func reportPerRecord(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchmarkRecords, "ns/record")
}

func TestUnmatchedDoesNotAllocate(t *testing.T) {
	for _, name := range []string{"gcc", "bash"} {
		p, logs := newProcessor(t, Config{}), batchOf(t, name)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			_, _ = p.processLogs(context.Background(), logs)
		}), name)
	}
}
