package ebpfexecreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/receiver/ebpfexecreceiver/internal/metadata"
)

// lossReporter turns what was lost into sensor.loss records and the metric: silence is never mistaken for safety.
type lossReporter struct {
	interval  time.Duration
	telemetry *metadata.TelemetryBuilder
	last      time.Time // of the last report
	told      bpf.Losses
}

var lossReasons = [bpf.LossReasons]string{
	bpf.RingBufferFull: schema.ReasonRingBufferFull,
	bpf.Recursion:      schema.ReasonRecursion,
	bpf.NoScratch:      schema.ReasonNoScratch,
	bpf.Undecodable:    schema.ReasonUndecodable,
	bpf.Refused:        schema.ReasonConsumerRefused,
	bpf.Interrupted:    schema.ReasonInterrupted,
}

func newLossReporter(interval time.Duration, set component.TelemetrySettings) (*lossReporter, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	return &lossReporter{interval: interval, telemetry: telemetry, last: time.Now()}, nil
}

// begin goes on where the reader before stopped to tell. The metric has a series for each reason from now on.
func (l *lossReporter) begin(probe source) {
	l.told = probe.Told()
	for reason := range lossReasons {
		l.count(bpf.LossReason(reason), 0)
	}
}

func (l *lossReporter) count(reason bpf.LossReason, events uint64) {
	l.telemetry.ReceiverEbpfExecLostEvents.Add(context.Background(), int64(events),
		metric.WithAttributes(attribute.String("reason", lossReasons[reason])))
}

func (l *lossReporter) due(now time.Time) bool { return now.Sub(l.last) >= l.interval }

// report adds to the batch a record for each reason for which events were lost
// since the last report. The batch remembers it, so that it counts as told when that is delivered.
func (l *lossReporter) report(b *batch, probe source, logger *zap.Logger, now time.Time) {
	since, before := l.last, l.told
	l.last = now
	losses, err := probe.Losses()
	if err != nil {
		logger.Error("Reading the loss counters failed", zap.Error(err))
	}
	for reason, total := range losses {
		told := l.told[reason]
		if total <= told {
			continue
		}
		l.told[reason] = total
		l.count(bpf.LossReason(reason), total-told)
		addLoss(b.record(nil), lossReasons[reason], total-told, since, now)
	}
	if l.told != before {
		told := l.told
		b.tells = &told
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
