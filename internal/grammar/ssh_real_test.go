package grammar

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/testhost"
)

// realCopy is a command line that is run, and read by its grammar. In it stand
// {local} and {remote} for two directories, {port} and {rsyncd} for the ports of
// sshd and of rsync's daemon, {cfg}, {rsh}, {ppk}, {dbkey}, {fingerprint} and
// {module} for what the tools need to get there. The working directory is {local}.
type realCopy struct {
	line    string
	moves   Direction // what it does: upload or download
	says    Direction // what the grammar says, where that is not the same
	stdin   string    // a file
	text    string    // or a text on a pipe
	stdout  string    // a file
	pkg     string    // Debian package of a tool that may be absent
	grammar string    // default: the tool
	ipv6    bool
}

var realCopies = []realCopy{
	{line: "scp -F {cfg} -P {port} secret root@127.0.0.1:{remote}/x", moves: Upload},
	{line: "scp -qF{cfg} -oPort={port} secret root@127.0.0.1:{remote}", moves: Upload},
	{line: "scp -F {cfg} -r -P{port} -- {local} root@localhost:{remote}/dir", moves: Upload},
	{line: "scp -F {cfg} -P {port} root@127.0.0.1:{remote}/secret .", moves: Download},
	{line: "scp -F {cfg} -P 1 secret scp://root@127.0.0.1:{port}/{remote}/x", moves: Upload},
	{line: "scp -F {cfg} scp://root@127.0.0.1:{port}/{remote}/secret {local}/x", moves: Download},
	{line: "scp -F {cfg} -P {port} secret root@[::1]:{remote}/x", moves: Upload, ipv6: true},
	{line: "scp -O -F {cfg} -P {port} ./secret root@127.0.0.1:{remote}/x", moves: Upload},
	{line: "scp -O -F {cfg} -P {port} root@127.0.0.1:{remote}/secret y", moves: Download},

	{line: "sftp -F {cfg} -P {port} root@127.0.0.1:{remote}/secret x", moves: Download},
	{line: "sftp -F {cfg} sftp://root@127.0.0.1:{port}/{remote}/secret x", moves: Download},
	{line: "sftp -F {cfg} -P {port} root@127.0.0.1:{remote}", text: "put secret\n", moves: Upload, says: Unknown},
	{line: "sftp -F {cfg} -P {port} -b {local}/batch root@127.0.0.1", moves: Upload, says: Unknown},

	{line: "ssh -F {cfg} -p {port} root@127.0.0.1 'cat > {remote}/x'", stdin: "secret", moves: Upload},
	{line: "ssh -F {cfg} ssh://root@127.0.0.1:{port} cat '>' {remote}/x", stdin: "secret", moves: Upload},
	{line: "ssh root@127.0.0.1 -F {cfg} -p {port} tee {remote}/x", stdin: "secret", stdout: "/dev/null", moves: Upload},
	{line: "ssh -F {cfg} -p {port} root@127.0.0.1 cat {remote}/secret", stdout: "x", moves: Download},
	{line: "ssh -F {cfg} -p {port} root@127.0.0.1 'cd / && tar cf - {remote}/secret 2>/dev/null | cat'", stdout: "x", moves: Download},
	{line: "ssh -F {cfg} -p {port} root@127.0.0.1 \"sh -c 'dd of={remote}/x 2>/dev/null'\"", stdin: "secret", moves: Upload},

	{line: "rsync -a -e 'ssh -F {cfg} -p {port}' secret root@127.0.0.1:{remote}/", moves: Upload},
	{line: `rsync -ae "ssh -F '{cfg}' -o 'Port {port}'" root@127.0.0.1:{remote}/ .`, moves: Download},
	{line: "rsync {local}/ '-e=ssh -F {cfg} -p{port}' root@[::1]:{remote} -r", moves: Upload, ipv6: true},
	{line: "rsync secret rsync://127.0.0.1:{rsyncd}/mod/{module}/x", moves: Upload},
	{line: "rsync --port={rsyncd} 127.0.0.1::mod/{module}/secret .", moves: Download},
	{line: "rsync -r --remove-source-files -e 'ssh -F {cfg} -p {port}' 127.0.0.1:{remote}/secret :{remote}/secret x", moves: Download},

	{line: "tar cf root@127.0.0.1:{remote}/x.tar --rsh-command={rsh} secret", moves: Upload},
	{line: "tar xfC 127.0.0.1:{remote}/secret.tar {local} --rsh={rsh}", moves: Download},

	{line: "pscp -batch -P {port} -i {ppk} -hostkey {fingerprint} secret root@127.0.0.1:{remote}/x", moves: Upload, pkg: "putty-tools"},
	{line: "pscp -batch -i {ppk} -hostkey {fingerprint} -P {port} root@127.0.0.1:{remote}/secret .", moves: Download, pkg: "putty-tools"},
	{line: "plink -batch -i {ppk} -hostkey {fingerprint} root@127.0.0.1 -P {port} 'cat > {remote}/x'", stdin: "secret", moves: Upload, pkg: "putty-tools"},
	{line: "psftp -batch -i {ppk} -hostkey {fingerprint} root@127.0.0.1 -P {port} -b batch", moves: Upload, says: Unknown, pkg: "putty-tools"},
	{line: "dbclient -y -i {dbkey} root@127.0.0.1/{port} cat {remote}/secret", stdout: "x", moves: Download, pkg: "dropbear-bin"},
	{line: "parallel-scp -H root@127.0.0.1:{port} -X -F{cfg} secret {remote}/x", moves: Upload, pkg: "pssh", grammar: "parallel-ssh"},
	{line: "parallel-slurp -H root@127.0.0.1:{port} -X -F{cfg} -L {local} {remote}/secret x", moves: Download, pkg: "pssh", grammar: "parallel-ssh"},
	{line: "clush -w 127.0.0.1 -l root -o '-F {cfg} -oPort={port}' -c secret --dest {remote}/x", moves: Upload, pkg: "clustershell"},
	{line: "unison {local} ssh://root@127.0.0.1:{port}/{remote} -sshargs '-F {cfg}' -batch -force {local} -ui text", moves: Upload, pkg: "unison"},
	{line: "rdiff-backup --remote-schema 'ssh -F {cfg} -p {port} {h} rdiff-backup server' backup {local} root@127.0.0.1::{remote}/b", moves: Upload, pkg: "rdiff-backup"},
}

