//go:build linux

package siem

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// Where the gateways' name has two addresses, both get batches; and when one
// gateway fails, the other gets all.
func TestTiersBalance(t *testing.T) {
	a := newAuthority(t)
	siem := newTierPeer(t, a)
	first := newTierGateway(t, a, siem)
	second := newTierGateway(t, a, siem, "COPYWATCH_LISTEN=127.0.0.2",
		"COPYWATCH_MATCHES_PORT="+first.matchesPort, "COPYWATCH_EVENTS_PORT="+first.eventsPort)
	first.start(t)
	second.start(t)
	agent := newTierAgent(t, a, first, "COPYWATCH_GATEWAY="+tierName)
	agent.knowHosts(t, "127.0.0.1 localhost", "127.0.0.1 "+tierName, "127.0.0.2 "+tierName)
	agent.start(t)
	r := newReplay(t, agent)
	require.True(t, testprocess.Await(func() bool {
		require.NoError(t, r.send(context.Background(), 1000)) // a batch of its own
		return len(first.events(t).counts) > 0 && len(second.events(t).counts) > 0
	}), "one gateway got everything")

	first.daemon.Kill()
	sent := len(r.events)
	require.NoError(t, r.send(context.Background(), 1000))
	second.requireEvents(t, r.events[sent:], 20*time.Second)
}

// knowHosts gives the collector an /etc/hosts of its own.
func (c *collector) knowHosts(t *testing.T, lines ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, for an /etc/hosts of its own")
	}
	unshare := testhost.NeedCommand(t, "unshare", "util-linux")
	hosts, start := filepath.Join(c.dir, "hosts"), filepath.Join(c.dir, "start.sh")
	require.NoError(t, os.WriteFile(hosts, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
	script := "#!/bin/sh\nexec " + unshare + " --mount sh -c 'mount --bind \"$0\" /etc/hosts && exec \"$@\"' " + hosts + " " + c.binary + " \"$@\"\n"
	require.NoError(t, os.WriteFile(start, []byte(script), 0o755))
	c.binary = start
}
