//go:build linux

package siem

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// newLokiCollector prepares a collector with config/loki.yaml for a Loki at an address.
func newLokiCollector(t *testing.T, url string, authority *authority, variables ...string) *collector {
	t.Helper()
	return newCollector(t, distribution, []string{"loki.yaml"}, append(variables, lokiVariables(t, url, authority)...)...)
}

func lokiVariables(t *testing.T, url string, authority *authority) []string {
	t.Helper()
	return []string{
		"LOKI_URL=" + url + "/otlp", "LOKI_TENANT=" + lokiTenant, "LOKI_AUTHORIZATION=" + lokiAuthorization,
		"COPYWATCH_CA_FILE=" + authority.file, "COPYWATCH_METRICS_PORT=" + testprocess.FreePort(t),
	}
}

// What a Loki accepts by default no record of ours is beyond, whoever made it
// how large. The records are more than the receiver emits at most.
func TestLokiLimits(t *testing.T) {
	authority := newAuthority(t)
	loki := newLokiStandIn(t, authority)
	c := newLokiCollector(t, loki.server.URL, authority, "COPYWATCH_MATCHES_ONLY=false")
	c.start(t)
	r := newReplay(t, c)
	for name, entity := range sendLargestToLoki(t, r) {
		t.Run(name, func(t *testing.T) {
			entry := loki.entry(t, entity)
			for field, value := range entry.metadata {
				assert.True(t, utf8.ValidString(value), field)
			}
			assert.True(t, utf8.ValidString(entry.line))
			assert.Equal(t, "copywatch", entry.labels["service_name"])
			if name != "exec" {
				requireAnalysedInLoki(t, entry.metadata)
			}
			if strings.HasPrefix(name, "texts") {
				assert.Equal(t, "true", entry.metadata["process_args_truncated"])
			}
		})
	}
	c.requireNoComplaint(t)
}

// sendLargestToLoki sends records that are as large as can be, each in its own way,
// and returns their entities.
func sendLargestToLoki(t *testing.T, r *replay) map[string]string {
	t.Helper()
	entities := map[string]string{}
	send := func(name string, change func(plog.Logs, plog.LogRecord)) {
		entities[name] = "largest-" + strings.ReplaceAll(name, " ", "-")
		logs, record := r.lokiCopy(entities[name])
		change(logs, record)
		r.toLoki(t, logs)
	}
	send("texts", func(logs plog.Logs, record plog.LogRecord) {
		fillForLoki(t, logs, record, func(name string) string {
			if name == schema.CommandLine || name == schema.Command {
				return "x" + strings.Repeat("é", lokiLongestText/2)
			}
			return "x" + strings.Repeat("é", lokiLongestPath/2)
		})
		withLokiOperands(record)
	})
	for _, size := range []int{300, 1500, 5000} {
		send(fmt.Sprintf("texts of %d bytes", size), func(logs plog.Logs, record plog.LogRecord) {
			fillForLoki(t, logs, record, func(string) string { return strings.Repeat("<", size) })
			withLokiOperands(record)
		})
	}
	send("variables", func(logs plog.Logs, record plog.LogRecord) {
		fillForLoki(t, logs, record, func(name string) string { return name })
		for i := range 200 {
			record.Attributes().PutStr(fmt.Sprintf("%sVARIABLE_%d", schema.EnvironmentPrefix, i), strings.Repeat("v", 8<<10))
		}
	})
	send("resource", func(logs plog.Logs, record plog.LogRecord) {
		for i := range 100 {
			logs.ResourceLogs().At(0).Resource().Attributes().PutStr(fmt.Sprintf("k8s.pod.label.%d", i), strings.Repeat("é", 1<<10))
		}
	})
	send("exec", func(_ plog.Logs, record plog.LogRecord) {
		line := "make xx" + strings.Repeat("é", lokiLongestText/2)
		record.Attributes().PutStr(schema.ExecutableName, "make")
		record.Attributes().PutStr(schema.ExecutablePath, "/usr/bin/make")
		record.Attributes().PutEmptySlice(schema.CommandArgs).AppendEmpty().SetStr("make")
		record.Attributes().PutStr(schema.CommandLine, line)
		record.Body().SetStr(line)
	})
	return entities
}

