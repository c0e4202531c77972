package grammar

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/testhost"
)

// What the grammars say is held against what the programs do: each command line
// is run against a server, and the grammar has to name just those files of which
// the server got the content, or those that have the server's content afterwards.

// real is a command line; {URL}, {TLS} and {ADDR} are the servers.
type real struct {
	line string
	// refused: the installed program ends without a request.
	refused bool
	// shortened: a version may want the option in full; then it is refused.
	shortened bool
}

var realCurl = []real{
	{line: `curl -s -T upload.txt {URL}/x`},
	{line: `curl -sTupload.txt {URL}/`},
	{line: `curl -s {URL}/x -T upload.txt`},
	{line: `curl -s -T upload.txt -T second.txt {URL}/x`},
	{line: `curl -s -T upload.txt {URL}/x {URL}/y`},
	{line: `curl -s -T upload.txt -T second.txt {URL}/x {URL}/y`},
	{line: `curl -s -T - {URL}/x`},
	{line: `curl -s -T . {URL}/x`},
	{line: `curl -s -T /dev/stdin {URL}/x`},
	{line: `curl -s -T '' {URL}/x -o out`},
	{line: `curl -s -T upload.txt -X POST {URL}/x`},
	{line: `curl -s -G -T upload.txt {URL}/x`},
	{line: `curl -s -X PUT {URL}/x -o out`},
	{line: `curl -s -d @upload.txt {URL}`},
	{line: `curl -sd@upload.txt {URL}`},
	{line: `curl -s -d x=1 -d @upload.txt {URL}`},
	{line: `curl -s --data-raw @upload.txt {URL}`},
	{line: `curl -s -d a=b {URL}`},
	{line: `curl -s -d '' {URL} -o out`},
	{line: `curl -s --data-binary @upload.txt -H 'Content-Type: application/octet-stream' {URL}`},
	{line: `curl -s --data-urlencode @upload.txt {URL}`},
	{line: `curl -s --data-urlencode name@upload.txt {URL}`},
	{line: `curl -s --data-urlencode name=@upload.txt {URL}`},
	{line: `curl -s -G --data-urlencode name@upload.txt {URL}/q`},
	{line: `curl -s -G -d @upload.txt {URL}/q -o out`},
	{line: `curl -s -G -d a=b {URL}/q -o out`},
	{line: `curl -s --json @upload.txt {URL}`},
	{line: `curl -s --url-query name@upload.txt {URL}/q`},
	{line: `curl -s --url-query name=@upload.txt {URL}/q -o out`},
	{line: `curl -s -F f=@upload.txt {URL}`},
	{line: `curl -s -F 'f=<upload.txt' {URL}`},
	{line: `curl -s -F 'f=@upload.txt,second.txt' {URL}`},
	{line: `curl -s -F 'f=@"upload.txt";type=text/plain;filename=x' {URL}`},
	{line: `curl -s -F 'f=@upload.txt;type=text/plain,second.txt' {URL}`},
	{line: `curl -s -F 'f=x;headers=@headers.txt' {URL}`},
	{line: `curl -s -F f=@- {URL}`},
	{line: `curl -s -F f=x {URL}`},
	{line: `curl -s --form-string f=@upload.txt {URL}`},
	{line: `curl -s -H @headers.txt {URL}`},
	{line: `curl -s --etag-compare upload.txt {URL}`},
	{line: `curl -s -b upload.txt {URL} -o out`},
	{line: `curl -s -w @upload.txt {URL} -o out`},
	{line: `curl -s -d @upload.txt {URL}/x --next -T second.txt {URL}/y`},
	{line: `curl -s -o out {URL}/x -: -T second.txt {URL}/y`},
	{line: `curl -s -d @upload.txt --next {URL}/x`},
	{line: `curl -s {URL}/x -o out --next -d @upload.txt`},
	{line: `curl -s -k -T upload.txt {TLS}/x`},
	{line: `curl -s --insecure {TLS}/x -o out`},
	{line: `curl -s -x {URL} -T upload.txt http://example.invalid/x`},
	{line: `curl -s --resolve example.invalid:{PORT}:127.0.0.1 -T upload.txt http://example.invalid:{PORT}/x`},
	{line: `curl -s --connect-to example.invalid:80:{ADDR} -d @upload.txt http://example.invalid/x`},
	{line: `curl -s -T upload.txt {ADDR}/x`},
	{line: `curl -s -T upload.txt http:/{ADDR}/x`},
	{line: `curl -s -- {URL}/x`},
	{line: `curl -s -O {URL}/dir/name.bin?q=1`},
	{line: `curl -s -O -o second.out {URL}/a.bin {URL}/b.bin`},
	{line: `curl -s --remote-name-all {URL}/a.bin {URL}/b.bin`},
	{line: `curl -s --create-dirs --output-dir deep/er -o out {URL}/a.bin`},
	{line: `curl -s --create-dirs --output-dir deep -O {URL}/a.bin`},
	{line: `curl -s -o- {URL}/x`},
	{line: `curl -sSfLo out {URL}/x`},
	{line: `curl -I {URL}/x`},
	{line: `curl -I -G -d @upload.txt {URL}/x`},
	{line: `curl -sI -T upload.txt {URL}/x`, refused: true},
	{line: `curl -sI -d @upload.txt {URL}/x`, refused: true},
	{line: `curl -s -d @upload.txt -T second.txt {URL}/x`, refused: true},
	{line: `curl -s -F f=@upload.txt -d @second.txt {URL}/x`, refused: true},
	{line: `curl -s --upload-fil upload.txt {URL}/x`, shortened: true},
	{line: `curl -s --up upload.txt {URL}/x`, shortened: true},
	{line: `curl -s --data-bin @upload.txt {URL}/x`, shortened: true},
	{line: `curl -s --DATA @upload.txt {URL}/x`, shortened: true},
	{line: `curl -s --insec -T upload.txt {TLS}/x`, shortened: true},
	{line: `curl -h`, refused: true},
	{line: `curl {URL}/x -T upload.txt -V`, refused: true},
	{line: `curl -s -T upload.txt`, refused: true},
}

