//go:build linux

package siem

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// destination takes what an HTTP Event Collector, a receiver of OTLP/HTTP and
// Elasticsearch take, in whatever mood a test puts it.
type destination struct {
	address string
	url     string
	matches *arrivals // by the HTTP Event Collector and Elasticsearch
	events  *arrivals // by OTLP

	mu          sync.Mutex
	mood        mood
	certificate *tls.Certificate // nil: no TLS
	server      *http.Server     // nil: it is down
	asked       int              // requests so far
}

// mood answers a request itself, or returns true: it is to be taken.
type mood func(w http.ResponseWriter, r *http.Request) bool

func newDestination(t *testing.T, certificate *tls.Certificate) *destination {
	t.Helper()
	addresses, err := testprocess.FreeAddresses(1)
	require.NoError(t, err)
	d := &destination{
		address: addresses[0], url: "http://" + addresses[0], mood: takes,
		matches: newArrivals(), events: newArrivals(), certificate: certificate,
	}
	if certificate != nil {
		d.url = "https://" + d.address
	}
	d.up(t)
	t.Cleanup(d.down)
	return d
}

// up lets the destination listen, at the address that it always has.
func (d *destination) up(t *testing.T) {
	t.Helper()
	var listener net.Listener
	require.True(t, testprocess.Await(func() bool {
		var err error
		listener, err = net.Listen("tcp", d.address)
		return err == nil
	}))
	server := &http.Server{Handler: d, TLSConfig: &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.certificate, nil
		},
	}}
	d.mu.Lock()
	d.server = server
	isTLS := d.certificate != nil
	d.mu.Unlock()
	go func() {
		if isTLS {
			_ = server.ServeTLS(listener, "", "")
		} else {
			_ = server.Serve(listener)
		}
	}()
}

// down closes the listener and every connection.
func (d *destination) down() {
	d.mu.Lock()
	server := d.server
	d.server = nil
	d.mu.Unlock()
	if server != nil {
		server.Close()
	}
}

func (d *destination) be(m mood) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mood = m
}

// show changes the certificate, and cuts the connections that saw the old one.
func (d *destination) show(t *testing.T, certificate tls.Certificate) {
	d.mu.Lock()
	d.certificate = &certificate
	d.mu.Unlock()
	d.down()
	d.up(t)
}

func (d *destination) requests() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked
}

func (d *destination) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	mood := d.mood
	d.asked++
	d.mu.Unlock()
	if !mood(w, r) {
		return
	}
	body, err := content(r)
	if err == nil {
		switch {
		case strings.HasPrefix(r.URL.Path, "/services/collector"):
			err = d.takeHEC(w, body)
		case r.URL.Path == "/v1/logs":
			err = d.takeOTLP(w, body)
		case r.URL.Path == "/_bulk":
			err = d.takeBulk(w, body)
		default:
			http.NotFound(w, r)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func content(r *http.Request) ([]byte, error) {
	body := r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(r.Body); err != nil {
			return nil, err
		}
	}
	return io.ReadAll(body)
}

func (d *destination) takeHEC(w http.ResponseWriter, body []byte) error {
	for decoder := json.NewDecoder(bytes.NewReader(body)); ; {
		var event struct {
			Fields map[string]any `json:"fields"`
		}
		if err := decoder.Decode(&event); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		d.matches.add(fmt.Sprint(event.Fields[schema.EntityID]))
	}
	_, err := io.WriteString(w, `{"text":"Success","code":0}`)
	return err
}

func (d *destination) takeOTLP(w http.ResponseWriter, body []byte) error {
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(body); err != nil {
		return err
	}
	forEachRecord(request.Logs(), func(r plog.LogRecord) {
		entity, _ := r.Attributes().Get(schema.EntityID)
		d.events.add(entity.Str())
	})
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(http.StatusOK)
	return nil
}

func forEachRecord(logs plog.Logs, f func(plog.LogRecord)) {
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				f(record)
			}
		}
	}
}

func (d *destination) takeBulk(w http.ResponseWriter, body []byte) error {
	var items []string
	lines := bufio.NewScanner(bytes.NewReader(body))
	lines.Buffer(nil, len(body)+1)
	for lines.Scan() { // an action and a document in turn
		if !lines.Scan() {
			return io.ErrUnexpectedEOF
		}
		var document struct {
			Attributes map[string]any `json:"attributes"`
		}
		if err := json.Unmarshal(lines.Bytes(), &document); err != nil {
			return err
		}
		d.matches.add(fmt.Sprint(document.Attributes[schema.EntityID]))
		items = append(items, `{"create":{"_index":"logs","status":201}}`)
	}
	return answerBulk(w, items)
}

func answerBulk(w http.ResponseWriter, items []string) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	_, err := fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(items, ","))
	return err
}

// The moods.

func takes(http.ResponseWriter, *http.Request) bool { return true }

func answers(status int, body string, headers ...string) mood {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return false
	}
}

// resets cuts the connection in the middle of the answer, with a RST.
func resets(w http.ResponseWriter, _ *http.Request) bool {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return false
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n")
	connection.Close()
	return false
}

// slow takes its time, and then takes the request.
func slow(d time.Duration) mood {
	return func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-time.After(d):
			return true
		case <-r.Context().Done():
			return false
		}
	}
}

// inTurn has another mood for each request.
func inTurn(moods ...mood) mood {
	var mu sync.Mutex
	next := 0
	return func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		m := moods[next%len(moods)]
		next++
		mu.Unlock()
		return m(w, r)
	}
}
