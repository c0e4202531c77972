//go:build linux

package siem

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Agents replay through a gateway to two destinations: nothing is lost, and
// each destination gets what it should. What that costs is printed as in
// docs/scale.md.
func TestTiersLoad(t *testing.T) {
	newTierLoad(t, 2, "otlp_http/events").run(t, 500, 2*time.Second)
}

func TestTiersLoadForAMinute(t *testing.T) {
	needTime(t)
	newTierLoad(t, 4, "otlp_http/events").run(t, 2000, time.Minute)
}

func TestTiersLoadToFiles(t *testing.T) {
	needTime(t)
	newTierLoad(t, 4, "file/events").run(t, 2000, 20*time.Second)
}

// tierLoad is a gateway with its destinations and the agents before it.
type tierLoad struct {
	siem, storage *tierPeer
	gateway       *tierGateway
	agents        []*collector
	replays       []*replay
}

func newTierLoad(t *testing.T, agents int, eventsTo string) *tierLoad {
	t.Helper()
	a := newAuthority(t)
	l := &tierLoad{siem: newTierPeer(t, a), storage: newTierPeer(t, a)}
	l.gateway = newTierGateway(t, a, l.siem, "COPYWATCH_EVENTS_TO="+eventsTo,
		"EVENTS_OTLP_ENDPOINT="+l.storage.url, "EVENTS_OTLP_AUTHORIZATION=Bearer "+tierToken)
	l.gateway.start(t)
	for i := range agents {
		agent := newTierAgent(t, a, l.gateway)
		agent.start(t)
		l.agents = append(l.agents, agent)
		l.replays = append(l.replays, newTierReplay(t, agent, i))
	}
	return l
}

// run has every agent replay at a rate, wants everything at its place, and prints what it cost.
func (l *tierLoad) run(t *testing.T, rate int, duration time.Duration) {
	t.Helper()
	began := l.used(t)
	meters := []*memoryMeter{newMemoryMeter(t, l.gateway.daemon)}
	for _, agent := range l.agents {
		meters = append(meters, newMemoryMeter(t, agent.daemon))
	}
	l.replay(t, rate, duration)
	var matches, events []string
	for _, r := range l.replays {
		matches, events = append(matches, r.matches...), append(events, r.events...)
	}
	l.siem.requireAll(t, matches, 3*time.Minute)
	if toFiles := l.storage.wire.Load() == 0; toFiles {
		l.gateway.requireEvents(t, events, 3*time.Minute)
	} else {
		l.storage.requireAll(t, events, 3*time.Minute)
	}
	require.Len(t, l.siem.counts, len(matches), "records that are no matches are at the SIEM")
	cost := l.used(t)
	for i := range cost {
		cost[i].cpu -= began[i].cpu
		cost[i].memory = meters[i].end()
	}
	gateway, agents := cost[0], cost[1:]
	perAgent := len(events) / len(agents)
	fmt.Printf("%d agents, %d events/s each for %v, every tenth a copy; %d events, %d copies, none lost\n",
		len(agents), rate, duration, len(events), len(matches))
	for i, agent := range agents {
		fmt.Printf("| agent %d | %s |\n", i+1, agent.perEvent(perAgent))
	}
	fmt.Printf("| gateway | %s |\n", gateway.perEvent(len(events)))
}

// replay lets all agents replay at once.
func (l *tierLoad) replay(t *testing.T, rate int, duration time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*duration+time.Minute)
	defer cancel()
	failures := make([]error, len(l.replays))
	var all sync.WaitGroup
	for i, r := range l.replays {
		all.Go(func() { failures[i] = r.run(ctx, rate, duration) })
	}
	all.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
}

// used returns what the gateway and the agents have used so far.
func (l *tierLoad) used(t *testing.T) []usage {
	t.Helper()
	all := []usage{usageOf(t, l.gateway.daemon)}
	for _, agent := range l.agents {
		all = append(all, usageOf(t, agent.daemon))
	}
	return all
}
