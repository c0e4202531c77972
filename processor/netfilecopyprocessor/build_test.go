package netfilecopyprocessor

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
)

// What the sensor recorded of real work that copies nothing over a network:
// configure and make of GNU hello, sed, diffutils, m4 and gzip, `go build` with
// an empty cache, and the installation of Debian packages.
func TestABuildIsNoCopy(t *testing.T) {
	file, err := os.Open(filepath.Join(cases, "build.jsonl.gz"))
	require.NoError(t, err)
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	require.NoError(t, err)

	logs := plog.NewLogs()
	scope := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	scope.Scope().SetName(ownScope)
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var attrs map[string]any
		require.NoError(t, json.Unmarshal(lines.Bytes(), &attrs))
		record := scope.LogRecords().AppendEmpty()
		record.SetEventName(schema.EventExec)
		require.NoError(t, record.Attributes().FromRaw(attrs))
	}
	require.NoError(t, lines.Err())
	require.GreaterOrEqual(t, scope.LogRecords().Len(), 10_000)

	cfg := *defaultConfig().(*Config)
	cfg.GeneralDownloads = true
	for _, record := range records(process(t, cfg, logs)) {
		if record.EventName() == schema.EventCopy {
			list, _ := record.Attributes().Get(schema.CommandArgs)
			assert.Fail(t, "is taken for a copy", "%s: %s", record.Body().Str(), list.AsString())
		}
	}
}
