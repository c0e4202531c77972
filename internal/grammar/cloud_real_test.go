package grammar

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/testhost"
)

// What the local file and the object in the store have inside, so that a copy of either is found anywhere.
const (
	localContent  = "the content of the local file 5c1f4a"
	remoteContent = "the content of the stored object 8d20be"
)

// TestCloudToolsDoWhatTheirGrammarSays runs command lines of the true clients
// against a store on this host. A line is an upload if the store got what only
// the local file has, a download if this host got what only the store had.
//
// In the lines, S3 is the store's URL, ADDR its host and port, DAV the URL of
// a WebDAV server over another directory, DIR the working directory. "<" is
// standard input from the local file, ">" standard output to a file.
func TestCloudToolsDoWhatTheirGrammarSays(t *testing.T) {
	for _, test := range []struct{ tool, debianPackage, line string }{
		{"rclone", "rclone", "rclone copy local.txt :s3,provider=Other,env_auth,endpoint='S3':bucket/up"},
		{"rclone", "rclone", "rclone --config DIR/rclone.conf copyto local.txt s3:bucket/up.txt --transfers 2"},
		{"rclone", "rclone", "rclone copy s3:bucket/object.txt out --config=DIR/rclone.conf"},
		{"rclone", "rclone", "rclone copyto s3:bucket/object.txt s3:bucket/copy.txt --config DIR/rclone.conf"},
		{"rclone", "rclone", "rclone moveto local.txt :s3:bucket/moved.txt --s3-endpoint S3 --s3-provider Other --s3-env-auth"},
		{"rclone", "rclone", "rclone sync dir :webdav:in --webdav-url DAV"},
		{"rclone", "rclone", "rclone copy :webdav,url='DAV':object.txt out"},
		{"rclone", "rclone", "rclone copy :local:local.txt :alias,remote='DIR/out':sub"},
		{"rclone", "rclone", "rclone copy local.txt ./x:y"},
		{"rclone", "rclone", "rclone --config DIR/rclone.conf rcat s3:bucket/piped.txt <"},
		{"rclone", "rclone", "rclone --config DIR/rclone.conf cat s3:bucket/object.txt >"},
		{"rclone", "rclone", "rclone copyurl S3/bucket/object.txt out/x"},
		{"rclone", "rclone", "rclone copyurl S3/bucket/object.txt :webdav:y --webdav-url DAV"},
		{"rclone", "rclone", "rclone copy --log-file --help local.txt :webdav:in --webdav-url DAV"},
		{"rclone", "rclone", "rclone copy -n local.txt :webdav:in --webdav-url DAV"},
		{"rclone", "rclone", "rclone copy --config DIR/rclone.conf --dry-run=false -- local.txt dav,vendor=other:in"},
		{"rclone", "rclone", "rclone lsf :webdav: --webdav-url DAV"},
		{"rclone", "rclone", "rclone rc --loopback operations/copyfile srcFs=DIR srcRemote=local.txt dstFs=s3:bucket dstRemote=rc.txt --config DIR/rclone.conf"},

		{"s3cmd", "s3cmd", "s3cmd -c s3cfg put local.txt s3://bucket/up.txt"},
		{"s3cmd", "s3cmd", "s3cmd -c s3cfg get s3://bucket/object.txt out/"},
		{"s3cmd", "s3cmd", "s3cmd --config=s3cfg --forc get s3://bucket/object.txt - >"},
		{"s3cmd", "s3cmd", "s3cmd -c s3cfg -P sync dir/ s3://bucket/dir/"},
		{"s3cmd", "s3cmd", "s3cmd -c s3cfg cp s3://bucket/object.txt s3://bucket/copy.txt"},
		{"s3cmd", "s3cmd", "s3cmd -c s3cfg -n put local.txt s3://bucket/up.txt"},
		{"s3cmd", "s3cmd", "s3cmd -c s3cfg put - s3://bucket/piped.txt <"},
		{"s3cmd", "s3cmd", "s3cmd -c s3cfg ls s3://bucket"},

		{"aws", "awscli", "aws --endpoint-url S3 s3 cp local.txt s3://bucket/up.txt"},
		{"aws", "awscli", "aws s3 cp --endpoint-u S3 s3://bucket/object.txt ."},
		{"aws", "awscli", "aws s3 cp - s3://bucket/piped.txt --endpoint-url=S3 <"},
		{"aws", "awscli", "aws s3 cp s3://bucket/object.txt - --endpoint-url=S3 --no-sign-request >"},
		{"aws", "awscli", "aws s3 sync dir s3://bucket/dir --endpoint-url S3 --exclude *.iso"},
		{"aws", "awscli", "aws s3 cp s3://bucket/object.txt s3://bucket/copy.txt --endpoint-url S3"},
		{"aws", "awscli", "aws s3 cp --dryrun --endpoint-url S3 -- local.txt s3://bucket/up.txt"},
		{"aws", "awscli", "aws s3api put-object --bucket bucket --key up.txt --body local.txt --endpoint-url S3"},
		{"aws", "awscli", "aws s3api get-object --endpoint-url S3 --bucket bucket --key object.txt out/x"},
		{"aws", "awscli", "aws s3 ls s3://bucket --endpoint-url S3"},

		{"s4cmd", "s4cmd", "s4cmd --endpoint-url S3 put local.txt s3://bucket/up.txt"},
		{"s4cmd", "s4cmd", "s4cmd get s3://bucket/object.txt out/x --endpoint-url=S3"},

		{"mcli", "none, github.com/minio/mc", "mcli cp local.txt store/bucket/up.txt"},
		{"mcli", "none, github.com/minio/mc", "mcli get store/bucket/object.txt out/x"},
		{"mcli", "none, github.com/minio/mc", "mcli pipe store/bucket/piped.txt <"},
		{"mcli", "none, github.com/minio/mc", "mcli cat store/bucket/object.txt >"},
		{"mcli", "none, github.com/minio/mc", "mcli cp ./local.txt --storage-class STANDARD store/bucket/up.txt"},
	} {
		t.Run(test.line, func(t *testing.T) {
			testhost.WantCommand(t, test.tool, test.debianPackage)
			t.Parallel()
			h := newCloudHost(t)
			c := h.run(t, test.line)
			g, _ := Find(strings.Replace(c.Tool, "mcli", "mc", 1))
			said := g(c)
			assert.Equal(t, h.saw(t), said.Direction, "by the grammar: %+v", said)
		})
	}
}

