package deliveryguardextension

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/copywatch/copywatch/extension/deliveryguardextension/internal/metadata"
)

// testGuard is a guard whose log, metrics and clock a test sees.
type testGuard struct {
	*guard
	logs      *observer.ObservedLogs
	telemetry *componenttest.Telemetry
	clock     time.Time
}

func newTestGuard(t *testing.T, change func(*Config)) *testGuard {
	t.Helper()
	cfg := defaultConfig()
	cfg.Endpoint = ""
	if change != nil {
		change(cfg)
	}
	core, logs := observer.New(zapcore.DebugLevel)
	set := extensiontest.NewNopSettings(metadata.Type)
	tel := componenttest.NewTelemetry()
	set.TelemetrySettings = tel.NewTelemetrySettings()
	set.Logger = zap.New(core)
	g, err := newGuard(cfg, set)
	require.NoError(t, err)
	tg := &testGuard{guard: g, logs: logs, telemetry: tel, clock: time.Unix(1e9, 0)}
	g.ledger.now = func() time.Time { return tg.clock }
	t.Cleanup(func() {
		require.NoError(t, g.Shutdown(context.Background()))
		require.NoError(t, tel.Shutdown(context.Background()))
	})
	return tg
}

// lines returns what was logged since the last call, with the problem or what else tells it.
func (g *testGuard) lines() (lines []string) {
	for _, entry := range g.logs.TakeAll() {
		line := entry.Message
		if reason, ok := entry.ContextMap()["reason"].(string); ok {
			line += ": " + reason
		}
		lines = append(lines, line)
	}
	return lines
}
