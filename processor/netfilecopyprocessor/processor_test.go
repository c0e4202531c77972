package netfilecopyprocessor

import (
	"context"
	"flag"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/processor/netfilecopyprocessor/internal/metadata"
	"github.com/copywatch/copywatch/processor/netfilecopyprocessor/internal/metadatatest"
)

var update = flag.Bool("update", false, "write what the processor does to the golden files")

// cases is where the golden files are: a folder for each case, shared with whoever wants to see records.
var cases = filepath.Join("..", "..", "testdata", "processor")

func TestGolden(t *testing.T) {
	tests := []struct {
		name, in, want string
		config         Config
	}{
		{"scp from the receiver", "scp/in.yaml", "scp/want.yaml", Config{}},
		{"renamed scp", "renamed/in.yaml", "renamed/want.yaml", Config{}},
		{"event name lost", "event-name-lost/in.yaml", "event-name-lost/want.yaml", Config{}},
		{"bare record", "bare-record/in.yaml", "bare-record/want.yaml", Config{}},
		{"ambiguous name", "ambiguous-name/in.yaml", "ambiguous-name/want.yaml", Config{}},
		{"no command line", "no-command-line/in.yaml", "no-command-line/want.yaml", Config{}},
		{"wrong types", "wrong-types/in.yaml", "wrong-types/want.yaml", Config{}},
		{"hostile text", "hostile-text/in.yaml", "hostile-text/want.yaml", Config{}},
		{"not an exec", "not-an-exec/in.yaml", "not-an-exec/in.yaml", Config{}},
		{"mixed batch", "mixed-batch/in.yaml", "mixed-batch/want.yaml", Config{}},
		{"mixed batch, matches only", "mixed-batch/in.yaml", "mixed-batch/want-matches-only.yaml", Config{MatchesOnly: true}},
		{"tagged again", "scp/want.yaml", "scp/want.yaml", Config{}},
		{"tagged before, matches only", "scp/want.yaml", "scp/want.yaml", Config{MatchesOnly: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := process(t, tt.config, readCase(t, tt.in))
			if *update && tt.in != tt.want {
				require.NoError(t, golden.WriteLogsToFile(filepath.Join(cases, tt.want), got))
			}
			want := readCase(t, tt.want)
			require.NoError(t, plogtest.CompareLogs(want, got))
			assert.Equal(t, eventNames(want), eventNames(got), "event names, which CompareLogs does not compare")
			for _, record := range records(got) {
				assert.Len(t, record.Attributes().AsRaw(), record.Attributes().Len(), "an attribute is there twice")
			}
		})
	}
}

func TestUnmatchedRecordsAreUntouched(t *testing.T) {
	for _, in := range []string{"not-an-exec/in.yaml", "scp/want.yaml"} {
		t.Run(in, func(t *testing.T) {
			logs := readCase(t, in)
			// Nothing is in order about this record, and nobody may mend it.
			attrs := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Attributes()
			attrs.PutStr("process.executable.name", "b\xffash")
			attrs.PutEmpty("")
			before := marshal(t, logs)
			assert.Equal(t, before, marshal(t, process(t, Config{}, logs)))
		})
	}
}

// Who gets only the matches has to know that some may be missing.
func TestMatchesOnlyKeepsLosses(t *testing.T) {
	p := newProcessor(t, Config{MatchesOnly: true})
	logs := plog.NewLogs()
	batch := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	batch.AppendEmpty().SetEventName(schema.EventLoss)
	batch.AppendEmpty().Attributes().PutStr(schema.EventAction, schema.ActionLoss) // the name was lost on the way
	batch.AppendEmpty().SetEventName(schema.EventExit)
	batch.AppendEmpty().Attributes().PutStr(schema.EventAction, schema.ActionExit)
	logs, err := p.processLogs(context.Background(), logs)
	require.NoError(t, err)
	require.Equal(t, 2, logs.LogRecordCount())
	assert.Equal(t, schema.EventLoss, batch.At(0).EventName())
}

func TestMatchesOnlyHandsOnNoEmptyBatch(t *testing.T) {
	sink := new(consumertest.LogsSink)
	p := start(t, processortest.NewNopSettings(metadata.Type), Config{MatchesOnly: true}, sink)
	logs := readCase(t, "not-an-exec/in.yaml")
	logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(isOfCopies)
	require.NoError(t, p.ConsumeLogs(context.Background(), logs))
	assert.Empty(t, sink.AllLogs())
}

