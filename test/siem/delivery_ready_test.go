//go:build linux

package siem

import (
	"context"
	"crypto/tls"
	"net"
	"sync/atomic"
	"testing"

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

// otlpServer takes logs over gRPC, where it does not refuse them.
type otlpServer struct {
	plogotlp.UnimplementedGRPCServer
	address string
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

func startOTLPServer(t *testing.T, a *authority) *otlpServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &otlpServer{address: listener.Addr().String(), arrived: newArrivals()}
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{a.certificate(t, tomorrow())}})))
	plogotlp.RegisterGRPCServer(server, s)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return s
}

func (s *otlpServer) answer(code codes.Code) { s.refuses.Store(uint32(code)) }

// Whatever a backend answers, the configuration for it keeps the data, and says what is wrong.
func TestTheReadyConfigurationForOTLPKeepsWhatIsRefused(t *testing.T) {
	a := newAuthority(t)
	s := startOTLPServer(t, a)
	c := newOTLPCollector(t, a, s.address, "OTLP_TOKEN="+secretToken)
	c.start(t)
	r := newReplay(t, c)
	for _, code := range []codes.Code{codes.Unauthenticated, codes.Unimplemented, codes.Internal} {
		s.answer(code)
		require.NoError(t, r.send(t.Context(), 100))
		c.says(t, code.String())
	}
	c.requireIll(t, "grpc://"+s.address, "server", "has an error of its own")
	s.answer(codes.OK)
	s.arrived.requireAll(t, r.matches, 2*testprocess.Patience)
	c.requireWell(t)
	c.requireNothingDropped(t)
}

// The overlay's backend is guarded too, beside a configuration that has no guard by itself.
func TestTheOverlayForOTLPKeepsWhatIsRefused(t *testing.T) {
	a := newAuthority(t)
	s := startOTLPServer(t, a)
	s.answer(codes.PermissionDenied)
	c := newCollector(t, distribution, []string{"file.yaml"}, "COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))
	c = withOverlay(c, "events-otlp.yaml", "COPYWATCH_FILES="+c.dir,
		"EVENTS_OTLP_ENDPOINT="+s.address, "EVENTS_OTLP_TOKEN="+secretToken, "EVENTS_CA_FILE="+a.file)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 100))
	c.requireIll(t, "grpc://"+s.address, "credentials", "refuses the credentials (PermissionDenied")
	s.answer(codes.OK)
	s.arrived.requireAll(t, r.events, testprocess.Patience)
	c.requireWell(t)
	c.requireNothingDropped(t)
}
