//go:build linux

package siem

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/encoding/gzip" // exporters compress
	"google.golang.org/grpc/status"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// readyCollector is a configuration of config/ with the guard before its exporter.
func readyCollector(t *testing.T, config, exporter string, variables ...string) *collector {
	t.Helper()
	addresses, err := testprocess.FreeAddresses(1)
	require.NoError(t, err)
	_, port, _ := strings.Cut(addresses[0], ":")
	c := newCollector(t, distribution, []string{config, "../test/siem/testdata/delivery-guard.yaml"},
		append(variables, "COPYWATCH_METRICS_PORT="+port)...)
	for _, part := range []string{
		"middlewares: [{id: delivery_guard}]", "sending_queue::storage: delivery_guard", "retry_on_failure::initial_interval: 200ms",
	} {
		c.configs = append(c.configs, "yaml:exporters::"+exporter+"::"+part)
	}
	return c
}

func TestTheReadyConfigurationForSplunkWithTheGuard(t *testing.T) {
	a := newAuthority(t)
	certificate := a.certificate(t, tomorrow())
	d := newDestination(t, &certificate)
	d.be(answers(http.StatusForbidden, `{"text":"Invalid token","code":4}`))
	c := readyCollector(t, "splunk.yaml", "splunk_hec", "SPLUNK_HEC_URL="+d.url+"/services/collector",
		"SPLUNK_HEC_TOKEN="+secretToken, "COPYWATCH_CA_FILE="+a.file)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 100))
	c.requireIll(t, d.url, "credentials", "Invalid token")
	d.be(takes)
	d.matches.requireAll(t, r.matches, 20*time.Second)
	c.requireWell(t)
	c.requireNothingDropped(t)
}

// otlpServer takes logs over gRPC, where it does not refuse them.
type otlpServer struct {
	plogotlp.UnimplementedGRPCServer
	arrived *arrivals
	refuses atomic.Uint32 // a status code
}

func (s *otlpServer) Export(_ context.Context, request plogotlp.ExportRequest) (plogotlp.ExportResponse, error) {
	if code := codes.Code(s.refuses.Load()); code != codes.OK {
		return plogotlp.NewExportResponse(), status.Error(code, "no entry with "+secretToken)
	}
	forEachRecord(request.Logs(), func(r plog.LogRecord) {
		entity, _ := r.Attributes().Get(schema.EntityID)
		s.arrived.add(entity.Str())
	})
	return plogotlp.NewExportResponse(), nil
}

func TestTheReadyConfigurationForOTLPWithTheGuard(t *testing.T) {
	a := newAuthority(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &otlpServer{arrived: newArrivals()}
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{a.certificate(t, tomorrow())}})))
	plogotlp.RegisterGRPCServer(server, s)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	c := readyCollector(t, "otlp.yaml", "otlp_grpc", "OTLP_ENDPOINT="+listener.Addr().String(), "OTLP_TOKEN="+secretToken, "COPYWATCH_CA_FILE="+a.file)
	c.start(t)
	r := newReplay(t, c)
	for _, code := range []codes.Code{codes.Unauthenticated, codes.Unimplemented, codes.Internal} {
		s.refuses.Store(uint32(code))
		require.NoError(t, r.send(t.Context(), 100))
		c.says(t, code.String())
	}
	c.requireIll(t, "grpc://"+listener.Addr().String(), "server", "has an error of its own")
	s.refuses.Store(uint32(codes.OK))
	s.arrived.requireAll(t, r.matches, 20*time.Second)
	c.requireWell(t)
	c.requireNothingDropped(t)
}
