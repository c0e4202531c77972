//go:build linux

package siem

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// kubernetesAPI is as much of an API server as the k8sattributes processor
// asks for: lists of pods and replicasets, and watches that tell of nothing
// new. It grants what a ClusterRole grants, and remembers what it was asked.
type kubernetesAPI struct {
	grants  []string          // "verb group/resource"
	lists   map[string]string // by path
	mu      sync.Mutex
	asked   map[string]bool
	refused []string
	ended   chan struct{}
}

func newKubernetesAPI(t *testing.T, a *authority, role kubernetesObject, lists map[string]string) (api *kubernetesAPI, kubeconfig string) {
	t.Helper()
	api = &kubernetesAPI{lists: lists, asked: map[string]bool{}, ended: make(chan struct{})}
	for _, rule := range role.Rules {
		for _, group := range rule.APIGroups {
			for _, resource := range rule.Resources {
				for _, verb := range rule.Verbs {
					api.grants = append(api.grants, verb+" "+group+"/"+resource)
				}
			}
		}
	}
	server := httptest.NewUnstartedServer(api)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{a.certificate(t, tomorrow())}}
	server.StartTLS()
	t.Cleanup(func() { close(api.ended); server.Close() })
	kubeconfig = filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(kubeconfig, fmt.Appendf(nil, `apiVersion: v1
kind: Config
current-context: test
clusters: [{name: test, cluster: {server: %q, certificate-authority: %q}}]
users: [{name: test, user: {token: a-token}}]
contexts: [{name: test, context: {cluster: test, user: test}}]
`, server.URL, a.file), 0o600))
	return api, kubeconfig
}

func (api *kubernetesAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request, watch := kubernetesRequest(r)
	list, known := api.lists[r.URL.Path]
	api.mu.Lock()
	api.asked[request] = true
	granted := slices.Contains(api.grants, request) && known && r.Header.Get("Authorization") == "Bearer a-token"
	if !granted {
		api.refused = append(api.refused, request)
	}
	api.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if !granted {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if !watch {
		_, _ = w.Write([]byte(list)) // who went away does not want it
		return
	}
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	select {
	case <-r.Context().Done():
	case <-api.ended:
	}
}

// kubernetesRequest says what a request asks for, as a ClusterRole would:
// /api/v1/pods is "list /pods", /apis/apps/v1/replicasets is "list apps/replicasets".
func kubernetesRequest(r *http.Request) (request string, watch bool) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	group := ""
	if parts[0] == "apis" && len(parts) > 1 {
		group = parts[1]
	}
	verb := "list"
	if watch = r.URL.Query().Get("watch") == "true" || r.URL.Query().Get("watch") == "1"; watch {
		verb = "watch"
	}
	return verb + " " + group + "/" + parts[len(parts)-1], watch
}

// requireExactly wants that everything that is granted was asked for, and nothing else.
func (api *kubernetesAPI) requireExactly(t *testing.T) {
	t.Helper()
	api.mu.Lock()
	defer api.mu.Unlock()
	require.Empty(t, api.refused)
	for _, grant := range api.grants {
		require.True(t, api.asked[grant], "%s is granted, and not used", grant)
	}
}
