//go:build linux

package siem

import (
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// While the key is not valid nothing is given up, also not by a collector that
// is killed or stopped meanwhile. What it leaves is not in the way of the next.
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
			c.says(t, "flush failed (401)")
			c.daemon.Kill()
			c.start(t)
			c.says(t, "flush failed (401)")
			_, err := c.daemon.Stop()
			require.NoError(t, err)
			c.start(t)

			server.mu.Lock()
			server.key = elasticKey
			server.mu.Unlock()
			server.requireArrival(t, server.byEntity, r.matches)
			require.Len(t, server.all(), len(r.matches), "some arrived twice")
		})
	}
}

// Documents that Elasticsearch refuses for reasons that pass come again; what
// it took already, and said so in an answer that was lost, is there once.
func TestElasticRefusesSomeDocuments(t *testing.T) {
	server := newElasticServer(t, false)
	refused := map[any]int{}
	server.refuseItem = func(document map[string]any) int {
		entity := at(document, "process.entity_id")
		refused[entity]++
		passing := []int{http.StatusTooManyRequests, http.StatusForbidden, http.StatusServiceUnavailable, http.StatusNotFound}
		if tries := refused[entity]; tries <= 2 {
			return passing[(len(refused)+tries)%len(passing)]
		}
		return 0
	}
	c := newCollector(t, distribution, []string{"elastic-ecs.yaml"}, server.variables()...)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.send(t.Context(), 200))
	server.requireArrival(t, server.byEntity, r.matches)
	c.requireNoComplaint(t)
	require.Len(t, server.all(), len(r.matches))
}

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
