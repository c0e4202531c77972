//go:build linux

package siem

import (
	"compress/gzip"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
)

const tierToken = "a-token-of-the-tests"

// tierPeer is a destination that takes OTLP over HTTPS.
type tierPeer struct {
	*arrivals
	url  string
	wire atomic.Int64 // bytes of all requests' bodies
	away atomic.Bool  // it takes nothing
	deny atomic.Bool  // nor does it know the token

	mu        sync.Mutex
	keep      int // how many records are kept
	records   []plog.LogRecord
	resources map[string]pcommon.Map // of those, by entity: the last
	problem   string
}

func newTierPeer(t *testing.T, a *authority) *tierPeer {
	t.Helper()
	p := &tierPeer{arrivals: newArrivals(), keep: 1000, resources: map[string]pcommon.Map{}}
	server := httptest.NewUnstartedServer(p)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{a.certificate(t, tomorrow())}}
	server.StartTLS()
	t.Cleanup(server.Close)
	t.Cleanup(func() { require.Empty(t, p.problem) })
	p.url = server.URL
	return p
}

func (p *tierPeer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.away.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if p.deny.Load() {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	logs, err := p.read(r)
	switch {
	case err != nil:
		p.complain(err.Error())
		w.WriteHeader(http.StatusBadRequest)
		return
	case r.URL.Path != "/v1/logs":
		p.complain("a request to " + r.URL.Path)
	case r.Header.Get("Authorization") != "Bearer "+tierToken:
		p.complain("the wrong token")
	}
	eachRecord(logs, p.take)
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func (p *tierPeer) read(r *http.Request) (plog.Logs, error) {
	body := io.TeeReader(r.Body, counter{&p.wire})
	in := body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			return plog.Logs{}, err
		}
		in = unzipped
	}
	content, err := io.ReadAll(in)
	if err != nil {
		return plog.Logs{}, err
	}
	request := plogotlp.NewExportRequest()
	err = request.UnmarshalProto(content)
	return request.Logs(), err
}

func (p *tierPeer) take(resource plog.ResourceLogs, record plog.LogRecord) {
	entity := attribute(record, schema.EntityID)
	p.mu.Lock()
	if len(p.records) < p.keep {
		p.records = append(p.records, record)
		p.resources[entity] = resource.Resource().Attributes()
	}
	p.mu.Unlock()
	if entity != "" {
		p.add(entity)
	}
}

// resourceOf returns an attribute of the resource of an entity's last record.
func (p *tierPeer) resourceOf(entity, name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	attributes, ok := p.resources[entity]
	if !ok {
		return ""
	}
	value, ok := attributes.Get(name)
	if !ok {
		return ""
	}
	return value.AsString()
}

// kept returns the records that were kept.
func (p *tierPeer) kept() []plog.LogRecord {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.records[:len(p.records):len(p.records)]
}

func (p *tierPeer) complain(problem string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problem = problem
}
