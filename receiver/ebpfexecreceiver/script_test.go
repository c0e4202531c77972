package ebpfexecreceiver

import (
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/bpf"
)

func TestShortenScript(t *testing.T) {
	for _, path := range []string{"", "/srv/deploy.sh", strings.Repeat("x", scriptMost)} {
		assert.Equal(t, path, shortenScript(path))
	}
	got := shortenScript("/srv/" + strings.Repeat("文", scriptMost) + "/deploy.sh")
	assert.LessOrEqual(t, len(got), scriptMost+len("..."))
	assert.True(t, utf8.ValidString(got))
	assert.True(t, strings.HasPrefix(got, "...文") && strings.HasSuffix(got, "文/deploy.sh"))
}

// Arguments are as long as whoever runs a program wants: what is remembered of
// a process for its children's records must not keep them in memory.
func TestLineageKeepsNoArguments(t *testing.T) {
	const processes, argument = 6000, 60 << 10
	cfg := defaultConfig()
	cfg.ProcPath, cfg.RootPath, cfg.Identify = t.TempDir(), t.TempDir(), false
	r, err := newRecorder(cfg, "")
	require.NoError(t, err)
	event := bpf.Event{Kind: bpf.KindExec}
	before := liveHeap()
	for i := range processes {
		long := strings.Repeat("x", argument)
		directory := "/usr/bin/"
		switch i % 4 {
		case 0: // no file has such a name, but bash is told to run it
			event.Exec = anExec("bash", long)
		case 1:
			event.Exec = anExec("bash", "deploy.sh", long)
		case 2:
			event.Exec = anExec("scp", long, "h:")
		default: // a path as long as the kernel takes one, of bytes that are no text
			event.Exec = anExec("scp", "a", "h:")
			directory = strings.Repeat("/"+strings.Repeat("\xff", 255), 15) + "/"
		}
		event.Exec.Executable.Path = []byte(directory + string(event.Exec.Args[0]))
		event.Exec.Process = bpf.ProcessKey{PID: uint32(i + 1), Start: time.Duration(i) * time.Millisecond}
		r.add(newBatch(r), &event, time.Now())
	}
	grown := liveHeap() - before
	assert.Greater(t, r.lineage.known.count, 1000)
	assert.Less(t, grown, int64(processesBytes+processes*1024), "%d bytes for each", grown/processes)
}

func liveHeap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
