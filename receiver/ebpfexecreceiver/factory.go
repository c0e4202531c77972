package ebpfexecreceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/copywatch/copywatch/receiver/ebpfexecreceiver/internal/metadata"
)

// NewFactory returns the factory of the ebpf_exec receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(
		metadata.Type,
		func() component.Config { return defaultConfig() },
		receiver.WithLogs(newLogs, metadata.LogsStability),
	)
}

func newLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	return newExecReceiver(cfg.(*Config), set, next)
}