// The arrays of one alert must all be of one rule, so what another rule left behind has to go.
func TestThreatOfAnotherRuleIsReplaced(t *testing.T) {
	p := newProcessor(t, Config{})
	scp, ok := p.catalogue.Lookup("scp")
	require.True(t, ok)
	download := scp.Download
	require.Empty(t, download.Subtechniques)

	attrs := plog.NewLogRecord().Attributes()
	for _, key := range []string{schema.ThreatTechniqueID, schema.ThreatSubtechniqueID, schema.ThreatSubtechniqueName, schema.ThreatSubtechniqueReference} {
		attrs.PutEmptySlice(key).AppendEmpty().SetStr("of another rule")
	}
	var added tags
	added.begin(attrs)
	putThreat(&added, p.catalogue.Attack, &download)
	added.end(attrs)
	assert.Equal(t, map[string]any{
		"threat.framework":           "MITRE ATT&CK",
		"threat.framework.version":   "19",
		"threat.tactic.id":           []any{"TA0011"},
		"threat.tactic.name":         []any{"Command and Control"},
		"threat.tactic.reference":    []any{"https://attack.mitre.org/tactics/TA0011/"},
		"threat.technique.id":        []any{"T1105"},
		"threat.technique.name":      []any{"Ingress Tool Transfer"},
		"threat.technique.reference": []any{"https://attack.mitre.org/techniques/T1105/"},
	}, attrs.AsRaw())
}

// Names that a sensor may have set too are there once, and what the rule says is stronger, but not what the job claims.
func TestNamesThatAreShared(t *testing.T) {
	attrs := plog.NewLogRecord().Attributes()
	for _, key := range []string{schema.ExecutableName, schema.ServerAddress, schema.EventAction, "vcs.change.id", "other.name"} {
		attrs.PutStr(key, "before")
	}
	attrs.PutInt(schema.ServerPort, 1)
	var added tags
	for range 2 { // once more as it comes out
		added.begin(attrs)
		added.PutStr(schema.EventAction, schema.ActionCopy)
		added.putShared(schema.ServerAddress, "host")
		added.putShared(schema.URLFull, "")
		added.putSharedInt(schema.ServerPort, 22)
		added.claim("vcs.change.id", "7")
		added.claim("vcs.repository.name", "r")
		added.end(attrs)
		assert.Equal(t, 7, attrs.Len())
		assert.Equal(t, map[string]any{
			"process.executable.name": "before", "other.name": "before", "vcs.change.id": "before", "vcs.repository.name": "r",
			"event.action": "net_filecopy_tool_exec", "server.address": "host", "server.port": int64(22),
		}, attrs.AsRaw())
	}
}

func TestMatchesAreCounted(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	p := start(t, metadatatest.NewSettings(telemetry), Config{}, consumertest.NewNop())
	for _, in := range []string{"scp/in.yaml", "ambiguous-name/in.yaml", "not-an-exec/in.yaml", "ambiguous-name/in.yaml", "event-name-lost/in.yaml"} {
		require.NoError(t, p.ConsumeLogs(context.Background(), readCase(t, in)))
	}
	point := func(family, importance string, n int64) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{
			Value:      n,
			Attributes: attribute.NewSet(attribute.String("family", family), attribute.String("importance", importance)),
		}
	}
	metadatatest.AssertEqualProcessorNetFilecopyMatches(t, telemetry, []metricdata.DataPoint[int64]{
		point("ssh-copy", "critical", 1), point("ssh-copy", "high", 1), point("ssh-copy", "medium", 1), point("cloud", "high", 2),
	}, metricdatatest.IgnoreTimestamp())
}

func TestCapabilities(t *testing.T) {
	p := start(t, processortest.NewNopSettings(metadata.Type), Config{}, consumertest.NewNop())
	assert.True(t, p.Capabilities().MutatesData)
}

// process returns what a processor with this configuration hands on.
func process(t *testing.T, cfg Config, logs plog.Logs) plog.Logs {
	t.Helper()
	sink := new(consumertest.LogsSink)
	p := start(t, processortest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, p.ConsumeLogs(context.Background(), logs))
	require.Len(t, sink.AllLogs(), 1)
	return sink.AllLogs()[0]
}

func start(t *testing.T, set processor.Settings, cfg Config, next consumer.Logs) processor.Logs {
	t.Helper()
	p, err := NewFactory().CreateLogs(context.Background(), set, &cfg, next)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, p.Shutdown(context.Background())) })
	return p
}

func newProcessor(tb testing.TB, cfg Config) *filecopyProcessor {
	tb.Helper()
	p, err := newFilecopyProcessor(processortest.NewNopSettings(metadata.Type), &cfg, consumertest.NewNop())
	require.NoError(tb, err)
	core, _ := observer.New(zapcore.ErrorLevel)
	p.logger = zap.New(core, zap.Hooks(func(e zapcore.Entry) error { panic(e.Message) })) // what it survives is a fault
	return p
}

func readCase(tb testing.TB, name string) plog.Logs {
	tb.Helper()
	logs, err := golden.ReadLogs(filepath.Join(cases, name))
	require.NoError(tb, err)
	return logs
}

func records(logs plog.Logs) []plog.LogRecord {
	var all []plog.LogRecord
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				all = append(all, record)
			}
		}
	}
	return all
}

func eventNames(logs plog.Logs) []string {
	var names []string
	for _, record := range records(logs) {
		names = append(names, record.EventName())
	}
	return names
}

func marshal(tb testing.TB, logs plog.Logs) []byte {
	tb.Helper()
	data, err := new(plog.ProtoMarshaler).MarshalLogs(logs)
	require.NoError(tb, err)
	return data
}
