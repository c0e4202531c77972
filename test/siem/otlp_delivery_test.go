//go:build linux

package siem

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

func TestOTLPMatchesArriveWhole(t *testing.T) {
	a := newAuthority(t)
	p := newOTLPPeer(t, a)
	p.start(t)
	c := newOTLPCollector(t, a, p.address)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 1000))
	p.out.requireAll(t, r.matches, testprocess.Patience)

	require.Len(t, p.out.records, len(r.matches), "nothing else, and none twice")
	for _, record := range p.out.records {
		require.Equal(t, schema.EventCopy, record.EventName())
		paths, found := record.Attributes().Get("filecopy.local_paths")
		require.True(t, found)
		require.Equal(t, []any{"out/app.tgz"}, paths.Slice().AsRaw())
		port, _ := record.Attributes().Get("server.port")
		require.Equal(t, int64(2222), port.Int())
	}
	c.requireNoComplaint(t)
}

// What cannot be sent waits on disk, also when the collector is killed.
func TestOTLPBackendComesLate(t *testing.T) {
	a := newAuthority(t)
	p := newOTLPPeer(t, a)
	c := newOTLPCollector(t, a, p.address, "COPYWATCH_MATCHES_ONLY=false")
	c.start(t)
	r := newReplay(t, c)
	for range 10 {
		require.NoError(t, r.send(t.Context(), 500))
	}
	c.says(t, "connection refused")
	c.daemon.Kill()
	p.start(t)
	c.start(t)
	p.out.requireAll(t, r.events, testprocess.Patience)
}

// What a backend refuses for the token waits: the log and the health check say
// so within seconds, and it arrives when the token is right.
func TestOTLPToken(t *testing.T) {
	a := newAuthority(t)
	got := newArrivals()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Trailer", "Grpc-Status")
		status := "16" // unauthenticated
		if request.Header.Get("Authorization") == "Bearer sesame" {
			status = "0"
			for _, record := range readGRPC(t, request.Body) {
				got.add(record)
			}
			_, _ = w.Write(make([]byte, 5)) // an empty answer; the collector may have gone
		}
		w.Header().Set("Grpc-Status", status)
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{a.certificate(t, tomorrow())}}
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)

	c := newOTLPCollector(t, a, server.Listener.Addr().String())
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 100))
	got.requireAll(t, r.matches, testprocess.Patience)
	c.requireNoComplaint(t)

	other := newOTLPCollector(t, a, server.Listener.Addr().String(), "OTLP_TOKEN=guess")
	other.start(t)
	r = newTierReplay(t, other, 1)
	sent := time.Now()
	require.NoError(t, r.send(t.Context(), 100))
	other.requireIll(t, "grpc://"+server.Listener.Addr().String(), "credentials", "refuses the credentials (Unauthenticated")
	require.Less(t, time.Since(sent), soon)
	other.says(t, "Delivery fails; the data is kept and sent again")
	_, err := other.daemon.Stop()
	require.NoError(t, err)
	other.requireNothingDropped(t)
	require.NotContains(t, other.daemon.Output(), "guess")
	other.env = append(other.env, "OTLP_TOKEN=sesame")
	other.start(t)
	got.requireAll(t, r.matches, testprocess.Patience)
	other.requireWell(t)
}

// readGRPC reads one request and returns the entities in it.
func readGRPC(t *testing.T, body io.Reader) (entities []string) {
	message, err := io.ReadAll(body)
	if err != nil || len(message) < 5 || int(binary.BigEndian.Uint32(message[1:5])) != len(message)-5 {
		t.Errorf("no message of gRPC: %d bytes, %v", len(message), err)
		return nil
	}
	message, compressed := message[5:], message[0] == 1
	if !compressed {
		t.Error("the request is not compressed")
		return nil
	}
	reader, err := gzip.NewReader(bytes.NewReader(message))
	if err == nil {
		message, err = io.ReadAll(reader)
	}
	request := plogotlp.NewExportRequest()
	if err == nil {
		err = request.UnmarshalProto(message)
	}
	if err != nil {
		t.Error(err)
		return nil
	}
	for _, record := range recordsOf(request.Logs()) {
		entities = append(entities, entityOf(record))
	}
	return entities
}
