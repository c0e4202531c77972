package ebpfexecreceiver

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/attributes"
	"github.com/copywatch/copywatch/internal/identity"
	"github.com/copywatch/copywatch/internal/schema"
)

const (
	s4cmd    = "#!/usr/bin/python3\nSuper S3 command line tool.\nS4CMD_NUM_THREADS\n"
	rsyncSSL = "#!/bin/bash\n# rsync-ssl as someone else wrote it\nexec rsync --rsh=x\n"
)

// onHost is an identifier of a host whose root is a directory.
func onHost(t testing.TB, dir string) (*identifier, *namespace) {
	k, host := aHost(t, dir)
	i, err := newIdentifier(host.proc, dir)
	require.NoError(t, err)
	i.tools = k
	return i, host
}

// scriptExec is the exec of a script on such a host. Its interpreter is /usr/bin/bash, and nobody of those who executed it is left.
func scriptExec(t testing.TB, dir, path string) *bpf.Exec {
	x := anExec("x")
	x.Process.PID, x.Namespaces.Mount, x.Namespaces.MountID = gone, 1, 1
	x.Filename, x.WorkingDirectory, x.Interpreter = []byte(path), []byte("/srv/work"), []byte("/bin/bash")
	info, err := os.Stat(filepath.Join(dir, "usr/bin/bash"))
	require.NoError(t, err)
	x.Executable = bpf.Executable{
		Path: []byte("/usr/bin/bash"), Inode: fileIDOf(info).number, Size: info.Size(), Changed: changeTime(info), Mode: 0o100755,
	}
	return &x
}

// heard waits until all inquiries are answered.
func heard(t *testing.T, i *identifier) {
	require.Eventually(t, func() bool {
		i.hear()
		return len(i.files.pending)+len(i.scripts.pending) == 0
	}, 10*time.Second, time.Millisecond)
}

func TestScripts(t *testing.T) {
	outside := tree(t, map[string]string{"s4cmd": s4cmd})
	dir := tree(t, map[string]string{
		"usr/bin/bash":         programOf("bash").String(),
		"usr/bin/rsync-ssl":    rsyncSSL,
		"usr/bin/curl":         s4cmd, // is not curl
		"srv/work/copy":        rsyncSSL,
		"srv/work/almost":      strings.Replace(rsyncSSL, "someone", "anybody", 1),
		"srv/work/s4":          s4cmd,
		"srv/work/link":        "->/srv/work/s4",
		"srv/work/elsewhere":   "->/opt/deep/er",
		"opt/deep/er/x":        "#!/bin/sh\n",
		"opt/deep/s4":          s4cmd,
		"srv/work/out":         "->" + outside + "/s4cmd",
		"srv/work/loop":        "->loop",
		"srv/work/dir/x":       "x",
		"srv/work/none":        "#!/bin/sh\necho s4cmd\n",
		"srv/work/binfmt":      strings.TrimPrefix(s4cmd, "#!"),
		"srv/work/program":     programOf("scp").String(),
		"usr/bin/scp":          programOf("scp").String(),
		"srv/work/long":        s4cmd + strings.Repeat("#", scriptLongest-len(s4cmd)),
		"srv/work/too long":    s4cmd + strings.Repeat("#", scriptLongest-len(s4cmd)+1),
		"srv/work/\xff\n name": s4cmd,
	})
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "srv/work/fifo"), 0o777))
	i, _ := onHost(t, dir)
	for _, tt := range []struct{ name, path, tool string }{
		{"by its texts", "/srv/work/s4", "s4cmd"},
		{"equal to one that is installed", "/srv/work/copy", "rsync-ssl"},
		{"of the same size as one", "/srv/work/almost", ""},
		{"installed under the name of another tool", "/usr/bin/curl", "s4cmd"},
		{"below the working directory", "s4", "s4cmd"},
		{"in a roundabout way", "./../work//./s4", "s4cmd"},
		{"through a link", "link", "s4cmd"},
		{"out of a directory that is a link", "elsewhere/../s4", "s4cmd"},
		{"of a name that is no text", "\xff\n name", "s4cmd"},
		{"as long as it may be", "long", "s4cmd"},
		{"longer", "too long", ""},
		{"unknown", "none", ""},
		{"what binfmt_misc runs", "binfmt", ""},
		{"a program that binfmt_misc runs", "program", ""},
		{"a link out of the root", "out", ""},
		{"a link to itself", "loop", ""},
		{"a directory", "dir", ""},
		{"a fifo", "fifo", ""},
		{"nothing there", "nothing", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i.ofScript(scriptExec(t, dir, tt.path), time.Now())
			heard(t, i)
			id, pending := i.ofScript(scriptExec(t, dir, tt.path), time.Now())
			assert.Nil(t, pending)
			assert.Equal(t, identity.Identity{Tool: tt.tool}, id)
		})
	}
	x := scriptExec(t, dir, "s4")
	x.WorkingDirectory = []byte(".../work")
	_, pending := i.ofScript(x, time.Now())
	assert.Nil(t, pending, "relative to a directory that is not known")
	x.Filename = nil
	_, pending = i.ofScript(x, time.Now())
	assert.Nil(t, pending)
}

