//go:build linux

package siem

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// lokiMatches finds the copies, whatever host they are of.
const lokiMatches = `{service_name="copywatch"} | event_action="net_filecopy_tool_exec"`

// A real Loki with its default limits takes everything, and finds it again by
// what docs/loki.md says: labels, metadata, the dashboard, the alerts.
func TestLoki(t *testing.T) {
	authority := newAuthority(t)
	loki := startLoki(t, authority)
	loki.fires(t, "CopywatchSilent") // nothing has come so far
	c := newLokiCollector(t, loki.url, authority)
	c.start(t)
	r := newReplay(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), testprocess.Patience)
	defer cancel()
	require.NoError(t, r.send(ctx, 200))
	sendStoryToLoki(t, r)
	largest := slices.Collect(maps.Values(sendLargestToLoki(t, r)))
	largest = slices.DeleteFunc(largest, func(entity string) bool { return entity == "largest-exec" }) // no copy

	t.Run("copies", func(t *testing.T) {
		for _, entity := range slices.Concat(r.matches, largest) {
			loki.entries(t, lokiMatches+fmt.Sprintf(" | process_entity_id=%q", entity), 1)
		}
		require.Len(t, r.matches, 20)
	})
	t.Run("labels", func(t *testing.T) { requireLokiLabels(t, loki) })
	t.Run("fields", func(t *testing.T) { requireLokiFields(t, loki) })
	t.Run("dashboard", func(t *testing.T) { requireDashboardOfLoki(t, loki) })
	t.Run("alerts", func(t *testing.T) {
		for name := range readLokiAlerts(t) {
			if name != "CopywatchSilent" {
				loki.fires(t, name)
			}
		}
	})
	t.Run("outage", func(t *testing.T) { requireOutageInLoki(t, loki, c, r) })
}

// requireOutageInLoki wants what a host kept while Loki was away for it and not
// for another. Loki refuses what is an hour older than the newest of a stream:
// shown last, for it is why each host has a stream of its own.
func requireOutageInLoki(t *testing.T, loki *lokiPeer, c *collector, r *replay) {
	t.Helper()
	const records = 7
	for i := range records {
		sendToLokiLate(t, r, "cut-off", time.Duration(records-1-i)*25*time.Minute)
		sendToLokiLate(t, r, "never-cut-off", 0)
	}
	loki.entries(t, lokiMatches+` | host_name="cut-off"`, records)
	loki.entries(t, lokiMatches+` | host_name="never-cut-off"`, records)
	c.requireNoComplaint(t)

	sendToLokiLate(t, r, "never-cut-off", 2*time.Hour)
	c.says(t, "Dropping data")
	c.says(t, "entry too far behind")
}

// sendToLokiLate sends a copy that a host saw a time ago.
func sendToLokiLate(t *testing.T, r *replay, host string, ago time.Duration) {
	t.Helper()
	logs, record := r.lokiCopy(fmt.Sprintf("%s-%v", host, ago))
	logs.ResourceLogs().At(0).Resource().Attributes().PutStr(schema.HostName, host)
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-ago)))
	r.toLoki(t, logs)
}

// sendStoryToLoki sends what the dashboard and the alerts are about: copies of
// high and critical importance, one of them from a CI job, a loss, and a host
// of which nothing has come for ten minutes.
func sendStoryToLoki(t *testing.T, r *replay) {
	t.Helper()
	logs, record := r.lokiCopy("of-a-key")
	setLokiArgs(record.Attributes(), "scp", "/home/ci/.ssh/id_ed25519", "deploy@198.51.100.7:/in")
	record.Attributes().PutStr(schema.EnvironmentPrefix+"GITHUB_ACTIONS", "true")
	record.Attributes().PutStr(schema.EnvironmentPrefix+"GITHUB_WORKFLOW", "deploy")
	record.Attributes().PutStr(schema.EnvironmentPrefix+"GITHUB_REPOSITORY", "example/app")
	r.toLoki(t, logs)

	logs, record = r.lokiCopy("of-a-build")
	setLokiArgs(record.Attributes(), "scp", "out/app.tgz", "deploy@10.0.0.7:/in")
	r.toLoki(t, logs)

	logs, record = r.lokiCopy("before")
	logs.ResourceLogs().At(0).Resource().Attributes().PutStr(schema.HostName, "silent-host")
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-10 * time.Minute)))
	r.toLoki(t, logs)

	r.toLoki(t, r.lokiLoss("a-loss", 7))
}

func setLokiArgs(attributes pcommon.Map, args ...string) {
	list := attributes.PutEmptySlice(schema.CommandArgs)
	for _, arg := range args {
		list.AppendEmpty().SetStr(arg)
	}
}

