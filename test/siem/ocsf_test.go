//go:build linux

package siem

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// Whatever a sensor sends, hostile text and wrong types included, becomes one
// event that is valid by the published schema, and no statement fails.
func TestOCSFEventsAreValid(t *testing.T) {
	published := readOCSFSchema(t)
	c, file := newOCSFCollector(t, "COPYWATCH_MATCHES_ONLY=false")
	c.start(t)
	sent := 0
	for _, logs := range ocsfInputs(t) {
		sent += logs.LogRecordCount()
		sendOCSFInput(t, c, logs)
	}
	events := ocsfEvents(t, file, sent)
	classes := map[string]int{}
	uids := map[string]bool{}
	for _, event := range events {
		assert.Empty(t, published.faults(event), "in %v", event)
		classes[ocsfText(event["type_name"])]++
		uids[ocsfText(event["metadata"].(map[string]any)["uid"])] = true
	}
	for _, kind := range []string{
		"Detection Finding: Create", "Process Activity: Launch", "Process Activity: Terminate", "Base Event: sensor.loss",
	} {
		assert.NotZero(t, classes[kind], kind)
	}
	assert.Greater(t, len(uids), sent-5, "events with a uid of their own; of records that are alike there are a few")
	requireNoFailedStatement(t, c)
}

// What an analyst sees of one upload, in full.
func TestOCSFFinding(t *testing.T) {
	c, file := newOCSFCollector(t)
	c.start(t)
	others := readRecordedBuild(t)
	others.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(record plog.LogRecord) bool {
		name, _ := record.Attributes().Get(schema.ExecutableName)
		return name.Str() != "make"
	})
	require.NotZero(t, others.LogRecordCount())
	sendOCSFInput(t, c, others)
	sendOCSFInput(t, c, readOCSFInput(t, "../../testdata/processor/scp/in.yaml"))
	event := ocsfEvents(t, file, 1)[0]
	got, err := json.MarshalIndent(event, "", "  ")
	require.NoError(t, err)
	want, err := os.ReadFile("../../testdata/ocsf/scp.json")
	require.NoError(t, err)
	assert.JSONEq(t, string(want), string(got))
}

