//go:build linux

package siem

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/internal/schema"
)

// elasticLayout is how times are written in documents.
const elasticLayout = "2006-01-02T15:04:05.000000000Z"

// everyRecord is a record of each kind with every attribute that docs/schema.md
// lists, once of the host and once of a container.
func everyRecord(t *testing.T) plog.Logs {
	t.Helper()
	attributes := documentedAttributes(t)
	logs := plog.NewLogs()
	for _, container := range []bool{false, true} {
		resource := logs.ResourceLogs().AppendEmpty()
		for _, a := range attributes["Resource"] {
			if container || strings.HasPrefix(a.name, "host.") || strings.HasPrefix(a.name, "os.") {
				a.put(t, resource.Resource().Attributes())
			}
		}
		scope := resource.ScopeLogs().AppendEmpty()
		scope.Scope().SetName("github.com/copywatch/copywatch/receiver/ebpfexecreceiver")
		scope.Scope().SetVersion("0.1.0")
		for _, kind := range recordKinds {
			record := scope.LogRecords().AppendEmpty()
			record.SetEventName(kind.event)
			record.SetSeverityNumber(plog.SeverityNumberInfo)
			record.SetSeverityText("INFO")
			record.SetObservedTimestamp(pcommon.NewTimestampFromTime(time.Now()))
			record.Body().SetStr("what " + kind.event + " says")
			for _, section := range kind.sections {
				for _, a := range attributes[section] {
					a.put(t, record.Attributes())
				}
			}
			record.Attributes().PutStr(schema.EventAction, kind.action)
		}
	}
	return logs
}

// recordKinds are the kinds of records, with the sections of docs/schema.md
// that list their attributes.
var recordKinds = []struct {
	event, action string
	sections      []string
}{
	{schema.EventExec, schema.ActionExec, []string{schema.EventExec}},
	{schema.EventExecError, schema.ActionExecError, []string{schema.EventExec, schema.EventExecError}},
	{schema.EventExit, schema.ActionExit, []string{schema.EventExit}},
	{schema.EventLoss, schema.ActionLoss, []string{schema.EventLoss}},
	{schema.EventCopy, schema.ActionCopy, []string{schema.EventExec, schema.EventCopy, "ci"}},
}

type documentedAttribute struct{ name, kind string }

var backticked = regexp.MustCompile("`([^`]+)`")

// documentedAttributes reads the tables of docs/schema.md, by section, and the
// attributes of CI systems ("ci") from docs/ci.md.
func documentedAttributes(t *testing.T) map[string][]documentedAttribute {
	t.Helper()
	content, err := os.ReadFile("../../docs/schema.md")
	require.NoError(t, err)
	found, section := map[string][]documentedAttribute{}, ""
	for line := range strings.Lines(string(content)) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = strings.Trim(strings.TrimSpace(title), "`")
		}
		if !strings.HasPrefix(line, "| `") || strings.Contains(line, "cicd.*") {
			continue
		}
		columns := strings.Split(line, "|")
		kinds := strings.Split(strings.TrimSpace(columns[2]), ", ")
		for i, name := range backticked.FindAllStringSubmatch(columns[1], -1) {
			a := documentedAttribute{strings.Replace(name[1], "<NAME>", "CI", 1), kinds[min(i, len(kinds)-1)]}
			found[section] = append(found[section], a)
		}
	}
	for _, name := range []string{schema.PID, schema.EntityID, schema.ExecutableName, schema.ExecutablePath} {
		kind := map[bool]string{true: "int", false: "string"}[name == schema.PID]
		found[schema.EventExit] = append(found[schema.EventExit], documentedAttribute{name, kind})
	}
	content, err = os.ReadFile("../../docs/ci.md")
	require.NoError(t, err)
	for _, name := range regexp.MustCompile("`((?:cicd|vcs)\\.[a-z_.]+)`").FindAllStringSubmatch(string(content), -1) {
		if a := (documentedAttribute{name[1], "string"}); !slices.Contains(found["ci"], a) {
			found["ci"] = append(found["ci"], a)
		}
	}
	for _, kind := range recordKinds {
		for _, section := range kind.sections {
			require.NotEmpty(t, found[section], "no attributes are documented: %s", section)
		}
	}
	return found
}

