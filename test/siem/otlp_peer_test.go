//go:build linux

package siem

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// jsonFile is a file of OTLP JSON lines that grows: what an exporter writes,
// or a peer. What was read is not read again.
type jsonFile struct {
	path    string
	read    int64
	records []plog.LogRecord
	seen    *arrivals
}

func newJSONFile(path string) *jsonFile { return &jsonFile{path: path, seen: newArrivals()} }

// update reads the lines that are complete.
func (f *jsonFile) update(t *testing.T) {
	t.Helper()
	file, err := os.Open(f.path)
	if os.IsNotExist(err) {
		return
	}
	require.NoError(t, err)
	defer file.Close()
	_, err = file.Seek(f.read, io.SeekStart)
	require.NoError(t, err)
	content, err := io.ReadAll(file)
	require.NoError(t, err)
	content = content[:bytes.LastIndexByte(content, '\n')+1]
	f.read += int64(len(content))
	for line := range bytes.Lines(content) {
		logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(line)
		require.NoError(t, err, "%s", line)
		for _, record := range recordsOf(logs) {
			f.records = append(f.records, record)
			f.seen.add(entityOf(record))
		}
	}
}

// requireAll waits until each of the entities is in the file.
func (f *jsonFile) requireAll(t *testing.T, entities []string, within time.Duration) {
	t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(100 * time.Millisecond) {
		f.update(t)
		if len(f.seen.missing(entities)) == 0 || time.Now().After(end) {
			break
		}
	}
	f.seen.requireAll(t, entities, 0)
}

// otlpPeer is another collector, which knows nothing of this project.
type otlpPeer struct {
	address string
	env     []string
	dir     string
	out     *jsonFile
	daemon  *testprocess.Daemon
}

func newOTLPPeer(t *testing.T, a *authority) *otlpPeer {
	t.Helper()
	dir := t.TempDir()
	cert, key := a.files(t, tomorrow())
	p := &otlpPeer{address: freeAddress(t), dir: dir, out: newJSONFile(filepath.Join(dir, "out.json"))}
	p.env = append(os.Environ(), "PEER_ADDRESS="+p.address, "PEER_CERT="+cert, "PEER_KEY="+key, "PEER_OUT="+p.out.path)
	return p
}

func (p *otlpPeer) start(t *testing.T) {
	t.Helper()
	cmd := exec.Command(needBinary(t, "otelcol-peer"), "--config", "testdata/otlp-peer.yaml")
	cmd.Env = p.env
	var err error
	p.daemon, err = testprocess.Start(cmd, filepath.Join(p.dir, "peer.log"))
	require.NoError(t, err)
	daemon := p.daemon
	t.Cleanup(func() {
		if _, err := daemon.Stop(); err != nil {
			t.Error(err)
		}
	})
	require.NoError(t, daemon.Says("Everything is ready."))
}

// newOTLPCollector prepares a collector that sends to an address.
func newOTLPCollector(t *testing.T, a *authority, address string, variables ...string) *collector {
	t.Helper()
	return newCollector(t, distribution, []string{"otlp.yaml"}, append([]string{
		"OTLP_ENDPOINT=" + address, "OTLP_TOKEN=sesame",
		"COPYWATCH_CA_FILE=" + a.file, "COPYWATCH_METRICS_PORT=" + testprocess.FreePort(t),
	}, variables...)...)
}
