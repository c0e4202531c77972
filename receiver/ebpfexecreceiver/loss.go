package ebpfexecreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/receiver/ebpfexecreceiver/internal/metadata"
)

// lossReporter turns what was lost into sensor.loss records and the metric: silence is never mistaken for safety.
type lossReporter struct {
	interval  time.Duration
	telemetry *metadata.TelemetryBuilder
	last      time.Time // of the last report
	told      map[string]uint64

	undecodable uint64
}

func newLossReporter(interval time.Duration, set component.TelemetrySettings) (*lossReporter, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	return &lossReporter{interval: interval, telemetry: telemetry, last: time.Now(), told: map[string]uint64{}}, nil
}

func (l *lossReporter) due(now time.Time) bool { return now.Sub(l.last) >= l.interval }

// report adds to the batch a record for each reason for which events were lost since the last report.
func (l *lossReporter) report(b *batch, probe source, sender *sender, now time.Time) {
	since := l.last
	l.last = now
	kernel, err := probe.Losses()
	if err != nil {
		sender.logger.Sugar().Errorf("Reading the loss counters failed: %v", err)
	}
	for _, lost := range []struct {
		reason string
		total  uint64
	}{
		{schema.ReasonRingBufferFull, kernel.RingBufferFull},
		{schema.ReasonRecursion, kernel.Recursion},
		{schema.ReasonNoScratch, kernel.NoScratch},
		{schema.ReasonUndecodable, l.undecodable},
		{schema.ReasonConsumerRefused, sender.refused.Load()},
	} {
		told := l.told[lost.reason]
		if lost.total <= told {
			continue
		}
		l.told[lost.reason] = lost.total
		l.telemetry.ReceiverEbpfExecLostEvents.Add(context.Background(), int64(lost.total-told),
			metric.WithAttributes(attribute.String("reason", lost.reason)))
		addLoss(b.record(nil), lost.reason, lost.total-told, since, now)
	}
}

func addLoss(r plog.LogRecord, reason string, events uint64, since, now time.Time) {
	r.SetEventName(schema.EventLoss)
	r.SetTimestamp(pcommon.NewTimestampFromTime(now))
	r.SetObservedTimestamp(pcommon.NewTimestampFromTime(now))
	r.SetSeverityNumber(plog.SeverityNumberWarn)
	r.SetSeverityText("WARN")
	r.Body().SetStr("exec events were lost: " + reason)
	attrs := r.Attributes()
	attrs.PutStr(schema.EventAction, schema.ActionLoss)
	attrs.PutInt(schema.LostEvents, int64(events))
	attrs.PutStr(schema.LostReason, reason)
	attrs.PutStr(schema.LostSince, since.UTC().Format(time.RFC3339Nano))
}
