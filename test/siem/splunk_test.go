//go:build linux

package siem

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

const (
	splunkToken = "8bd0d5f0-5c62-4b5e-9d3f-0c0c0c0c0c0c"
	splunkIndex = "copies"
	splunkPath  = "/services/collector"
)

// splunkVariables are what a user of config/splunk.yaml sets.
func splunkVariables(t *testing.T, address string, a *authority, more ...string) []string {
	t.Helper()
	return append([]string{
		"SPLUNK_HEC_URL=https://" + address + splunkPath, "SPLUNK_HEC_TOKEN=" + splunkToken, "SPLUNK_INDEX=" + splunkIndex,
		"COPYWATCH_CA_FILE=" + a.file, "COPYWATCH_METRICS_PORT=" + testprocess.FreePort(t),
	}, more...)
}

// splunkPeer is another collector that takes events by Splunk's protocol.
type splunkPeer struct {
	address, file string
	daemon        *testprocess.Daemon
}

func startSplunkPeer(t *testing.T, a *authority) *splunkPeer {
	t.Helper()
	binary := needBinary(t, "otelcol-peer")
	dir := t.TempDir()
	cert, key := a.files(t, tomorrow())
	p := &splunkPeer{address: "127.0.0.1:" + testprocess.FreePort(t), file: filepath.Join(dir, "events.json")}
	cmd := exec.Command(binary, "--config", "testdata/splunk-peer.yaml")
	cmd.Env = append(os.Environ(), "PEER_HEC="+p.address, "PEER_CERT="+cert, "PEER_KEY="+key, "PEER_FILE="+p.file)
	var err error
	p.daemon, err = testprocess.Start(cmd, filepath.Join(dir, "peer.log"))
	require.NoError(t, err)
	t.Cleanup(func() {
		if _, err := p.daemon.Stop(); err != nil {
			t.Error(err)
		}
	})
	require.NoError(t, p.daemon.Says("Everything is ready."))
	return p
}

// splunkRecord is an event as the peer understood it.
type splunkRecord struct {
	plog.LogRecord
	metadata pcommon.Map // host, index, source and sourcetype
}

// received returns what the peer has written so far: a batch on each line, of which the last may not be whole.
func (p *splunkPeer) received(t *testing.T) (records []splunkRecord) {
	t.Helper()
	content, err := os.ReadFile(p.file)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	for line := range bytes.Lines(content) {
		if !bytes.HasSuffix(line, []byte("\n")) {
			return records
		}
		logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(line)
		require.NoError(t, err)
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					records = append(records, splunkRecord{record, resource.Resource().Attributes()})
				}
			}
		}
	}
	return records
}

// entities returns the events that the peer has received, by process.
func (p *splunkPeer) entities(t *testing.T) map[string]splunkRecord {
	t.Helper()
	entities := map[string]splunkRecord{}
	for _, record := range p.received(t) {
		if entity, ok := record.Attributes().Get(schema.EntityID); ok {
			entities[entity.Str()] = record
		}
	}
	return entities
}

// requireAll waits until each of the processes has arrived.
func (p *splunkPeer) requireAll(t *testing.T, entities []string) map[string]splunkRecord {
	t.Helper()
	require.NotEmpty(t, entities)
	var arrived map[string]splunkRecord
	missing := ""
	testprocess.Await(func() bool {
		arrived, missing = p.entities(t), ""
		for _, entity := range entities {
			if _, ok := arrived[entity]; !ok {
				missing = entity
			}
		}
		return missing == ""
	})
	require.Empty(t, missing, "has not arrived; %d of %d have", len(arrived), len(entities))
	return arrived
}

func TestSplunkTakesCopies(t *testing.T) {
	a := newAuthority(t)
	peer := startSplunkPeer(t, a)
	c := newCollector(t, distribution, []string{"splunk.yaml"}, splunkVariables(t, peer.address, a)...)
	c.start(t)
	require.True(t, testprocess.Await(c.isHealthy))
	r := newReplay(t, c)
	for range 5 {
		require.NoError(t, r.send(context.Background(), 100))
	}
	arrived := peer.requireAll(t, r.matches)
	requireSplunkFields(t, r, arrived[r.matches[0]])
	c.requireNoComplaint(t)
	_, err := c.daemon.Stop() // after it nothing more comes
	require.NoError(t, err)
	assert.Len(t, peer.entities(t), len(r.matches), "what is no copy was sent too")
}

