//go:build linux

package siem

import (
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// The gateway takes no other execs, and the agent's queue for them is full:
// file copies arrive nonetheless, each once and at once, and so does the
// number of what was lost.
func TestTiersFlood(t *testing.T) {
	testhost.NeedBPF(t)
	scp := testhost.NeedCommand(t, "scp", "openssh-client")
	a := newAuthority(t)
	siem := newTierPeer(t, a)
	gateway := newTierGateway(t, a, siem)
	gateway.start(t)
	agent := newSensor(t, []string{"agent.yaml"}, tierAgentVariables(t, a, gateway,
		"COPYWATCH_EVENTS_PORT="+testprocess.FreePort(t), "COPYWATCH_EVENTS_QUEUE=1000000")...) // some hundred execs
	agent.configs = append(agent.configs, "yaml:receivers::ebpf_exec::loss_interval: 1s")
	agent.start(t)
	floodUntil(t, func() bool { return agent.has("The pipeline refused records") })

	for _, target := range []string{"a.invalid:/one", "b.invalid:/two", "c.invalid:/three"} {
		began := time.Now()
		_ = exec.Command(scp, "-o", "ProxyCommand=false", "/etc/hostname", target).Run() // it fails: there is no such host
		arrived := func() bool { return len(copiesTo(siem, target)) > 0 }
		floodUntil(t, arrived)
		require.Less(t, time.Since(began), 10*time.Second, "an alert was delayed by other execs")
	}
	for _, target := range []string{"a.invalid:/one", "b.invalid:/two", "c.invalid:/three"} {
		require.Len(t, copiesTo(siem, target), 1, "a copy arrived more than once")
	}
	floodUntil(t, func() bool { return lossesOf(siem, "consumer_refused") > 0 })
}

// floodUntil runs programs until something is so.
func floodUntil(t *testing.T, done func() bool) {
	t.Helper()
	require.True(t, testprocess.Await(func() bool {
		for range 20 {
			require.NoError(t, exec.Command("true").Run())
		}
		return done()
	}), "it did not become so")
}

// copiesTo returns the copies to a remote path that are at the SIEM, without
// those that are parts of others.
func copiesTo(siem *tierPeer, target string) (copies []plog.LogRecord) {
	for _, record := range siem.kept() {
		if args, ok := record.Attributes().Get(schema.CommandArgs); ok && attribute(record, schema.Tool) == "scp" {
			list := args.Slice().AsRaw()
			if list[len(list)-1] == target {
				copies = append(copies, record)
			}
		}
	}
	return copies
}

func lossesOf(siem *tierPeer, reason string) int {
	n := 0
	for _, record := range siem.kept() {
		if record.EventName() == schema.EventLoss && attribute(record, schema.LostReason) == reason {
			n++
		}
	}
	return n
}
