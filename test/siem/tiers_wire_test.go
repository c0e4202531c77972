//go:build linux

package siem

import (
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// wireMeter hands connections on to a server and counts what the clients send.
type wireMeter struct {
	address string
	bytes   atomic.Int64
}

func newWireMeter(t *testing.T, server string) *wireMeter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	m := &wireMeter{address: listener.Addr().String()}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go m.serve(client, server)
		}
	}()
	return m
}

// serve ends both connections when one has ended.
func (m *wireMeter) serve(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return // the client tries again
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(client, server)
		client.Close()
	}()
	_, _ = io.Copy(server, io.TeeReader(client, counter{&m.bytes}))
}

type counter struct{ bytes *atomic.Int64 }

func (c counter) Write(b []byte) (int, error) {
	c.bytes.Add(int64(len(b)))
	return len(b), nil
}
