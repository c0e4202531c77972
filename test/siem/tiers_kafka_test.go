//go:build linux

package siem

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// With Kafka between agent and gateway, file copies arrive at the SIEM and
// everything in the gateway's files, also what came while no gateway ran.
func TestTiersKafka(t *testing.T) {
	needBinary(t, fullDistribution)
	a := newAuthority(t)
	siem := newTierPeer(t, a)
	variables := startTierKafka(t, a)
	agent := newCollector(t, fullDistribution, []string{"agent-kafka.yaml"}, variables...)
	agent.configs = append(agent.configs, "yaml:service::pipelines::logs/events::receivers: [otlp/replay]")
	agent.env = append(agent.env, "COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))
	agent.start(t)
	r := newReplay(t, agent)
	require.NoError(t, r.send(context.Background(), 1000))

	gateway := &tierGateway{collector: prepare(t, fullDistribution, []string{"gateway-kafka.yaml"}, append(variables,
		"SIEM_OTLP_ENDPOINT="+siem.url, "SIEM_OTLP_AUTHORIZATION=Bearer "+tierToken, "COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))...)}
	gateway.env = append(gateway.env, "COPYWATCH_EVENTS_DIR="+gateway.dir+"/events")
	gateway.start(t)
	require.NoError(t, r.send(context.Background(), 1000))
	siem.requireAll(t, r.matches, 20*time.Second)
	gateway.requireEvents(t, r.events, 20*time.Second)
	require.Len(t, siem.counts, len(r.matches), "records that are no matches are at the SIEM")
}

// startTierKafka starts a broker with both topics and returns the variables with which it is reached.
func startTierKafka(t *testing.T, a *authority) []string {
	t.Helper()
	peer := needBinary(t, "kafka-peer")
	addresses, err := testprocess.FreeAddresses(1)
	require.NoError(t, err)
	cert, key := a.tierFiles(t)
	dir := t.TempDir()
	broker := testprocess.Serve(t, filepath.Join(dir, "log"), peer, "-address", addresses[0], "-topics", "copywatch-matches,copywatch-events",
		"-cert", cert, "-key", key, "-user", "copywatch", "-password", tierToken, "-out", filepath.Join(dir, "records"))
	require.NoError(t, broker.Says("is ready"))
	return []string{"KAFKA_BROKERS=" + addresses[0], "KAFKA_USER=copywatch", "KAFKA_PASSWORD=" + tierToken, "COPYWATCH_CA_FILE=" + a.file}
}
