//go:build linux

package siem

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// eventCollector answers as Splunk's HTTP Event Collector is documented to,
// also where the peer does not: it knows one token, and can be made to fail.
type eventCollector struct {
	*httptest.Server
	arrivals *arrivals

	mu       sync.Mutex
	indexes  []string // those that the token may write to; none: all
	token    string   // the one that it knows
	failure  int      // the status with which everything is answered, if not 0
	refusals int      // requests that were not accepted
	events   []hecEvent
}

// hecEvent is an event in the form in which it is sent.
type hecEvent struct {
	Time       json.Number    `json:"time"`
	Host       string         `json:"host"`
	Index      string         `json:"index"`
	Source     string         `json:"source"`
	Sourcetype string         `json:"sourcetype"`
	Event      any            `json:"event"`
	Fields     map[string]any `json:"fields"`

	path, authorization string // of the request that it came in
}

func startEventCollector(t *testing.T, a *authority) *eventCollector {
	t.Helper()
	h := &eventCollector{arrivals: newArrivals(), token: splunkToken}
	h.Server = httptest.NewUnstartedServer(h)
	h.TLS = &tls.Config{Certificates: []tls.Certificate{a.certificate(t, tomorrow())}}
	h.Config.ErrorLog = log.New(io.Discard, "", 0) // a client that does not trust it is no news
	h.StartTLS()
	t.Cleanup(h.Close)
	return h
}

func (h *eventCollector) address() string { return strings.TrimPrefix(h.URL, "https://") }

// ServeHTTP answers with the codes of Splunk's list of them ("Troubleshoot HTTP Event Collector").
func (h *eventCollector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	events, status, answer := h.judge(r)
	h.mu.Lock()
	if status == http.StatusOK {
		h.events = append(h.events, events...)
	} else {
		h.refusals++
	}
	h.mu.Unlock()
	for _, event := range events {
		if entity, ok := event.Fields[schema.EntityID].(string); ok {
			h.arrivals.add(entity)
		}
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

func (h *eventCollector) judge(r *http.Request) (events []hecEvent, status int, answer string) {
	h.mu.Lock()
	failure, token, indexes := h.failure, h.token, h.indexes
	h.mu.Unlock()
	switch {
	case failure != 0:
		return nil, failure, `{"text":"Server is busy","code":9}`
	case r.Header.Get("Authorization") == "":
		return nil, http.StatusUnauthorized, `{"text":"Token is required","code":2}`
	case r.Header.Get("Authorization") != "Splunk "+token:
		return nil, http.StatusForbidden, `{"text":"Invalid token","code":4}`
	}
	events, err := readHECEvents(r)
	if err != nil {
		return nil, http.StatusBadRequest, `{"text":"Invalid data format","code":6}`
	}
	for i, event := range events {
		if event.Event == nil || event.Event == "" {
			return nil, http.StatusBadRequest, fmt.Sprintf(`{"text":"Event field cannot be blank","code":13,"invalid-event-number":%d}`, i)
		}
		if len(indexes) > 0 && !slices.Contains(indexes, event.Index) {
			return nil, http.StatusBadRequest, fmt.Sprintf(`{"text":"Incorrect index","code":7,"invalid-event-number":%d}`, i)
		}
		if !isFlatHEC(event.Fields) {
			return nil, http.StatusBadRequest, fmt.Sprintf(`{"text":"Error in handling indexed fields","code":15,"invalid-event-number":%d}`, i)
		}
	}
	return events, http.StatusOK, `{"text":"Success","code":0}`
}

// readHECEvents reads events that follow each other without anything between them.
func readHECEvents(r *http.Request) (events []hecEvent, err error) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(r.Body); err != nil {
			return nil, err
		}
	}
	for decoder := json.NewDecoder(body); ; {
		var event hecEvent
		err := decoder.Decode(&event)
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		event.path, event.authorization = r.URL.Path, r.Header.Get("Authorization")
		events = append(events, event)
	}
}

// isFlatHEC is false for fields that Splunk refuses: an object, an array in an array, a null.
func isFlatHEC(fields map[string]any) bool {
	for _, value := range fields {
		values, isArray := value.([]any)
		if !isArray {
			values = []any{value}
		}
		for _, element := range values {
			switch element.(type) {
			case string, float64, bool:
			default:
				return false
			}
		}
	}
	return true
}

func (h *eventCollector) fail(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failure = status
}

// grant changes the token that it knows, and where that may write to.
func (h *eventCollector) grant(token string, indexes ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.token, h.indexes = token, indexes
}