// requireAnalysedInLoki wants what an analyst needs, whatever was cut.
func requireAnalysedInLoki(t *testing.T, metadata map[string]string) {
	t.Helper()
	require.Equal(t, schema.ActionCopy, metadata["event_action"])
	require.Equal(t, "scp", metadata["filecopy_tool"])
	for _, name := range []string{schema.Importance, schema.RiskScore, schema.Reasons, schema.Direction, schema.LocalPaths,
		schema.ServerAddress, schema.CommandLine, schema.ExecutablePath, schema.ThreatTechniqueID, schema.RuleName} {
		require.NotEmpty(t, metadata[lokiName(name)], name)
	}
}

// What is cut is only what has to be: a copy from a CI job arrives with all
// that it had, but for what docs/loki.md says is left out.
func TestLokiKeepsWhatFits(t *testing.T) {
	authority := newAuthority(t)
	loki := newLokiStandIn(t, authority)
	c := newLokiCollector(t, loki.server.URL, authority)
	c.start(t)
	r := newReplay(t, c)

	logs, record := r.lokiCopy("from-ci")
	line := "scp " + strings.Repeat("a", 20<<10) + " deploy@198.51.100.7:/in"
	record.Attributes().PutStr(schema.CommandLine, line)
	record.Attributes().PutStr(schema.EnvironmentPrefix+"GITHUB_ACTIONS", "true")
	record.Attributes().PutStr(schema.EnvironmentPrefix+"GITHUB_WORKFLOW", "deploy")
	r.toLoki(t, logs)
	entry := loki.entry(t, "from-ci")

	requireAnalysedInLoki(t, entry.metadata)
	assert.Equal(t, line, entry.metadata["process_command_line"])
	assert.Equal(t, "deploy", entry.metadata["cicd_pipeline_name"])
	assert.Equal(t, map[string]string{"service_name": "copywatch", "service_instance_id": "ci-runner-7"}, entry.labels)
	leftOut := map[string]bool{schema.CommandArgs: true, schema.ParentProcessPID: true}
	for name := range record.Attributes().All() {
		if _, ok := entry.metadata[lokiName(name)]; !ok {
			assert.True(t, leftOut[name], name)
		}
	}
	c.requireNoComplaint(t)
}

// A record that is too large is cut no further than it has to be, and says so.
func TestLokiCutsNoMoreThanItMust(t *testing.T) {
	authority := newAuthority(t)
	loki := newLokiStandIn(t, authority)
	c := newLokiCollector(t, loki.server.URL, authority)
	c.start(t)
	r := newReplay(t, c)
	for _, test := range []struct{ texts, size, want int }{
		{texts: 1, size: 40 << 10, want: 40 << 10},
		{texts: 1, size: 60 << 10, want: 16 << 10},
		{texts: 5, size: 15 << 10, want: 4 << 10},
		{texts: 15, size: 4 << 10, want: 1 << 10},
	} {
		entity := fmt.Sprintf("%d-of-%d", test.texts, test.size)
		logs, record := r.lokiCopy(entity)
		record.Attributes().PutStr(schema.CommandLine, strings.Repeat("a", test.size))
		for i := range test.texts - 1 {
			record.Attributes().PutStr(fmt.Sprintf("%sVARIABLE_%d", schema.EnvironmentPrefix, i), strings.Repeat("a", test.size))
		}
		r.toLoki(t, logs)
		entry := loki.entry(t, entity)
		assert.Len(t, entry.metadata["process_command_line"], test.want, entity)
		assert.Equal(t, test.want < test.size, entry.metadata["process_args_truncated"] == "true", entity)
	}
	c.requireNoComplaint(t)
}