// put gives a record the attribute, with a value of its kind.
func (a documentedAttribute) put(t *testing.T, to pcommon.Map) {
	t.Helper()
	switch a.kind {
	case "string":
		to.PutStr(a.name, a.text())
	case "int":
		to.PutInt(a.name, 42)
	case "double":
		to.PutDouble(a.name, 1.5)
	case "bool", "true":
		to.PutBool(a.name, true)
	case "string[]":
		to.PutEmptySlice(a.name).AppendEmpty().SetStr("one of " + a.name)
	case "int[]":
		to.PutEmptySlice(a.name).AppendEmpty().SetInt(42)
	default:
		require.FailNow(t, "unknown kind", "%s of %s", a.kind, a.name)
	}
}

func (a documentedAttribute) text() string {
	switch a.name {
	case schema.CreationTime, schema.ExitTime, schema.LostSince:
		return "2026-11-22T21:14:38.340787485Z"
	case schema.ServerAddress:
		return "2001:db8::7"
	}
	return "value of " + a.name
}

// recordedLogs are what testdata has: a recorded build with copies, and the
// cases of the processor's tests, before and after it tagged them. The build is the first.
func recordedLogs(t *testing.T) (logs []plog.Logs) {
	t.Helper()
	content, err := os.ReadFile("../../testdata/demo/build.json")
	require.NoError(t, err)
	demo, err := new(plog.JSONUnmarshaler).UnmarshalLogs(bytes.TrimSpace(content))
	require.NoError(t, err)
	logs = append(logs, demo)
	files, err := filepath.Glob("../../testdata/processor/*/*.yaml")
	require.NoError(t, err)
	require.Greater(t, len(files), 10)
	for _, file := range files {
		one, err := golden.ReadLogs(file)
		require.NoError(t, err)
		logs = append(logs, one)
	}
	return logs
}

// grammarLogs are executions of all command lines in testdata/grammar: of
// hundreds of tools, with all kinds of remote ends.
func grammarLogs(t *testing.T) plog.Logs {
	t.Helper()
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr(schema.HostName, "grammar")
	records := resource.ScopeLogs().AppendEmpty().LogRecords()
	files, err := filepath.Glob("../../testdata/grammar/*.yaml")
	require.NoError(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		var rows []struct{ Line, Stdin string }
		require.NoError(t, yaml.Unmarshal(content, &rows), file)
		for _, row := range rows {
			if words := strings.Fields(row.Line); len(words) > 0 {
				putExecution(records.AppendEmpty(), words, row.Stdin)
			}
		}
	}
	return logs
}

func putExecution(record plog.LogRecord, words []string, stdin string) {
	record.SetEventName(schema.EventExec)
	record.SetSeverityText("INFO")
	record.Body().SetStr(strings.Join(words, " "))
	attributes := record.Attributes()
	attributes.PutStr(schema.ExecutableName, filepath.Base(words[0]))
	attributes.PutStr(schema.ExecutablePath, "/usr/bin/"+filepath.Base(words[0]))
	attributes.PutStr(schema.EventAction, schema.ActionExec)
	attributes.PutStr(schema.CommandLine, record.Body().Str())
	args := attributes.PutEmptySlice(schema.CommandArgs)
	for _, word := range words {
		args.AppendEmpty().SetStr(word)
	}
	if kind, path, _ := strings.Cut(stdin, ":"); kind != "" {
		attributes.PutStr(schema.StdinType, kind)
		if path != "" {
			attributes.PutStr(schema.StdinPath, path)
		}
	}
}

// stampTimes gives each record a time of its own, by which it is known where it
// arrives, and returns them as [elasticServer.byTime] has them.
func stampTimes(logs plog.Logs, from time.Time) (stamps []string) {
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				stamp := from.Add(time.Duration(len(stamps)) * time.Microsecond).UTC()
				record.SetTimestamp(pcommon.NewTimestampFromTime(stamp))
				if record.ObservedTimestamp() == 0 {
					record.SetObservedTimestamp(pcommon.NewTimestampFromTime(stamp))
				}
				stamps = append(stamps, stamp.Format(elasticLayout))
			}
		}
	}
	return stamps
}

// sendLogs hands records to a collector in place of the probe.
func sendLogs(t *testing.T, c *collector, logs plog.Logs) {
	t.Helper()
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	require.NoError(t, (&replay{address: c.replay}).post(context.Background(), body))
}