// A script is found below the root of its process, or else of its parent.
func TestScriptOfAContainer(t *testing.T) {
	hostDir := tree(t, map[string]string{"usr/bin/bash": programOf("bash").String(), "x": "#!/bin/sh\n"})
	i, host := onHost(t, hostDir)
	aContainer(t, host, "42", tree(t, map[string]string{"x": s4cmd}), 42)
	x := scriptExec(t, hostDir, "/x")
	x.Namespaces.Mount, x.Namespaces.MountID = 42, 42
	x.Ancestors = []bpf.Ancestor{{Process: bpf.ProcessKey{PID: 42}}}
	i.ofScript(x, time.Now())
	heard(t, i)
	id, _ := i.ofScript(x, time.Now())
	assert.Equal(t, "s4cmd", id.Tool)

	id, pending := i.ofScript(scriptExec(t, hostDir, "/x"), time.Now())
	assert.NotNil(t, pending, "the same path in another namespace")
	assert.Empty(t, id.Tool)
	heard(t, i)
}

// Who executes a memfd has it as /dev/fd/N, and it has no other name.
func TestScriptByDescriptor(t *testing.T) {
	dir := tree(t, map[string]string{"usr/bin/bash": programOf("bash").String()})
	i, _ := onHost(t, dir)
	i.proc = "/proc"
	fd, err := unix.MemfdCreate("x", 0)
	require.NoError(t, err)
	file := os.NewFile(uintptr(fd), "x")
	defer file.Close()
	_, err = file.WriteString(s4cmd)
	require.NoError(t, err)

	x := scriptExec(t, dir, fmt.Sprintf("/dev/fd/%d", fd))
	x.Process.PID, x.Namespaces.Mount = uint32(os.Getpid()), mountNamespace("/proc/self/ns/mnt")
	i.ofScript(x, time.Now())
	heard(t, i)
	id, _ := i.ofScript(x, time.Now())
	assert.Equal(t, "s4cmd", id.Tool)
	x.Process.PID++
	_, pending := i.ofScript(x, time.Now())
	assert.NotNil(t, pending, "another process has something else there")
	for _, path := range []string{"/dev/fd/-1", "/dev/fd/x", "/dev/fd/0/../1", "/dev/fd/"} {
		x.Filename, x.Process.PID = []byte(path), uint32(os.Getpid())
		i.ofScript(x, time.Now())
	}
	heard(t, i)
}

func attributeOf(record plog.LogRecord, key string) string {
	value, _ := record.Attributes().Get(key)
	return value.Str()
}

func TestARecordOfAScript(t *testing.T) {
	bash := programOf("bash")
	bash.texts = textsOfScp // so that it is a tool itself
	dir := tree(t, map[string]string{"usr/bin/bash": bash.String(), "s4": s4cmd, "none": "#!/bin/bash\n"})
	i, _ := onHost(t, dir)
	now := time.Now()
	describe := func(x *bpf.Exec) (plog.LogRecord, *batch) {
		b := newBatch(identifying(t))
		record := b.record(nil)
		var attrs attributes.Builder
		i.describe(record, &attrs, b, x, now)
		attrs.Into(record.Attributes())
		return record, b
	}
	check := func(record plog.LogRecord, tool string) {
		t.Helper()
		assert.Equal(t, tool, attributeOf(record, schema.ExecutableOriginalName))
		assert.Len(t, attributeOf(record, schema.ExecutableBuildIDGNU), 40, "the interpreter's")
	}
	for range 2 { // then it is known
		s4, b := describe(scriptExec(t, dir, "/s4"))
		none, _ := describe(scriptExec(t, dir, "/none"))
		itself := scriptExec(t, dir, "/usr/bin/bash")
		itself.Interpreter = nil
		interpreter, _ := describe(itself)
		heard(t, i)
		assert.True(t, b.isComplete(now))
		check(s4, "s4cmd")
		check(none, "")
		check(interpreter, "scp")
	}
	assert.Equal(t, 2, i.scripts.known.Len(), "what is no script is not taken for one")
}

func TestABatchWaitsForScripts(t *testing.T) {
	dir := tree(t, map[string]string{"usr/bin/bash": programOf("bash").String(), "s4": s4cmd})
	i, _ := onHost(t, dir)
	b := newBatch(identifying(t))
	now := time.Now()
	i.describe(b.record(nil), new(attributes.Builder), b, scriptExec(t, dir, "/s4"), now)
	assert.Len(t, b.awaited, 2)
	assert.False(t, b.isComplete(now))
	assert.True(t, b.isComplete(now.Add(heldLongest)), "but not for ever")
	heard(t, i)
	assert.True(t, b.isComplete(now))
}

