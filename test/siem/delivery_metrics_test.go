//go:build linux

package siem

import (
	"bufio"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// metrics returns the collector's own, by name; of several series the sum.
func (c *collector) metrics(t *testing.T) map[string]float64 {
	t.Helper()
	port := ""
	for _, variable := range c.env {
		if value, ok := strings.CutPrefix(variable, "COPYWATCH_METRICS_PORT="); ok {
			port = value
		}
	}
	response, err := http.Get("http://127.0.0.1:" + port + "/metrics")
	require.NoError(t, err)
	defer response.Body.Close()
	found := map[string]float64{}
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		line := lines.Text()
		cut := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || cut < 0 {
			continue
		}
		name, _, _ := strings.Cut(line[:cut], "{")
		value, err := strconv.ParseFloat(line[cut+1:], 64)
		require.NoError(t, err, line)
		found[name] += value
	}
	return found
}

func (c *collector) metric(t *testing.T, name string) float64 {
	t.Helper()
	value, ok := c.metrics(t)[name]
	require.True(t, ok, "there is no metric %s", name)
	return value
}
