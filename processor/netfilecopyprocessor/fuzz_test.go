package netfilecopyprocessor

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
)

// FuzzProcessLogs feeds the processor whatever can be unmarshalled. It must not
// panic, must leave others' records alone, and must write valid text.
func FuzzProcessLogs(f *testing.F) {
	for _, name := range []string{"scp", "ambiguous-name", "wrong-types", "hostile-text", "not-an-exec", "mixed-batch", "no-command-line"} {
		f.Add(marshal(f, readCase(f, name+"/in.yaml")))
	}
	f.Add(marshal(f, notUTF8()))
	p, only := newProcessor(f, Config{}), newProcessor(f, Config{MatchesOnly: true})
	f.Fuzz(func(t *testing.T, data []byte) {
		logs, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(data)
		if err != nil {
			t.Skip()
		}
		var was []string
		for _, record := range records(logs) {
			was = append(was, record.EventName())
		}
		filtered := plog.NewLogs()
		logs.CopyTo(filtered)
		_, _ = only.processLogs(context.Background(), filtered)

		got, err := p.processLogs(context.Background(), logs)
		require.NoError(t, err)
		require.Equal(t, len(was), got.LogRecordCount())
		matches := 0
		for i, record := range records(got) {
			if isOfCopies(record) {
				matches++
			}
			if record.EventName() == schema.EventCopy && was[i] != schema.EventCopy {
				checkTagged(t, record)
			}
		}
		assert.Equal(t, matches, filtered.LogRecordCount(), "what matches_only keeps")

		once := marshal(t, got)
		again, err := p.processLogs(context.Background(), got)
		require.NoError(t, err)
		assert.Equal(t, once, marshal(t, again), "a tagged record was tagged again")
	})
}

func checkTagged(t *testing.T, record plog.LogRecord) {
	body := record.Body().Str()
	assert.NotEmpty(t, body)
	assert.True(t, utf8.ValidString(body), "%q", body)
	assert.False(t, strings.ContainsFunc(body, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' }), "%q", body)
	assert.LessOrEqual(t, len(body), 128+commandLineLimit+nameLimit+lineageLimit*(nameLimit+3))

	for _, key := range []string{schema.EventAction, schema.RuleName, schema.Importance, schema.Tool, schema.Family, schema.Direction} {
		value, ok := record.Attributes().Get(key)
		require.True(t, ok, key)
		assert.Equal(t, pcommon.ValueTypeStr, value.Type(), key)
		assert.True(t, utf8.ValidString(value.Str()), key)
	}
}

// notUTF8 is a match in which nothing that is text is valid.
func notUTF8() plog.Logs {
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetEventName(schema.EventExec)
	record.Body().SetStr("\xff")
	attrs := record.Attributes()
	attrs.PutStr(schema.ExecutablePath, "/\xff/scp")
	attrs.PutStr(schema.CommandLine, "scp \xf0\x9f\x92 h:")
	attrs.PutStr(schema.UserName, "\xed\xa0\x80")
	attrs.PutEmptySlice(schema.AncestorNames).AppendEmpty().SetStr("ba\xc3sh")
	return logs
}
