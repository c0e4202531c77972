package deliveryguardextension

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

func guardedStorage(t *testing.T, memory *memoryStorage) (*testGuard, storage.Client) {
	t.Helper()
	id := component.MustNewID("memory")
	g := newTestGuard(t, func(cfg *Config) {
		cfg.Queue.Storage, cfg.Queue.Directory = &id, t.TempDir()
	})
	require.NoError(t, g.Start(t.Context(), storageHost{id: memory}))
	require.NoError(t, g.Ready())
	assert.Equal(t, []component.ID{id}, g.Dependencies())
	client, err := g.GetClient(t.Context(), component.KindExporter, component.MustNewID("test"), "")
	require.NoError(t, err)
	return g, client
}

func TestAFullDiskTakesNoNewRecordButFinishesWhatItHas(t *testing.T) {
	memory := &memoryStorage{values: map[string][]byte{}}
	g, client := guardedStorage(t, memory)
	note, record := storage.SetOperation("qmv0", []byte("index")), storage.SetOperation("7", []byte("record"))
	require.NoError(t, client.Batch(t.Context(), note, record))

	g.disk.full.Store(true)
	require.ErrorIs(t, client.Batch(t.Context(), note, record), storage.ErrStorageFull)
	g.disk.full.Store(true)
	require.NoError(t, client.Batch(t.Context(), note, storage.GetOperation("7")))
	require.NoError(t, client.Batch(t.Context(), note, storage.DeleteOperation("7")))
	assert.Zero(t, memory.records())
}

func TestWhatTheQueueMustWriteIsTriedUntilThereIsRoom(t *testing.T) {
	tries := 0
	memory := &memoryStorage{values: map[string][]byte{}, full: func([]*storage.Operation) error {
		if tries++; tries < 3 {
			return fmt.Errorf("write: %w", syscall.ENOSPC)
		}
		return nil
	}}
	_, client := guardedStorage(t, memory)
	require.NoError(t, client.Batch(t.Context(), storage.SetOperation("qmv0", nil), storage.GetOperation("7")))
	assert.Equal(t, 3, tries)
}

func TestWhatTheQueueCannotTakeInGoesBackToTheSender(t *testing.T) {
	broken := syscall.ENOSPC
	memory := &memoryStorage{values: map[string][]byte{}, full: func([]*storage.Operation) error { return broken }}
	g, client := guardedStorage(t, memory)
	require.ErrorIs(t, client.Batch(t.Context(), storage.SetOperation("7", nil)), syscall.ENOSPC)
	assert.True(t, g.disk.full.Load() || len(g.ledger.problems()) > 0)

	broken = syscall.EIO // is no full disk: waiting would not mend it
	require.ErrorIs(t, client.Batch(t.Context(), storage.SetOperation("qmv0", nil)), syscall.EIO)
}

func TestAStopDoesNotWaitForRoom(t *testing.T) {
	memory := &memoryStorage{values: map[string][]byte{}, full: func([]*storage.Operation) error { return syscall.EDQUOT }}
	g, client := guardedStorage(t, memory)
	require.NoError(t, g.NotReady())
	require.ErrorIs(t, client.Batch(t.Context(), storage.DeleteOperation("7")), syscall.EDQUOT)
}

func TestAStorageThatIsNotThereIsSaid(t *testing.T) {
	g := newTestGuard(t, nil)
	_, err := g.GetClient(t.Context(), component.KindExporter, component.MustNewID("test"), "")
	require.ErrorContains(t, err, "queue::storage names no storage")
	id := component.MustNewID("memory")
	g = newTestGuard(t, func(cfg *Config) { cfg.Queue.Storage = &id })
	_, err = g.GetClient(t.Context(), component.KindExporter, component.MustNewID("test"), "")
	require.ErrorContains(t, err, "memory is no storage extension")
}

func TestTheDiskIsLookedAt(t *testing.T) {
	const roomy = 1 << 40
	for _, test := range []struct {
		name  string
		space space
		err   error
		want  string
	}{
		{"roomy", space{bytes: roomy}, nil, ""},
		{"full", space{bytes: 3<<20 + 1}, nil, "is on a disk that is full: 3 MiB are left, fewer than 64"},
		{"read-only", space{bytes: roomy, readOnly: true}, nil, "cannot be written to"},
		{"many files", space{bytes: roomy, noFiles: true}, nil, "no room for another file"},
		{"gone", space{}, errors.New("input/output error"), "cannot be looked at (input/output error)"},
		{"not known here", space{}, errors.ErrUnsupported, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := newTestGuard(t, func(cfg *Config) { cfg.Queue.Directory = "/a/b/c" })
			g.disk.look = func(path string) (space, error) {
				if path != "/" { // not made yet
					return space{}, fs.ErrNotExist
				}
				return test.space, test.err
			}
			g.disk.check()
			assert.Equal(t, test.want != "", g.disk.full.Load())
			if test.want == "" {
				assert.Empty(t, g.ledger.problems())
				return
			}
			problems := g.ledger.problems()
			require.Len(t, problems, 1)
			assert.Equal(t, "file:///a/b/c", problems[0].Source)
			assert.Contains(t, problems[0].Problem, test.want)
			g.disk.look = func(string) (space, error) { return space{bytes: roomy}, nil }
			g.disk.check()
			assert.Empty(t, g.ledger.problems())
			assert.False(t, g.disk.full.Load())
		})
	}
}

func TestAQuotaCountsAsAFullDiskUntilTheNextLook(t *testing.T) {
	g := newTestGuard(t, func(cfg *Config) { cfg.Queue.Directory = "/" })
	g.disk.look = func(string) (space, error) { return space{bytes: 1 << 40}, nil }
	g.disk.noteFull(syscall.EDQUOT)
	g.disk.check()
	assert.Contains(t, g.ledger.problems()[0].Problem, "is on a disk that is full (disk quota exceeded)")
	g.disk.check()
	assert.Empty(t, g.ledger.problems())
}
