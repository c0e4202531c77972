package processors

import (
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
)

// What is in a batch: executions of a compiler, and among them some of scp.
const (
	batchRecords = 1000
	batchMatches = 10
	attributes   = 40 // of each record
)

// isMatch says which records are those of scp, of so many in a batch.
func isMatch(i, matches int) bool { return matches > 0 && i%(batchRecords/matches) == 0 }

// newBatch makes records as the ebpf_exec receiver does.
func newBatch(matches int) (plog.Logs, error) {
	read, err := golden.ReadLogs("../../testdata/processor/scp/in.yaml")
	if err != nil {
		return read, err
	}
	scope := read.ResourceLogs().At(0).ScopeLogs().At(0)
	match := scope.LogRecords().At(0)
	asReceived(match.Attributes())
	if n := match.Attributes().Len(); n != attributes {
		return read, fmt.Errorf("the record has %d attributes, not %d", n, attributes)
	}
	other := plog.NewLogRecord()
	match.CopyTo(other)
	if err := turnIntoCompiler(other); err != nil {
		return read, err
	}
	batch := plog.NewLogs()
	resource := batch.ResourceLogs().AppendEmpty()
	read.ResourceLogs().At(0).Resource().CopyTo(resource.Resource())
	into := resource.ScopeLogs().AppendEmpty()
	scope.Scope().CopyTo(into.Scope())
	for i := range batchRecords {
		record := into.LogRecords().AppendEmpty()
		if isMatch(i, matches) {
			match.CopyTo(record)
		} else {
			other.CopyTo(record)
		}
	}
	return batch, nil
}

// asReceived puts attributes into the order in which the receiver has them, with
// a build id, as nearly every executable has, in place of another.
func asReceived(attrs pcommon.Map) {
	ordered := pcommon.NewMap()
	take := func(keys ...string) {
		for _, key := range keys {
			if value, ok := attrs.Get(key); ok {
				value.CopyTo(ordered.PutEmpty(key))
				attrs.Remove(key)
			}
		}
	}
	take(schema.ExecutableName, schema.EventAction, schema.ExecutablePath)
	ordered.PutStr(schema.ExecutableBuildIDGNU, "8a6c1b0d9e8f7a6b3f1e7c0a9d5b4e2f8a6c1b0d")
	attrs.Remove(schema.VPID)
	take(schema.ExecutableInode, schema.ExecutableDevice, schema.CommandLine, schema.Command, schema.CommandArgs)
	for key, value := range attrs.All() {
		value.CopyTo(ordered.PutEmpty(key))
	}
	ordered.MoveTo(attrs)
}

func turnIntoCompiler(record plog.LogRecord) error {
	const line = "gcc -O2 -Wall -Iinclude -c src/main.c -o build/main.o"
	attrs := record.Attributes()
	attrs.PutStr(schema.ExecutableName, "gcc")
	attrs.PutStr(schema.ExecutablePath, "/usr/bin/gcc")
	attrs.PutStr(schema.CommandLine, line)
	record.Body().SetStr(line)
	list := attrs.PutEmptySlice(schema.CommandArgs)
	return list.FromRaw([]any{"gcc", "-O2", "-Wall", "-Iinclude", "-c", "src/main.c", "-o", "build/main.o"})
}
