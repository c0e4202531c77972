//go:build linux

package siem

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// longestMessage is what config/syslog.yaml promises.
const longestMessage = 8000

// syslogServer takes messages over TLS as RFC 5425 has them, each behind its
// length, and parses them strictly.
type syslogServer struct {
	arrivals *arrivals
	mu       sync.Mutex
	messages []syslogMessage
	faults   []error
	longest  int // bytes of the longest message
}

// serveSyslog listens at an address until the test ends.
func serveSyslog(t *testing.T, a *authority, address string) *syslogServer {
	t.Helper()
	s := &syslogServer{arrivals: newArrivals()}
	config := &tls.Config{Certificates: []tls.Certificate{a.certificate(t, tomorrow())}}
	listener, err := tls.Listen("tcp", address, config)
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.read(conn)
		}
	}()
	return s
}

// read reads messages until the connection ends, which it must do between two of them.
func (s *syslogServer) read(conn net.Conn) {
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for {
		frame, err := readFrame(reader)
		if errors.Is(err, io.EOF) {
			return
		}
		var message syslogMessage
		if err == nil {
			message, err = parseSyslog(strings.TrimSuffix(frame, "\n"))
		}
		s.mu.Lock()
		if err != nil {
			s.faults = append(s.faults, err)
			s.mu.Unlock()
			return
		}
		s.messages = append(s.messages, message)
		s.longest = max(s.longest, len(frame))
		s.mu.Unlock()
		s.arrivals.add(message.data["process.entity_id"])
	}
}

// readFrame reads MSG-LEN SP SYSLOG-MSG (RFC 5425, section 4.3). Its error is io.EOF only before a frame.
func readFrame(reader *bufio.Reader) (string, error) {
	text, err := reader.ReadString(' ')
	if errors.Is(err, io.EOF) && text != "" {
		return "", fmt.Errorf("ends within a length: %q", text)
	}
	if err != nil {
		return "", err
	}
	length, err := strconv.Atoi(strings.TrimSuffix(text, " "))
	if err != nil || length < 1 {
		return "", fmt.Errorf("%q is no length", text)
	}
	frame := make([]byte, length)
	if n, err := io.ReadFull(reader, frame); err != nil {
		return "", fmt.Errorf("ends after %d of %d bytes of a message", n, length)
	}
	return string(frame), nil
}

// received returns all messages by the process they are about. Each of them has to be well-formed.
func (s *syslogServer) received(t *testing.T) map[string]syslogMessage {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Empty(t, s.faults)
	require.LessOrEqual(t, s.longest, longestMessage)
	byEntity := map[string]syslogMessage{}
	for _, m := range s.messages {
		byEntity[m.data["process.entity_id"]] = m
	}
	return byEntity
}

// count is how many messages came.
func (s *syslogServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.messages)
}

// newSyslogCollector prepares a collector that sends to an address.
func newSyslogCollector(t *testing.T, a *authority, address string, variables ...string) *collector {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	return newCollector(t, distribution, []string{"syslog.yaml"}, append(variables,
		"SYSLOG_HOST="+host, "SYSLOG_PORT="+port, "COPYWATCH_CA_FILE="+a.file,
		"COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))...)
}