var realWget = []real{
	{line: `wget -q -O- --post-file=upload.txt {URL}`},
	{line: `wget -q -O- --post-file upload.txt {URL}`},
	{line: `wget -q -O- {URL} --post-file upload.txt`},
	{line: `wget -q -O- --post-fil upload.txt {URL}`, shortened: true},
	{line: `wget -q -O- --post-f=upload.txt {URL}`, shortened: true},
	{line: `wget -q -O- --method=PUT --body-file=upload.txt {URL}`},
	{line: `wget -q -O- --meth PUT --body-f upload.txt {URL}`, shortened: true},
	{line: `wget -q -O- --post-file=/dev/stdin {URL}`},
	{line: `wget -q -O- --post-data=@upload.txt {URL}`},
	{line: `wget -q -O- -e post_file=upload.txt {URL}`},
	{line: `wget -q -O- -e post-file=upload.txt {URL}`},
	{line: `wget -q -O- -e 'PostFile = upload.txt' {URL}`},
	{line: `wget -q -O- -epostfile=upload.txt {URL}`},
	{line: `wget -q -O- --exec p_o_s_t-file=upload.txt {URL}`, shortened: true},
	{line: `wget -q -O- -e method=PUT -e body_file=upload.txt {URL}`},
	{line: `wget -q -O- -e post_data=a=b {URL}`},
	{line: `wget -q --spider --post-file=upload.txt {URL}`},
	{line: `wget -q -O- --no-check-certificate --post-file=upload.txt {TLS}`},
	{line: `wget -q -O- -e check_certificate=off --post-file=upload.txt {TLS}`},
	{line: `wget -q -O- -e http_proxy={URL} --post-file=upload.txt http://example.invalid/`},
	{line: `wget -q -O- -e use_proxy=off -e http_proxy={URL} {URL}`},
	{line: `wget -q --spider {URL}`},
	{line: `wget -qO- {URL}`},
	{line: `wget -q {URL}/dir/name.bin`},
	{line: `wget -q {URL}/dir/`},
	{line: `wget -q '{URL}/name?a=b'`},
	{line: `wget -q {URL}/a%20b`},
	{line: `wget -q -O out {URL}/x {URL}/y`},
	{line: `wget -q -P deep/er {URL}/name.bin`},
	{line: `wget -q -P deep -O out {URL}/name.bin`},
	{line: `wget -qnv -nc {URL}/name.bin`},
	{line: `wget -n v -q {URL}/name.bin`},
	{line: `wget -nvc -q {URL}/name.bin`},
	{line: `wget -q -Y off {URL}/name.bin`},
	{line: `wget -q -e output_document=out {URL}/x`},
	{line: `wget -q {ADDR}/name.bin`},
	{line: `wget -q --output-doc=out {URL}/x`, shortened: true},
	{line: `wget -q -O- --body-file=upload.txt {URL}`, refused: true},
	{line: `wget -q -O- --method=PUT --post-file=upload.txt {URL}`, refused: true},
	{line: `wget -q -O- --post-file=upload.txt --post-data=x {URL}`, refused: true},
	{line: `wget -q --help`, refused: true},
	{line: `wget -q --post-file=upload.txt`, refused: true},
}

