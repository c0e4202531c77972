//go:build linux

package siem

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
)

// Records that the tests of Loki send beside those that are replayed.

// What texts of ours have at most, in bytes, and more: all arguments of an exec
// that the receiver takes, and a path or a variable, with each byte written as
// \xNN.
const (
	lokiLongestText = 64<<10*4 + 1024
	lokiLongestPath = 8 << 10 * 4
)

// lokiCopy makes an exec of scp with an entity of its own, as the receiver
// describes it, before the processor has seen it.
func (r *replay) lokiCopy(entity string) (plog.Logs, plog.LogRecord) {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	r.resource.CopyTo(resource.Resource())
	scope := resource.ScopeLogs().AppendEmpty()
	r.scope.CopyTo(scope.Scope())
	record := scope.LogRecords().AppendEmpty()
	r.match.CopyTo(record)
	now := pcommon.NewTimestampFromTime(time.Now())
	record.SetTimestamp(now)
	record.SetObservedTimestamp(now)
	record.Attributes().PutStr(schema.EntityID, entity)
	return logs, record
}

// toLoki sends records, once.
func (r *replay) toLoki(t *testing.T, logs plog.Logs) {
	t.Helper()
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	require.NoError(t, r.post(context.Background(), body))
}

// lokiLoss is a record of events that were lost. Its entity is of the tests alone.
func (r *replay) lokiLoss(entity string, events int) plog.Logs {
	logs, record := r.lokiCopy(entity)
	record.SetEventName(schema.EventLoss)
	record.SetSeverityNumber(plog.SeverityNumberWarn)
	record.SetSeverityText("WARN")
	record.Body().SetStr(fmt.Sprintf("%d events were lost: %s", events, schema.ReasonRingBufferFull))
	record.Attributes().Clear()
	record.Attributes().PutStr(schema.EntityID, entity)
	record.Attributes().PutStr(schema.EventAction, schema.ActionLoss)
	record.Attributes().PutInt(schema.LostEvents, int64(events))
	record.Attributes().PutStr(schema.LostReason, schema.ReasonRingBufferFull)
	record.Attributes().PutStr(schema.LostSince, time.Now().Format(time.RFC3339))
	return logs
}

// fillForLoki gives a record and its resource every attribute that there is,
// with the value that text makes of the name. Only what the processor
// recognises a copy by stays as it is.
func fillForLoki(t *testing.T, logs plog.Logs, record plog.LogRecord, text func(name string) string) {
	t.Helper()
	keep := []string{schema.EntityID, schema.EventAction, schema.ExecutableName, schema.CommandArgs}
	resource := logs.ResourceLogs().At(0).Resource().Attributes()
	for _, name := range []string{schema.HostName, schema.HostID, schema.OSType, schema.OSVersion, schema.OSBuildID, schema.ContainerID, schema.ContainerRuntime, schema.K8sPodUID} {
		resource.PutStr(name, text(name))
	}
	for _, name := range append(lokiRecordFields(t), lokiPipelineFields(t)...) {
		if !slices.Contains(keep, name) {
			record.Attributes().PutStr(name, text(name))
		}
	}
	ancestors := record.Attributes().PutEmptySlice(schema.AncestorNames)
	for range 16 {
		ancestors.AppendEmpty().SetStr(text(schema.AncestorNames)[:min(1024, len(text(schema.AncestorNames)))])
	}
}

// withLokiOperands gives an scp as many files to copy as arguments of 64 KiB can name.
func withLokiOperands(record plog.LogRecord) {
	args := record.Attributes().PutEmptySlice(schema.CommandArgs)
	args.AppendEmpty().SetStr("scp")
	for i := range 64 {
		args.AppendEmpty().SetStr(fmt.Sprintf("/home/ci/.ssh/%d%s", i, strings.Repeat(`\xff`, 1000)))
	}
	args.AppendEmpty().SetStr("deploy@198.51.100.7:" + strings.Repeat("é", 1000))
}

// lokiRecordFields are the names of a record's attributes, of the schema.
func lokiRecordFields(t *testing.T) (names []string) {
	t.Helper()
	values := lokiConstants(t, "../../internal/schema/schema.go")
	for constant, name := range values {
		if strings.Contains(name, ".") && !isLokiEvent(constant) && !slices.Contains(lokiResourceFields(), name) && !strings.HasSuffix(name, ".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func isLokiEvent(constant string) bool {
	return constant != "EventAction" && strings.HasPrefix(constant, "Event")
}

func lokiResourceFields() []string {
	return []string{schema.HostName, schema.HostID, schema.OSType, schema.OSVersion, schema.OSBuildID, schema.ContainerID, schema.ContainerRuntime, schema.K8sPodUID}
}

// lokiPipelineFields are the names of what is known of a CI run.
func lokiPipelineFields(t *testing.T) (names []string) {
	t.Helper()
	for _, name := range lokiConstants(t, "../../internal/cicd/keys.go") {
		if strings.HasPrefix(name, "cicd.") || strings.HasPrefix(name, "vcs.") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// lokiConstants are the texts that a file declares constants for, by the constants' names.
func lokiConstants(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	require.NoError(t, err)
	values := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, value := range spec.Values {
			if literal, ok := value.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				values[spec.Names[i].Name], err = strconv.Unquote(literal.Value)
				require.NoError(t, err)
			}
		}
		return false
	})
	require.Greater(t, len(values), 10)
	return values
}
