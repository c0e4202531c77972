package deliveryguardextension

import (
	"context"
	"net/http"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// intercept judges the answer to each call. Exporters of OTLP repeat after
// Unavailable, and give up after most others.
func (g *guard) intercept(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	err := invoke(ctx, method, request, reply, conn, options...)
	v := judgeCall(err, outgoing(ctx))
	if ctx.Err() == context.Canceled {
		return err
	}
	g.ledger.report("grpc://"+strings.TrimPrefix(conn.Target(), "dns:///"), v)
	if !v.keeps() || isRepeated(status.Convert(err)) {
		return err
	}
	return status.Error(codes.Unavailable, v.problem)
}

// outgoing are the headers of a call, as far as they may be secret.
func outgoing(ctx context.Context) http.Header {
	header := http.Header{}
	values, _ := metadata.FromOutgoingContext(ctx)
	for name, value := range values {
		header[http.CanonicalHeaderKey(name)] = value
	}
	return header
}

func judgeCall(err error, sent http.Header) verdict {
	s := status.Convert(err)
	text := s.Code().String() + ", " + printable(string(scrub([]byte(s.Message()), sent)), maxAnswer)
	switch s.Code() {
	case codes.OK:
		return verdict{class: accepted}
	case codes.Canceled:
		return verdict{class: ignored}
	case codes.Unauthenticated, codes.PermissionDenied:
		return verdict{mendable, reasonCredentials, "refuses the credentials (" + text + ")", cureCredentials}
	case codes.Unimplemented, codes.NotFound:
		return verdict{mendable, reasonAddress, "does not know the service (" + text + ")", cureAddress}
	case codes.Unavailable:
		return judgeUnavailable(text)
	case codes.DeadlineExceeded:
		return verdict{passing, reasonTimeout, "does not answer in time (" + text + ")", cureNetwork}
	case codes.ResourceExhausted:
		if strings.Contains(s.Message(), "larger than max") {
			return verdict{content, reasonSize, "refuses a request for its size (" + text + ")", cureSize}
		}
		return verdict{passing, reasonBusy, "is too busy (" + text + ")", cureWait}
	case codes.Unknown, codes.Internal, codes.Aborted, codes.DataLoss:
		return verdict{passing, reasonServer, "has an error of its own (" + text + ")", cureWait}
	}
	return verdict{content, reasonContent, "refuses a request for its content (" + text + ")", cureContent}
}

// judgeUnavailable tells apart what gRPC puts into one code: an error of the
// connection is known by its text alone.
func judgeUnavailable(text string) verdict {
	has := func(part string) bool { return strings.Contains(text, part) }
	switch {
	case has("remote error: tls:"):
		return verdict{mendable, reasonCertificate, "does not accept this client's TLS (" + text + ")", cureClient}
	case has("x509:"):
		return verdict{mendable, reasonCertificate, "shows a certificate that is not accepted (" + text + ")", cureCertificate}
	case has("first record does not look like a TLS handshake"):
		return verdict{mendable, reasonAddress, "does not speak TLS (" + text + ")", cureAddress}
	case has("no such host"), has("name resolver error"):
		return verdict{mendable, reasonName, "is a name that cannot be resolved (" + text + ")", cureName}
	case has("connection refused"):
		return verdict{mendable, reasonRefused, "refuses connections (" + text + ")", cureRefused}
	}
	return verdict{passing, reasonBusy, "is too busy (" + text + ")", cureWait}
}

// isRepeated says whether the exporter repeats after it, by the OTLP specification:
// https://opentelemetry.io/docs/specs/otlp/#failures
func isRepeated(s *status.Status) bool {
	switch s.Code() {
	case codes.DeadlineExceeded, codes.Aborted, codes.Unavailable, codes.DataLoss:
		return true
	case codes.ResourceExhausted:
		for _, detail := range s.Details() {
			if _, ok := detail.(*errdetails.RetryInfo); ok {
				return true
			}
		}
	}
	return false
}
