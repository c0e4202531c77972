//go:build linux

package siem

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The gateway is away, then the agent is killed, then the gateway is killed
// while the SIEM is away: all that an agent accepted arrives.
func TestTiersOutage(t *testing.T) {
	a := newAuthority(t)
	siem := newTierPeer(t, a)
	gateway := newTierGateway(t, a, siem)
	agent := newTierAgent(t, a, gateway)
	agent.start(t)
	r := newReplay(t, agent)
	send := func() {
		for range 5 {
			require.NoError(t, r.send(context.Background(), 100))
		}
	}
	send()
	agent.daemon.Kill()
	require.Empty(t, siem.counts)
	agent.start(t)

	siem.away.Store(true)
	gateway.start(t)
	gateway.requireEvents(t, r.events, 20*time.Second)
	gateway.says(t, "503") // the SIEM's answer
	gateway.daemon.Kill()
	require.Empty(t, siem.counts)
	send()
	siem.away.Store(false)
	gateway.start(t)
	siem.requireAll(t, r.matches, 20*time.Second)
	gateway.requireEvents(t, r.events, 20*time.Second)
}

// A SIEM that refuses the gateway's token is the gateway's to tell: it is alive,
// takes what agents send and keeps it, and agents know nothing of it.
func TestTiersRefused(t *testing.T) {
	a := newAuthority(t)
	siem := newTierPeer(t, a)
	siem.deny.Store(true)
	gateway := newTierGateway(t, a, siem)
	gateway.start(t)
	agent := newTierAgent(t, a, gateway)
	agent.start(t)
	r := newReplay(t, agent)
	for range 5 {
		require.NoError(t, r.send(context.Background(), 100))
	}
	gateway.requireIll(t, siem.url, "credentials", "refuses the credentials (401")
	response, err := http.Get("http://" + gateway.health + "/live")
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	gateway.requireEvents(t, r.events, 20*time.Second)
	agent.requireWell(t)

	siem.deny.Store(false)
	siem.requireAll(t, r.matches, 20*time.Second)
	gateway.requireWell(t)
	gateway.requireNothingDropped(t)
}
