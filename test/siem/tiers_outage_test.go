//go:build linux

package siem

import (
	"context"
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