func (h *eventCollector) refused() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.refusals
}

func (h *eventCollector) accepted() []hecEvent {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]hecEvent(nil), h.events...)
}

// awaitEvent waits for an event.
func (h *eventCollector) awaitEvent(t *testing.T, c *collector, is func(hecEvent) bool) (found hecEvent) {
	t.Helper()
	require.True(t, testprocess.Await(func() bool {
		for _, event := range h.accepted() {
			if is(event) {
				found = event
				return true
			}
		}
		return false
	}), "the event did not arrive:\n%s", c.daemon.Output())
	return found
}

// What goes over the wire, to the letter.
func TestSplunkRequest(t *testing.T) {
	a := newAuthority(t)
	h := startEventCollector(t, a)
	c := newCollector(t, distribution, []string{"splunk.yaml"}, splunkVariables(t, h.address(), a)...)
	c.start(t)
	r := newReplay(t, c)
	before := time.Now().Truncate(time.Millisecond)
	require.NoError(t, r.send(context.Background(), 1))
	event := h.awaitEvent(t, c, func(e hecEvent) bool { return e.Fields[schema.EntityID] == r.matches[0] })

	assert.Equal(t, "Splunk "+splunkToken, event.authorization)
	assert.Equal(t, splunkPath, event.path)
	assert.Equal(t, []string{"ci-runner-7", splunkIndex, "copywatch", "copywatch:event"}, []string{event.Host, event.Index, event.Source, event.Sourcetype})
	assert.Regexp(t, regexp.MustCompile(`^\d{10}(\.\d{1,3})?$`), event.Time, "Splunk wants seconds, and the exporter gives milliseconds")
	seconds, err := event.Time.Float64()
	require.NoError(t, err)
	assert.WithinRange(t, time.UnixMilli(int64(seconds*1000+0.5)), before, time.Now().Add(time.Millisecond))
	assert.Equal(t, []any{"out/app.tgz"}, event.Fields[schema.LocalPaths])
	assert.Equal(t, false, event.Fields[schema.Interactive])
	c.requireNoComplaint(t)
}

// A host where nothing is copied still says that it is there, in the words that
// the app looks for, and to _internal whatever the index of events is.
func TestSplunkHeartbeat(t *testing.T) {
	a := newAuthority(t)
	h := startEventCollector(t, a)
	c := newCollector(t, distribution, []string{"splunk.yaml"}, splunkVariables(t, h.address(), a, "SPLUNK_HEARTBEAT=100ms", "SPLUNK_INDEX=")...)
	c.start(t)
	event := h.awaitEvent(t, c, func(e hecEvent) bool { return e.Sourcetype == "heartbeat" })
	host, err := os.Hostname()
	require.NoError(t, err)
	assert.Equal(t, []string{host, "_internal", "otelcol"}, []string{event.Host, event.Index, event.Source})
	macro := readSplunkConf(t, "macros.conf").value("copywatch_heartbeats", "definition")
	phrase := regexp.MustCompile(`"([^"]+)"`).FindStringSubmatch(macro)
	require.NotNil(t, phrase, macro)
	assert.Contains(t, event.Event, phrase[1])
	for _, setting := range []string{"index=" + event.Index, "source=" + event.Source, "sourcetype=" + event.Sourcetype} {
		assert.Contains(t, macro, setting)
	}

	r := newReplay(t, c)
	require.NoError(t, r.send(context.Background(), 1))
	event = h.awaitEvent(t, c, func(e hecEvent) bool { return e.Fields[schema.EntityID] == r.matches[0] })
	assert.Empty(t, event.Index, "it is the token's that Splunk should take")
}

// Splunk is away, and the collector is killed meanwhile: nothing is missing when both are back.
func TestSplunkOutage(t *testing.T) {
	a := newAuthority(t)
	h := startEventCollector(t, a)
	h.fail(http.StatusServiceUnavailable)
	c := newCollector(t, distribution, []string{"splunk.yaml"}, splunkVariables(t, h.address(), a)...)
	c.start(t)
	r := newReplay(t, c)
	for range 5 {
		require.NoError(t, r.send(context.Background(), 100))
	}
	require.True(t, testprocess.Await(func() bool { return h.refused() > 0 }))
	c.daemon.Kill()
	c.start(t)
	require.NoError(t, r.send(context.Background(), 100))
	h.fail(0)
	h.arrivals.requireAll(t, r.matches, testprocess.Patience)
}
