//go:build linux

package siem

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// rsyslog is one that runs with the example of deploy/rsyslog.
type rsyslog struct {
	dir    string // what it writes
	daemon *testprocess.Daemon
}

// startRsyslog starts one that is no service of this host: it reads nothing but
// the example, whose files and port are the test's, with changes: pairs of what
// is there and what is to be.
func startRsyslog(t *testing.T, a *authority, address string, changes ...string) *rsyslog {
	t.Helper()
	program := testhost.NeedCommand(t, "rsyslogd", "rsyslog")
	if drivers, _ := filepath.Glob("/usr/lib/*/rsyslog/lmnsd_gtls.so"); len(drivers) == 0 {
		t.Skip("needs rsyslog's TLS driver (Debian package rsyslog-gnutls)")
	}
	s := &rsyslog{dir: t.TempDir()}
	cert, key := a.files(t, tomorrow())
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	example, err := os.ReadFile("../../deploy/rsyslog/copywatch.conf")
	require.NoError(t, err)
	config := string(example)
	for pair := range slices.Chunk(append(changes,
		"/etc/ssl/copywatch/ca.pem", a.file,
		"/etc/ssl/copywatch/cert.pem", cert,
		"/etc/ssl/copywatch/key.pem", key,
		"/var/log/copywatch/", s.dir+"/",
		`port="6514"`, `port="`+port+`" address="127.0.0.1"`,
	), 2) {
		require.Contains(t, config, pair[0])
		config = strings.ReplaceAll(config, pair[0], pair[1])
	}
	path := filepath.Join(s.dir, "rsyslog.conf")
	require.NoError(t, os.WriteFile(path, []byte(config), 0o600))
	output, err := exec.Command(program, "-N1", "-f", path).CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.NotContains(t, string(output), "error")
	s.daemon = testprocess.Serve(t, filepath.Join(s.dir, "rsyslog.log"),
		program, "-n", "-f", path, "-i", filepath.Join(s.dir, "pid"))
	s.daemon.Accepts(t, address)
	return s
}

// messages are what came, parsed strictly.
func (s *rsyslog) messages(t *testing.T) (messages []syslogMessage) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(s.dir, "messages.log"))
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	for line := range bytes.Lines(content[:bytes.LastIndexByte(content, '\n')+1]) {
		require.LessOrEqual(t, len(line), longestMessage)
		m, err := parseSyslog(strings.TrimSuffix(string(line), "\n"))
		require.NoError(t, err)
		messages = append(messages, m)
	}
	return messages
}

// documents are the lines of JSON that rsyslog made of them.
func (s *rsyslog) documents(t *testing.T) (documents []map[string]any) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(s.dir, "messages.json"))
	require.NoError(t, err)
	for line := range bytes.Lines(content[:bytes.LastIndexByte(content, '\n')+1]) {
		var document map[string]any
		require.NoError(t, json.Unmarshal(line, &document), "%s", line)
		documents = append(documents, document)
	}
	return documents
}

// requireAll waits for a message from each of the entities, and wants no other.
func (s *rsyslog) requireAll(t *testing.T, entities []string) map[string]syslogMessage {
	t.Helper()
	var messages []syslogMessage
	testprocess.Await(func() bool {
		messages = s.messages(t)
		return len(messages) >= len(entities) && len(s.documents(t)) >= len(entities)
	})
	byEntity := map[string]syslogMessage{}
	for _, m := range messages {
		byEntity[m.data["process.entity_id"]] = m
	}
	require.ElementsMatch(t, entities, keys(byEntity))
	require.Len(t, messages, len(entities), "nothing comes twice, and nothing else")
	return byEntity
}

func TestSyslogToRsyslog(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := startRsyslog(t, a, address)
	c := newSyslogCollector(t, a, address)
	c.start(t)
	r := newReplay(t, c)
	for range 10 { // some batches of a megabyte
		require.NoError(t, r.send(t.Context(), 1000))
	}

	messages := server.requireAll(t, r.matches)
	require.Equal(t, "scp", messages[r.matches[0]].data["filecopy.tool"])
	document := server.documents(t)[0]
	require.Equal(t, "ci-runner-7", document["host"])
	require.Equal(t, "notice", document["severity"])
	require.Equal(t, "net_filecopy_tool_exec", document["action"])
	require.Contains(t, document["message"], "LOW scp upload out/app.tgz -> deploy@127.0.0.1:2222:/in/")
	element := document["rfc5424-sd"].(map[string]any)["copywatch@32473"].(map[string]any)
	require.Equal(t, "scp", element["filecopy.tool"])
	require.Equal(t, `["out/app.tgz"]`, element["filecopy.local_paths"])
	c.requireNoComplaint(t)
}

// rsyslog splits what is too long for it into several messages, and takes a
// line for a message where the framing allows it: neither must happen.
func TestSyslogHostileInputToRsyslog(t *testing.T) {
	address := freeAddress(t)
	a := newAuthority(t)
	server := startRsyslog(t, a, address)
	c := newSyslogCollector(t, a, address)
	c.start(t)
	r := newReplay(t, c)

	var values []string
	for _, each := range hostileValues {
		values = append(values, each.sent, strings.Repeat(each.sent, 1000))
	}
	logs, entities := hostileBatch(r, values)
	replayLogs(t, r, logs)
	messages := server.requireAll(t, entities)
	byEntity := map[string]map[string]any{}
	for _, document := range server.documents(t) {
		element := document["rfc5424-sd"].(map[string]any)["copywatch@32473"].(map[string]any)
		byEntity[element["process.entity_id"].(string)] = element
	}
	for i, each := range hostileValues {
		entity := entities[2*i]
		require.Equal(t, each.read, messages[entity].data["process.working_directory"], each.name)
		require.Equal(t, each.read, byEntity[entity]["process.working_directory"], "%s, as rsyslog reads it", each.name)
	}
}
