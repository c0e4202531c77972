package netfilecopyprocessor

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/processor/netfilecopyprocessor/internal/metadata"
)

// anApproval is of the copy in the case scp.
func anApproval(change func(*ApprovalConfig)) ApprovalConfig {
	a := ApprovalConfig{
		ID: "deploy", Reason: "releases go there", ApprovedBy: "ana",
		Condition: `log.attributes["filecopy.tool"] == "scp" and log.attributes["server.address"] == "203.0.113.7"`,
	}
	if change != nil {
		change(&a)
	}
	return a
}

func oneRecord(t *testing.T, cfg Config) map[string]any {
	t.Helper()
	return records(process(t, cfg, readCase(t, "scp/in.yaml")))[0].Attributes().AsRaw()
}

func TestApprovalLowersAndHidesNothing(t *testing.T) {
	got := oneRecord(t, Config{Approvals: []ApprovalConfig{anApproval(func(a *ApprovalConfig) { a.Expires = "2999-01-31" })}})
	assert.Equal(t, "deploy", got[schema.ApprovalID])
	assert.Equal(t, "releases go there", got[schema.ApprovalReason])
	assert.Equal(t, "2999-01-31", got[schema.ApprovalExpires])
	assert.Equal(t, "low", got[schema.Importance])
	assert.Equal(t, "upload", got[schema.Direction])
	assert.Contains(t, got[schema.Reasons], "approved:deploy")
	assert.Contains(t, got[schema.Reasons], "direction_upload")
}

func TestApprovalOfSomethingElse(t *testing.T) {
	for _, condition := range []string{
		`log.attributes["filecopy.tool"] == "rsync"`,
		`Int(log.attributes["no such attribute"]) > 1`, // cannot be evaluated
	} {
		got := oneRecord(t, Config{Approvals: []ApprovalConfig{anApproval(func(a *ApprovalConfig) { a.Condition = condition })}})
		assert.NotContains(t, got, schema.ApprovalID)
		assert.Equal(t, "critical", got[schema.Importance])
	}
}

func TestExpiredApprovalWarnsOnce(t *testing.T) {
	core, logs := observer.New(zap.WarnLevel)
	set := processortest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	sink := new(consumertest.LogsSink)
	p := start(t, set, Config{Approvals: []ApprovalConfig{anApproval(func(a *ApprovalConfig) { a.Expires = "2025-12-31" })}}, sink)
	for range 2 {
		require.NoError(t, p.ConsumeLogs(context.Background(), readCase(t, "scp/in.yaml")))
	}
	for _, batch := range sink.AllLogs() {
		_, approved := records(batch)[0].Attributes().Get(schema.ApprovalID)
		assert.False(t, approved)
	}
	assert.Equal(t, 1, logs.FilterMessage("An approval has expired and applies no more").Len())
}

func TestDropApproved(t *testing.T) {
	sink := new(consumertest.LogsSink)
	p := start(t, processortest.NewNopSettings(metadata.Type), Config{DropApproved: true, Approvals: []ApprovalConfig{anApproval(nil)}}, sink)
	require.NoError(t, p.ConsumeLogs(context.Background(), readCase(t, "scp/in.yaml")))
	assert.Zero(t, sink.LogRecordCount())
}

func TestExpiry(t *testing.T) {
	for text, want := range map[string]time.Time{
		"":                          {},
		"2027-01-31":                time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC),
		"2027-01-31T12:00:00+02:00": time.Date(2027, 1, 31, 10, 0, 0, 0, time.UTC),
	} {
		got, err := parseExpiry(text)
		require.NoError(t, err)
		assert.True(t, want.Equal(got), "%s: %v", text, got)
	}
	_, err := parseExpiry("soon")
	assert.ErrorContains(t, err, `"soon" is neither a date`)
}

func TestOverride(t *testing.T) {
	override := OverrideConfig{Condition: `log.attributes["process.user.name"] == "alice"`, Importance: "medium", Reason: "alice deploys"}
	got := oneRecord(t, Config{Overrides: []OverrideConfig{override}})
	assert.Equal(t, "medium", got[schema.Importance])
	assert.EqualValues(t, 59, got[schema.RiskScore])
	assert.Contains(t, got[schema.Reasons], "override:alice deploys")

	got = oneRecord(t, Config{Overrides: []OverrideConfig{override}, Approvals: []ApprovalConfig{anApproval(nil)}})
	assert.Equal(t, "medium", got[schema.Importance], "an override is stronger than an approval")
	assert.Equal(t, "deploy", got[schema.ApprovalID])
}

// Secrets in records that another sensor wrote are masked, matched or not.
func TestForeignRecordsAreRedacted(t *testing.T) {
	logs := plog.NewLogs()
	scope := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	for _, name := range []string{"curl", "mysql"} {
		r := scope.LogRecords().AppendEmpty()
		r.SetEventName(schema.EventExec)
		line := name + " -T f --password=hunter2 https://u:hunter2@h.example.org/"
		r.Body().SetStr(line)
		require.NoError(t, r.Attributes().FromRaw(map[string]any{
			schema.ExecutableName: name, schema.CommandLine: line, schema.ParentCommandLine: "sh -c '" + line + "'",
			schema.CommandArgs: []any{name, "-T", "f", "--password=hunter2", "https://u:hunter2@h.example.org/"},
		}))
	}
	own := plog.NewLogs()
	logs.CopyTo(own)
	own.ResourceLogs().At(0).ScopeLogs().At(0).Scope().SetName(ownScope)

	cfg := Config{Redaction: RedactionConfig{Enabled: true}}
	got := marshal(t, process(t, cfg, logs))
	assert.NotContains(t, string(got), "hunter2")
	assert.Contains(t, string(got), "***")
	assert.Contains(t, string(marshal(t, process(t, cfg, own))), "hunter2", "the receiver's own are not looked at again")
}
