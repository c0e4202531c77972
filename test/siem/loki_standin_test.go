//go:build linux

package siem

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// What the tests' destinations want to see.
const lokiTenant = "security"

var lokiAuthorization = "Basic " + base64.StdEncoding.EncodeToString([]byte("copywatch:of the tests"))

// lokiStandIn is an OTLP endpoint that takes what Loki takes by default and
// refuses the rest, and remembers what it took.
type lokiStandIn struct {
	server   *httptest.Server
	arrivals *arrivals

	mu      sync.Mutex
	answers []int // statuses of the next requests; then it works
	refuses int   // the status of every request, until it is 0
	entries map[string]lokiEntry
	refused []string
}

func newLokiStandIn(t *testing.T, authority *authority, answers ...int) *lokiStandIn {
	t.Helper()
	l := &lokiStandIn{arrivals: newArrivals(), answers: answers, entries: map[string]lokiEntry{}}
	l.server = httptest.NewUnstartedServer(l)
	l.server.TLS = &tls.Config{Certificates: []tls.Certificate{authority.certificate(t, tomorrow())}}
	l.server.StartTLS()
	t.Cleanup(l.server.Close)
	return l
}

func (l *lokiStandIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if status := l.nextAnswer(); status != 0 {
		w.WriteHeader(status)
		return
	}
	if err := l.take(r); err != nil {
		l.mu.Lock()
		l.refused = append(l.refused, err.Error())
		l.mu.Unlock()
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func (l *lokiStandIn) nextAnswer() (status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuses != 0 {
		return l.refuses
	}
	if len(l.answers) > 0 {
		status, l.answers = l.answers[0], l.answers[1:]
	}
	return status
}

// refuse answers every request with a status, until it is 0.
func (l *lokiStandIn) refuse(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refuses = status
}

// take remembers the records of a request, or none of them and says why.
func (l *lokiStandIn) take(r *http.Request) error {
	if err := checkLokiRequest(r); err != nil {
		return err
	}
	logs, err := readLokiRequest(r)
	if err != nil {
		return err
	}
	entries, err := lokiEntries(logs)
	if err != nil {
		return err
	}
	size := 0
	for i := range entries {
		if err := entries[i].check(); err != nil {
			return fmt.Errorf("%s: %w", entries[i].metadata[lokiName(schema.EntityID)], err)
		}
		size += entries[i].size()
	}
	if size > lokiRequestSize {
		return fmt.Errorf("request of %d bytes", size)
	}
	l.remember(entries)
	return nil
}

func (l *lokiStandIn) remember(entries []lokiEntry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, entry := range entries {
		id := entry.metadata[lokiName(schema.EntityID)]
		l.entries[id] = entry
		l.arrivals.add(id)
	}
}

// entry waits for a record, which must arrive, and nothing be refused.
func (l *lokiStandIn) entry(t *testing.T, id string) lokiEntry {
	t.Helper()
	l.arrivals.requireAll(t, []string{id}, testprocess.Patience)
	l.mu.Lock()
	defer l.mu.Unlock()
	require.Empty(t, l.refused)
	return l.entries[id]
}

// ofProcess is the copy that a process made, once it has arrived.
func (l *lokiStandIn) ofProcess(pid int) (lokiEntry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, entry := range l.entries {
		if entry.metadata[lokiName(schema.PID)] == strconv.Itoa(pid) && entry.metadata["event_action"] == schema.ActionCopy {
			return entry, true
		}
	}
	return lokiEntry{}, false
}

func checkLokiRequest(r *http.Request) error {
	switch {
	case r.URL.Path != "/otlp/v1/logs":
		return fmt.Errorf("path %s", r.URL.Path)
	case r.Header.Get("Content-Type") != "application/x-protobuf":
		return fmt.Errorf("content type %s", r.Header.Get("Content-Type"))
	case r.Header.Get("X-Scope-OrgID") != lokiTenant:
		return fmt.Errorf("tenant %s", r.Header.Get("X-Scope-OrgID"))
	case r.Header.Get("Authorization") != lokiAuthorization:
		return fmt.Errorf("authorization %s", r.Header.Get("Authorization"))
	}
	return nil
}

func readLokiRequest(r *http.Request) (plog.Logs, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return plog.Logs{}, err
	}
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return plog.Logs{}, err
		}
		if body, err = io.ReadAll(unzipped); err != nil {
			return plog.Logs{}, err
		}
	}
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(body); err != nil {
		return plog.Logs{}, err
	}
	return request.Logs(), nil
}
