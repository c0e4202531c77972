//go:build linux

package siem

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
)

// Of what the agents see, file copies arrive at the SIEM and nothing else, and
// everything is in the gateway's files, the copies among it tagged.
func TestTiers(t *testing.T) {
	a := newAuthority(t)
	siem := newTierPeer(t, a)
	gateway := newTierGateway(t, a, siem)
	gateway.start(t)
	var matches, events []string
	for i := range 2 {
		agent := newTierAgent(t, a, gateway)
		agent.start(t)
		r := newTierReplay(t, agent, i)
		for range 5 {
			require.NoError(t, r.send(context.Background(), 100))
		}
		defer agent.requireNoComplaint(t)
		matches, events = append(matches, r.matches...), append(events, r.events...)
	}
	siem.requireAll(t, matches, 20*time.Second)
	gateway.requireEvents(t, events, 20*time.Second)
	gateway.requireNoComplaint(t)
	require.True(t, gateway.isHealthy())
	require.Len(t, siem.counts, len(matches), "records that are no matches are at the SIEM")
	for _, record := range siem.kept() {
		require.Equal(t, schema.EventCopy, record.EventName())
		require.Equal(t, "scp", attribute(record, schema.Tool))
		require.Contains(t, record.Body().Str(), "scp upload")
	}
	require.Equal(t, "copywatch", siem.resourceOf(matches[0], "service.name"))
	require.Equal(t, "ci-runner-7", siem.resourceOf(matches[0], schema.HostName))

	tagged := 0
	gateway.eachEvent(t, func(resource plog.ResourceLogs, record plog.LogRecord) {
		if record.EventName() == schema.EventCopy {
			tagged++
		}
	})
	require.Equal(t, len(matches), tagged)
}

// A gateway with COPYWATCH_CLIENT_CA_FILE takes nothing from a client without a certificate.
func TestTiersWantClientCertificates(t *testing.T) {
	a := newAuthority(t)
	gateway := newTierGateway(t, a, newTierPeer(t, a))
	gateway.start(t)
	pem, err := os.ReadFile(a.file)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(pem))
	certificate, err := tls.LoadX509KeyPair(a.tierFiles(t))
	require.NoError(t, err)
	for _, port := range []string{gateway.matchesPort, gateway.eventsPort} {
		for _, config := range []*tls.Config{
			{RootCAs: roots, NextProtos: []string{"h2"}},
			{RootCAs: roots, NextProtos: []string{"h2"}, Certificates: []tls.Certificate{certificate}},
		} {
			conn, err := tls.Dial("tcp", gateway.host+":"+port, config)
			require.NoError(t, err) // in TLS 1.3 the server's answer comes with the first read
			require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
			_, err = conn.Read(make([]byte, 1))
			conn.Close()
			if config.Certificates == nil {
				require.ErrorContains(t, err, "certificate required")
			} else {
				require.NoError(t, err) // the settings of HTTP/2
			}
		}
	}
}

// newTierReplay is newReplay with entities that no other agent's replay has.
func newTierReplay(t *testing.T, c *collector, agent int) *replay {
	t.Helper()
	r := newReplay(t, c)
	r.sent = agent * 10_000_000
	return r
}

func attribute(record plog.LogRecord, name string) string {
	value, ok := record.Attributes().Get(name)
	if !ok {
		return ""
	}
	return value.AsString()
}
