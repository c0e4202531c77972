//go:build linux

package siem

import (
	"maps"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

const (
	alertRules = "../../deploy/prometheus/alerts.yaml"
	guide      = "../../docs/operating.md"
)

// A rule about a metric that nobody exposes would be silent for ever.
func TestRulesAndGuideAreAboutMetricsThatThereAre(t *testing.T) {
	testhost.NeedBPF(t)
	exposed := map[string]float64{}
	gather := func(c *collector, name string) {
		require.True(t, testprocess.Await(func() bool {
			maps.Copy(exposed, c.metrics(t))
			return exposed[name] > 0
		}), "there is no metric %s", name)
	}

	d := newDestination(t, nil)
	d.down()
	sensor := guardedSensor(t, d)
	sensor.start(t)
	require.True(t, testprocess.Await(func() bool {
		_ = exec.Command("true").Run()
		maps.Copy(exposed, sensor.metrics(t))
		return exposed["otelcol_receiver_ebpf_exec_lost_events_total"] > 0
	}), "nothing is lost")
	gather(sensor, "otelcol_receiver_accepted_log_records_total")

	d.up(t)
	d.be(answers(http.StatusBadRequest, "no"))
	c := guardedCollector(t, d, "delivery.yaml")
	c.start(t)
	require.NoError(t, newReplay(t, c).send(t.Context(), 100))
	gather(c, "otelcol_exporter_send_failed_log_records_total")
	gather(c, "otelcol_extension_delivery_guard_rejected_requests_total")
	d.be(takes)
	require.NoError(t, newReplay(t, c).send(t.Context(), 100))
	gather(c, "otelcol_exporter_sent_log_records_total")

	for _, name := range append(metricsOfRules(t), metricsOfGuide(t)...) {
		if name != "up" { // Prometheus's own
			require.Contains(t, exposed, name, "the names are %v", slices.Sorted(maps.Keys(exposed)))
		}
	}
}

func guardedSensor(t *testing.T, d *destination) *collector {
	t.Helper()
	addresses, err := testprocess.FreeAddresses(1)
	require.NoError(t, err)
	_, port, _ := strings.Cut(addresses[0], ":")
	return newSensor(t, []string{"../test/siem/testdata/delivery-sensor.yaml"}, "DESTINATION="+d.url, "COPYWATCH_METRICS_PORT="+port)
}

// metricsOfRules reads the names from the rules' expressions.
func metricsOfRules(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile(alertRules)
	require.NoError(t, err)
	var rules struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &rules))
	names := map[string]bool{}
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			found := regexp.MustCompile(`\b(otelcol_\w+|up\b)`).FindAllString(rule.Expr, -1)
			require.NotEmpty(t, found, rule.Alert)
			for _, name := range found {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func metricsOfGuide(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile(guide)
	require.NoError(t, err)
	names := regexp.MustCompile("`(otelcol_\\w+)`").FindAllStringSubmatch(string(content), -1)
	require.NotEmpty(t, names)
	var found []string
	for _, name := range names {
		found = append(found, name[1])
	}
	return found
}

func TestPrometheusAcceptsTheRules(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("optional: needs promtool, of Debian's package prometheus")
	}
	for _, args := range [][]string{
		{"check", "rules", "alerts.yaml"},
		{"check", "config", "scrape.yaml"},
		{"test", "rules", "alerts_test.yaml"},
	} {
		cmd := exec.Command(promtool, args...)
		cmd.Dir = "../../deploy/prometheus"
		output, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", output)
	}
}
