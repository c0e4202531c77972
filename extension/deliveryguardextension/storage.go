package deliveryguardextension

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

var (
	_ storage.Extension               = (*guard)(nil)
	_ extensioncapabilities.Dependent = (*guard)(nil)
)

// Dependencies lets the collector start the storage first.
func (g *guard) Dependencies() []component.ID {
	if g.cfg.Queue.Storage == nil {
		return nil
	}
	return []component.ID{*g.cfg.Queue.Storage}
}

// GetClient is that of the storage which the configuration names, guarded.
func (g *guard) GetClient(ctx context.Context, kind component.Kind, id component.ID, name string) (storage.Client, error) {
	if g.cfg.Queue.Storage == nil {
		return nil, errors.New("delivery_guard: an exporter keeps its queue here, but queue::storage names no storage")
	}
	behind, ok := g.extensions[*g.cfg.Queue.Storage].(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("delivery_guard: queue::storage: %v is no storage extension of this service", g.cfg.Queue.Storage)
	}
	client, err := behind.GetClient(ctx, kind, id, name)
	if err != nil {
		return nil, err
	}
	return &guardedClient{Client: client, guard: g}, nil
}

// guardedClient keeps a full disk from costing data. The exporters' queue
// forgets a record when it cannot write down that it takes it out, or back in
// at its start; it only keeps what it could not take in at all with whoever
// sent it. So when room gets short, new records are refused while there is
// room left for the rest, and the rest is tried until it succeeds.
type guardedClient struct {
	storage.Client
	guard *guard
}

const tryAgainEvery = 200 * time.Millisecond

// Batch executes operations in one transaction.
func (c *guardedClient) Batch(ctx context.Context, operations ...*storage.Operation) error {
	disk := c.guard.disk
	isNew := storesRecord(operations) && c.guard.health.ready.Load() // before, the queue puts back what it had
	if isNew && disk.full.Load() {
		return storage.ErrStorageFull
	}
	for {
		err := c.Client.Batch(ctx, operations...)
		if !isNoSpace(err) {
			return err
		}
		disk.noteFull(err)
		if isNew {
			return err
		}
		select {
		case <-time.After(tryAgainEvery):
		case <-ctx.Done():
			return err
		case <-c.guard.stopping:
			return err
		}
	}
}

// storesRecord tells a queue's records, whose keys are numbers, from its notes about itself.
func storesRecord(operations []*storage.Operation) bool {
	for _, operation := range operations {
		if _, err := strconv.ParseUint(operation.Key, 10, 64); err == nil && operation.Type == storage.Set {
			return true
		}
	}
	return false
}

func isNoSpace(err error) bool {
	return err != nil && (errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		strings.Contains(err.Error(), syscall.ENOSPC.Error())) // the database does not wrap all that it returns
}
