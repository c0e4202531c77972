//go:build linux

package siem

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// A queue that has grown while the gateway was away is delivered and gives its
// disk back. How large it was is printed as in docs/scale.md.
func TestTiersQueue(t *testing.T) {
	needTime(t)
	a := newAuthority(t)
	siem, storage := newTierPeer(t, a), newTierPeer(t, a)
	gateway := newTierGateway(t, a, siem, "COPYWATCH_EVENTS_TO=otlp_http/events",
		"EVENTS_OTLP_ENDPOINT="+storage.url, "EVENTS_OTLP_AUTHORIZATION=Bearer "+tierToken)
	agent := newTierAgent(t, a, gateway)
	agent.start(t)
	r := newReplay(t, agent)
	for range 100 {
		require.NoError(t, r.send(context.Background(), 1000))
	}
	grown := queueSize(t, agent.dir)
	fmt.Printf("| queue on disk, %d events, every tenth a copy | %d MB | %d B per event |\n", len(r.events), grown/1e6, grown/len(r.events))
	gateway.start(t)
	siem.requireAll(t, r.matches, time.Minute)
	storage.requireAll(t, r.events, time.Minute)
	require.True(t, testprocess.Await(func() bool { return queueSize(t, agent.dir) < grown/4 }), "the queue keeps its disk")
}

// queueSize is how many bytes of disk the files of the queues have.
func queueSize(t *testing.T, state string) (size int) {
	t.Helper()
	files, err := filepath.Glob(state + "/queue/*")
	require.NoError(t, err)
	for _, name := range files {
		if info, err := os.Stat(name); err == nil { // else a compaction has replaced it
			size += int(info.Size())
		}
	}
	return size
}
