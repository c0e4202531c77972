package netfilecopyprocessor

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/schema"
)

func TestBounded(t *testing.T) {
	few := []string{"scp", "f", "h:"}
	got, cut := bounded(few)
	assert.Equal(t, few, got)
	assert.False(t, cut)

	many := append(append([]string{"scp"}, strings.Split(strings.Repeat("x,", 200_000), ",")...), "h:")
	got, cut = bounded(many)
	assert.True(t, cut)
	assert.Equal(t, "scp", got[0])
	assert.Equal(t, "h:", got[len(got)-1])
	assert.Less(t, len(got), (argsHead+argsTail)/2+10)

	got, cut = bounded([]string{"curl", "-H", strings.Repeat("x", 1<<20), "-T", "f", "https://h"})
	assert.True(t, cut)
	assert.Equal(t, []string{"curl", "-H"}, got[:2])
	assert.Len(t, got[2], argsHead-len("curl -H "))
	assert.Equal(t, []string{"-T", "f", "https://h"}, got[3:])

	got, _ = bounded([]string{strings.Repeat("x", 1<<20)})
	assert.Len(t, got, 1)
}

// A record with 1 MiB of arguments costs a bounded time, whatever they are.
func TestLongRecordsCostLittle(t *testing.T) {
	p := newProcessor(t, *defaultConfig().(*Config))
	for name, args := range map[string][]string{
		"lftp": {"-e", strings.Repeat("alias a b;", 1<<20/10)}, "ssh": {"h", strings.Repeat("cat a ", 1<<20/6)},
		"curl": strings.Fields(strings.Repeat("https://h.example.org/ ", 1<<20/23)), "scp": strings.Fields(strings.Repeat("a:b ", 1<<18)),
		"bash": {"-c", strings.Repeat("cat </dev/tcp/h/1 ", 1<<20/18)}, "unknown": {strings.Repeat("@:", 1<<19)},
	} {
		took := time.Hour
		for try := 0; try < 5 && took > 50*time.Millisecond; try++ { // something else may run on the machine
			logs := plog.NewLogs()
			record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			record.SetEventName(schema.EventExec)
			record.Attributes().PutStr(schema.ExecutableName, name)
			list := record.Attributes().PutEmptySlice(schema.CommandArgs)
			line := []byte(name)
			for _, arg := range append([]string{name}, args...) {
				list.AppendEmpty().SetStr(arg)
				line = cmdline.AppendQuoted(append(line, ' '), []byte(arg))
			}
			record.Attributes().PutStr(schema.CommandLine, string(line))
			logs.ResourceLogs().At(0).ScopeLogs().At(0).Scope().SetName(ownScope)
			start := time.Now()
			_, _ = p.processLogs(context.Background(), logs)
			took = min(took, time.Since(start))
		}
		assert.Less(t, took, 50*time.Millisecond, name)
	}
}
