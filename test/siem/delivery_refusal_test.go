//go:build linux

package siem

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// only has a mood for the requests to one path, and takes the others.
func only(path string, m mood) mood {
	return func(w http.ResponseWriter, r *http.Request) bool {
		return !strings.HasPrefix(r.URL.Path, path) || m(w, r)
	}
}

// What an operator can mend is told within seconds, in the log and in the
// health check, and the data arrives once it is mended.
func TestRefusalsAreToldAndTheDataIsKept(t *testing.T) {
	const hec, otlp = "/services/collector", "/v1/logs"
	for _, test := range []struct {
		name, path, reason, text string
		mood                     mood
	}{
		{"a bad token at Splunk", hec, "credentials", `HEC code 4 "Invalid token"`,
			answers(http.StatusForbidden, `{"text":"Invalid token","code":4}`)},
		{"no token at Splunk", hec, "credentials", `HEC code 2 "Token is required"`,
			answers(http.StatusUnauthorized, `{"text":"Token is required","code":2}`)},
		{"a wrong index at Splunk", hec, "index", `HEC code 7 "Incorrect index"`,
			answers(http.StatusBadRequest, `{"text":"Incorrect index","code":7,"invalid-event-number":1}`)},
		{"acknowledgement that is missing at Splunk", hec, "address", `HEC code 10`,
			answers(http.StatusBadRequest, `{"text":"Data channel is missing","code":10}`)},
		{"a bad token over OTLP", otlp, "credentials", "refuses the credentials (401",
			answers(http.StatusUnauthorized, "who are you, "+secretToken+"?")},
		{"a wrong path over OTLP", otlp, "address", "does not know the path (404",
			answers(http.StatusNotFound, "404 page not found")},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDestination(t, nil)
			d.be(only(test.path, test.mood))
			c := guardedCollector(t, d, "delivery.yaml")
			c.start(t)
			r := newReplay(t, c)
			require.NoError(t, r.send(t.Context(), 100))
			c.says(t, "Delivery fails; the data is kept and sent again")
			c.says(t, strings.ReplaceAll(test.text, `"`, `\"`))
			c.requireIll(t, d.url+test.path, test.reason, test.text)
			d.be(takes)
			d.requireAll(t, r, 10*time.Second)
			c.requireWell(t)
			c.requireNothingDropped(t)
		})
	}
}

func TestAnExpiredCertificateIsToldAndTheDataIsKept(t *testing.T) {
	a := newAuthority(t)
	expired := a.certificate(t, time.Now().Add(-time.Hour))
	d := newDestination(t, &expired)
	c := guardedCollector(t, d, "delivery.yaml", "COPYWATCH_CA_FILE="+a.file)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 100))
	c.says(t, "certificate has expired")
	c.requireIll(t, d.url, "certificate", "certificate has expired")
	d.show(t, a.certificate(t, tomorrow()))
	d.requireAll(t, r, 10*time.Second)
	c.requireWell(t)
	c.requireNothingDropped(t)
}

func TestACertificateOfAnotherAuthorityIsTold(t *testing.T) {
	other := newAuthority(t).certificate(t, tomorrow())
	d := newDestination(t, &other)
	c := guardedCollector(t, d, "delivery.yaml", "COPYWATCH_CA_FILE="+newAuthority(t).file)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 10))
	c.requireIll(t, d.url, "certificate", "x509: certificate signed by unknown authority")
}

// What is refused for its content would be refused for ever: it goes, is
// counted, and does not stand in the way of the rest.
func TestPoisonIsCountedAndDoesNotStopTheRest(t *testing.T) {
	d := newDestination(t, nil)
	c := guardedCollector(t, d, "delivery.yaml")
	c.start(t)
	r := newReplay(t, c)
	d.be(only("/services/collector", answers(http.StatusBadRequest, `{"text":"Invalid data format","code":6}`)))
	require.NoError(t, r.send(t.Context(), 100))
	c.says(t, "A destination refuses data for its content; it is not sent again")
	d.be(takes)
	d.events.requireAll(t, r.events, 10*time.Second)
	poison := len(r.matches)
	require.NoError(t, r.send(t.Context(), 100))
	d.matches.requireAll(t, r.matches[poison:], 10*time.Second)
	require.Len(t, d.matches.missing(r.matches), poison)
	require.Positive(t, c.metric(t, "otelcol_extension_delivery_guard_rejected_requests_total"))
	c.requireWell(t)
}
