//go:build linux

package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
)

// The clients of the web are copy tools by what they do: an upload is one, and
// a download is not where nobody asked for those.
func TestWebClients(t *testing.T) {
	s := watch(t)
	server, received := fileServer(t)
	dir := publicDir(t)
	writeLines(t, dir+"/file", strings.TrimSpace(payload))
	for name, test := range map[string]struct {
		tool    string
		args    []string
		arrived func() string
		upload  bool
	}{
		"curl uploads":   {"curl", []string{"-sSf", "-T", dir + "/file", server + "/up"}, received, true},
		"curl posts":     {"curl", []string{"-sSf", "--data-binary", "@" + dir + "/file", server + "/up"}, received, true},
		"curl downloads": {"curl", []string{"-sSf", "-o", dir + "/c", server + "/down"}, func() string { return mustRead(t, dir+"/c") }, false},
		"wget uploads":   {"wget", []string{"-q", "-O", "/dev/null", "--post-file", dir + "/file", server + "/up"}, received, true},
		"wget downloads": {"wget", []string{"-q", "-O", dir + "/w", server + "/down"}, func() string { return mustRead(t, dir+"/w") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := testhost.NeedCommand(t, test.tool, test.tool)
			p := command(append([]string{path}, test.args...)...)
			p.env = []string{"HOME=/nonexistent"}
			c := run(t, p).succeeds(t)
			if got := test.arrived(); got != payload {
				t.Fatalf("%q was copied, and not %q", got, payload)
			}
			w := expectExec(t, c)
			if test.upload {
				w = copied{tool: test.tool, family: "http-client", direction: "upload", more: want{
					schema.LocalPaths: []string{dir + "/file"}, schema.URLFull: server + "/up", schema.NetworkProtocolName: "http",
				}}.tagged(w)
			}
			requireRecord(t, s.exec(t, c), w)
		})
	}
}

// fileServer gives the payload to whoever asks, and what was sent to it last to the test.
func fileServer(t *testing.T) (url string, received func() string) {
	t.Helper()
	var mu sync.Mutex
	var last string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		last = string(body)
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, payload)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() string {
		mu.Lock()
		defer mu.Unlock()
		text := last
		last = ""
		return text
	}
}

// The applets of busybox are one program with many names.
func TestBusyboxApplet(t *testing.T) {
	s := watch(t)
	busybox := testhost.NeedCommand(t, "busybox", "busybox-static")
	dir := publicDir(t)
	copyFile(t, busybox, dir+"/busybox")
	mustSymlink(t, "busybox", dir+"/tftp")
	for name, test := range map[string]struct {
		args      []string
		direction string
	}{
		"by link":     {[]string{dir + "/tftp", "-p", "-l", dir + "/file", "127.0.0.1", "9"}, "upload"},
		"by argument": {[]string{dir + "/busybox", "tftp", "--help"}, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			p := command(test.args...)
			c := start(t, p)
			r := s.exec(t, c) // nobody listens: it need not end
			requireRecord(t, r, copied{tool: "tftp", family: "tftp", match: "applet", direction: test.direction}.tagged(expectExec(t, c)))
		})
	}
}
