//go:build linux

package siem

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clientFiles writes a certificate by which a client is known, and its key.
func clientFiles(t *testing.T, a *authority, name string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: tomorrow(),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &private.PublicKey, a.key)
	require.NoError(t, err)
	der8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "client.pem"), filepath.Join(dir, "client-key.pem")
	writePEM(t, cert, "CERTIFICATE", der)
	writePEM(t, key, "PRIVATE KEY", der8)
	return cert, key
}

// An rsyslog that wants to know its clients takes those that it was told of,
// and no others. Neither side tells the stranger: what it sent is gone.
func TestSyslogClientCertificate(t *testing.T) {
	a := newAuthority(t)
	address := freeAddress(t)
	server := startRsyslog(t, a, address,
		`streamDriver.authMode="anon"`, `streamDriver.authMode="x509/name" permittedPeer="sensor.example.org"`)

	cert, key := clientFiles(t, a, "other.example.org")
	stranger := newSyslogCollector(t, a, address, "SYSLOG_CERT_FILE="+cert, "SYSLOG_KEY_FILE="+key)
	stranger.start(t)
	require.NoError(t, newReplay(t, stranger).send(t.Context(), 20))
	_, err := stranger.daemon.Stop() // and sends what it has
	require.NoError(t, err)

	cert, key = clientFiles(t, a, "sensor.example.org")
	known := newSyslogCollector(t, a, address, "SYSLOG_CERT_FILE="+cert, "SYSLOG_KEY_FILE="+key)
	known.start(t)
	r := newReplay(t, known)
	require.NoError(t, r.send(t.Context(), 100))
	server.requireAll(t, r.matches)
	require.NoError(t, server.daemon.Says("not permitted to talk to it"))
}
