//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// sshServer is OpenSSH's own, with keys of its own, on the loopback interface.
type sshServer struct {
	port, user string
	options    []string // by which a client finds it and trusts it, without what the user has configured
}

const payload = "what is copied\n"

func startSSHD(t *testing.T) sshServer {
	t.Helper()
	sshd := testhost.NeedCommand(t, "/usr/sbin/sshd", "openssh-server")
	keygen := testhost.NeedCommand(t, "ssh-keygen", "openssh-client")
	needSeparation(t)
	dir := publicDir(t)
	for _, key := range []string{"host", "client"} {
		out, err := exec.Command(keygen, "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, key)).CombinedOutput()
		if err != nil {
			t.Fatalf("ssh-keygen: %v\n%s", err, out)
		}
	}
	server := sshServer{port: testprocess.FreePort(t), user: currentUser(t)}
	config := filepath.Join(dir, "sshd_config")
	writeLines(t, config,
		"ListenAddress 127.0.0.1", "Port "+server.port,
		"HostKey "+dir+"/host", "AuthorizedKeysFile "+dir+"/client.pub",
		"PidFile none", "StrictModes no", "UsePAM no", "PermitRootLogin yes",
		"Subsystem sftp internal-sftp",
	)
	testprocess.Serve(t, dir+"/sshd.log", sshd, "-D", "-e", "-f", config).Accepts(t, "127.0.0.1:"+server.port)
	server.options = []string{
		"-F", "none", "-i", dir + "/client", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
		"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-P", server.port,
	}
	return server
}

// needSeparation makes the directory that sshd wants for its unprivileged
// part, which exists only while Debian's own service runs.
func needSeparation(t *testing.T) {
	t.Helper()
	const dir = "/run/sshd"
	if _, err := os.Stat(dir); err == nil {
		return
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(dir) })
}

func writeLines(t *testing.T, path string, lines ...string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (server sshServer) remote(path string) string { return server.user + "@127.0.0.1:" + path }

// client is the command line of one of OpenSSH's clients.
func (server sshServer) client(t *testing.T, name string, args ...string) program {
	t.Helper()
	path := testhost.NeedCommand(t, name, "openssh-client")
	p := command(append(append([]string{path}, server.options...), args...)...)
	p.env = []string{"PATH=/usr/bin:/bin", "HOME=/nonexistent"}
	return p
}

// end is what a record must say of the server.
func (server sshServer) end(more want) want {
	port, _ := strconv.Atoi(server.port)
	return want{
		schema.ServerAddress: "127.0.0.1", schema.ServerPort: port, schema.RemoteUser: server.user,
		schema.DestinationClass: "loopback", schema.NetworkProtocolName: "ssh",
	}.with(more)
}

func TestSCP(t *testing.T) {
	s := watch(t)
	server := startSSHD(t)
	dir := publicDir(t)
	writeLines(t, dir+"/file", strings.TrimSpace(payload))
	for name, test := range map[string]struct {
		operands                 []string
		arrives                  string
		direction, local, remote string
	}{
		"upload":              {[]string{dir + "/file", server.remote(dir + "/up")}, dir + "/up", "upload", dir + "/file", dir + "/up"},
		"download":            {[]string{server.remote(dir + "/file"), dir + "/down"}, dir + "/down", "download", dir + "/down", dir + "/file"},
		"with strange names":  {[]string{dir + "/file", server.remote(dir + "/a b'\n")}, dir + "/a b'\n", "upload", dir + "/file", dir + "/a b'\n"},
		"by the old protocol": {[]string{"-O", dir + "/file", server.remote(dir + "/old")}, dir + "/old", "upload", dir + "/file", dir + "/old"},
	} {
		t.Run(name, func(t *testing.T) {
			c := run(t, server.client(t, "scp", test.operands...)).succeeds(t)
			requireFile(t, test.arrives, payload)
			r := s.exec(t, c)
			requireRecord(t, r, copied{tool: "scp", family: "ssh-copy", direction: test.direction, more: server.end(want{
				schema.LocalPaths: []string{test.local}, schema.RemotePaths: []string{test.remote},
			})}.tagged(expectExec(t, c)))
			s.requireSSHBelow(t, c, r)
		})
	}
}

// requireSSHBelow wants the ssh that a tool started to be recorded as its child.
func (s *sensor) requireSSHBelow(t *testing.T, c *child, tool record) {
	t.Helper()
	for _, r := range s.execs(t, c) {
		if r.text(schema.ExecutableName) != "ssh" {
			continue
		}
		got := map[string]any{}
		for _, field := range []string{schema.ParentPID, schema.ParentEntityID, schema.ParentName, schema.ParentCommandLine, schema.ParentExecutable} {
			got[field] = r.fields()[field]
		}
		requireSame(t, got, want{
			schema.ParentPID:         c.pid,
			schema.ParentEntityID:    tool.text(schema.EntityID),
			schema.ParentName:        tool.text(schema.ExecutableName),
			schema.ParentExecutable:  tool.text(schema.ExecutablePath),
			schema.ParentCommandLine: tool.text(schema.CommandLine),
		})
		return
	}
	t.Error("there is no exec of the ssh that the tool started")
}

func TestSFTP(t *testing.T) {
	s := watch(t)
	server := startSSHD(t)
	dir := publicDir(t)
	writeLines(t, dir+"/file", strings.TrimSpace(payload))
	writeLines(t, dir+"/batch", "put "+dir+"/file "+dir+"/up", "get "+dir+"/up "+dir+"/down")
	c := run(t, server.client(t, "sftp", "-b", dir+"/batch", server.user+"@127.0.0.1")).succeeds(t)
	requireFile(t, dir+"/down", payload)
	r := s.exec(t, c)
	requireRecord(t, r, copied{tool: "sftp", family: "ssh-copy", direction: "unknown", more: server.end(nil)}.tagged(expectExec(t, c)))
	s.requireSSHBelow(t, c, r)
}

// A link to a tool is found by the file that runs, and one that is named as a
// tool by that name: programs of many names are told apart by it.
func TestSCPThroughALink(t *testing.T) {
	s := watch(t)
	scp := testhost.NeedCommand(t, "scp", "openssh-client")
	dir := publicDir(t)
	mustSymlink(t, scp, dir+"/harmless")
	c := run(t, command(dir+"/harmless"))
	requireRecord(t, s.exec(t, c), copied{tool: "scp", family: "ssh-copy", direction: "none"}.tagged(expectExec(t, c)))

	mustSymlink(t, "/bin/true", dir+"/scp")
	c = run(t, command(dir+"/scp"))
	requireRecord(t, s.exec(t, c), copied{tool: "scp", family: "ssh-copy", direction: "none"}.tagged(expectExec(t, c)))
}
