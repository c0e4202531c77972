//go:build linux

package siem

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

const (
	matchesTopic = "copywatch-matches"
	eventsTopic  = "copywatch-events"
)

// eventsToKafka is the pipeline that the head of config/kafka.yaml names. It
// takes what is replayed in place of the probe.
const eventsToKafka = "yaml:service::pipelines::logs/events: " +
	"{receivers: [otlp/replay], processors: [memory_limiter, transform/service], exporters: [kafka/events]}"

func TestKafkaMatchesAndEvents(t *testing.T) {
	a := newAuthority(t)
	b := newKafkaBroker(t, a)
	b.start(t)
	c := newKafkaCollector(t, a, b)
	c.configs = append(c.configs, eventsToKafka)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 1000))
	b.requireAll(t, matchesTopic, r.matches, testprocess.Patience)
	b.requireAll(t, eventsTopic, r.events, testprocess.Patience)

	matches := 0
	for _, record := range b.records(t, matchesTopic) {
		logs, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(record.Value)
		require.NoError(t, err)
		service, _ := logs.ResourceLogs().At(0).Resource().Attributes().Get("service.name")
		require.Equal(t, "copywatch", service.Str())
		for _, match := range recordsOf(logs) {
			require.Equal(t, schema.EventCopy, match.EventName(), "OTLP keeps the event's name")
			paths, found := match.Attributes().Get("filecopy.local_paths")
			require.True(t, found)
			require.Equal(t, []any{"out/app.tgz"}, paths.Slice().AsRaw(), "and arrays")
			port, _ := match.Attributes().Get("server.port")
			require.Equal(t, int64(2222), port.Int(), "and numbers")
			matches++
		}
	}
	require.Equal(t, len(r.matches), matches, "none twice, and nothing else")
	c.requireNoComplaint(t)
}

// What a host or a container sends is in one partition, in the order in which it was sent.
func TestKafkaPartitionByResource(t *testing.T) {
	a := newAuthority(t)
	b := newKafkaBroker(t, a)
	b.start(t)
	c := newKafkaCollector(t, a, b, "COPYWATCH_MATCHES_ONLY=false")
	c.start(t)
	r := newReplay(t, c)
	var sent []string
	for i := range 60 {
		logs, _, events := r.batch(20)
		logs.ResourceLogs().At(0).Resource().Attributes().PutStr(schema.HostName, fmt.Sprint("host-", i%6))
		replayLogs(t, r, logs)
		sent = append(sent, events...)
	}
	b.requireAll(t, matchesTopic, sent, testprocess.Patience)

	partitions, last := map[string]int32{}, map[string]string{}
	used := map[int32]bool{}
	for _, record := range b.records(t, matchesTopic) {
		require.NotEmpty(t, record.Key)
		used[record.Partition] = true
		logs, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(record.Value)
		require.NoError(t, err)
		require.Equal(t, 1, logs.ResourceLogs().Len())
		host, _ := logs.ResourceLogs().At(0).Resource().Attributes().Get(schema.HostName)
		if partition, seen := partitions[host.Str()]; seen {
			require.Equal(t, partition, record.Partition, host.Str())
		}
		partitions[host.Str()] = record.Partition
		for _, each := range recordsOf(logs) {
			require.Greater(t, entityOf(each), last[host.Str()], "in order")
			last[host.Str()] = entityOf(each)
		}
	}
	require.Len(t, partitions, 6)
	require.Greater(t, len(used), 1, "several partitions are used")
}

// A broker that is away costs nothing: not when the collector is killed
// meanwhile, and not with messages beyond what a broker takes.
func TestKafkaBrokerComesLate(t *testing.T) {
	a := newAuthority(t)
	b := newKafkaBroker(t, a)
	c := newKafkaCollector(t, a, b, "COPYWATCH_MATCHES_ONLY=false")
	c.start(t)
	r := newReplay(t, c)
	for range 10 {
		require.NoError(t, r.send(t.Context(), 500))
	}
	c.says(t, "unable to open connection to broker")
	c.daemon.Kill()
	b.start(t)
	c.start(t)
	b.requireAll(t, matchesTopic, r.events, testprocess.Patience)
	for _, record := range b.records(t, matchesTopic) {
		require.Less(t, len(record.Value), 1_000_000)
	}

	b.daemon.Kill() // with what it has on disk
	require.NoError(t, r.send(t.Context(), 500))
	b.start(t)
	b.requireAll(t, matchesTopic, r.events, 2*testprocess.Patience)
	require.NotContains(t, c.daemon.Output(), "Dropping data")
	endWithBroker(t, c)
}

// A wrong password is no reason to lose anything: the records wait until it is right.
func TestKafkaWrongPassword(t *testing.T) {
	a := newAuthority(t)
	b := newKafkaBroker(t, a)
	b.start(t)
	c := newKafkaCollector(t, a, b, "KAFKA_PASSWORD=wrong")
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 100))
	c.says(t, "new topic metadata wait failed")
	require.Empty(t, b.records(t, matchesTopic))
	c.daemon.Kill()
	c.env = append(c.env, "KAFKA_PASSWORD="+kafkaPassword)
	c.start(t)
	b.requireAll(t, matchesTopic, r.matches, testprocess.Patience)
}

// Nor is a topic that does not exist yet.
func TestKafkaTopicComesLate(t *testing.T) {
	a := newAuthority(t)
	b := newKafkaBroker(t, a)
	b.start(t)
	c := newKafkaCollector(t, a, b, "KAFKA_TOPIC=later")
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 100))
	c.says(t, "UNKNOWN_TOPIC_OR_PARTITION")
	b.daemon.Kill()
	b.args = append(b.args, "-topics", "later", "-data", t.TempDir())
	b.start(t)
	b.requireAll(t, "later", r.matches, 2*testprocess.Patience)
	endWithBroker(t, c)
}