// realOthers are left out where the program is not installed.
var realOthers = []real{
	{line: `wget2 -q -O- --post-file=upload.txt {URL}`},
	{line: `wget2 -q -O- -e post_file=upload.txt {URL}`},
	{line: `wget2 -q {URL}/name.bin`},
	{line: `busybox wget -q -O- --post-file upload.txt {URL}/`},
	{line: `busybox wget -q -P . {URL}/name.bin`},
	{line: `http --ignore-stdin -f POST {URL} f@upload.txt`},
	{line: `http --ignore-stdin {URL} a=@upload.txt`},
	{line: `http --ignore-stdin {URL} q==@upload.txt`},
	{line: `http --ignore-stdin {URL} X-Upload:@upload.txt`},
	{line: `http --ignore-stdin {URL} @upload.txt`},
	{line: `http --ignore-stdin POST {URL} f@upload.txt`, refused: true},
	{line: `http {URL}`},
	{line: `http -I {URL} a=b`},
	{line: `http -I -o out {URL}`},
	{line: `http -I {URL}`},
	{line: `lwp-request -m POST {URL}`},
	{line: `POST {URL}`},
	{line: `GET {URL}`},
	{line: `lwp-download {URL}/name.txt`},
	{line: `lwp-mirror {URL}/x out`},
	{line: `aria2c -q {URL}/name.bin`},
	{line: `aria2c -q -d deep -o out {URL}/x {URL}/y`},
	{line: `axel -q -n 1 {URL}/name.bin`},
	{line: `axel -q -n 1 -o out {URL}/x`},
	{line: `ab -q -n 1 -p upload.txt {URL}/`},
	{line: `ab -q -n 1 -u upload.txt {URL}/`},
	{line: `hey -n 1 -c 1 -m POST -D upload.txt {URL}/`},
	{line: `w3m -dump -post upload.txt {URL}/`},
	{line: `w3m -dump_source {URL}/`},
	{line: `lynx -dump -post_data {URL}/`},
	{line: `lynx -source {URL}/`},
}

func TestRealCurl(t *testing.T) { testReal(t, testhost.NeedCommand(t, "curl", "curl"), realCurl) }

func TestRealWget(t *testing.T) { testReal(t, testhost.NeedCommand(t, "wget", "wget"), realWget) }

func TestRealWebTools(t *testing.T) {
	for _, r := range realOthers {
		t.Run(r.line, func(t *testing.T) {
			name, _, _ := strings.Cut(r.line, " ")
			testReal(t, testhost.WantCommand(t, name, name), []real{r})
		})
	}
}

func testReal(t *testing.T, program string, list []real) {
	server := newWebServer(t)
	for _, r := range list {
		t.Run(r.line, func(t *testing.T) { requireReal(t, program, server, r) })
	}
}

// webFiles are what may be sent. Each content is unique and survives encoding.
var webFiles = map[string]string{
	"upload.txt": "content.of.upload", "second.txt": "content.of.second",
	"headers.txt": "X-Upload: content.of.headers", "stdin": "content.of.stdin",
}

const served = "content.of.the.server"

