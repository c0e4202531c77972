package grammar

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/testhost"
)

// These tests run the tools, and find out by contents that stand in no other
// file what was copied and where to. What a grammar says must agree.
const (
	secret   = "secret-3f1c the content of what is here"
	treasure = "treasure-9a7e the content of what is there"
)

// realRow is a command line; {port} is where the other end listens. It runs in
// a directory with secret.txt and tree/deep.txt; the other end has treasure.txt
// and pub/treasure.txt, or sends the treasure to whoever connects.
type realRow struct {
	line   string
	stdin  string // a file here, or "|", a pipe with the secret; default: null
	stdout string // a file here; default: null
	want   Direction
}

func (r *realRow) grammar() string {
	words := strings.Fields(r.line)
	switch name := words[0]; {
	case name == "busybox":
		return words[1]
	case name == "tnftp":
		return "ftp"
	case name == "atftp":
		return "tftp"
	case name == "ncat", strings.HasPrefix(name, "nc."):
		return "nc"
	default:
		return name
	}
}

// place is a fresh pair of directories.
type place struct{ here, there string }

func newPlace(t *testing.T, there string) *place {
	t.Helper()
	p := &place{here: t.TempDir(), there: there}
	require.NoError(t, os.Chmod(p.here, 0o777))
	for path, content := range map[string]string{
		filepath.Join(p.here, "secret.txt"): secret, filepath.Join(p.here, "tree", "deep.txt"): secret,
		filepath.Join(there, "treasure.txt"): treasure, filepath.Join(there, "pub", "treasure.txt"): treasure,
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(content+"\n"), 0o666))
	}
	t.Cleanup(func() { empty(t, there) })
	return p
}

func empty(t *testing.T, dir string) {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
}

// holds says that a file, or one below a directory, has the content.
func holds(path, content string) bool {
	found := false
	_ = filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			b, _ := os.ReadFile(path)
			found = found || bytes.Contains(b, []byte(content))
		}
		return nil
	})
	return found
}

// run executes the row's command and returns it as the processor would see it.
func (p *place) run(t *testing.T, r *realRow, port int) *Command {
	t.Helper()
	c, cmd := p.command(t, r, port)
	var errors bytes.Buffer
	cmd.Stderr = &errors
	err := cmd.Run()
	t.Logf("%s: %v\n%s", r.line, err, errors.String())
	return c
}

func (p *place) command(t *testing.T, r *realRow, port int) (*Command, *exec.Cmd) {
	t.Helper()
	words := cmdline.Split(strings.ReplaceAll(r.line, "{port}", strconv.Itoa(port)))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.WaitDelay = p.here, time.Second
	cmd.Env = append(os.Environ(), "HOME="+p.here)
	c := &Command{Tool: words[0], Args: words[1:], Directory: p.here, Stdin: Stream{Type: StreamNull}, Stdout: Stream{Type: StreamNull}}
	if words[0] == "busybox" {
		c.Tool, c.Args = words[1], words[2:]
	}
	switch r.stdin {
	case "":
	case "|":
		c.Stdin = Stream{Type: StreamPipe}
		cmd.Stdin = strings.NewReader(secret + "\n")
	default:
		f, err := os.Open(filepath.Join(p.here, r.stdin))
		require.NoError(t, err)
		t.Cleanup(func() { f.Close() })
		cmd.Stdin, c.Stdin = f, Stream{Type: StreamFile, Path: f.Name()}
	}
	if r.stdout != "" {
		f, err := os.Create(filepath.Join(p.here, r.stdout))
		require.NoError(t, err)
		t.Cleanup(func() { f.Close() })
		cmd.Stdout, c.Stdout = f, Stream{Type: StreamFile, Path: f.Name()}
	}
	return c, cmd
}

