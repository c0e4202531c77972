package deliveryguardextension

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// post sends a body through a guard to a handler, as an exporter would.
func (g *testGuard) post(t *testing.T, handler http.HandlerFunc, body string, header ...string) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/v1/logs?secret=query", strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := g.client(t).Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(answer)
}

func (g *testGuard) client(t *testing.T) *http.Client {
	t.Helper()
	base := &http.Transport{DisableCompression: true}
	t.Cleanup(base.CloseIdleConnections)
	guarded, err := g.GetHTTPRoundTripper(base)
	require.NoError(t, err)
	return &http.Client{Transport: guarded}
}

func answering(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestWhatAnOperatorCanMendIsAnsweredWithRetry(t *testing.T) {
	for _, status := range []int{302, 401, 403, 404, 405, 407, 408, 500} {
		g := newTestGuard(t, nil)
		response, body := g.post(t, answering(status, "no"), "data")
		assert.Equal(t, http.StatusBadGateway, response.StatusCode, status)
		assert.Contains(t, body, "delivery_guard: http://127.0.0.1:")
		assert.NotContains(t, body, "secret")
		assert.EqualValues(t, len(body), response.ContentLength)
	}
}

func TestTheRestPassesAsItIs(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
	}{
		{200, "fine"}, {204, ""}, {400, `{"code":6,"text":"Invalid data format"}`}, {413, "too large"}, {422, "no"},
		{429, "later"}, {502, "gateway"}, {503, "busy"}, {504, "gateway"},
	} {
		g := newTestGuard(t, nil)
		sent := ""
		response, body := g.post(t, func(w http.ResponseWriter, r *http.Request) {
			content, _ := io.ReadAll(r.Body)
			sent = string(content)
			answering(test.status, test.body, "X-Their-Own", "kept")(w, r)
		}, "data")
		assert.Equal(t, test.status, response.StatusCode)
		assert.Equal(t, "kept", response.Header.Get("X-Their-Own"))
		assert.Equal(t, test.body, body)
		assert.Equal(t, "data", sent)
	}
}

func TestQuestionsAreNotJudged(t *testing.T) {
	g := newTestGuard(t, nil)
	server := httptest.NewServer(answering(401, "no"))
	defer server.Close()
	response, err := g.client(t).Get(server.URL)
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 401, response.StatusCode)
	assert.Empty(t, g.ledger.destinations)
}

func TestNoDestinationMayStopAnExporterForLong(t *testing.T) {
	inAYear := time.Now().AddDate(1, 0, 0).UTC().Format(http.TimeFormat)
	for value, want := range map[string]string{"31536000": "30", inAYear: "30", "7": "7", "soon": "soon", "": "", "-1": "-1"} {
		g := newTestGuard(t, nil)
		response, _ := g.post(t, answering(429, "", "Retry-After", value), "data")
		assert.Equal(t, want, response.Header.Get("Retry-After"), value)
	}
}

func TestHostileBodies(t *testing.T) {
	zip := func(content []byte) string {
		var zipped bytes.Buffer
		w := gzip.NewWriter(&zipped)
		_, _ = w.Write(content)
		_ = w.Close()
		return zipped.String()
	}
	huge := strings.Repeat("x", 8<<20)
	for _, test := range []struct {
		name, body string
		header     []string
		problem    string
	}{
		{"huge", huge, nil, "xxx…"},
		{"a bomb", zip(make([]byte, 64<<20)), []string{"Content-Encoding", "gzip"}, "refuses a request"},
		{"gzip", zip([]byte(`{"code":6,"text":"Invalid data format"}`)), []string{"Content-Encoding", "gzip"}, `HEC code 6 "Invalid data format"`},
		{"no gzip", "plain", []string{"Content-Encoding", "gzip"}, "refuses a request for its content (400)"},
		{"half a gzip", zip([]byte(huge))[:100], []string{"Content-Encoding", "gzip"}, "refuses a request"},
		{"no text", "\x00\x01\xff\x1b[31m\u202e", nil, "??"},
		{"deep", strings.Repeat("[", 1<<20), nil, "[[["},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := newTestGuard(t, nil)
			_, body := g.post(t, answering(400, test.body, test.header...), "data")
			assert.Equal(t, len(test.body), len(body))
			assert.True(t, test.body == body, "the exporter reads the same")
			problem := g.logs.All()[0].ContextMap()["problem"].(string)
			assert.Contains(t, problem, test.problem)
			assert.Less(t, len(problem), 1000)
		})
	}
}

func TestABodyThatNeverEndsIsGivenUp(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "begin")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text := excerpt(response, maxExcerpt, 50*time.Millisecond, cancel)
	assert.Equal(t, "begin", string(text))
}

func TestCredentialsThatAreRepeatedAreNotLogged(t *testing.T) {
	basic := base64.StdEncoding.EncodeToString([]byte("user:hunter22"))
	for _, header := range [][]string{
		{"Authorization", "Splunk hunter22"}, {"Authorization", "hunter22"}, {"Authorization", "Basic " + basic}, {"X-Api-Key", "hunter22"},
	} {
		g := newTestGuard(t, nil)
		_, body := g.post(t, answering(401, "hunter22 is wrong, so is "+basic), "data", header...)
		log := g.logs.All()[0].ContextMap()
		assert.Contains(t, log["problem"], "**** is wrong")
		assert.NotContains(t, body, "hunter22")
	}
}
