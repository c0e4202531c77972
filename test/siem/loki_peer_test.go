//go:build linux

package siem

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// lokiPeer is a real Loki (test/peers/loki) with its default limits, with TLS
// and tenants, that evaluates the alert rules of deploy/grafana each second.
type lokiPeer struct {
	url    string
	client *http.Client
	daemon *testprocess.Daemon
}

const lokiRules = "../../deploy/grafana/loki-rules"

func startLoki(t *testing.T, authority *authority) *lokiPeer {
	t.Helper()
	binary := needBinary(t, "loki")
	dir := t.TempDir()
	rules := filepath.Join(dir, "rules", lokiTenant)
	require.NoError(t, os.CopyFS(rules, os.DirFS(lokiRules)))
	addresses, err := testprocess.FreeAddresses(2)
	require.NoError(t, err)
	_, httpPort, err := net.SplitHostPort(addresses[0])
	require.NoError(t, err)
	_, grpcPort, err := net.SplitHostPort(addresses[1])
	require.NoError(t, err)
	cert, key := authority.files(t, tomorrow())

	cmd := exec.Command(binary, "-config.file=../peers/loki/loki.yaml", "-config.expand-env=true")
	cmd.Env = append(os.Environ(), "LOKI_DIR="+dir, "LOKI_HTTP_PORT="+httpPort, "LOKI_GRPC_PORT="+grpcPort, "LOKI_CERT="+cert, "LOKI_KEY="+key)
	daemon, err := testprocess.Start(cmd, filepath.Join(dir, "loki.log"))
	require.NoError(t, err)
	t.Cleanup(daemon.Kill)
	daemon.Accepts(t, addresses[0])
	return &lokiPeer{url: "https://" + addresses[0], client: lokiClient(t, authority), daemon: daemon}
}

// lokiClient is a client that trusts an authority of the tests and no other.
func lokiClient(t *testing.T, authority *authority) *http.Client {
	t.Helper()
	pem, err := os.ReadFile(authority.file)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(pem))
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
}

// get asks Loki's API and decodes the answer.
func (l *lokiPeer) get(path string, query url.Values, answer any) error {
	request, err := http.NewRequest(http.MethodGet, l.url+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	request.Header.Set("X-Scope-OrgID", lokiTenant)
	request.Header.Set("X-Loki-Response-Encoding-Flags", "categorize-labels") // labels and metadata apart
	response, err := l.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", query.Get("query"), response.Status, body)
	}
	return json.Unmarshal(body, answer)
}

// lokiAnswer is what a query returns: streams of lines, or series of numbers.
type lokiAnswer struct {
	Data struct {
		ResultType string `json:"resultType"`
		Result     []struct {
			Stream map[string]string `json:"stream"`
			Metric map[string]string `json:"metric"`
			Values [][]any           `json:"values"`
			Value  []any             `json:"value"`
		} `json:"result"`
	} `json:"data"`
}

// lines returns the records that a query finds from a time on, oldest first.
func (l *lokiPeer) lines(expression string, from time.Time) (entries []lokiEntry, err error) {
	answer := lokiAnswer{}
	err = l.get("/loki/api/v1/query_range", url.Values{
		"query": {expression}, "start": {lokiTime(from)}, "end": {lokiTime(time.Now().Add(time.Minute))},
		"limit": {"5000"}, "direction": {"forward"},
	}, &answer)
	for _, stream := range answer.Data.Result {
		for _, value := range stream.Values {
			entries = append(entries, lokiLine(stream.Stream, value))
		}
	}
	return entries, err
}

// lokiLine reads a line of an answer: its time, its text, its metadata.
func lokiLine(labels map[string]string, value []any) lokiEntry {
	at, _ := strconv.ParseInt(value[0].(string), 10, 64)
	entry := lokiEntry{at: time.Unix(0, at), labels: labels, line: value[1].(string), metadata: map[string]string{}}
	if len(value) > 2 {
		metadata, _ := value[2].(map[string]any)["structuredMetadata"].(map[string]any)
		for name, text := range metadata {
			entry.metadata[name] = text.(string)
		}
	}
	return entry
}

// entries waits until a query finds n records of the last day.
func (l *lokiPeer) entries(t *testing.T, expression string, n int) (entries []lokiEntry) {
	t.Helper()
	var err error
	testprocess.Await(func() bool {
		entries, err = l.lines(expression, time.Now().Add(-24*time.Hour))
		return err == nil && len(entries) >= n
	})
	require.NoError(t, err)
	require.Len(t, entries, n, "%s\n%s", expression, l.daemon.Output())
	return entries
}

// series evaluates a query of numbers over the last hour, as a panel of a dashboard does.
func (l *lokiPeer) series(t *testing.T, expression string, instant bool) lokiAnswer {
	t.Helper()
	answer := lokiAnswer{}
	path, query := "/loki/api/v1/query_range", url.Values{"query": {expression}, "step": {"60"},
		"start": {lokiTime(time.Now().Add(-time.Hour))}, "end": {lokiTime(time.Now())}}
	if instant {
		path, query = "/loki/api/v1/query", url.Values{"query": {expression}, "time": {lokiTime(time.Now())}}
	}
	require.NoError(t, l.get(path, query, &answer))
	return answer
}

func lokiTime(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }
