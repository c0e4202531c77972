package deliveryguardextension

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"google.golang.org/grpc"

	"github.com/copywatch/copywatch/extension/deliveryguardextension/internal/metadata"
)

// guard is a middleware of the exporters' clients. It judges every answer,
// keeps the ledger of what is wrong where, and serves that as a health check.
type guard struct {
	cfg       *Config
	ledger    *ledger
	health    *health
	disk      *diskWatch
	telemetry *metadata.TelemetryBuilder

	extensions map[component.ID]component.Component

	stopping chan struct{} // closed when the collector is about to stop
	stopOnce sync.Once
	kept     error // what a held request ends with then
}

var (
	_ extensionmiddleware.HTTPClient        = (*guard)(nil)
	_ extensionmiddleware.GRPCClient        = (*guard)(nil)
	_ extensioncapabilities.PipelineWatcher = (*guard)(nil)
	_ componentstatus.Watcher               = (*guard)(nil)
)

func newGuard(cfg *Config, set extension.Settings) (*guard, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	g := &guard{cfg: cfg, telemetry: telemetry, stopping: make(chan struct{})}
	g.ledger = newLedger(cfg, set.Logger, telemetry)
	g.health = newHealth(cfg, g.ledger)
	g.disk = newDiskWatch(cfg.Queue, g.ledger)
	kept, err := keptError(set)
	if err != nil {
		return nil, err
	}
	// As if canceled: the client of the elasticsearch exporter would try again else.
	g.kept = fmt.Errorf("%w (%w)", kept, context.Canceled)
	err = errors.Join(
		telemetry.RegisterExtensionDeliveryGuardFailingCallback(g.ledger.observe),
		telemetry.RegisterExtensionDeliveryGuardDiskFreeCallback(g.disk.observe),
	)
	return g, err
}

// Start serves the health check and begins to watch the disk.
func (g *guard) Start(_ context.Context, host component.Host) error {
	g.extensions = host.GetExtensions()
	if err := g.health.start(); err != nil {
		return err
	}
	g.disk.start()
	return nil
}

// Shutdown stops both. The exporters have stopped before.
func (g *guard) Shutdown(context.Context) error {
	g.release()
	g.disk.stop()
	g.telemetry.Shutdown()
	return g.health.stop()
}

// Ready says that the pipelines run.
func (g *guard) Ready() error {
	g.health.setReady(true)
	return nil
}

// NotReady says that the pipelines are about to stop: exporters are waited for
// then, so nothing is held any longer.
func (g *guard) NotReady() error {
	g.health.setReady(false)
	g.release()
	return nil
}

func (g *guard) release() { g.stopOnce.Do(func() { close(g.stopping) }) }

// ComponentStatusChanged takes what components say of themselves into the health check.
func (g *guard) ComponentStatusChanged(source *componentstatus.InstanceID, event *componentstatus.Event) {
	g.health.components.note(source, event)
}

// GetHTTPRoundTripper guards the HTTP client of an exporter.
func (g *guard) GetHTTPRoundTripper(next http.RoundTripper) (http.RoundTripper, error) {
	t := &transport{guard: g, next: next}
	if g.cfg.Hold.Enabled {
		return &holder{transport: t}, nil
	}
	return t, nil
}

// GetGRPCClientOptions guards the gRPC client of an exporter.
func (g *guard) GetGRPCClientOptions() ([]grpc.DialOption, error) {
	return []grpc.DialOption{grpc.WithChainUnaryInterceptor(g.intercept)}, nil
}