// A Loki that is overloaded, restarts or is away gets everything in the end,
// also when the collector dies meanwhile.
func TestLokiComesBack(t *testing.T) {
	authority := newAuthority(t)
	loki := newLokiStandIn(t, authority, http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusBadGateway)
	c := newLokiCollector(t, loki.server.URL, authority)
	c.start(t)
	r := newReplay(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), testprocess.Patience)
	defer cancel()
	require.NoError(t, r.send(ctx, 100))
	c.daemon.Kill()
	c.start(t)
	require.NoError(t, r.send(ctx, 100))
	loki.arrivals.requireAll(t, r.matches, 2*testprocess.Patience)
	require.Len(t, r.matches, 20)
	require.Empty(t, loki.refused)
	c.requireNoComplaint(t)
}

// A Loki, or a proxy before it, that refuses the password, or the path, or has
// an error of its own: the health check and the log say so, and when it is
// mended all arrives, also from a collector that was killed or stopped meanwhile.
func TestLokiRefusesAPassword(t *testing.T) {
	authority := newAuthority(t)
	loki := newLokiStandIn(t, authority)
	loki.refuse(http.StatusUnauthorized)
	c := newLokiCollector(t, loki.server.URL, authority)
	c.start(t)
	r := newReplay(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), testprocess.Patience)
	defer cancel()
	begin := time.Now()
	require.NoError(t, r.send(ctx, 100))
	c.requireIll(t, loki.server.URL, "credentials", "401")
	t.Logf("told after %v", time.Since(begin))
	c.says(t, "Delivery fails; the data is kept and sent again")
	c.daemon.Kill()
	c.start(t)
	c.requireIll(t, loki.server.URL, "credentials", "401")
	begin = time.Now()
	_, err := c.daemon.Stop()
	require.NoError(t, err)
	t.Logf("stopped after %v", time.Since(begin))
	c.requireNothingDropped(t)
	c.start(t)
	c.requireIll(t, loki.server.URL, "credentials", "401")
	loki.refuse(0)
	loki.arrivals.requireAll(t, r.matches, 2*testprocess.Patience)
	require.Len(t, r.matches, 10)
	require.Empty(t, loki.refused)
	c.requireWell(t)
	c.says(t, "Delivery works again")
	c.requireNothingDropped(t)
	require.NotContains(t, c.daemon.Output(), lokiAuthorization)
}

func TestLokiRefusesForAWhile(t *testing.T) {
	for status, reason := range map[int]string{
		http.StatusForbidden: "credentials", http.StatusNotFound: "address", http.StatusInternalServerError: "server",
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			authority := newAuthority(t)
			loki := newLokiStandIn(t, authority)
			loki.refuse(status)
			c := newLokiCollector(t, loki.server.URL, authority)
			c.start(t)
			r := newReplay(t, c)
			logs, _ := r.lokiCopy("refused")
			r.toLoki(t, logs)
			c.requireIll(t, loki.server.URL, reason, strconv.Itoa(status))
			loki.refuse(0)
			loki.entry(t, "refused")
			c.requireWell(t)
			c.requireNothingDropped(t)
		})
	}
}

// A record of lost events arrives, though it is no copy.
func TestLokiIsToldOfLosses(t *testing.T) {
	authority := newAuthority(t)
	loki := newLokiStandIn(t, authority)
	c := newLokiCollector(t, loki.server.URL, authority)
	c.start(t)
	r := newReplay(t, c)
	r.toLoki(t, r.lokiLoss("a-loss", 7))
	entry := loki.entry(t, "a-loss")
	assert.Equal(t, "7", entry.metadata["sensor_lost_events"])
	assert.Equal(t, schema.ActionLoss, entry.metadata["event_action"])
	assert.WithinDuration(t, time.Now(), entry.at, time.Minute)
}
