//go:build linux

package siem

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// kafkaBroker is a broker with TLS, SASL and two topics (test/peers/kafka). It
// keeps what it has when it is stopped and started.
type kafkaBroker struct {
	binary  string
	address string
	args    []string
	out     string // what was produced, a line of JSON for each record
	dir     string
	daemon  *testprocess.Daemon
}

const kafkaPassword = "correct horse"

// kafkaRecord is a line of the broker's output.
type kafkaRecord struct {
	Topic     string
	Partition int32
	Offset    int64
	Key       []byte
	Value     []byte
}

func newKafkaBroker(t *testing.T, a *authority) *kafkaBroker {
	t.Helper()
	dir := t.TempDir()
	cert, key := a.files(t, tomorrow())
	b := &kafkaBroker{binary: needBinary(t, "kafka-peer"), address: freeAddress(t), dir: dir, out: filepath.Join(dir, "out.json")}
	b.args = []string{
		"-address", b.address, "-topics", "copywatch-matches,copywatch-events", "-cert", cert, "-key", key,
		"-user", "copywatch", "-password", kafkaPassword, "-data", filepath.Join(dir, "data"), "-out", b.out,
	}
	return b
}

func (b *kafkaBroker) start(t *testing.T) {
	t.Helper()
	var err error
	b.daemon, err = testprocess.Start(exec.Command(b.binary, b.args...), filepath.Join(b.dir, "broker.log"))
	require.NoError(t, err)
	daemon := b.daemon
	t.Cleanup(func() {
		if _, err := daemon.Stop(); err != nil {
			t.Error(err)
		}
	})
	require.NoError(t, daemon.Says("is ready"))
}

// newKafkaCollector prepares a collector that produces to the broker.
func newKafkaCollector(t *testing.T, a *authority, b *kafkaBroker, variables ...string) *collector {
	t.Helper()
	return newCollector(t, fullDistribution, []string{"kafka.yaml"}, append([]string{
		"KAFKA_BROKERS=" + b.address, "KAFKA_USER=copywatch", "KAFKA_PASSWORD=" + kafkaPassword,
		"COPYWATCH_CA_FILE=" + a.file, "COPYWATCH_METRICS_PORT=" + testprocess.FreePort(t),
	}, variables...)...)
}

// endWithBroker ends a collector while the broker is there: without one it does not end.
func endWithBroker(t *testing.T, c *collector) {
	t.Helper()
	_, err := c.daemon.Stop()
	require.NoError(t, err)
}

// records are what was produced to a topic so far.
func (b *kafkaBroker) records(t *testing.T, topic string) (records []kafkaRecord) {
	t.Helper()
	content, err := os.ReadFile(b.out)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	for line := range bytes.Lines(content[:bytes.LastIndexByte(content, '\n')+1]) {
		var record kafkaRecord
		require.NoError(t, json.Unmarshal(line, &record))
		if record.Topic == topic {
			records = append(records, record)
		}
	}
	return records
}

// requireAll waits until each of the entities is in a topic.
func (b *kafkaBroker) requireAll(t *testing.T, topic string, entities []string, within time.Duration) {
	t.Helper()
	var found *arrivals
	for end := time.Now().Add(within); ; time.Sleep(100 * time.Millisecond) {
		found = newArrivals()
		for _, record := range b.records(t, topic) {
			for _, r := range decodeKafka(t, record) {
				found.add(entityOf(r))
			}
		}
		if len(found.missing(entities)) == 0 || time.Now().After(end) {
			break
		}
	}
	found.requireAll(t, entities, 0)
}

// decodeKafka reads OTLP protobuf, as any consumer would.
func decodeKafka(t *testing.T, record kafkaRecord) []plog.LogRecord {
	t.Helper()
	logs, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(record.Value)
	require.NoError(t, err)
	return recordsOf(logs)
}

// recordsOf lists the records of all resources.
func recordsOf(logs plog.Logs) (records []plog.LogRecord) {
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				records = append(records, record)
			}
		}
	}
	return records
}

func entityOf(record plog.LogRecord) string {
	entity, _ := record.Attributes().Get(schema.EntityID)
	return entity.Str()
}