// With the probe, from an exec to a finding.
func TestOCSFOfARealCopy(t *testing.T) {
	testhost.NeedBPF(t)
	scp := testhost.NeedCommand(t, "scp", "openssh-client")
	file := filepath.Join(t.TempDir(), "ocsf.jsonl")
	c := newSensor(t, []string{"ocsf.yaml"}, "COPYWATCH_OCSF="+file, "COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))
	c.start(t)
	secret := filepath.Join(t.TempDir(), "id_rsa")
	require.NoError(t, os.WriteFile(secret, []byte("a key"), 0o600))
	// Nobody listens there: what counts is that it was run.
	_ = exec.Command(scp, "-o", "BatchMode=yes", "-P", "1", secret, "deploy@127.0.0.1:/ocsf").Run()
	var found map[string]any
	require.True(t, testprocess.Await(func() bool {
		for _, event := range readOCSF(t, file) {
			if strings.Contains(ocsfText(event["message"]), "deploy@127.0.0.1:1:/ocsf") && found == nil {
				found = event
			}
		}
		return found != nil
	}), c.daemon.Output())
	assert.Empty(t, readOCSFSchema(t).faults(found))
	evidence := found["evidences"].([]any)[0].(map[string]any)
	assert.Equal(t, secret, evidence["file"].(map[string]any)["path"])
	assert.Equal(t, "127.0.0.1", evidence["dst_endpoint"].(map[string]any)["ip"])
	process := evidence["process"].(map[string]any)
	assert.Equal(t, "scp", process["name"])
	assert.Contains(t, process["parent_process"].(map[string]any)["name"], "siem.test")
}

// The configuration has room for as much of ATT&CK as any tool of the catalogue brings.
func TestOCSFAttacksFit(t *testing.T) {
	known, err := catalogue.Load()
	require.NoError(t, err)
	directions := []grammar.Direction{grammar.Upload, grammar.Download, grammar.Listen, grammar.RemoteToRemote, grammar.Bidirectional}
	for _, name := range known.Names() {
		tool, _ := known.Lookup(name)
		for _, direction := range directions {
			for _, channel := range []grammar.Channel{"", grammar.Clear, grammar.Encrypted} {
				threat := tool.Threat(direction, channel)
				assert.LessOrEqual(t, max(len(threat.Tactics), len(threat.Techniques), len(threat.Subtechniques)), 3, name)
				if len(threat.Tactics) == 1 {
					assert.LessOrEqual(t, len(threat.Techniques)+len(threat.Subtechniques), 4, name)
				}
			}
		}
	}
}

// The check must see what is wrong.
func TestOCSFFaultsAreFound(t *testing.T) {
	published := readOCSFSchema(t)
	content, err := os.ReadFile("../../testdata/ocsf/scp.json")
	require.NoError(t, err)
	tests := map[string]func(event map[string]any){
		".finding_info: is required":                      func(e map[string]any) { delete(e, "finding_info") },
		".importance: is not in the schema":               func(e map[string]any) { e["importance"] = "high" },
		"type_uid: is 200499":                             func(e map[string]any) { e["type_uid"] = json.Number("200499") },
		".time: \"2026\" is no timestamp_t":               func(e map[string]any) { e["time"] = "2026" },
		".time: \"1767225600\" is no timestamp_t":         func(e map[string]any) { e["time"] = json.Number("1767225600") },
		".severity_id: 7 is not in the enumeration":       func(e map[string]any) { e["severity_id"] = json.Number("7") },
		".severity_id: has no severity":                   func(e map[string]any) { delete(e, "severity") },
		".severity_id: is 5, Critical, and severity is ":  func(e map[string]any) { e["severity"] = "High" },
		".device: is of the profile host":                 func(e map[string]any) { delete(e["metadata"].(map[string]any), "profiles") },
		".evidences: is no list":                          func(e map[string]any) { e["evidences"] = "scp" },
		".evidences[0]: has none of ":                     func(e map[string]any) { e["evidences"] = []any{map[string]any{}} },
		".device.os.name: is required":                    func(e map[string]any) { delete(e["device"].(map[string]any)["os"].(map[string]any), "name") },
		".device.hostname: \"a b\" is no hostname_t":      func(e map[string]any) { e["device"].(map[string]any)["hostname"] = "a b" },
		".resources[0]: is a resource_details, of which ": func(e map[string]any) { e["resources"] = []any{map[string]any{}} },
		".message: <nil> is no string_t":                  func(e map[string]any) { e["message"] = nil },
		"class_uid 2 is none of the classes":              func(e map[string]any) { e["class_uid"] = json.Number("2") },
	}
	assert.Empty(t, published.faults(decodeOCSF(t, content)))
	for want, spoil := range tests {
		event := decodeOCSF(t, content)
		spoil(event)
		assert.Contains(t, strings.Join(published.faults(event), "\n"), want)
	}
}

func newOCSFCollector(t *testing.T, variables ...string) (c *collector, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "made", "ocsf.jsonl")
	variables = append(variables, "COPYWATCH_OCSF="+file, "COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))
	return newCollector(t, distribution, []string{"ocsf.yaml"}, variables...), file
}

// ocsfInputs are recorded events, what the processor is tested with, and what is told here of every shape.
func ocsfInputs(t *testing.T) []plog.Logs {
	t.Helper()
	inputs := []plog.Logs{readOCSFInput(t, "../../testdata/ocsf/in.yaml"), readRecordedBuild(t)}
	cases, err := filepath.Glob("../../testdata/processor/*/in.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, name := range cases {
		inputs = append(inputs, readOCSFInput(t, name))
	}
	return inputs
}

func readOCSFInput(t *testing.T, name string) plog.Logs {
	t.Helper()
	logs, err := golden.ReadLogs(name)
	require.NoError(t, err)
	return logs
}

func readRecordedBuild(t *testing.T) plog.Logs {
	t.Helper()
	content, err := os.ReadFile("../../testdata/demo/build.json")
	require.NoError(t, err)
	logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(bytes.TrimSpace(content))
	require.NoError(t, err)
	return logs
}

func sendOCSFInput(t *testing.T, c *collector, logs plog.Logs) {
	t.Helper()
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	require.NoError(t, (&replay{address: c.replay}).post(context.Background(), body))
}

// ocsfEvents waits for n events in the file; there must not be more.
func ocsfEvents(t *testing.T, file string, n int) []map[string]any {
	t.Helper()
	var events []map[string]any
	testprocess.Await(func() bool {
		events = readOCSF(t, file)
		return len(events) >= n
	})
	require.Len(t, events, n)
	return events
}

// readOCSF reads the whole lines of a file.
func readOCSF(t *testing.T, file string) (events []map[string]any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	for line := range bytes.Lines(content) {
		if bytes.HasSuffix(line, []byte("\n")) {
			events = append(events, decodeOCSF(t, line))
		}
	}
	return events
}

func decodeOCSF(t *testing.T, line []byte) (event map[string]any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&event), "%s", line)
	return event
}

func requireNoFailedStatement(t *testing.T, c *collector) {
	t.Helper()
	c.requireNoComplaint(t)
	require.NotContains(t, c.daemon.Output(), "failed to execute statement")
}
