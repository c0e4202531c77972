//go:build linux

package siem

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// tierGateway is a collector with config/gateway.yaml, its port for matches
// and its port for all execs.
type tierGateway struct {
	*collector
	host, matchesPort, eventsPort string
}

// newTierGateway prepares one that sends to a SIEM over TLS and writes all
// execs into files. It wants client certificates.
func newTierGateway(t *testing.T, a *authority, siem *tierPeer, variables ...string) *tierGateway {
	t.Helper()
	addresses, err := testprocess.FreeAddresses(2)
	require.NoError(t, err)
	g := &tierGateway{host: "127.0.0.1", matchesPort: portOf(t, addresses[0]), eventsPort: portOf(t, addresses[1])}
	cert, key := a.tierFiles(t)
	g.collector = prepare(t, distribution, []string{"gateway.yaml"}, append([]string{
		"COPYWATCH_LISTEN=" + g.host, "COPYWATCH_MATCHES_PORT=" + g.matchesPort, "COPYWATCH_EVENTS_PORT=" + g.eventsPort,
		"COPYWATCH_CERT_FILE=" + cert, "COPYWATCH_KEY_FILE=" + key, "COPYWATCH_CLIENT_CA_FILE=" + a.file,
		"COPYWATCH_CA_FILE=" + a.file, "SIEM_OTLP_ENDPOINT=" + siem.url, "SIEM_OTLP_AUTHORIZATION=Bearer " + tierToken,
		"COPYWATCH_METRICS_PORT=" + testprocess.FreePort(t),
	}, variables...)...)
	g.env = append(g.env, "COPYWATCH_EVENTS_DIR="+g.dir+"/events")
	return g
}

// newTierAgent prepares a collector with config/agent.yaml, both of whose
// pipelines take what is replayed.
func newTierAgent(t *testing.T, a *authority, g *tierGateway, variables ...string) *collector {
	t.Helper()
	c := newCollector(t, distribution, []string{"agent.yaml"}, tierAgentVariables(t, a, g, variables...)...)
	c.configs = append(c.configs, "yaml:service::pipelines::logs/events::receivers: [otlp/replay]")
	return c
}

func tierAgentVariables(t *testing.T, a *authority, g *tierGateway, variables ...string) []string {
	t.Helper()
	cert, key := a.tierFiles(t)
	return append([]string{
		"COPYWATCH_GATEWAY=" + g.host, "COPYWATCH_MATCHES_PORT=" + g.matchesPort, "COPYWATCH_EVENTS_PORT=" + g.eventsPort,
		"COPYWATCH_CA_FILE=" + a.file, "COPYWATCH_CERT_FILE=" + cert, "COPYWATCH_KEY_FILE=" + key,
		"COPYWATCH_METRICS_PORT=" + testprocess.FreePort(t),
	}, variables...)
}

// events reads what the gateway wrote so far.
func (g *tierGateway) events(t *testing.T) *arrivals {
	t.Helper()
	found := newArrivals()
	g.eachEvent(t, func(_ plog.ResourceLogs, record plog.LogRecord) {
		if entity, ok := record.Attributes().Get(schema.EntityID); ok {
			found.add(entity.Str())
		}
	})
	return found
}

func (g *tierGateway) eachEvent(t *testing.T, do func(plog.ResourceLogs, plog.LogRecord)) {
	t.Helper()
	files, err := filepath.Glob(g.dir + "/events/events*.json")
	require.NoError(t, err)
	for _, name := range files {
		file, err := os.Open(name)
		require.NoError(t, err)
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() {
			logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(lines.Bytes())
			if err == nil { // else the last line, which is being written
				eachRecord(logs, do)
			}
		}
		require.NoError(t, lines.Err())
	}
}

// requireEvents waits until all entities are in the gateway's files.
func (g *tierGateway) requireEvents(t *testing.T, entities []string, within time.Duration) {
	t.Helper()
	require.NotEmpty(t, entities)
	var missing []string
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if missing = g.events(t).missing(entities); len(missing) == 0 {
			return
		}
	}
	t.Fatalf("%d of %d are not in the gateway's files, the first: %v", len(missing), len(entities), missing[:min(5, len(missing))])
}

func eachRecord(logs plog.Logs, do func(plog.ResourceLogs, plog.LogRecord)) {
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				do(resource, record)
			}
		}
	}
}

func portOf(t *testing.T, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(address, "https://"))
	require.NoError(t, err)
	return port
}

// has says whether the collector has logged a text.
func (c *collector) has(text string) bool { return strings.Contains(c.daemon.Output(), text) }
