package deliveryguardextension

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/extension/deliveryguardextension/internal/metadata"
)

// The queue of an exporter is to keep a request that ended so, and forgets one
// that ended with any other error.
func TestTheQueueKeepsWhatWasHeldWhenTheCollectorStops(t *testing.T) {
	kept, err := keptError(extensiontest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.ErrorIs(t, kept, errStopping)
	for name, test := range map[string]struct {
		err  error
		left int
	}{
		"kept":  {fmt.Errorf("failed to execute the request: %w", kept), 1},
		"other": {errStopping, 0},
	} {
		t.Run(name, func(t *testing.T) {
			memory := &memoryStorage{values: map[string][]byte{}}
			id := component.MustNewID("memory")
			queue := exporterhelper.NewDefaultQueueConfig()
			queue.StorageID = &id
			set := extensiontest.NewNopSettings(metadata.Type)
			called := make(chan struct{})
			e, err := exporterhelper.NewLogs(t.Context(),
				exporter.Settings{ID: component.MustNewID("test"), TelemetrySettings: set.TelemetrySettings}, struct{}{},
				func(context.Context, plog.Logs) error { close(called); return test.err },
				exporterhelper.WithQueue(configoptional.Some(queue)))
			require.NoError(t, err)
			require.NoError(t, e.Start(t.Context(), storageHost{id: memory}))
			logs := plog.NewLogs()
			logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			require.NoError(t, e.ConsumeLogs(t.Context(), logs))
			<-called
			require.NoError(t, e.Shutdown(t.Context()))
			assert.Equal(t, test.left, memory.records())
		})
	}
}

type storageHost map[component.ID]component.Component

func (h storageHost) GetExtensions() map[component.ID]component.Component { return h }

// memoryStorage is a storage whose disk may be full.
type memoryStorage struct {
	component.StartFunc
	component.ShutdownFunc
	values map[string][]byte
	full   func([]*storage.Operation) error
}

func (m *memoryStorage) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return m, nil
}

func (m *memoryStorage) Get(_ context.Context, key string) ([]byte, error) { return m.values[key], nil }

func (m *memoryStorage) Set(ctx context.Context, key string, value []byte) error {
	return m.Batch(ctx, storage.SetOperation(key, value))
}

func (m *memoryStorage) Delete(ctx context.Context, key string) error {
	return m.Batch(ctx, storage.DeleteOperation(key))
}

func (m *memoryStorage) Close(context.Context) error { return nil }

func (m *memoryStorage) Batch(_ context.Context, operations ...*storage.Operation) error {
	if m.full != nil {
		if err := m.full(operations); err != nil {
			return err
		}
	}
	for _, o := range operations {
		switch o.Type {
		case storage.Get:
			o.Value = m.values[o.Key]
		case storage.Set:
			m.values[o.Key] = o.Value
		case storage.Delete:
			delete(m.values, o.Key)
		}
	}
	return nil
}

func (m *memoryStorage) records() (n int) {
	for key := range m.values {
		if storesRecord([]*storage.Operation{storage.SetOperation(key, nil)}) {
			n++
		}
	}
	return n
}