// requireLokiLabels wants the two labels that docs/loki.md has, and a stream for each host.
func requireLokiLabels(t *testing.T, loki *lokiPeer) {
	t.Helper()
	var answer struct{ Data []map[string]string }
	var hosts []string
	require.True(t, testprocess.Await(func() bool {
		hosts = nil
		err := loki.get("/loki/api/v1/series", url.Values{"match[]": {`{service_name=~".+"}`}}, &answer)
		for _, stream := range answer.Data {
			hosts = append(hosts, stream["service_instance_id"])
		}
		slices.Sort(hosts)
		return err == nil && slices.Contains(hosts, "silent-host")
	}))
	for _, stream := range answer.Data {
		require.ElementsMatch(t, []string{"service_name", "service_instance_id"}, slices.Collect(maps.Keys(stream)))
		require.Equal(t, "copywatch", stream["service_name"])
	}
	require.Subset(t, hosts, []string{"ci-runner-7", "silent-host"})
}

// requireLokiFields wants what docs/loki.md says of the fields of a copy and of a loss.
func requireLokiFields(t *testing.T, loki *lokiPeer) {
	t.Helper()
	entry := loki.entries(t, lokiMatches+` | process_entity_id="of-a-key"`, 1)[0]
	for name, want := range map[string]string{
		"filecopy_tool": "scp", "filecopy_direction": "upload", "server_address": "198.51.100.7", "filecopy_importance": "critical",
		"host_name": "ci-runner-7", "process_user_name": "ci", "cicd_pipeline_name": "deploy", "vcs_repository_name": "app",
		"process_ancestors_executable_name": `["bash","make","bash"]`, "filecopy_local_paths": `["/home/ci/.ssh/id_ed25519"]`,
		"process_parent_pid": "28471", "severity_number": "21", "severity_text": "FATAL", "detected_level": "fatal",
	} {
		assert.Equal(t, want, entry.metadata[name], name)
	}
	assert.Contains(t, entry.line, "CRITICAL scp upload")
	assert.NotContains(t, entry.metadata, "process_command_args")

	loss := loki.entries(t, `{service_name="copywatch"} | event_action="loss"`, 1)[0]
	assert.Equal(t, "7", loss.metadata["sensor_lost_events"])
	assert.Equal(t, "warn", loss.metadata["detected_level"])
	loki.entries(t, lokiMatches+` | filecopy_importance="critical" | detected_level="fatal" | process_entity_id="of-a-key"`, 1)
	loki.entries(t, lokiMatches+fmt.Sprintf(` | detected_level="info" | process_entity_id=%q`, "replayed-000000000"), 1) // low: INFO2
	loki.entries(t, lokiMatches+` | filecopy_risk_score > 79 | process_entity_id="of-a-key"`, 1)
}

// requireDashboardOfLoki wants an answer with data to every query of the dashboard.
func requireDashboardOfLoki(t *testing.T, loki *lokiPeer) {
	t.Helper()
	for _, panel := range readLokiDashboard(t).Panels {
		for _, target := range panel.Targets {
			answer := loki.series(t, target.query(), target.QueryType == "instant")
			require.NotEmpty(t, answer.Data.Result, "%s: %s", panel.Title, target.query())
		}
		requireColumnsOfLoki(t, loki, panel)
	}
}

// requireColumnsOfLoki wants a value for each column of a table, in some record.
func requireColumnsOfLoki(t *testing.T, loki *lokiPeer, panel lokiPanel) {
	t.Helper()
	for _, column := range panel.columns() {
		if column == "Time" { // of the line
			continue
		}
		entries, err := loki.lines(panel.Targets[0].query()+fmt.Sprintf(` | %s!=""`, column), time.Now().Add(-time.Hour))
		require.NoError(t, err)
		require.NotEmpty(t, entries, "%s: %s", panel.Title, column)
	}
}

// fires waits until an alert does.
func (l *lokiPeer) fires(t *testing.T, name string) {
	t.Helper()
	var answer struct {
		Data struct {
			Alerts []struct {
				Labels map[string]string
				State  string
			}
		}
	}
	var err error
	require.True(t, testprocess.Await(func() bool {
		if err = l.get("/prometheus/api/v1/alerts", nil, &answer); err != nil {
			return false
		}
		for _, alert := range answer.Data.Alerts {
			if alert.Labels["alertname"] == name && alert.State == "firing" {
				return true
			}
		}
		return false
	}), "%s does not fire: %v %v\n%s", name, err, answer, l.daemon.Output())
}