// cloudHost is a directory with a local file, and a store with an object.
type cloudHost struct {
	dir, dav string
	s3       *s3Server
	url      string
	davURL   string
	output   bytes.Buffer
}

func newCloudHost(t *testing.T) *cloudHost {
	h := &cloudHost{dir: t.TempDir(), dav: t.TempDir(), s3: newS3Server()}
	server := httptest.NewServer(h.s3)
	t.Cleanup(server.Close)
	h.url = server.URL
	write := func(path, content string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	write(filepath.Join(h.dir, "local.txt"), localContent)
	write(filepath.Join(h.dir, "dir/local.txt"), localContent)
	require.NoError(t, os.Mkdir(filepath.Join(h.dir, "out"), 0o755))
	write(filepath.Join(h.dav, "object.txt"), remoteContent)
	h.davURL = "http://dav.invalid"
	if strings.Contains(t.Name(), "dav") {
		h.davURL = serveDAV(t, h.dav)
	}
	write(filepath.Join(h.dir, "rclone.conf"), "[s3]\ntype = s3\nprovider = Other\nenv_auth = true\nendpoint = "+h.url+
		"\n[dav]\ntype = webdav\nurl = "+h.davURL+"\n")
	address := strings.TrimPrefix(h.url, "http://")
	write(filepath.Join(h.dir, "s3cfg"), "[default]\naccess_key = a\nsecret_key = b\nuse_https = False\nhost_base = "+address+
		"\nhost_bucket = "+address+"\nbucket_location = us-east-1\n")
	return h
}

// serveDAV has rclone serve a directory, and returns where.
func serveDAV(t *testing.T, dir string) string {
	server := exec.Command("rclone", "serve", "webdav", "--config", "", "--addr", "127.0.0.1:0", dir)
	stderr, err := server.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if at := strings.Index(lines.Text(), "http://"); at >= 0 {
			return strings.TrimRight(lines.Text()[at:], "/]")
		}
	}
	t.Fatal("rclone serve webdav does not say where it listens")
	return ""
}

