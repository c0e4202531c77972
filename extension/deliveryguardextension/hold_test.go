package deliveryguardextension

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func holding(cfg *Config) { cfg.Hold.Enabled = true }

func TestAHeldRequestIsRepeatedUntilItIsTaken(t *testing.T) {
	for name, body := range map[string]io.Reader{
		"that can be read again": strings.NewReader("data"),
		"that can be read once":  io.MultiReader(strings.NewReader("data")),
	} {
		t.Run(name, func(t *testing.T) {
			g := newTestGuard(t, holding)
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				content, _ := io.ReadAll(r.Body)
				assert.Equal(t, "data", string(content))
				switch asked.Add(1) {
				case 1:
					w.WriteHeader(http.StatusUnauthorized)
				case 2:
					panic(http.ErrAbortHandler) // cuts the connection
				}
			}))
			defer server.Close()
			response, err := g.client(t).Post(server.URL, "", body)
			require.NoError(t, err)
			response.Body.Close()
			assert.Equal(t, 200, response.StatusCode)
			assert.EqualValues(t, 3, asked.Load())
		})
	}
}

func TestAHeldRequestEndsWithTheExporterOrTheCollector(t *testing.T) {
	server := httptest.NewServer(answering(401, ""))
	defer server.Close()
	g := newTestGuard(t, holding)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader("data"))
	require.NoError(t, err)
	_, err = g.client(t).Do(request)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	require.NoError(t, g.NotReady())
	_, err = g.client(t).Post(server.URL, "", strings.NewReader("data"))
	require.ErrorIs(t, err, errStopping)
	require.ErrorIs(t, err, context.Canceled) // or clients below the exporter try again
}

func TestAHeldRequestThatGetsNoAnswerEndsSoonAfterTheStop(t *testing.T) {
	asked, ended := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(asked)
		<-ended
	}))
	defer server.Close()
	defer close(ended)
	g := newTestGuard(t, holding)
	go func() {
		<-asked
		_ = g.NotReady()
	}()
	begin := time.Now()
	_, err := g.client(t).Post(server.URL, "", strings.NewReader("data"))
	require.ErrorIs(t, err, errStopping)
	require.Less(t, time.Since(begin), g.cfg.Hold.Timeout/2)
}

func TestPoisonIsNotHeld(t *testing.T) {
	g := newTestGuard(t, holding)
	response, body := g.post(t, answering(400, "no"), "data")
	assert.Equal(t, 400, response.StatusCode)
	assert.Equal(t, "no", body)
}

func TestARequestThatIsTooLargeToCopyIsSentOnce(t *testing.T) {
	g := newTestGuard(t, holding)
	var received atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		received.Store(n)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	response, err := g.client(t).Post(server.URL, "", io.LimitReader(zeros{}, maxHeld+2))
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 401, response.StatusCode)
	assert.EqualValues(t, maxHeld+2, received.Load())
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