// requireSame compares what happened with what the grammar says, and both with the row.
func (p *place) requireSame(t *testing.T, r *realRow, c *Command, port int, left bool) {
	t.Helper()
	g, ok := Find(r.grammar())
	require.True(t, ok, "no grammar for %s", r.line)
	said := g(c)
	happened := copies{up: left, down: holds(p.here, treasure)}
	if r.want != Listen {
		assert.Equal(t, r.want, happened.direction(), "what happened")
	}
	assert.Equal(t, r.want, said.Direction, "what the grammar says")
	for _, path := range said.LocalPaths {
		if path == "-" {
			assert.Equal(t, "|", r.stdin)
			continue
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(p.here, path)
		}
		matches, err := filepath.Glob(path)
		require.NoError(t, err)
		require.NotEmpty(t, matches, "%s is not there", path)
		assert.True(t, happened.up && holds(matches[0], secret) || happened.down && holds(matches[0], treasure), "%s was copied", path)
	}
	if r.want == Upload || r.want == Download || r.want == Bidirectional {
		require.NotEmpty(t, said.Remotes)
		assert.Equal(t, "127.0.0.1", said.Remotes[0].Host)
		assert.Equal(t, port, said.Remotes[0].Port)
	}
}

// runRows is for clients of a server of files, of which there is the directory.
func runRows(t *testing.T, rows []realRow, there string, port int) {
	for _, r := range rows {
		t.Run(r.line, func(t *testing.T) {
			name, _, _ := strings.Cut(r.line, " ")
			testhost.WantCommand(t, name, name)
			p := newPlace(t, there)
			c := p.run(t, &r, port)
			p.requireSame(t, &r, c, port, holds(there, secret))
		})
	}
}

func unusedPort(t *testing.T, network string) int {
	t.Helper()
	if network == "udp" {
		l, err := net.ListenPacket("udp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		return l.LocalAddr().(*net.UDPAddr).Port
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// startServer runs a daemon until the test ends.
func startServer(t *testing.T, name string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s: %s", name, out.String())
		}
	})
}

func awaitTCP(t *testing.T, port int) {
	t.Helper()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
		if err != nil {
			return false
		}
		conn.Close()
		return true
	}, 10*time.Second, 50*time.Millisecond)
}

func TestRealFTP(t *testing.T) {
	python := "/usr/bin/python3"
	if exec.Command(python, "-c", "import pyftpdlib").Run() != nil {
		t.Skip("optional: needs pyftpdlib (Debian package python3-pyftpdlib)")
	}
	there, port := t.TempDir(), unusedPort(t, "tcp")
	startServer(t, python, "-W", "ignore", "-m", "pyftpdlib", "-i", "127.0.0.1", "-p", strconv.Itoa(port), "-w", "-d", there, "-u", "u", "-P", "p")
	awaitTCP(t, port)
	runRows(t, []realRow{
		{line: "tnftp -V -u ftp://u:p@127.0.0.1:{port}/ secret.txt", want: Upload},
		{line: "tnftp secret.txt -V -u ftp://u:p@127.0.0.1:{port}/name", want: Upload},
		{line: "tnftp -V -o got.txt ftp://u:p@127.0.0.1:{port}/treasure.txt", want: Download},
		{line: "tnftp -V -o - ftp://u:p@127.0.0.1:{port}/treasure.txt", stdout: "out.txt", want: Download},
		{line: "lftp -u u,p -p {port} 127.0.0.1 -e 'put -O / secret.txt; bye'", want: Upload},
		{line: "lftp -c 'open -u u,p -p {port} 127.0.0.1; mirror -R tree up'", want: Upload},
		{line: "lftp -c 'mirror --rev -X x tree ftp://u:p@127.0.0.1:{port}/up'", want: Upload},
		{line: "lftp -c 'open ftp://u:p@127.0.0.1:{port}; lcd tree; put deep.txt'", want: Upload},
		{line: "lftp -c 'alias ls put; open ftp://u:p@127.0.0.1:{port}; ls secret.txt'", want: Upload},
		{line: "lftp -c 'open ftp://u:p@127.0.0.1:{port}; queue mput sec*; wait'", want: Upload},
		{line: "lftp -c 'open -e \"put secret.txt\" ftp://u:p@127.0.0.1:{port}'", want: Upload},
		{line: "lftp -c 'mirror ftp://u:p@127.0.0.1:{port}/pub got'", want: Download},
		{line: "lftp -c 'get ftp://u:p@127.0.0.1:{port}/treasure.txt -o got.txt'", want: Download},
		{line: "lftp -c 'open ftp://u:p@127.0.0.1:{port}; cat treasure.txt > got.txt'", want: Download},
		{line: "lftp -c 'open ftp://u:p@127.0.0.1:{port}; pu secret.txt; get treasure.txt'", want: Bidirectional},
		{line: "lftp -c 'open ftp://u:p@127.0.0.1:{port}; !true; put secret.txt'", want: Informative},
		{line: "lftp -c 'open ftp://u:p@127.0.0.1:{port}; cls -l; exit; put secret.txt'", want: Informative},
		{line: "lftpget ftp://u:p@127.0.0.1:{port}/treasure.txt", want: Download},
		{line: "ncftpput -u u -p p -P {port} 127.0.0.1 / secret.txt", want: Upload},
		{line: "ncftpput -u u -p p -P {port} -C 127.0.0.1 secret.txt name", want: Upload},
		{line: "ncftpput -u u -p p -P {port} -c 127.0.0.1 name", stdin: "|", want: Upload},
		{line: "ncftpget -u u -p p -P {port} 127.0.0.1 tree treasure.txt", want: Download},
		{line: "ncftpget -u u -p p -P {port} -C 127.0.0.1 treasure.txt got.txt", want: Download},
		{line: "ncftpget ftp://u:p@127.0.0.1:{port}/treasure.txt", want: Download},
		{line: "busybox ftpput -u u -p p -P {port} 127.0.0.1 name secret.txt", want: Upload},
		{line: "busybox ftpget -u u -p p -P {port} 127.0.0.1 got.txt treasure.txt", want: Download},
		{line: "busybox ftpget -u u -p p -P {port} 127.0.0.1 - treasure.txt", stdout: "out.txt", want: Download},
		{line: "ftpcopy -u u -p p 127.0.0.1:{port} /pub got", want: Download},
	}, there, port)
}

