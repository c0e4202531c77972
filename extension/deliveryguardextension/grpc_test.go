package deliveryguardextension

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
)

func TestCallsAreJudgedAndMadeRepeatable(t *testing.T) {
	retry, err := status.New(codes.ResourceExhausted, "later").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(1e9)})
	require.NoError(t, err)
	for _, test := range []struct {
		name   string
		answer error
		class  class
		reason reason
		want   codes.Code
	}{
		{"no token", status.Error(codes.Unauthenticated, "who are you?"), mendable, reasonCredentials, codes.Unavailable},
		{"no right", status.Error(codes.PermissionDenied, ""), mendable, reasonCredentials, codes.Unavailable},
		{"no service", status.Error(codes.Unimplemented, ""), mendable, reasonAddress, codes.Unavailable},
		{"bad data", status.Error(codes.InvalidArgument, ""), content, reasonContent, codes.InvalidArgument},
		{"too large", status.Error(codes.ResourceExhausted, "grpc: received message larger than max (5 vs. 4)"), content, reasonSize, codes.ResourceExhausted},
		{"over its quota", status.Error(codes.ResourceExhausted, "quota"), passing, reasonBusy, codes.Unavailable},
		{"over its quota, and says when", retry.Err(), passing, reasonBusy, codes.ResourceExhausted},
		{"broken", status.Error(codes.Internal, ""), passing, reasonServer, codes.Unavailable},
		{"busy", status.Error(codes.Unavailable, ""), passing, reasonBusy, codes.Unavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := newTestGuard(t, nil)
			err := g.call(t, test.answer)
			assert.Equal(t, test.want, status.Code(err), err)
			v := judgeCall(test.answer, nil)
			assert.Equal(t, test.class, v.class)
			assert.Equal(t, test.reason, v.reason)
			assert.Len(t, g.ledger.destinations, 1)
		})
	}
	assert.Equal(t, accepted, judgeCall(nil, nil).class)
	assert.Equal(t, ignored, judgeCall(status.Error(codes.Canceled, ""), nil).class)
}

// call makes a call through a guard to a server that answers so.
func (g *testGuard) call(t *testing.T, answer error) error {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer(grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error { return answer }))
	served := make(chan error)
	go func() { served <- server.Serve(listener) }()
	options, err := g.GetGRPCClientOptions()
	require.NoError(t, err)
	conn, err := grpc.NewClient("dns:///"+listener.Addr().String(), append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	require.NoError(t, err)
	result := conn.Invoke(context.Background(), "/a.Service/Export", &emptypb.Empty{}, &emptypb.Empty{})
	conn.Close()
	server.Stop()
	require.NoError(t, <-served)
	return result
}

func TestConnectionsThatFailAreToldApart(t *testing.T) {
	for text, want := range map[string]reason{
		`connection error: desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate has expired"`: reasonCertificate,
		`connection error: desc = "error reading server preface: remote error: tls: certificate required"`:                                        reasonCertificate,
		`connection error: desc = "transport: authentication handshake failed: tls: first record does not look like a TLS handshake"`:             reasonAddress,
		`dns: A record lookup error: lookup a.invalid: no such host`:                                                                              reasonName,
		`connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:1: connect: connection refused"`:                            reasonRefused,
		`upstream is gone`: reasonBusy,
	} {
		assert.Equal(t, want, judgeCall(status.Error(codes.Unavailable, text), nil).reason, text)
	}
}
