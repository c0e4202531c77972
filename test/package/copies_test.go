//go:build linux

package packaging

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// awaitCopy waits for the record of a copy by a program of that name below a
// directory of logs, and for its line.
func awaitCopy(t *testing.T, logs, program string) map[string]any {
	t.Helper()
	var found map[string]any
	arrived := testprocess.Await(func() bool {
		content, _ := os.ReadFile(filepath.Join(logs, "matches.json")) // not there before the first
		found = findCopy(t, content, program)
		return found != nil
	})
	require.True(t, arrived, "there is no record of %s", program)
	arrived = testprocess.Await(func() bool {
		content, _ := os.ReadFile(filepath.Join(logs, "matches.log"))
		for line := range strings.Lines(string(content)) {
			if strings.Contains(line, program) {
				return true
			}
		}
		return false
	})
	require.True(t, arrived, "there is no line of %s", program)
	return found
}

// findCopy searches records in OTLP JSON, of which the last line may be incomplete.
func findCopy(t *testing.T, content []byte, program string) map[string]any {
	t.Helper()
	lines := bufio.NewScanner(bytes.NewReader(content))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(lines.Bytes())
		if err != nil {
			continue
		}
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					if text(record.Attributes(), schema.ExecutableName) == program && text(record.Attributes(), schema.Tool) != "" {
						return record.Attributes().AsRaw()
					}
				}
			}
		}
	}
	return nil
}

func text(attributes pcommon.Map, name string) string {
	value, _ := attributes.Get(name) // the zero value is the empty text
	return value.Str()
}
