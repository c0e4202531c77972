//go:build linux

package siem

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

func TestSyslogMatchIsWellFormedMessage(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := serveSyslog(t, a, address)
	c := newSyslogCollector(t, a, address)
	c.start(t)
	r := newReplay(t, c)

	require.NoError(t, r.send(t.Context(), 200))
	server.arrivals.requireAll(t, r.matches, testprocess.Patience)

	messages := server.received(t)
	require.Len(t, messages, len(r.matches), "nothing but the matches")
	m := messages[r.matches[3]]
	require.Equal(t, 4*8+5, m.priority, "auth, notice: the importance is low")
	require.Equal(t, "ci-runner-7", m.hostname)
	require.Equal(t, "copywatch", m.appname)
	require.NotEqual(t, "-", m.procID)
	require.Equal(t, "net_filecopy_tool_exec", m.msgID)
	require.WithinDuration(t, time.Now(), m.timestamp, time.Minute)
	require.Equal(t, "LOW scp upload out/app.tgz -> deploy@127.0.0.1:2222:/in/ by ci (bash < make < bash)", m.text)
	require.Equal(t, "copywatch@32473", m.id)
	for name, value := range map[string]string{
		"observer.product": "copywatch", "filecopy.tool": "scp", "filecopy.direction": "upload",
		"filecopy.local_paths": `["out/app.tgz"]`, "server.address": "127.0.0.1", "server.port": "2222",
		"process.user.id": "1042", "process.user.name": "ci", "process.ancestors": `["bash","make","bash"]`,
		"process.executable.path": "/usr/bin/scp", "security_rule.name": "net_filecopy_tool_exec",
	} {
		require.Equal(t, value, m.data[name], name)
	}
	c.requireNoComplaint(t)
}

func TestSyslogAllEventsAndVariables(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := serveSyslog(t, a, address)
	c := newSyslogCollector(t, a, address, "COPYWATCH_MATCHES_ONLY=false", "SYSLOG_FACILITY=16", "SYSLOG_SD_ID=exec@99999")
	c.start(t)
	r := newReplay(t, c)

	require.NoError(t, r.send(t.Context(), 200))
	server.arrivals.requireAll(t, r.events, testprocess.Patience)

	messages := server.received(t)
	require.Len(t, messages, len(r.events))
	other := messages[r.events[1]]
	require.Equal(t, 16*8+6, other.priority, "local0, informational: no copy")
	require.Equal(t, "exec@99999", other.id)
	require.Equal(t, "exec", other.msgID)
	require.Equal(t, 16*8+5, messages[r.matches[0]].priority)
}

// The importance decides the priority, also of records that another collector tagged.
func TestSyslogPriority(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := serveSyslog(t, a, address)
	c := newSyslogCollector(t, a, address)
	c.start(t)
	r := newReplay(t, c)

	want := map[string]int{}
	logs, _, _ := r.batch(matchEvery * 4)
	for i, severity := range []struct{ number, priority int }{{10, 37}, {13, 36}, {17, 35}, {21, 34}} {
		record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(i * matchEvery)
		record.SetEventName(schema.EventCopy)
		record.Attributes().PutStr(schema.EventAction, schema.EventCopy)
		record.SetSeverityNumber(severityNumber(severity.number))
		entity, _ := record.Attributes().Get(schema.EntityID)
		want[entity.Str()] = severity.priority
	}
	replayLogs(t, r, logs)
	server.arrivals.requireAll(t, keys(want), testprocess.Patience)
	for entity, m := range server.received(t) {
		require.Equal(t, want[entity], m.priority, strconv.Itoa(m.priority))
	}
}

// What the server does not take waits on disk, and survives the collector's sudden end.
func TestSyslogServerComesLate(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	c := newSyslogCollector(t, a, address)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 300))
	c.says(t, "connection refused")
	c.daemon.Kill()

	server := serveSyslog(t, a, address)
	c.start(t)
	server.arrivals.requireAll(t, r.matches, testprocess.Patience)
	require.Len(t, server.received(t), len(r.matches))
}

func TestSyslogRefusesUnknownAuthority(t *testing.T) {
	address := freeAddress(t)
	server := serveSyslog(t, newAuthority(t), address)
	c := newSyslogCollector(t, newAuthority(t), address)
	c.start(t)
	require.NoError(t, newReplay(t, c).send(t.Context(), 10))
	c.says(t, "certificate signed by unknown authority")
	require.Zero(t, server.count())
}

// What the sensor lost is told, as a warning.
func TestSyslogLossIsTold(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := serveSyslog(t, a, address)
	c := newSyslogCollector(t, a, address, "COPYWATCH_MATCHES_ONLY=false")
	c.start(t)
	r := newReplay(t, c)
	logs, _, _ := r.batch(1)
	record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	record.SetEventName(schema.EventLoss)
	record.SetSeverityNumber(plog.SeverityNumberWarn)
	record.Body().SetStr("lost 12 events")
	record.Attributes().Clear()
	record.Attributes().PutStr(schema.EventAction, schema.ActionLoss)
	record.Attributes().PutInt("sensor.lost_events", 12)
	record.Attributes().PutStr("sensor.lost_reason", "ring_buffer_full")
	replayLogs(t, r, logs)

	require.True(t, testprocess.Await(func() bool { return server.count() == 1 }))
	m := server.received(t)[""]
	require.Equal(t, 4*8+4, m.priority)
	require.Equal(t, "loss", m.msgID)
	require.Equal(t, "-", m.procID)
	require.Equal(t, "lost 12 events", m.text)
	require.Equal(t, "12", m.data["sensor.lost_events"])
	require.Equal(t, "ring_buffer_full", m.data["sensor.lost_reason"])
}
