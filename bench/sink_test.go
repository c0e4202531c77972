//go:build linux

package main

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
)

func TestLossInABatch(t *testing.T) {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	wire := func() []byte {
		batch, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
		if err != nil {
			t.Fatal(err)
		}
		return batch
	}
	records.AppendEmpty().Attributes().PutStr("process.command_line", "tiny tag-0-1")
	if lost, err := lostInProto(wire()); lost != 0 || err != nil {
		t.Errorf("no loss: got %d, %v", lost, err)
	}
	for _, n := range []int64{12, 300} {
		record := records.AppendEmpty()
		record.SetEventName(schema.EventLoss)
		record.Attributes().PutInt(schema.LostEvents, n)
	}
	if lost, err := lostInProto(wire()); lost != 312 || err != nil {
		t.Errorf("got %d, %v", lost, err)
	}
	if _, err := lostInProto([]byte("\xff" + schema.EventLoss)); err == nil {
		t.Error("a batch that cannot be read: no error")
	}
}