// TestRealCopies runs the tools against servers on this host. A content that
// was on one side only, and afterwards is on the other too, says what the
// direction was and which files took part; the grammar must have said the same.
func TestRealCopies(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to let root log in by ssh")
	}
	servers := startServers(t)
	for i, row := range realCopies {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			if row.ipv6 && !servers.ipv6 {
				t.Skip("needs IPv6 on the loopback interface")
			}
			servers.run(t, &row)
		})
	}
}

type copyServers struct {
	dir          string
	port, rsyncd string
	ipv6         bool
	values       []string // of the placeholders that are the same for all rows
}

func startServers(t *testing.T) *copyServers {
	t.Helper()
	sshd := testhost.NeedCommand(t, "sshd", "openssh-server")
	rsync := testhost.NeedCommand(t, "rsync", "rsync")
	for name, pkg := range map[string]string{"ssh": "openssh-client", "sftp": "openssh-client", "scp": "openssh-client", "tar": "tar"} {
		testhost.WantCommand(t, name, pkg)
	}
	s := &copyServers{dir: t.TempDir(), port: freePort(t), rsyncd: freePort(t)}
	if l, err := net.Listen("tcp", "[::1]:"+s.port); err == nil {
		s.ipv6 = l.Close() == nil
	}
	hostKey, key := s.keys(t)
	s.startSSH(t, sshd, hostKey, key)
	s.write(t, "rsyncd.conf", fmt.Sprintf("use chroot = no\nuid = 0\ngid = 0\n[mod]\npath = %s\nread only = no\n", s.dir))
	s.start(t, s.rsyncd, rsync, "--daemon", "--no-detach", "--address=127.0.0.1", "--port="+s.rsyncd, "--config="+s.path("rsyncd.conf"))
	s.prepareClients(t, hostKey, key)
	return s
}

func (s *copyServers) path(name string) string { return filepath.Join(s.dir, name) }

func (s *copyServers) write(t *testing.T, name, content string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(s.path(name), []byte(content), 0o700))
	return s.path(name)
}