func TestRealTFTP(t *testing.T) {
	daemon := testhost.WantCommand(t, "in.tftpd", "tftpd-hpa")
	if os.Geteuid() != 0 {
		t.Skip("needs root: in.tftpd changes its root directory")
	}
	there, port := t.TempDir(), unusedPort(t, "udp")
	startServer(t, daemon, "-L", "-c", "--user", "root", "--address", fmt.Sprint("127.0.0.1:", port), "-s", there)
	require.Eventually(t, func() bool {
		l, err := net.ListenPacket("udp", fmt.Sprint("127.0.0.1:", port))
		if err == nil {
			l.Close()
		}
		return err != nil // the daemon has it
	}, 10*time.Second, 20*time.Millisecond)
	runRows(t, []realRow{
		{line: "tftp 127.0.0.1 {port} -m binary -c put secret.txt name", want: Upload},
		{line: "tftp 127.0.0.1 {port} -c put secret.txt", want: Upload},
		{line: "tftp 127.0.0.1 {port} -vc get treasure.txt got.txt", want: Download},
		{line: "atftp -p -l secret.txt -r name 127.0.0.1 {port}", want: Upload},
		{line: "atftp 127.0.0.1 {port} --get --remote-file treasure.txt --local-file got.txt", want: Download},
		{line: "busybox tftp -p -l secret.txt -r name 127.0.0.1 {port}", want: Upload},
		{line: "busybox tftp -gr treasure.txt -l - 127.0.0.1 {port}", stdout: "out.txt", want: Download},
	}, there, port)
}

