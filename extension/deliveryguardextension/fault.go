package deliveryguardextension

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// judgeFault judges an error of the connection.
func judgeFault(err error) verdict {
	text := printable(err.Error(), maxAnswer)
	var (
		dns     *net.DNSError
		timeout net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return verdict{class: ignored}
	case isCertificate(err):
		return verdict{mendable, reasonCertificate, "shows a certificate that is not accepted (" + text + ")", cureCertificate}
	case errors.As(err, new(tls.AlertError)), strings.Contains(text, "remote error: tls:"):
		return verdict{mendable, reasonCertificate, "does not accept this client's TLS (" + text + ")", cureClient}
	case errors.As(err, new(tls.RecordHeaderError)), strings.Contains(text, "server gave HTTP response to HTTPS client"):
		return verdict{mendable, reasonAddress, "does not speak TLS (" + text + ")", cureAddress}
	case errors.As(err, &dns):
		return verdict{mendable, reasonName, "is a name that cannot be resolved (" + text + ")", cureName}
	case errors.Is(err, syscall.ECONNREFUSED):
		return verdict{mendable, reasonRefused, "refuses connections (" + text + ")", cureRefused}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return verdict{passing, reasonTimeout, "does not answer in time (" + text + ")", cureNetwork}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return verdict{passing, reasonReset, "cuts connections (" + text + ")", cureNetwork}
	}
	return verdict{passing, reasonReset, "cannot be reached (" + text + ")", cureNetwork}
}

func isCertificate(err error) bool {
	return errors.As(err, new(*tls.CertificateVerificationError)) ||
		errors.As(err, new(x509.CertificateInvalidError)) ||
		errors.As(err, new(x509.UnknownAuthorityError)) ||
		errors.As(err, new(x509.HostnameError))
}