func (s *copyServers) keys(t *testing.T) (hostKey, key string) {
	t.Helper()
	hostKey, key = s.path("hostkey"), s.path("key")
	for _, file := range []string{hostKey, key} {
		out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	return hostKey, key
}

func (s *copyServers) startSSH(t *testing.T, sshd, hostKey, key string) {
	t.Helper()
	// sshd wants its directory for privilege separation, which Debian makes when the service starts.
	require.NoError(t, os.MkdirAll("/run/sshd", 0o755))
	config := []string{
		"ListenAddress 127.0.0.1:" + s.port, "HostKey " + hostKey, "AuthorizedKeysFile " + key + ".pub", "PidFile none",
		"UsePAM no", "StrictModes no", "PermitRootLogin prohibit-password", "MaxStartups 100", "Subsystem sftp internal-sftp",
	}
	if s.ipv6 {
		config = append(config, "ListenAddress [::1]:"+s.port)
	}
	s.start(t, s.port, sshd, "-D", "-e", "-f", s.write(t, "sshd_config", strings.Join(config, "\n")+"\n"))
}

// start runs a server until the test ends, and waits until it listens.
func (s *copyServers) start(t *testing.T, port, program string, args ...string) {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		return err == nil && conn.Close() == nil
	}, 10*time.Second, 20*time.Millisecond, "%s does not listen", program)
}

// prepareClients makes what the clients need: a configuration that knows the
// keys, a remote shell without arguments for tar, keys in the forms of others.
func (s *copyServers) prepareClients(t *testing.T, hostKey, key string) {
	t.Helper()
	public, err := os.ReadFile(hostKey + ".pub")
	require.NoError(t, err)
	known := s.write(t, "known_hosts", fmt.Sprintf("[127.0.0.1]:%[1]s,[localhost]:%[1]s,[::1]:%[1]s %[2]s", s.port, public))
	config := s.write(t, "ssh_config", fmt.Sprintf("IdentityFile %s\nIdentitiesOnly yes\nUserKnownHostsFile %s\nBatchMode yes\n", key, known))
	rsh := s.write(t, "rsh", fmt.Sprintf("#!/bin/sh\nexec ssh -F %s -p %s \"$@\"\n", config, s.port))
	fingerprint, err := exec.Command("ssh-keygen", "-l", "-f", hostKey+".pub").Output()
	require.NoError(t, err)
	ppk, dropbear := s.path("key.ppk"), s.path("key.dropbear")
	s.convertKey("puttygen", key, "-O", "private", "-o", ppk)
	s.convertKey("dropbearconvert", "openssh", "dropbear", key, dropbear)
	s.values = []string{
		"{cfg}", config, "{rsh}", rsh, "{port}", s.port, "{rsyncd}", s.rsyncd, "{ppk}", ppk, "{dbkey}", dropbear,
		"{fingerprint}", strings.Fields(string(fingerprint))[1],
	}
}

// convertKey runs a program that may be absent: then the tools that need the key are too.
func (s *copyServers) convertKey(program string, args ...string) {
	_ = exec.Command(program, args...).Run()
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

func (s *copyServers) run(t *testing.T, row *realCopy) {
	base, err := os.MkdirTemp(s.dir, "row")
	require.NoError(t, err)
	local, remote := filepath.Join(base, "local"), filepath.Join(base, "remote")
	content := rand.Text()
	layOut(t, row, local, remote, content)

	module, err := filepath.Rel(s.dir, remote)
	require.NoError(t, err)
	line := strings.NewReplacer(append([]string{"{local}", local, "{remote}", remote, "{module}", module}, s.values...)...).Replace(row.line)
	words := cmdline.Split(line)
	command := Command{Tool: words[0], Args: words[1:], Directory: local}
	from, to := local, remote
	if row.moves == Download {
		from, to = remote, local
	}
	sources := holding(t, from, content)
	require.NotEmpty(t, sources)
	require.Empty(t, holding(t, to, content))
	execute(t, row, &command)
	targets := holding(t, to, content)
	require.NotEmpty(t, targets, "the content is not at the other end: %s", line)

	name := row.grammar
	if name == "" {
		name = words[0]
	}
	g, ok := Find(name)
	require.True(t, ok)
	s.requireSaid(t, row, g(&command), line, local, sources, targets)
}

// layOut puts the content on one side: in a file, and for tar in an archive.
func layOut(t *testing.T, row *realCopy, local, remote, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(local, 0o755))
	require.NoError(t, os.MkdirAll(remote, 0o755))
	from := local
	if row.moves == Download {
		from = remote
		var archive bytes.Buffer
		w := tar.NewWriter(&archive)
		require.NoError(t, w.WriteHeader(&tar.Header{Name: "secret", Mode: 0o644, Size: int64(len(content))}))
		_, err := w.Write([]byte(content))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, os.WriteFile(filepath.Join(remote, "secret.tar"), archive.Bytes(), 0o644))
	}
	require.NoError(t, os.WriteFile(filepath.Join(from, "secret"), []byte(content), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(local, "batch"), []byte("cd "+remote+"\nput secret\n"), 0o644))
}

