package ebpfexecreceiver

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/identity"
	"github.com/copywatch/copywatch/internal/schema"
)

// gone is the pid of no process: pids end at 4194304 (PID_MAX_LIMIT).
const gone = 1 << 30

// execOfFile is an exec of a file as it is now, in this mount namespace, by a process that is gone.
func execOfFile(t *testing.T, path string) bpf.Exec {
	info, err := os.Stat(path)
	require.NoError(t, err)
	x := anExec("x")
	x.Process.PID = gone
	x.Namespaces.Mount = mountNamespace("/proc/self/ns/mnt")
	x.Ancestors = []bpf.Ancestor{{Process: bpf.ProcessKey{PID: uint32(os.Getpid())}}}
	x.Executable = bpf.Executable{Path: []byte(path), Size: info.Size(), Changed: changeTime(info), Mode: 0o100755}
	return x
}

func ownBinary(t *testing.T) string {
	path, err := os.Executable()
	require.NoError(t, err)
	return path
}

func TestFileSearch(t *testing.T) {
	self := ownBinary(t)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(self, link))
	fifo := filepath.Join(t.TempDir(), "fifo")
	require.NoError(t, unix.Mkfifo(fifo, 0o600))

	for _, test := range []struct {
		name   string
		change func(*bpf.Exec)
		found  bool
	}{
		{"by its path, below the root of its parent", func(*bpf.Exec) {}, true},
		{"through the process itself", func(x *bpf.Exec) {
			x.Process.PID, x.Ancestors, x.Executable.Deleted = uint32(os.Getpid()), nil, true
		}, true},
		{"the process has another file by now", func(x *bpf.Exec) { x.Process.PID = 1 }, true},
		{"written since", func(x *bpf.Exec) { x.Executable.Changed = x.Executable.Changed.Add(-1) }, false},
		{"of another size", func(x *bpf.Exec) { x.Executable.Size++ }, false},
		{"deleted, and its process gone", func(x *bpf.Exec) { x.Executable.Deleted = true }, false},
		{"a memfd, and its process gone", func(x *bpf.Exec) { x.Executable.Detached = true }, false},
		{"nobody left in its namespace", func(x *bpf.Exec) { x.Namespaces.Mount = 7 }, false},
		{"a link out of the root in its place", func(x *bpf.Exec) { x.Executable.Path = []byte(link) }, false},
		{"a fifo in its place", func(x *bpf.Exec) { x.Executable.Path = []byte(fifo) }, false},
		{"nothing in its place", func(x *bpf.Exec) { x.Executable.Path = []byte("/nonexistent") }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := execOfFile(t, self)
			test.change(&x)
			search := newFileSearch(&x, newNamespace(&x, "/proc", "/"), nil)
			file := patient(t, search.open)
			assert.Equal(t, test.found, file != nil)
			if file != nil {
				file.Close()
			}
		})
	}
}

// identifying is a recorder that looks into files.
func identifying(t *testing.T) *recorder {
	r, err := newRecorder(defaultConfig(), "")
	require.NoError(t, err)
	return r
}

// What was looked into is ordinary where it is no tool, under whatever name.
func TestOrdinaryFiles(t *testing.T) {
	i := identifying(t).identity
	x := execOfFile(t, ownBinary(t))
	assert.False(t, i.isOrdinary(&x.Executable))
	i.files.known.Add(stateOf(&x.Executable), &finding{id: identity.Identity{Tool: "rclone"}})
	assert.False(t, i.isOrdinary(&x.Executable))
	i.files.known.Add(stateOf(&x.Executable), &finding{})
	assert.True(t, i.isOrdinary(&x.Executable))
	x.Executable.Size++
	assert.False(t, i.isOrdinary(&x.Executable))
}

// buildIDs are the Go build ids of the records of a batch, "" where there is none.
func buildIDs(b *batch) (ids []string) {
	for _, record := range b.logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		id, _ := record.Attributes().Get(schema.ExecutableBuildIDGo)
		ids = append(ids, id.Str())
	}
	return ids
}

func TestABatchWaitsForIdentities(t *testing.T) {
	r := identifying(t)
	b := newBatch(r)
	now := time.Now()
	x := execOfFile(t, ownBinary(t))
	for _, x := range []bpf.Exec{x, anExec("of no file"), x} {
		r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: x}, now)
	}
	assert.Equal(t, 3, b.size(), "in their order")
	assert.False(t, b.isComplete(now))
	require.Eventually(t, func() bool { r.identity.hear(); return b.isComplete(now) }, 10*time.Second, time.Millisecond)
	ids := buildIDs(b)
	assert.NotEmpty(t, ids[0])
	assert.Equal(t, []string{ids[0], "", ids[0]}, ids)

	after := newBatch(r)
	r.add(after, &bpf.Event{Kind: bpf.KindExec, Exec: x}, now)
	assert.True(t, after.isComplete(now), "what is known needs no waiting")
	assert.Equal(t, ids[:1], buildIDs(after))
}

func TestABatchDoesNotWaitForEver(t *testing.T) {
	r := identifying(t)
	b := newBatch(r)
	now := time.Now()
	r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: execOfFile(t, ownBinary(t))}, now)
	assert.False(t, b.isComplete(now.Add(heldLongest-1)))
	assert.True(t, b.isComplete(now.Add(heldLongest)))
	x := execOfFile(t, ownBinary(t))
	_, pending := r.identity.ofFile(&x, now.Add(heldLongest))
	assert.Nil(t, pending, "nor do others, behind what hangs")

	b.sent = true
	require.Eventually(t, func() bool { r.identity.hear(); return len(r.identity.files.pending) == 0 }, 10*time.Second, time.Millisecond)
	assert.Equal(t, []string{""}, buildIDs(b), "what is handed on is not touched any more")
}

func TestOutboxKeepsTheOrder(t *testing.T) {
	s := &sender{queue: make(chan *batch, 100), ctx: t.Context()}
	out := outbox{sender: s}
	now := time.Now()
	r := identifying(t)
	slow := &inquiry{begun: now}
	for i := range 3 {
		b := newBatch(r)
		record := b.record(nil)
		if i == 1 {
			slow.wait(waiting{record: record, batch: b})
		}
		out.add(b)
	}
	out.flush(now)
	assert.Len(t, s.queue, 1, "the second waits, and the third behind it")
	slow.done = true
	out.flush(now)
	assert.Len(t, s.queue, 3)

	for range outboxMost + 3 {
		b := newBatch(r)
		(&inquiry{begun: now}).wait(waiting{record: b.record(nil), batch: b})
		out.add(b)
	}
	out.flush(now)
	assert.Len(t, out.batches, outboxMost, "there are never more")
}

func TestWhatIsNotLookedInto(t *testing.T) {
	for name, change := range map[string]func(*bpf.Exec, *identifier){
		"a file system in user space": func(x *bpf.Exec, _ *identifier) { x.Executable.FileSystem = fuseMagic },
		"an impossible size":          func(x *bpf.Exec, _ *identifier) { x.Executable.Size = 1 << 50 },
		"too many wait for a look":    func(_ *bpf.Exec, i *identifier) { i.files.slots = make(chan struct{}) },
	} {
		t.Run(name, func(t *testing.T) {
			r := identifying(t)
			x := execOfFile(t, ownBinary(t))
			change(&x, r.identity)
			id, pending := r.identity.ofFile(&x, time.Now())
			assert.Nil(t, pending)
			assert.Equal(t, identity.Identity{}, id)
		})
	}
}
