//go:build linux

package siem

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// guardedCollector is a collector with a delivery_guard that sends to a destination.
func guardedCollector(t *testing.T, d *destination, config string, variables ...string) *collector {
	t.Helper()
	addresses, err := testprocess.FreeAddresses(1)
	require.NoError(t, err)
	_, port, _ := strings.Cut(addresses[0], ":")
	variables = append([]string{
		"DESTINATION=" + d.url, "TOKEN=" + secretToken, "COPYWATCH_CA_FILE=", "COPYWATCH_METRICS_PORT=" + port,
	}, variables...)
	c := newCollector(t, distribution, []string{"../test/siem/testdata/" + config}, variables...)
	t.Cleanup(func() {
		if t.Failed() && c.daemon != nil {
			output := c.daemon.Output()
			t.Logf("the end of the collector's log:\n%s", output)
		}
	})
	return c
}

const secretToken = "a-token-that-no-log-may-show"

// healthReport is the answer of the health check.
type healthReport struct {
	code     int
	Status   string
	Problems []struct {
		Source, Reason, Problem, Cure string
	}
}

func (c *collector) healthReport() (report healthReport) {
	response, err := http.Get("http://" + c.health + "/")
	if err != nil {
		return report
	}
	defer response.Body.Close()
	report.code = response.StatusCode
	_ = json.NewDecoder(response.Body).Decode(&report)
	return report
}

// requireIll waits until the health check names a problem of a source that begins so.
func (c *collector) requireIll(t *testing.T, source, reason, text string) {
	t.Helper()
	var last healthReport
	found := testprocess.Await(func() bool {
		last = c.healthReport()
		for _, p := range last.Problems {
			if strings.HasPrefix(p.Source, source) && p.Reason == reason && strings.Contains(p.Problem, text) {
				return p.Cure != "" && last.code == http.StatusServiceUnavailable
			}
		}
		return false
	})
	require.True(t, found, "the health check says %+v", last)
}

// requireWell waits until the health check finds nothing.
func (c *collector) requireWell(t *testing.T) {
	t.Helper()
	require.True(t, testprocess.Await(c.isHealthy), "the health check says %+v", c.healthReport())
}

// requireNothingDropped wants no sign of data that is gone, and none of the token.
func (c *collector) requireNothingDropped(t *testing.T) {
	t.Helper()
	for line := range strings.Lines(c.daemon.Output()) {
		if strings.Contains(line, "interrupted due to shutdown") {
			continue // said to be dropped, and kept by the queue on disk
		}
		for _, sign := range []string{"Dropping data", "Permanent error", "not retryable error", "panic:", secretToken} {
			require.NotContains(t, line, sign)
		}
	}
}