func execute(t *testing.T, row *realCopy, command *Command) {
	t.Helper()
	if row.pkg != "" {
		testhost.WantCommand(t, command.Tool, row.pkg)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, command.Tool, command.Args...)
	cmd.Dir = command.Directory
	cmd.Env = append(os.Environ(), "HOME="+filepath.Dir(command.Directory), "SSH_AUTH_SOCK=")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	command.Stdin, command.Stdout = Stream{Type: StreamNull}, Stream{Type: StreamPipe}
	if row.text != "" {
		cmd.Stdin = strings.NewReader(row.text)
		command.Stdin.Type = StreamPipe
	}
	if row.stdin != "" {
		file, err := os.Open(filepath.Join(cmd.Dir, row.stdin))
		require.NoError(t, err)
		defer file.Close()
		cmd.Stdin, command.Stdin = file, Stream{Type: StreamFile, Path: file.Name()}
	}
	switch row.stdout {
	case "":
	case os.DevNull:
		cmd.Stdout, command.Stdout = nil, Stream{Type: StreamNull}
	default:
		file, err := os.Create(filepath.Join(cmd.Dir, row.stdout))
		require.NoError(t, err)
		defer file.Close()
		cmd.Stdout, command.Stdout = file, Stream{Type: StreamFile, Path: file.Name()}
	}
	require.NoError(t, cmd.Run(), "%s: %s", strings.Join(cmd.Args, " "), &said)
}

// holding returns the files below dir that have the content.
func holding(t *testing.T, dir, content string) (files []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		have, err := os.ReadFile(path)
		if bytes.Contains(have, []byte(content)) {
			files = append(files, path)
		}
		return err
	}))
	return files
}

func (s *copyServers) requireSaid(t *testing.T, row *realCopy, got Transfer, line, local string, sources, targets []string) {
	t.Helper()
	want := row.says
	if want == NoCopy {
		want = row.moves
	}
	require.Equal(t, want, got.Direction, line)
	require.NotEmpty(t, got.Remotes, line)
	for _, r := range got.Remotes {
		assert.Contains(t, []string{"127.0.0.1", "localhost", "::1"}, r.Host, line)
	}
	if want == Unknown {
		assert.Contains(t, got.Signals, BatchMode, line)
		return
	}
	here, there := sources, targets
	if want == Download {
		here, there = targets, sources
	}
	names := false
	for _, path := range got.LocalPaths {
		if !filepath.IsAbs(path) {
			path = filepath.Join(local, path)
		}
		names = names || isIn(path, here)
	}
	assert.True(t, names, "local paths %q name none of %q: %s", got.LocalPaths, here, line)
	names = false
	for _, r := range got.Remotes {
		path := r.Path
		if module, ok := strings.CutPrefix(strings.TrimPrefix(path, "/"), "mod/"); ok {
			path = filepath.Join(s.dir, module)
		}
		names = names || isIn(path, there)
	}
	assert.True(t, names, "remotes %v name none of %q: %s", got.Remotes, there, line)
}

// isIn says that path is one of the files, or a directory above one.
func isIn(path string, files []string) bool {
	for _, file := range files {
		if rel, err := filepath.Rel(path, file); err == nil && rel != ".." && !strings.HasPrefix(rel, "../") {
			return true
		}
	}
	return false
}