func TestRealSMB(t *testing.T) {
	daemon := testhost.WantCommand(t, "smbd", "samba")
	if os.Geteuid() != 0 {
		t.Skip("needs root: smbd changes users")
	}
	dir, there, port := t.TempDir(), t.TempDir(), unusedPort(t, "tcp")
	config := filepath.Join(dir, "smb.conf")
	require.NoError(t, os.WriteFile(config, []byte(strings.NewReplacer("DIR", dir, "PORT", strconv.Itoa(port), "THERE", there).Replace(
		"[global]\nmap to guest = Bad User\nguest account = root\nprivate dir = DIR\nlock directory = DIR\nstate directory = DIR\n"+
			"cache directory = DIR\npid directory = DIR\nncalrpc dir = DIR\nlog file = DIR/log\nsmb ports = PORT\nbind interfaces only = yes\n"+
			"interfaces = lo\ndisable spoolss = yes\nload printers = no\n[s]\npath = THERE\nguest ok = yes\nread only = no\nforce user = root\n")), 0o600))
	startServer(t, daemon, "-F", "--no-process-group", "-s", config)
	awaitTCP(t, port)
	runRows(t, []realRow{
		{line: "smbclient //127.0.0.1/s -N -p {port} -c 'put secret.txt name'", want: Upload},
		{line: "smbclient -p{port} -Nc 'prompt off; mput sec*' //127.0.0.1/s", want: Upload},
		{line: "smbclient //127.0.0.1/s -N -p {port} -c 'lcd tree; PU deep.txt'", want: Upload},
		{line: "smbclient -I 127.0.0.1 //other/s -N -p {port} --command='put secret.txt'", want: Upload},
		{line: "smbclient //127.0.0.1/s -N -p {port} -c 'cd pub; get treasure.txt got.txt'", want: Download},
		{line: "smbclient '\\\\127.0.0.1\\s' -N -p {port} -Tc got.tar pub", want: Download},
		{line: "smbclient //127.0.0.1/s -N -p {port} -c 'put secret.txt; get treasure.txt got.txt'", want: Bidirectional},
		{line: "smbclient //127.0.0.1/s -N -p {port} -c 'ls; quit; put secret.txt'", want: Informative},
		{line: "smbget -a -o got.txt smb://127.0.0.1:{port}/s/treasure.txt", want: Download},
	}, there, port)
}

// peer is the other end of a stream: it sends the treasure, and keeps what it receives.
type peer struct {
	port     int
	received chan string
}

