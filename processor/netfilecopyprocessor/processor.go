package netfilecopyprocessor

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/processor/netfilecopyprocessor/internal/metadata"
)

type filecopyProcessor struct {
	catalogue   *catalogue.Catalogue
	matchesOnly bool
	telemetry   *metadata.TelemetryBuilder
}

func newFilecopyProcessor(set processor.Settings, cfg *Config) (*filecopyProcessor, error) {
	tools, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, fmt.Errorf("net_filecopy: create metrics: %w", err)
	}
	return &filecopyProcessor{catalogue: tools, matchesOnly: cfg.MatchesOnly, telemetry: telemetry}, nil
}

func (p *filecopyProcessor) shutdown(context.Context) error {
	p.telemetry.Shutdown()
	return nil
}

// processLogs tags the records of copy tools and, where only they are wanted, removes the rest.
func (p *filecopyProcessor) processLogs(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	var found tally
	logs.ResourceLogs().RemoveIf(func(resource plog.ResourceLogs) bool {
		resource.ScopeLogs().RemoveIf(func(scope plog.ScopeLogs) bool {
			scope.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
				matched := p.processRecord(record, &found)
				return p.matchesOnly && !matched && !isTagged(record)
			})
			return p.matchesOnly && scope.LogRecords().Len() == 0
		})
		return p.matchesOnly && resource.ScopeLogs().Len() == 0
	})
	p.report(ctx, found)
	if p.matchesOnly && logs.ResourceLogs().Len() == 0 {
		return logs, processorhelper.ErrSkipProcessingData
	}
	return logs, nil
}

func (p *filecopyProcessor) processRecord(record plog.LogRecord, matches *tally) bool {
	found := p.identify(record)
	if found.tool == nil {
		return false
	}
	v := assess(found)
	v.tag(record, p.catalogue.Attack)
	matches.add(&v)
	return true
}

// tally counts the matches of a batch, so that the metric is written once for each combination and not for each record.
type tally map[tallyKey]int64

type tallyKey struct{ family, importance string }

func (t *tally) add(v *verdict) {
	if *t == nil {
		*t = make(tally)
	}
	(*t)[tallyKey{family: v.tool.Family.ID, importance: v.importance()}]++
}

func (p *filecopyProcessor) report(ctx context.Context, found tally) {
	for key, n := range found {
		p.telemetry.ProcessorNetFilecopyMatches.Add(ctx, n, metric.WithAttributeSet(attribute.NewSet(
			attribute.String("family", key.family),
			attribute.String("importance", key.importance),
		)))
	}
}