func TestSplunkTakesEverything(t *testing.T) {
	a := newAuthority(t)
	peer := startSplunkPeer(t, a)
	c := newCollector(t, distribution, []string{"splunk.yaml"}, splunkVariables(t, peer.address, a, "COPYWATCH_MATCHES_ONLY=false")...)
	c.start(t)
	r := newReplay(t, c)
	for range 5 {
		require.NoError(t, r.send(context.Background(), 100))
	}
	sendSplunkLoss(t, r)
	peer.requireAll(t, r.events)
	var loss map[string]any
	require.True(t, testprocess.Await(func() bool {
		for _, record := range peer.received(t) {
			if action, _ := record.Attributes().Get(schema.EventAction); action.AsString() == schema.ActionLoss {
				loss = record.Attributes().AsRaw()
			}
		}
		return loss != nil
	}))
	assert.Equal(t, float64(12), loss[schema.LostEvents])
	assert.Equal(t, schema.ReasonRingBufferFull, loss[schema.LostReason])
	assert.Equal(t, "WARN", loss["otel.log.severity.text"])
	c.requireNoComplaint(t)
}

// sendSplunkLoss sends what a sensor says of events that it lost.
func sendSplunkLoss(t *testing.T, r *replay) {
	t.Helper()
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	r.resource.CopyTo(resource.Resource())
	loss := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	loss.SetEventName(schema.EventLoss)
	loss.SetSeverityNumber(plog.SeverityNumberWarn)
	loss.SetSeverityText("WARN")
	loss.Body().SetStr("12 events were lost: ring_buffer_full")
	loss.Attributes().PutStr(schema.EventAction, schema.ActionLoss)
	loss.Attributes().PutInt(schema.LostEvents, 12)
	loss.Attributes().PutStr(schema.LostReason, schema.ReasonRingBufferFull)
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	require.NoError(t, r.post(context.Background(), body))
}

// requireSplunkFields wants the replayed copy to be what it was, but for what the protocol has no place for.
func requireSplunkFields(t *testing.T, r *replay, arrived splunkRecord) {
	t.Helper()
	assert.Equal(t, map[string]any{
		"host.name": "ci-runner-7", "com.splunk.index": splunkIndex, "com.splunk.source": "copywatch", "com.splunk.sourcetype": "copywatch:event",
	}, arrived.metadata.AsRaw())
	fields := arrived.Attributes().AsRaw()
	sent := r.match.Attributes().AsRaw()
	for key, value := range r.resource.Attributes().AsRaw() {
		sent[key] = value
	}
	for key, value := range sent {
		switch key {
		case schema.EntityID, schema.PID, schema.EventAction, schema.HostName: // the replay's, the processor's, and the event's host
		default:
			assert.Equal(t, asHECHasIt(value), fields[key], key)
		}
	}
	assert.Equal(t, schema.ActionCopy, fields[schema.EventAction])
	assert.Equal(t, "scp", fields[schema.Tool])
	assert.Equal(t, "upload", fields[schema.Direction])
	assert.Equal(t, []any{"out/app.tgz"}, fields[schema.LocalPaths])
	assert.Equal(t, float64(2222), fields[schema.ServerPort])
	assert.NotEmpty(t, fields[schema.ThreatTechniqueID])
	assert.IsType(t, []any{}, fields[schema.ThreatTechniqueID])
	assert.NotEmpty(t, fields["otel.log.severity.text"])
	importance, _ := fields[schema.Importance].(string)
	assert.True(t, strings.HasPrefix(arrived.Body().Str(), strings.ToUpper(importance)+" scp upload out/app.tgz"), arrived.Body().Str())
}

// asHECHasIt is a value after a way through JSON, which has no integers.
func asHECHasIt(value any) any {
	switch value := value.(type) {
	case int64:
		return float64(value)
	case []any:
		var values []any
		for _, element := range value {
			values = append(values, asHECHasIt(element))
		}
		return values
	default:
		return value
	}
}

// The whole way: curl uploads a file, and Splunk has the event.
func TestSplunkSensor(t *testing.T) {
	testhost.NeedBPF(t)
	curl := testhost.NeedCommand(t, "curl", "curl")
	a := newAuthority(t)
	peer := startSplunkPeer(t, a)
	c := newSensor(t, []string{"splunk.yaml"}, splunkVariables(t, peer.address, a)...)
	c.start(t)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "app.tgz")
	require.NoError(t, os.WriteFile(file, []byte("what is copied\n"), 0o600))
	cmd := exec.Command(curl, "-sSf", "-T", file, server.URL+"/in/")
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)

	var copied map[string]any
	require.True(t, testprocess.Await(func() bool {
		for _, record := range peer.received(t) {
			if pid, ok := record.Attributes().Get(schema.PID); ok && pid.Double() == float64(cmd.Process.Pid) {
				copied = record.Attributes().AsRaw()
			}
		}
		return copied != nil
	}), "the upload did not arrive:\n%s", c.daemon.Output())
	assert.Equal(t, "curl", copied[schema.Tool])
	assert.Equal(t, "upload", copied[schema.Direction])
	assert.Equal(t, []any{file}, copied[schema.LocalPaths])
	assert.Equal(t, server.URL+"/in/", copied[schema.URLFull])
	c.requireNoComplaint(t)
}
