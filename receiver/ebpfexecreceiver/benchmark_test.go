package ebpfexecreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/bpf"
)

// BenchmarkRecord is what one exec costs from the decoded event to the record in its batch.
func BenchmarkRecord(b *testing.B) {
	r, err := newRecorder(defaultConfig(), "")
	require.NoError(b, err)
	x := anExec("gcc", "-O2", "-Wall", "-c", "src/main.c", "-o", "build/main.o", "-Iinclude", "-DNDEBUG")
	x.Env = []byte("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin\x00HOME=/root\x00LANG=C.UTF-8\x00")
	for pid := range uint32(8) {
		x.Ancestors = append(x.Ancestors, bpf.Ancestor{Process: bpf.ProcessKey{PID: 1 << 30, Start: time.Duration(pid)}, Comm: [16]byte{'s', 'h'}})
	}
	event := bpf.Event{Kind: bpf.KindExec, Exec: x}
	now := time.Now()
	batch := newBatch(r)
	b.ReportAllocs()
	for b.Loop() {
		if batch.size() == r.cfg.Batch.MaxSize {
			batch = newBatch(r)
		}
		nextProcess(&event.Exec.Process)
		r.add(batch, &event, now)
	}
}
