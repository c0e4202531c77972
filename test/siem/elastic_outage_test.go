//go:build linux

package siem

import (
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// While the key is not valid nothing is given up, also not by a collector that
// is killed or stopped meanwhile, and the health check says what to do.
func TestElasticRefusesTheKey(t *testing.T) {
	for _, mode := range elasticModes {
		t.Run(mode.config, func(t *testing.T) {
			t.Parallel()
			server := newElasticServer(t, mode.otel)
			server.key = "another"
			c := newCollector(t, distribution, []string{mode.config}, server.variables()...)
			c.start(t)
			r := newReplay(t, c)
			require.NoError(t, r.send(t.Context(), 500))
			c.requireIll(t, server.URL, "credentials", "401")
			c.says(t, "Delivery fails; the data is kept and sent again")
			c.daemon.Kill()
			c.start(t)
			c.requireIll(t, server.URL, "credentials", "401")
			c.requireQuickStop(t)
			c.start(t)

			server.change(func() { server.key = elasticKey })
			server.requireArrival(t, server.byEntity, r.matches)
			require.Len(t, server.all(), len(r.matches), "some arrived twice")
			c.requireWell(t)
			c.requireNothingDropped(t)
			require.NotContains(t, c.daemon.Output(), elasticKey)
		})
	}
}

// requireQuickStop stops the collector while a request is held.
func (c *collector) requireQuickStop(t *testing.T) {
	t.Helper()
	begin := time.Now()
	code, err := c.daemon.Stop()
	require.NoError(t, err)
	require.Zero(t, code)
	c.requireNothingDropped(t)
	t.Logf("stopped after %v", time.Since(begin))
	require.Less(t, time.Since(begin), 6*time.Second)
}

// Whatever Elasticsearch, or a proxy before it, answers for a while: all of it
// arrives in the end, once.
func TestElasticRefusesForAWhile(t *testing.T) {
	for _, mode := range elasticModes {
		t.Run(mode.config, func(t *testing.T) {
			t.Parallel()
			server := newElasticServer(t, mode.otel)
			c := newCollector(t, distribution, []string{mode.config}, server.variables()...)
			c.start(t)
			r := newReplay(t, c)
			for _, status := range []int{
				http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
				http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
			} {
				server.change(func() { server.refuses = status })
				require.NoError(t, r.send(t.Context(), 100))
				server.awaitRequest(t)
				server.change(func() { server.refuses = 0 })
				server.requireArrival(t, server.byEntity, r.matches)
			}
			require.Len(t, server.all(), len(r.matches), "some arrived twice")
			c.requireWell(t)
			c.requireNothingDropped(t)
		})
	}
}

// Documents that Elasticsearch refuses for reasons that pass come again, alone
// where it took others of the request.
func TestElasticRefusesSomeDocuments(t *testing.T) {
	passing := []int{http.StatusTooManyRequests, http.StatusForbidden, http.StatusServiceUnavailable, http.StatusNotFound}
	for name, times := range map[string]func(int) int{
		"some": func(n int) int { return n % 5 },
		"all":  func(int) int { return 3 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newElasticServer(t, false)
			numbers, refused := map[any]int{}, map[any]int{}
			server.refuseItem = func(document map[string]any) int {
				entity := at(document, "process.entity_id")
				if _, ok := numbers[entity]; !ok {
					numbers[entity] = len(numbers)
				}
				if refused[entity] < times(numbers[entity]) {
					refused[entity]++
					return passing[(numbers[entity]+refused[entity])%len(passing)]
				}
				return 0
			}
			c := newCollector(t, distribution, []string{"elastic-ecs.yaml"}, server.variables("COPYWATCH_MATCHES_ONLY=false")...)
			c.start(t)
			r := newReplay(t, c)
			require.NoError(t, r.send(t.Context(), 1000))
			server.requireArrival(t, server.byEntity, r.events)
			require.Len(t, server.all(), len(r.events))
			c.requireWell(t)
			c.requireNothingDropped(t)
			require.NotContains(t, c.daemon.Output(), "failed to index document")
		})
	}
}

