package netfilecopyprocessor

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
)

// However many records there are, and whichever of them are removed on the way, each has its turn.
func TestEveryRecordHasItsTurn(t *testing.T) {
	one := records(readCase(t, "scp/in.yaml"))[0]
	for _, count := range []int{0, 1, aheadMost - 1, aheadMost, aheadMost + 1, 3*aheadMost - 1, 3 * aheadMost} {
		logs := plog.NewLogs()
		batch := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		var want []string
		for i := range count {
			record := batch.AppendEmpty()
			one.CopyTo(record)
			record.Attributes().PutStr(schema.EntityID, strconv.Itoa(i))
			switch i % 4 {
			case 0, 3:
				want = append(want, strconv.Itoa(i))
			case 1:
				record.Attributes().PutStr(schema.ExecutableName, "gcc")
				record.Attributes().PutStr(schema.CommandLine, "gcc -c main.c")
				record.Attributes().Remove(schema.CommandArgs)
			default:
				record.Attributes().Clear()
			}
		}
		var got []string
		p := newProcessor(t, Config{MatchesOnly: true})
		logs, err := p.processLogs(t.Context(), logs)
		require.NoError(t, err)
		for _, record := range records(logs) {
			got = append(got, text(record.Attributes(), schema.EntityID))
		}
		assert.Equal(t, want, got)
	}
}
