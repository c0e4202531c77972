//go:build linux

package siem

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// soon is what an operator may have to wait for the news that nothing is delivered.
const soon = 10 * time.Second

// What Splunk refuses waits: the log and the health check say why within
// seconds, and all of it arrives when that is mended.
func TestSplunkRefuses(t *testing.T) {
	for name, test := range map[string]struct{ variable, token, index, reason, says string }{
		"an unknown token": {"SPLUNK_HEC_TOKEN=another", "another", splunkIndex, "credentials", `403, HEC code 4 "Invalid token"`},
		"another's index":  {"SPLUNK_INDEX=another", splunkToken, "another", "index", `400, HEC code 7 "Incorrect index"`},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			h := startEventCollector(t, a)
			h.grant(splunkToken, splunkIndex)
			c := newCollector(t, distribution, []string{"splunk.yaml"}, splunkVariables(t, h.address(), a, test.variable)...)
			c.start(t)
			r := newReplay(t, c)
			sent := time.Now()
			require.NoError(t, r.send(t.Context(), 100))
			c.requireIll(t, h.URL+splunkPath, test.reason, test.says)
			assert.Less(t, time.Since(sent), soon)
			c.says(t, "Delivery fails; the data is kept and sent again")
			assert.Empty(t, h.accepted())

			h.grant(test.token, test.index)
			h.arrivals.requireAll(t, r.matches, testprocess.Patience)
			c.requireWell(t)
			c.requireNothingDropped(t)
		})
	}
}

// A token that may not write to _internal is told to who wants heartbeats, and costs no event.
func TestSplunkRefusesHeartbeats(t *testing.T) {
	a := newAuthority(t)
	h := startEventCollector(t, a)
	h.grant(splunkToken, splunkIndex)
	c := newCollector(t, distribution, []string{"splunk.yaml"}, splunkVariables(t, h.address(), a, "SPLUNK_HEARTBEAT=100ms")...)
	c.start(t)
	c.requireIll(t, h.URL+splunkPath, "index", "Incorrect index")
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 100))
	h.arrivals.requireAll(t, r.matches, testprocess.Patience)
	c.requireNothingDropped(t)

	h.grant(splunkToken, splunkIndex, "_internal")
	h.awaitEvent(t, c, func(e hecEvent) bool { return e.Index == "_internal" })
	c.requireWell(t)
}

// Nobody is told of heartbeats that he did not ask for.
func TestSplunkHasNoHeartbeatsUnlessAskedFor(t *testing.T) {
	cmd := exec.Command(needBinary(t, distribution), "print-config", "--config", "../../config/splunk.yaml")
	cmd.Env = append(os.Environ(), "SPLUNK_HEC_URL=https://127.0.0.1:9", "SPLUNK_HEC_TOKEN=any")
	output, err := cmd.Output()
	require.NoError(t, err)
	require.Regexp(t, `heartbeat:\n\s+interval: 0s\n`, string(output))
}

// With heartbeats a host where nothing is copied knows of a token that is refused.
func TestSplunkHeartbeatsTellOfAToken(t *testing.T) {
	a := newAuthority(t)
	h := startEventCollector(t, a)
	c := newCollector(t, distribution, []string{"splunk.yaml"},
		splunkVariables(t, h.address(), a, "SPLUNK_HEARTBEAT=100ms", "SPLUNK_HEC_TOKEN=another")...)
	c.start(t)
	c.requireIll(t, h.URL+splunkPath, "credentials", "Invalid token")
	h.grant("another")
	c.requireWell(t)
}

// A destination whose certificate nobody vouches for is not sent anything, and
// gets all of it when somebody does.
func TestSplunkUntrusted(t *testing.T) {
	a := newAuthority(t)
	h := startEventCollector(t, a)
	c := newCollector(t, distribution, []string{"splunk.yaml"}, splunkVariables(t, h.address(), a, "COPYWATCH_CA_FILE=")...)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 100))
	c.requireIll(t, h.URL+splunkPath, "certificate", "certificate signed by unknown authority")
	assert.Empty(t, h.accepted())
	assert.Zero(t, h.refused(), "a request came through")

	_, err := c.daemon.Stop()
	require.NoError(t, err)
	c.requireNothingDropped(t)
	c.env = append(c.env, "COPYWATCH_CA_FILE="+a.file)
	c.start(t)
	h.arrivals.requireAll(t, r.matches, testprocess.Patience)
}