// A document that does not fit the index is lost: that is told, and holds up no other.
func TestElasticRefusesADocumentForGood(t *testing.T) {
	server := newElasticServer(t, false)
	server.refuseItem = func(document map[string]any) int {
		if at(document, "process.entity_id") == "replayed-000000010" {
			return http.StatusBadRequest
		}
		return 0
	}
	c := newCollector(t, distribution, []string{"elastic-ecs.yaml"},
		server.variables("COPYWATCH_METRICS_PORT="+testprocess.FreePort(t))...)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 200))
	require.Contains(t, r.matches, "replayed-000000010")
	others := slices.DeleteFunc(slices.Clone(r.matches), func(entity string) bool { return entity == "replayed-000000010" })
	server.requireArrival(t, server.byEntity, others)
	c.says(t, "failed to index document")
	c.says(t, "A destination refuses data for its content; it is not sent again")
	require.Len(t, server.all(), len(others))
	require.True(t, c.isHealthy())
	for name, want := range map[string]int{
		"otelcol_extension_delivery_guard_rejected_requests_total": 1,
		"otelcol_exporter_sent_log_records_total":                  len(r.matches), // though one was not taken
		"otelcol_elasticsearch_docs_processed_total":               len(r.matches),
	} {
		require.InDelta(t, want, c.metric(t, name), 0, name)
	}
}

// Nobody answers, at a stop neither; then somebody takes the connection and says nothing.
func TestElasticIsDown(t *testing.T) {
	server := newElasticServer(t, false)
	address := server.Listener.Addr().String()
	c := newCollector(t, distribution, []string{"elastic-ecs.yaml"}, server.variables()...)
	c.start(t)
	server.Close()
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 200))
	c.requireIll(t, "https://"+address, "refused", "refuses connections")
	c.requireQuickStop(t)
	c.start(t)
	require.NoError(t, r.send(t.Context(), 200))
	c.requireIll(t, "https://"+address, "refused", "refuses connections")
	c.daemon.Kill()

	listener, err := net.Listen("tcp", address)
	require.NoError(t, err)
	silent, awaited := make(chan struct{}), make(chan struct{}, 8)
	server.serve(t, listener)
	bulk := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		select {
		case <-silent:
			bulk.ServeHTTP(w, request)
		default:
			awaited <- struct{}{}
			<-silent
		}
	})
	c.start(t)
	<-awaited
	c.daemon.Kill()
	close(silent)
	c.start(t)
	server.requireArrival(t, server.byEntity, r.matches)
	require.Len(t, r.matches, 40)
	require.Len(t, server.all(), len(r.matches), "some arrived twice")
	c.requireWell(t)
	c.requireNothingDropped(t)
}

// What Elasticsearch took already, and said so in an answer that was lost, is there once.
func TestElasticAnswerIsLost(t *testing.T) {
	server := newElasticServer(t, false)
	var lose sync.Once
	server.Config.Handler = losing(server.Config.Handler, &lose)
	c := newCollector(t, distribution, []string{"elastic-ecs.yaml"}, server.variables()...)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 200))
	server.requireArrival(t, server.byEntity, r.matches)
	doubled := func() int {
		server.mu.Lock()
		defer server.mu.Unlock()
		return server.doubled
	}
	require.True(t, testprocess.Await(func() bool { return doubled() == len(r.matches) }))
	require.Len(t, server.all(), len(r.matches))
}

// losing takes a request, and once answers as a proxy does that did not get the answer.
func losing(handler http.Handler, lose *sync.Once) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lost := false
		lose.Do(func() { lost = true })
		if lost {
			handler.ServeHTTP(discard{w.Header()}, r)
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header            { return d.header }
func (d discard) Write(body []byte) (int, error) { return len(body), nil }
func (d discard) WriteHeader(int)                {}

// Nobody answers for longer than the elasticsearch exporter itself would try.
func TestElasticIsDownForLong(t *testing.T) {
	needTime(t)
	for _, mode := range elasticModes {
		t.Run(mode.config, func(t *testing.T) {
			t.Parallel()
			server := newElasticServer(t, mode.otel)
			address := server.Listener.Addr().String()
			c := newCollector(t, distribution, []string{mode.config}, server.variables()...)
			c.start(t)
			server.Close()

			r := newReplay(t, c)
			require.NoError(t, r.run(t.Context(), 200, 75*time.Second))
			require.Empty(t, server.all())
			listener, err := net.Listen("tcp", address)
			require.NoError(t, err)
			server.serve(t, listener)
			server.byEntity.requireAll(t, r.matches, time.Minute)
			server.requireNoConflict(t)
			require.Len(t, server.all(), len(r.matches), "some arrived twice")
		})
	}
}
