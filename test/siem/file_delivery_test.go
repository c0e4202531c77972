//go:build linux

package siem

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// newFileCollector prepares a collector that writes below dir. Its second
// pipeline, too, takes what is replayed in place of the probe.
func newFileCollector(t *testing.T, dir string, settings ...string) *collector {
	t.Helper()
	c := newCollector(t, distribution, []string{"file.yaml"},
		"COPYWATCH_FILES="+dir, "COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))
	c.configs = append(c.configs, "yaml:service::pipelines::logs/events::receivers: [otlp/replay]")
	c.configs = append(c.configs, settings...)
	return c
}

func TestFileMatchesAndEvents(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "by", "it")
	c := newFileCollector(t, dir)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 1000))

	matches, events := newJSONFile(filepath.Join(dir, "matches.json")), newJSONFile(filepath.Join(dir, "events.json"))
	matches.requireAll(t, r.matches, testprocess.Patience)
	events.requireAll(t, r.events, testprocess.Patience)
	require.Len(t, matches.records, len(r.matches))
	require.Len(t, events.records, len(r.events))
	for _, record := range matches.records {
		require.Equal(t, schema.EventCopy, record.EventName())
	}
	for _, record := range events.records {
		require.Equal(t, schema.EventExec, record.EventName(), "events are as the sensor made them")
	}
	info, err := os.Stat(events.path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	c.requireNoComplaint(t)
}

// What the collector accepted is in the file, however it ends, and the next one goes on behind it.
func TestFileSurvivesKill(t *testing.T) {
	dir := t.TempDir()
	c := newFileCollector(t, dir)
	c.start(t)
	r := newReplay(t, c)
	for range 20 {
		require.NoError(t, r.send(t.Context(), 200))
	}
	c.daemon.Kill()
	events := newJSONFile(filepath.Join(dir, "events.json"))
	events.requireAll(t, r.events, 0)
	c.start(t)
	require.NoError(t, r.send(t.Context(), 200))
	events.requireAll(t, r.events, testprocess.Patience)
	require.Len(t, events.records, len(r.events))
}

func TestFileRotation(t *testing.T) {
	dir := t.TempDir()
	c := newFileCollector(t, dir, "yaml:exporters::file/events::rotation::max_megabytes: 1")
	c.start(t)
	r := newReplay(t, c)
	for range 20 {
		require.NoError(t, r.send(t.Context(), 100))
	}
	paths, err := filepath.Glob(filepath.Join(dir, "events*.json"))
	require.NoError(t, err)
	require.Greater(t, len(paths), 2)
	all := newArrivals()
	for _, path := range paths {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.LessOrEqual(t, info.Size(), int64(1<<20))
		file := newJSONFile(path)
		file.update(t)
		for _, record := range file.records {
			all.add(entityOf(record))
		}
	}
	all.requireAll(t, r.events, 0)
}

func TestFileCompressed(t *testing.T) {
	dir := t.TempDir()
	c := newFileCollector(t, dir, "yaml:exporters::file/events::compression: zstd")
	c.start(t)
	r := newReplay(t, c)
	for range 5 {
		require.NoError(t, r.send(t.Context(), 100))
	}
	found := newArrivals()
	for _, record := range readCompressed(t, filepath.Join(dir, "events.json")) {
		found.add(entityOf(record))
	}
	found.requireAll(t, r.events, 0)
}