func startPeer(t *testing.T, l net.Listener) *peer {
	t.Helper()
	p := &peer{l.Addr().(*net.TCPAddr).Port, make(chan string, 1)}
	t.Cleanup(func() { l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		p.received <- talk(conn)
	}()
	return p
}

// talk sends, receives until the secret has come or nothing more does, and closes.
func talk(conn net.Conn) string {
	defer conn.Close()
	_, _ = io.WriteString(conn, treasure+"\n")
	_ = conn.SetReadDeadline(time.Now().Add(700 * time.Millisecond))
	var got []byte
	for buffer := make([]byte, 4096); ; {
		n, err := conn.Read(buffer)
		if got = append(got, buffer[:n]...); err != nil || bytes.Contains(got, []byte(secret)) {
			return string(got)
		}
	}
}

func listenTLS(t *testing.T) net.Listener {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	require.NoError(t, err)
	return l
}

func TestRealStreams(t *testing.T) {
	for _, r := range []realRow{
		{line: "nc.openbsd 127.0.0.1 {port}", stdin: "secret.txt", want: Upload},
		{line: "nc.openbsd -N 127.0.0.1 {port}", stdin: "|", want: Upload},
		{line: "nc.openbsd 127.0.0.1 {port} -w 3", stdout: "out.txt", want: Download},
		{line: "nc.openbsd -d 127.0.0.1 {port}", stdin: "secret.txt", stdout: "out.txt", want: Download},
		{line: "nc.openbsd 127.0.0.1 {port}", stdin: "secret.txt", stdout: "out.txt", want: Bidirectional},
		{line: "nc.traditional 127.0.0.1 {port}", stdin: "secret.txt", want: Upload},
		{line: "nc.traditional -q 1 127.0.0.1 {port}", stdout: "out.txt", want: Download},
		{line: "ncat 127.0.0.1 {port}", stdin: "secret.txt", want: Upload},
		{line: "ncat --send-only 127.0.0.1 {port}", stdin: "secret.txt", stdout: "out.txt", want: Upload},
		{line: "ncat --recv 127.0.0.1 {port}", stdin: "secret.txt", stdout: "out.txt", want: Download},
		{line: "ncat -d 1ms -o dump 127.0.0.1 {port}", want: Download},
		{line: "ncat --ssl 127.0.0.1 {port}", stdin: "secret.txt", want: Upload},
		{line: "busybox nc 127.0.0.1 {port}", stdin: "secret.txt", want: Upload},
		{line: "busybox nc 127.0.0.1 {port}", stdout: "out.txt", want: Download},
		{line: "socat -u FILE:secret.txt TCP:127.0.0.1:{port}", want: Upload},
		{line: "socat -u ./secret.txt,rdonly tcp4-connect:127.0.0.1:{port}", want: Upload},
		{line: "socat -u TCP:127.0.0.1:{port} OPEN:got.txt,creat", want: Download},
		{line: "socat -U CREATE:got.txt TCP:127.0.0.1:{port}", want: Download},
		{line: "socat FILE:secret.txt,rdonly TCP:127.0.0.1:{port}", want: Upload},
		{line: "socat - TCP:127.0.0.1:{port}", stdin: "secret.txt", want: Upload},
		{line: "socat -t2 TCP:127.0.0.1:{port} FILE:secret.txt,rdonly!!CREATE:got.txt", want: Bidirectional},
		{line: "socat -u -lf log FILE:secret.txt OPENSSL:127.0.0.1:{port},verify=0", want: Upload},
		{line: "openssl s_client -quiet -connect 127.0.0.1:{port}", stdin: "secret.txt", want: Upload},
		{line: "openssl s_client -quiet 127.0.0.1:{port}", stdout: "out.txt", want: Download},
		{line: "gnutls-cli --insecure -p {port} 127.0.0.1", stdin: "secret.txt", want: Upload},
		{line: "mbuffer -q -i secret.txt -O 127.0.0.1:{port}", want: Upload},
	} {
		t.Run(r.line+" <"+r.stdin+" >"+r.stdout, func(t *testing.T) {
			name, _, _ := strings.Cut(r.line, " ")
			testhost.WantCommand(t, name, name)
			var l net.Listener
			if strings.Contains(r.line, "ssl") || strings.Contains(r.line, "SSL") || strings.Contains(r.line, "tls") {
				l = listenTLS(t)
			} else {
				var err error
				l, err = net.Listen("tcp", "127.0.0.1:0")
				require.NoError(t, err)
			}
			other, p := startPeer(t, l), newPlace(t, t.TempDir())
			c := p.run(t, &r, other.port)
			select {
			case got := <-other.received:
				p.requireSame(t, &r, c, other.port, strings.Contains(got, secret))
			case <-time.After(5 * time.Second):
				t.Fatal("the tool did not connect")
			}
		})
	}
}

func TestRealListeners(t *testing.T) {
	for _, r := range []realRow{
		{line: "nc.openbsd -l 127.0.0.1 {port}", stdout: "out.txt", want: Listen},
		{line: "nc.openbsd -lNp {port}", stdin: "secret.txt", want: Listen},
		{line: "nc.traditional -l -p {port}", stdin: "secret.txt", stdout: "out.txt", want: Listen},
		{line: "ncat -l --recv-only 127.0.0.1 {port}", stdout: "out.txt", want: Listen},
		{line: "busybox nc -l -p {port}", stdout: "out.txt", want: Listen},
		{line: "socat -u TCP-LISTEN:{port},reuseaddr CREATE:got.txt", want: Listen},
		{line: "socat -U TCP-L:{port},reuseaddr FILE:secret.txt", want: Listen},
		{line: "mbuffer -q -I {port} -o got.txt", want: Listen},
	} {
		t.Run(r.line+" <"+r.stdin+" >"+r.stdout, func(t *testing.T) {
			name, _, _ := strings.Cut(r.line, " ")
			testhost.WantCommand(t, name, name)
			port, p := unusedPort(t, "tcp"), newPlace(t, t.TempDir())
			c, cmd := p.command(t, &r, port)
			require.NoError(t, cmd.Start())
			got := ""
			require.Eventually(t, func() bool {
				conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
				if err == nil {
					got = talk(conn)
				}
				return err == nil
			}, 5*time.Second, 20*time.Millisecond)
			_ = cmd.Wait()
			p.requireSame(t, &r, c, port, strings.Contains(got, secret))
			assert.True(t, r.stdin == "" || strings.Contains(got, secret), "it sent standard input")
			assert.True(t, r.stdout == "" || holds(filepath.Join(p.here, r.stdout), treasure), "it wrote standard output")
		})
	}
}
