//go:build linux

package siem

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// elasticModes are the two forms in which documents go to Elasticsearch.
var elasticModes = []struct {
	config string
	otel   bool
	stream string
}{
	{"elastic-ecs.yaml", false, "copywatch"},
	{"elastic-otel.yaml", true, "copywatch.otel"},
}

// Every kind of record, with every attribute that it can have, becomes a
// document that Elasticsearch takes, and so does all that was recorded.
func TestEveryRecordBecomesADocument(t *testing.T) {
	for _, mode := range elasticModes {
		t.Run(mode.config, func(t *testing.T) {
			t.Parallel()
			server := newElasticServer(t, mode.otel)
			c := newCollector(t, distribution, []string{mode.config}, server.variables("COPYWATCH_MATCHES_ONLY=false")...)
			c.start(t)

			logs := everyRecord(t)
			sent := stampTimes(logs, time.Now())
			sendLogs(t, c, logs)
			server.requireArrival(t, server.byTime, sent)

			server.mu.Lock()
			server.mapping.coerces = true // of sensors that have other types than ours
			server.mu.Unlock()
			for i, logs := range recordedLogs(t) {
				stamped := stampTimes(logs, time.Now().Add(time.Duration(i)*time.Second))
				sendLogs(t, c, logs)
				sent = append(sent, stamped...)
			}
			server.requireArrival(t, server.byTime, sent)
			c.requireNoComplaint(t)
		})
	}
}

// Copies by hundreds of tools, to all kinds of remote ends, are documents of
// ECS. A remote end that is an address is in destination.ip, any other is not.
func TestCopiesOfManyKindsInECS(t *testing.T) {
	server := newElasticServer(t, false)
	c := newCollector(t, distribution, []string{"elastic-ecs.yaml"}, server.variables("COPYWATCH_MATCHES_ONLY=false")...)
	c.start(t)
	logs := grammarLogs(t)
	sent := stampTimes(logs, time.Now())
	require.Greater(t, len(sent), 1000)
	sendLogs(t, c, logs)
	server.requireArrival(t, server.byTime, sent)
	c.requireNoComplaint(t)

	tools, addresses := map[any]bool{}, 0
	for _, document := range server.all() {
		if tool := at(document, schema.Tool); tool != nil {
			tools[tool] = true
			require.Equal(t, "alert", at(document, "event.kind"))
		}
		remote, _ := at(document, schema.ServerAddress).(string)
		if _, err := netip.ParseAddr(remote); err == nil && !strings.Contains(remote, "%") {
			addresses++
			require.Equal(t, remote, at(document, "destination.ip"))
		} else if remote != "" {
			require.Equal(t, remote, at(document, "destination.domain"))
		}
	}
	t.Logf("%d executions, %d tools, %d addresses", len(sent), len(tools), addresses)
	require.Greater(t, len(tools), 100)
	require.Greater(t, addresses, 20)
}

// Without anything said, only file copies go to Elasticsearch, each of them,
// and what says that some may be missing.
func TestElasticGetsTheCopies(t *testing.T) {
	for _, mode := range elasticModes {
		t.Run(mode.config, func(t *testing.T) {
			t.Parallel()
			server := newElasticServer(t, mode.otel)
			c := newCollector(t, distribution, []string{mode.config}, server.variables("ELASTICSEARCH_NAMESPACE=build")...)
			c.start(t)
			r := newReplay(t, c)
			require.NoError(t, r.send(t.Context(), 500))
			server.requireArrival(t, server.byEntity, r.matches)
			require.Len(t, server.all(), len(r.matches))

			logs := everyRecord(t)
			var wanted []string
			for i, stamp := range stampTimes(logs, time.Now()) {
				if kind := recordKinds[i%len(recordKinds)].event; kind == schema.EventCopy || kind == schema.EventLoss {
					wanted = append(wanted, stamp)
				}
			}
			sendLogs(t, c, logs)
			server.requireArrival(t, server.byTime, wanted)
			require.Len(t, server.all(), len(r.matches)+len(wanted))
			c.requireNoComplaint(t)
			for _, document := range server.all() {
				stream := document["data_stream"].(map[string]any)
				require.Equal(t, map[string]any{"type": "logs", "dataset": mode.stream, "namespace": "build"}, stream)
			}
		})
	}
}

// The document of a copy, field by field, as docs/elastic.md says.
func TestACopyInECS(t *testing.T) {
	server := newElasticServer(t, false)
	c := newCollector(t, distribution, []string{"elastic-ecs.yaml"}, server.variables()...)
	c.start(t)
	recorded := recordedLogs(t)[0]
	stampTimes(recorded, time.Now())
	sendLogs(t, c, recorded)
	testprocess.Await(func() bool { return len(server.all()) >= 4 || server.conflict() != "" })
	server.requireNoConflict(t)

	document := copyBy(t, server, "scp")
	for name, want := range map[string]any{
		"event.kind": "alert", "event.category": []any{"process"}, "event.type": []any{"start"},
		"event.action": "net_filecopy_tool_exec", "event.outcome": "success",
		"event.module": "copywatch", "event.dataset": "copywatch", "data_stream.dataset": "copywatch",
		"event.severity": json.Number("10"), "log.level": "INFO2",
		"agent.name": "copywatch", "agent.type": "copywatch", "agent.version": "0.1.0", "ecs.version": "8.11.0",
		"host.name": "ci-runner-7", "host.hostname": "ci-runner-7", "host.os.type": "linux", "host.os.kernel": "6.18.44",
		"process.name": "scp", "process.executable": "/usr/bin/scp", "process.user.name": "ci", "process.user.id": "1042",
		"user.name": "ci", "user.id": "1042", "process.parent.name": "bash", "process.parent.executable": "/usr/bin/bash",
		"rule.name": "net_filecopy_tool_exec", "rule.ruleset": "copywatch", "threat.framework": "MITRE ATT&CK",
		"destination.address": "127.0.0.1", "destination.ip": "127.0.0.1", "destination.domain": nil,
		"server.address": "127.0.0.1", "network.protocol": "ssh",
		"destination.port": json.Number("2222"), "filecopy.tool": "scp", "filecopy.direction": "upload",
		"related.user": []any{"ci"}, "related.ip": []any{"127.0.0.1"}, "related.hosts": []any{"ci-runner-7"},
		"elastic": nil, "security_rule": nil, "process.command_args": nil, "os": nil,
	} {
		assert.Equal(t, want, at(document, name), name)
	}
	args, _ := at(document, "process.args").([]any)
	assert.Contains(t, args, "out/app.tgz")
	assert.Equal(t, at(document, "filecopy.risk_score"), at(document, "event.risk_score"))
	assert.NotEmpty(t, at(document, "filecopy.process.ancestors.executable.name"))
	assert.Contains(t, at(document, "message"), "scp upload out/app.tgz")
	assert.Contains(t, at(document, "threat.tactic.name"), "Exfiltration")
}

func copyBy(t *testing.T, server *elasticServer, tool string) map[string]any {
	t.Helper()
	for _, document := range server.all() {
		if server.field(document, schema.Tool) == tool {
			return document
		}
	}
	require.FailNow(t, "no copy by "+tool)
	return nil
}