func requireReal(t *testing.T, program string, server *webServer, r real) {
	directory := t.TempDir()
	for name, content := range webFiles {
		require.NoError(t, os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600))
	}
	words := cmdline.Split(server.fill(r.line))
	server.forget()
	stdout, failed := runWeb(t, directory, program, words[1:])

	c := &Command{
		Tool: words[0], Args: words[1:], Directory: directory,
		Stdin: Stream{Type: StreamFile, Path: "stdin"}, Stdout: Stream{Type: StreamPipe},
	}
	if words[0] == "busybox" {
		c.Tool, c.Args = "wget", words[2:]
	}
	got := findWeb(t, c.Tool)(c)
	requireKnown(t, r, &got, failed, server.requests())
	if r.refused || failed && r.shortened {
		assert.Zero(t, server.requests())
		return
	}
	var claimed []string
	if got.Direction == Upload {
		for _, path := range got.LocalPaths {
			if _, ok := webFiles[path]; ok {
				claimed = append(claimed, path)
			}
		}
	}
	slices.Sort(claimed)
	assert.Equal(t, server.received(), claimed, "files that were sent, and files that the grammar says were")
	switch got.Direction {
	case Download:
		require.NotEmpty(t, got.LocalPaths)
		for _, path := range got.LocalPaths {
			assert.Contains(t, readOutput(t, directory, path, stdout), served, path)
		}
	case Upload:
		assert.NotEmpty(t, server.requests())
		assert.True(t, len(claimed) > 0 || slices.Contains(got.Signals, InlineData))
	}
}

// requireKnown holds the signals and the confidence against what the program did.
func requireKnown(t *testing.T, r real, got *Transfer, failed bool, requests int) {
	t.Helper()
	assert.Equal(t, r.shortened, slices.Contains(got.Signals, OptionAbbreviated), "option_abbreviated")
	assert.Equal(t, strings.Contains(r.line, "{TLS}"), slices.Contains(got.Signals, Unverified), "unverified")
	if r.refused {
		assert.Zero(t, requests, "the program should refuse")
		assert.True(t, got.Direction == NoCopy || got.Direction == Informative || got.Confidence == Low,
			"%s %s", got.Direction, got.Confidence)
		return
	}
	assert.NotEqual(t, Low, got.Confidence)
	if !failed {
		assert.NotZero(t, requests, "the program should send something")
	}
}

func findWeb(t *testing.T, tool string) Grammar {
	switch tool {
	case "http":
		tool = "httpie"
	case "GET", "POST", "HEAD":
		tool = "lwp-request"
	}
	g, ok := Find(tool)
	require.True(t, ok, tool)
	return g
}

func runWeb(t *testing.T, directory, program string, args []string) (stdout string, failed bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	stdin, err := os.Open(filepath.Join(directory, "stdin"))
	require.NoError(t, err)
	defer stdin.Close()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout = directory, stdin, &out
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + directory, "LC_ALL=C", "TERM=dumb"}
	err = cmd.Run()
	return out.String(), err != nil
}

func readOutput(t *testing.T, directory, path, stdout string) string {
	if path == "-" {
		return stdout
	}
	content, err := os.ReadFile(filepath.Join(directory, path))
	assert.NoError(t, err)
	return string(content)
}

// webServer remembers all that it is sent.
type webServer struct {
	plain, tls *httptest.Server
	mu         sync.Mutex
	count      int
	seen       strings.Builder
}

func newWebServer(t *testing.T) *webServer {
	s := &webServer{}
	s.plain, s.tls = httptest.NewServer(s), httptest.NewTLSServer(s)
	t.Cleanup(s.plain.Close)
	t.Cleanup(s.tls.Close)
	return s
}

func (s *webServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.count++
	s.seen.WriteString(r.RequestURI + "\n")
	for name, values := range r.Header {
		s.seen.WriteString(name + ": " + strings.Join(values, " ") + "\n")
	}
	s.seen.Write(body)
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, served)
}

func (s *webServer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count = 0
	s.seen.Reset()
}

func (s *webServer) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// received are the files of which the content arrived, sorted.
func (s *webServer) received() (files []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, content := range webFiles {
		if strings.Contains(s.seen.String(), strings.TrimPrefix(content, "X-Upload: ")) {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	return files
}

func (s *webServer) fill(line string) string {
	u, _ := url.Parse(s.plain.URL)
	return strings.NewReplacer("{URL}", s.plain.URL, "{TLS}", s.tls.URL, "{ADDR}", u.Host, "{PORT}", u.Port()).Replace(line)
}