// run executes the line, and returns what the sensor would tell of it.
func (h *cloudHost) run(t *testing.T, line string) *Command {
	line = strings.NewReplacer("S3", h.url, "DAV", h.davURL, "DIR", h.dir).Replace(line)
	line, input := strings.CutSuffix(line, " <")
	line, output := strings.CutSuffix(line, " >")
	words := cmdline.Split(line)
	for i := range words { // the quotes in a connection string are rclone's own
		if strings.HasPrefix(words[i], ":") && strings.Contains(line, "='") {
			words = strings.Split(line, " ")
			break
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir = h.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + h.dir, "AWS_ACCESS_KEY_ID=access", "AWS_SECRET_ACCESS_KEY=secretsecret", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_REQUEST_CHECKSUM_CALCULATION=when_required", "AWS_CONFIG_FILE=/dev/null",
		"MC_HOST_store=" + strings.Replace(h.url, "http://", "http://access:secretsecret@", 1)}
	c := &Command{Tool: words[0], Args: words[1:], Stdin: Stream{Type: StreamNull}, Stdout: Stream{Type: StreamPipe}}
	if input {
		f, err := os.Open(filepath.Join(h.dir, "local.txt"))
		require.NoError(t, err)
		defer f.Close()
		cmd.Stdin = f
		c.Stdin = Stream{Type: StreamFile, Path: f.Name()}
	}
	var messages bytes.Buffer
	cmd.Stderr = &messages
	cmd.Stdout = &h.output
	if !output {
		cmd.Stdout = &messages
	}
	require.NoError(t, cmd.Run(), "%s\n%s%s", line, messages.String(), h.output.String())
	return c
}

// saw is the direction that content was seen to take.
func (h *cloudHost) saw(t *testing.T) Direction {
	stored := h.s3.count(localContent) + countFiles(t, h.dav, localContent)
	copies := h.s3.count(remoteContent) + countFiles(t, h.dav, remoteContent)
	here := countFiles(t, h.dir, remoteContent) + strings.Count(h.output.String(), remoteContent)
	locals := countFiles(t, h.dir, localContent)
	switch {
	case stored > 0:
		return Upload
	case here > 0:
		return Download
	case copies > 2: // one in each store
		return RemoteToRemote
	case locals > 2:
		return Local
	}
	return Informative
}

func countFiles(t *testing.T, dir, content string) (n int) {
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		n += bytes.Count(data, []byte(content))
		return err
	})
	require.NoError(t, err)
	return n
}

// s3Server is as much of S3 as clients need to copy one small object. It checks no signatures.
type s3Server struct {
	mu      sync.Mutex
	objects map[string][]byte // by their path, /bucket/key
}

func newS3Server() *s3Server {
	return &s3Server{objects: map[string][]byte{"/bucket/object.txt": []byte(remoteContent)}}
}

func (s *s3Server) count(content string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, data := range s.objects {
		n += bytes.Count(data, []byte(content))
	}
	return n
}

func (s *s3Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, query := strings.TrimSuffix(r.URL.Path, "/"), r.URL.Query()
	w.Header().Set("ETag", s3ETag(s.objects[path]))
	w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
	isBucket := strings.Count(path, "/") < 2
	switch {
	case r.Method == http.MethodPost && query.Has("uploads"):
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>k</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>")
	case r.Method == http.MethodPost && query.Has("uploadId"):
		fmt.Fprintf(w, "<CompleteMultipartUploadResult><Bucket>bucket</Bucket><Key>k</Key><ETag>%s</ETag></CompleteMultipartUploadResult>", s3ETag(nil))
	case query.Has("acl"):
		fmt.Fprint(w, `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>o</ID></Owner><AccessControlList/></AccessControlPolicy>`)
	case r.Method == http.MethodPut && !isBucket:
		s.put(w, r, path)
	case r.Method == http.MethodDelete:
		delete(s.objects, path)
		w.WriteHeader(http.StatusNoContent)
	case query.Has("location"):
		fmt.Fprint(w, "<LocationConstraint/>")
	case isBucket:
		s.list(w, query.Get("prefix"))
	default:
		s.get(w, r, path)
	}
}

func s3ETag(data []byte) string { return fmt.Sprintf(`"%x"`, md5.Sum(data)) }

func (s *s3Server) put(w http.ResponseWriter, r *http.Request, path string) {
	source := r.Header.Get("X-Amz-Copy-Source")
	if source == "" {
		data, _ := io.ReadAll(r.Body)
		s.objects[path] = data
		w.Header().Set("ETag", s3ETag(data))
		return
	}
	s.objects[path] = s.objects["/"+strings.TrimPrefix(source, "/")]
	fmt.Fprintf(w, "<CopyObjectResult><LastModified>2006-01-02T15:04:05.000Z</LastModified><ETag>%s</ETag></CopyObjectResult>", s3ETag(s.objects[path]))
}

func (s *s3Server) get(w http.ResponseWriter, r *http.Request, path string) {
	data, ok := s.objects[path]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		if r.Method == http.MethodGet {
			fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
		}
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

func (s *s3Server) list(w http.ResponseWriter, prefix string) {
	fmt.Fprint(w, `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><IsTruncated>false</IsTruncated>`)
	for path, data := range s.objects {
		if key := strings.TrimPrefix(path, "/bucket/"); strings.HasPrefix(key, prefix) {
			fmt.Fprintf(w, "<Contents><Key>%s</Key><LastModified>2006-01-02T15:04:05.000Z</LastModified><ETag>%s</ETag><Size>%d</Size></Contents>", key, s3ETag(data), len(data))
		}
	}
	fmt.Fprint(w, "</ListBucketResult>")
}
