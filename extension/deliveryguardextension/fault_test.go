package deliveryguardextension

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFaultsAreJudged(t *testing.T) {
	encrypted := httptest.NewTLSServer(answering(200, ""))
	encrypted.Config.ErrorLog = nil
	plain := httptest.NewServer(answering(200, ""))
	mutual := httptest.NewUnstartedServer(answering(200, ""))
	mutual.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	mutual.StartTLS()
	release := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(func() {
		close(release)
		for _, server := range []*httptest.Server{encrypted, plain, mutual, silent} {
			server.Close()
		}
	})
	cutting := listen(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)); c.Close() })
	garbled := listen(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1<<10))
		_, _ = io.WriteString(c, "not HTTP\r\n\r\n")
		c.Close()
	})
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	gone.Close()
	for _, test := range []struct {
		name, url string
		class     class
		reason    reason
		problem   string
	}{
		{"unknown authority", encrypted.URL, mendable, reasonCertificate, "unknown authority"},
		{"TLS to plain", "https" + strings.TrimPrefix(plain.URL, "http"), mendable, reasonAddress, "does not speak TLS"},
		{"refused", "http://" + gone.Addr().String(), mendable, reasonRefused, "connection refused"},
		{"no such name", "http://no-such-host.invalid", mendable, reasonName, "cannot be resolved"},
		{"silent", silent.URL, passing, reasonTimeout, "does not answer in time"},
		{"cut", "http://" + cutting, passing, reasonReset, "cuts connections"},
		{"garbled", "http://" + garbled, passing, reasonReset, "cannot be reached"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Second}
			_, err := client.Post(test.url, "", strings.NewReader("data"))
			require.Error(t, err)
			v := judgeFault(err)
			assert.Equal(t, test.class, v.class, err)
			assert.Equal(t, test.reason, v.reason, err)
			assert.Contains(t, v.problem, test.problem)
		})
	}
	client := mutual.Client()
	client.Timeout = 5 * time.Second
	_, err = client.Post(mutual.URL, "", strings.NewReader("data"))
	require.Error(t, err)
	assert.Equal(t, cureClient, judgeFault(err).cure, err)
}

func listen(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			serve(connection)
		}
	}()
	return listener.Addr().String()
}