func TestAScriptThatChanges(t *testing.T) {
	dir := tree(t, map[string]string{"usr/bin/bash": programOf("bash").String(), "x": s4cmd})
	i, _ := onHost(t, dir)
	now := time.Now()
	tool := func(at time.Time) string {
		id, pending := i.ofScript(scriptExec(t, dir, "/x"), at)
		if pending != nil {
			heard(t, i)
			id, _ = i.ofScript(scriptExec(t, dir, "/x"), at)
		}
		return id.Tool
	}
	assert.Equal(t, "s4cmd", tool(now))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x"), []byte("#!/bin/sh\necho\n"), 0o755))
	assert.Equal(t, "s4cmd", tool(now.Add(scriptKept-1)), "within the second it is as it was")
	assert.Empty(t, tool(now.Add(scriptKept)))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x"), []byte(s4cmd), 0o755))
	assert.Equal(t, "s4cmd", tool(now.Add(2*scriptKept)))
}

// hanging is a search that ends when it is told to.
type hanging chan struct{}

func (h hanging) identify() (identity.Identity, bool) {
	<-h
	return identity.Identity{}, true
}

// Scripts that hang leave places for executables.
func TestScriptsThatHang(t *testing.T) {
	dir := tree(t, map[string]string{"usr/bin/bash": programOf("bash").String(), "s4": s4cmd})
	i, _ := onHost(t, dir)
	now := time.Now()
	h := make(hanging)
	i.scripts.patience = time.Millisecond
	for n := range uint32(inquiriesAtOnce) {
		assert.NotNil(t, i.scripts.begin(scriptPlace{pid: n}, now, func() search { return h }))
	}
	x := scriptExec(t, dir, "/s4")
	_, pending := i.ofFile(x, now)
	require.NotNil(t, pending)
	require.Eventually(t, func() bool { i.hear(); return pending.done }, 10*time.Second, time.Millisecond)
	assert.Equal(t, 1, i.files.known.Len())

	_, pending = i.ofScript(x, now)
	require.Eventually(t, func() bool { i.hear(); return pending.done }, 10*time.Second, time.Millisecond)
	_, pending = i.ofScript(x, now)
	assert.NotNil(t, pending, "nobody looked; the next exec may have more luck")
	close(h)
	heard(t, i)
	assert.Empty(t, i.files.shared)
	assert.Empty(t, i.scripts.own)
}

// Many files that are new at once are looked at one after another.
func TestABurstOfNewFiles(t *testing.T) {
	files := map[string]string{"usr/bin/bash": programOf("bash").String()}
	for n := range queueMost {
		files[fmt.Sprintf("s%d", n)] = s4cmd
	}
	dir := tree(t, files)
	i, _ := onHost(t, dir)
	i.scripts.patience = time.Minute
	now := time.Now()
	for n := range queueMost {
		_, pending := i.ofScript(scriptExec(t, dir, fmt.Sprintf("/s%d", n)), now)
		assert.NotNil(t, pending)
	}
	_, pending := i.ofScript(scriptExec(t, dir, "/another"), now)
	assert.Nil(t, pending, "too many")
	heard(t, i)
	id, _ := i.ofScript(scriptExec(t, dir, fmt.Sprintf("/s%d", queueMost-1)), now)
	assert.Equal(t, "s4cmd", id.Tool)
}

// BenchmarkIdentify is what the loop that reads events does for a file that is known.
func BenchmarkIdentify(b *testing.B) {
	dir := b.TempDir()
	require.NoError(b, os.MkdirAll(filepath.Join(dir, "usr/bin"), 0o755))
	require.NoError(b, os.WriteFile(filepath.Join(dir, "usr/bin/bash"), []byte(programOf("bash").String()), 0o755))
	i, _ := onHost(b, dir)
	now := time.Now()
	script := scriptExec(b, dir, "/usr/bin/script")
	program := scriptExec(b, dir, "/usr/bin/bash")
	program.Interpreter = nil
	f := program.Executable
	i.files.known.Add(fileState{f.Device, f.Inode, f.Changed.UnixNano(), f.Size}, &finding{identity.Identity{}, now})
	i.scripts.known.Add(scriptPlace{namespace: 1, path: "/usr/bin/script"}, &finding{identity.Identity{}, now})
	record := plog.NewLogRecord()
	var attrs attributes.Builder
	for name, x := range map[string]*bpf.Exec{"executable": program, "script": script} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				i.describe(record, &attrs, nil, x, now)
				attrs.Into(record.Attributes())
			}
		})
	}
}
