package netfilecopyprocessor

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/processor/netfilecopyprocessor/internal/metadata"
)

func TestRepeats(t *testing.T) {
	cfg := Config{Repeats: RepeatsConfig{Window: time.Hour, MaxTracked: 10}}
	sink := new(consumertest.LogsSink)
	p := start(t, processortest.NewNopSettings(metadata.Type), cfg, sink)
	for range 3 {
		require.NoError(t, p.ConsumeLogs(context.Background(), readCase(t, "scp/in.yaml")))
	}
	var counts []any
	for _, batch := range sink.AllLogs() {
		counts = append(counts, records(batch)[0].Attributes().AsRaw()[schema.Repeat])
	}
	assert.Equal(t, []any{nil, int64(1), int64(2)}, counts)
}

func TestHeldRepeatsEndInOneSummary(t *testing.T) {
	cfg := Config{Repeats: RepeatsConfig{Window: time.Hour, MaxTracked: 10, Hold: true}}
	sink := new(consumertest.LogsSink)
	p, err := NewFactory().CreateLogs(context.Background(), processortest.NewNopSettings(metadata.Type), &cfg, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), nil))
	for range 5 {
		require.NoError(t, p.ConsumeLogs(context.Background(), readCase(t, "scp/in.yaml")))
	}
	assert.Equal(t, 1, sink.LogRecordCount())
	require.NoError(t, p.Shutdown(context.Background()))
	require.Equal(t, 2, sink.LogRecordCount())
	last := sink.AllLogs()[1]
	assert.Equal(t, int64(4), records(last)[0].Attributes().AsRaw()[schema.Repeat])
	host, _ := last.ResourceLogs().At(0).Resource().Attributes().Get(schema.HostName)
	assert.Equal(t, "build-1", host.Str())
}

// aPlace is of a record with so long a body.
func aPlace(t *testing.T, body int) *place {
	logs := readCase(t, "scp/in.yaml")
	resource, record := logs.ResourceLogs().At(0), records(logs)[0]
	record.Body().SetStr(strings.Repeat("x", body))
	return &place{resource, resource.ScopeLogs().At(0), record}
}

func TestHeldUntilTheWindowEnds(t *testing.T) {
	sink := new(consumertest.LogsSink)
	h := newHeld(&RepeatsConfig{Window: 20 * time.Millisecond, MaxTracked: 10}, sink, zap.NewNop())
	h.start()
	require.True(t, h.keep(seriesID{kind: 1, begun: time.Now()}, aPlace(t, 10)))
	assert.Eventually(t, func() bool { return sink.LogRecordCount() == 1 }, 5*time.Second, time.Millisecond)
	h.stop(context.Background())
	assert.Equal(t, 1, sink.LogRecordCount())
	assert.Zero(t, h.bytes)
}

// A series may begin before the summary of the one before it is handed on.
func TestHeldOfOneKindInTwoSeries(t *testing.T) {
	sink := new(consumertest.LogsSink)
	h := newHeld(&RepeatsConfig{Window: time.Minute, MaxTracked: 10}, sink, zap.NewNop())
	now := time.Now()
	require.True(t, h.keep(seriesID{1, now}, aPlace(t, 10)))
	require.True(t, h.keep(seriesID{1, now.Add(time.Minute)}, aPlace(t, 20)))
	h.handOn(context.Background(), func(seriesID) bool { return true })
	var bodies []int
	for _, record := range records(sink.AllLogs()[0]) {
		bodies = append(bodies, len(record.Body().Str()))
	}
	assert.ElementsMatch(t, []int{10, 20}, bodies)
}

func TestHeldIsBounded(t *testing.T) {
	h := newHeld(&RepeatsConfig{Window: time.Minute, MaxTracked: 3}, consumertest.NewNop(), zap.NewNop())
	id := func(kind uint64) seriesID { return seriesID{kind: kind} }
	for kind := range uint64(3) {
		require.True(t, h.keep(id(kind), aPlace(t, 10)))
	}
	assert.False(t, h.keep(id(3), aPlace(t, 10)), "as many series as are tracked")
	before := h.bytes
	assert.True(t, h.keep(id(2), aPlace(t, 1000)), "in place of the one before")
	assert.Greater(t, h.bytes, before)
	assert.False(t, h.keep(id(1), aPlace(t, heldBytesMost)), "more than is kept in all")
	assert.Less(t, h.bytes, 20_000)
	h.handOn(context.Background(), func(seriesID) bool { return true })
	assert.Zero(t, h.bytes)
}

// The kind of a copy does not depend on the file. One that is rated higher than
// what was told of its series is handed on, whatever comes before and after it.
func TestWhatIsRatedHigherIsNotHeld(t *testing.T) {
	cfg := Config{Repeats: RepeatsConfig{Window: time.Hour, MaxTracked: 10, Hold: true}}
	sink := new(consumertest.LogsSink)
	p := start(t, processortest.NewNopSettings(metadata.Type), cfg, sink)
	copied := func(path string) {
		logs := readCase(t, "scp/in.yaml")
		list, _ := records(logs)[0].Attributes().Get(schema.CommandArgs)
		require.NoError(t, list.FromRaw([]any{"scp", path, "deploy@203.0.113.7:/srv/www/"}))
		require.NoError(t, p.ConsumeLogs(context.Background(), logs))
	}
	for _, path := range []string{"a.html", "b.html", "/etc/shadow", "/root/.ssh/id_rsa", "c.html"} {
		copied(path)
	}
	var told []any
	for _, batch := range sink.AllLogs() {
		for _, record := range records(batch) {
			attrs := record.Attributes().AsRaw()
			told = append(told, attrs[schema.LocalPaths].([]any)[0])
		}
	}
	assert.Equal(t, []any{"a.html", "/etc/shadow"}, told)
}
