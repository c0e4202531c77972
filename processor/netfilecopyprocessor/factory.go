package netfilecopyprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/copywatch/copywatch/processor/netfilecopyprocessor/internal/metadata"
)

// NewFactory returns the factory of the net_filecopy processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		metadata.Type,
		defaultConfig,
		processor.WithLogs(newLogs, metadata.LogsStability),
	)
}

func newLogs(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Logs) (processor.Logs, error) {
	p, err := newFilecopyProcessor(set, cfg.(*Config), next)
	if err != nil {
		return nil, err
	}
	return processorhelper.NewLogs(ctx, set, cfg, next, p.processLogs,
		processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: true}),
		processorhelper.WithStart(p.start),
		processorhelper.WithShutdown(p.shutdown))
}
