//go:build linux

package siem

import (
	"fmt"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// An agent with the probe, on a host that does little and then runs some
// hundred programs a second: what that costs is printed as in docs/scale.md,
// processor time per event and per second, and bytes on the wire per event.
func TestTiersAgentCost(t *testing.T) {
	needTime(t)
	testhost.NeedBPF(t)
	a := newAuthority(t)
	siem, storage := newTierPeer(t, a), newTierPeer(t, a)
	gateway := newTierGateway(t, a, siem, "COPYWATCH_EVENTS_TO=otlp_http/events",
		"EVENTS_OTLP_ENDPOINT="+storage.url, "EVENTS_OTLP_AUTHORIZATION=Bearer "+tierToken)
	gateway.start(t)
	wire := newWireMeter(t, gateway.host+":"+gateway.eventsPort)
	agent := newSensor(t, []string{"agent.yaml"}, tierAgentVariables(t, a, gateway, "COPYWATCH_EVENTS_PORT="+portOf(t, wire.address))...)
	agent.start(t)

	for _, programs := range []int{0, 200, 600} {
		began, arrived, sent := usageOf(t, agent.daemon), storage.total(), wire.bytes.Load()
		memory := newMemoryMeter(t, agent.daemon)
		for range 20 {
			second := time.Now()
			runPrograms(t, programs)
			time.Sleep(time.Second - time.Since(second))
		}
		settled := storage.settle(t, arrived+20*programs)
		used, events := usageOf(t, agent.daemon), settled-arrived
		used.cpu -= began.cpu
		used.memory = memory.end()
		fmt.Printf("| %d programs/s; with those of others %d | %s | %.1f ms | %d B |\n", programs, events/20,
			used.perEvent(events), used.cpu.Seconds()*1e3/20, (wire.bytes.Load()-sent)/int64(max(events, 1)))
	}
	agent.requireNoComplaint(t)
}

// runPrograms runs some different programs from a shell, as a build would.
func runPrograms(t *testing.T, n int) {
	t.Helper()
	script := fmt.Sprintf(`i=0; while [ $i -lt %d ]; do
		ls -l /etc/host$i; cat /etc/hostname; sed -n "$i"p /etc/passwd; basename /usr/share/doc/$i; i=$((i+4))
	done >/dev/null 2>&1`, n)
	require.NoError(t, exec.Command("sh", "-c", script).Run())
}

// settle waits until so many have arrived, and hardly any for a second, and returns how many have.
func (a *arrivals) settle(t *testing.T, least int) (settled int) {
	t.Helper()
	require.True(t, testprocess.Await(func() bool {
		before := a.total()
		time.Sleep(time.Second)
		settled = a.total()
		return settled >= least && settled-before < 300 // what other programs of the host do goes on
	}), "%d of %d events have arrived", settled, least)
	return settled
}

// total counts what has arrived.
func (a *arrivals) total() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	total := 0
	for _, n := range a.counts {
		total += n
	}
	return total
}
