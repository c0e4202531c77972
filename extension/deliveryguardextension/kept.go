package deliveryguardextension

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/pdata/plog"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
)

var errStopping = errors.New("delivery_guard: the collector stops; the queue keeps the request")

// keptError returns the error after which an exporter's queue on disk keeps a
// request for the collector's next start. Its type is not exported; an
// exporter that is stopped while it wants to try again returns it.
func keptError(set extension.Settings) (error, error) {
	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval, retry.MaxInterval, retry.MaxElapsedTime = time.Hour, time.Hour, 0
	stopped, err := exporterhelper.NewLogs(context.Background(),
		exporter.Settings{
			ID: component.NewID(set.ID.Type()),
			TelemetrySettings: component.TelemetrySettings{
				Logger: zap.NewNop(), MeterProvider: metricnoop.NewMeterProvider(), TracerProvider: tracenoop.NewTracerProvider(),
			},
		},
		struct{}{},
		func(context.Context, plog.Logs) error { return errStopping },
		exporterhelper.WithRetry(retry),
	)
	if err != nil {
		return nil, err
	}
	if err := stopped.Shutdown(context.Background()); err != nil {
		return nil, err
	}
	return stopped.ConsumeLogs(context.Background(), plog.NewLogs()), nil
}
