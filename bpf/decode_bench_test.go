//go:build linux && (amd64 || arm64)

package bpf

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// BenchmarkDecode is of an event of usual size: a compiler's call below eight ancestors, with 1 KiB of environment.
func BenchmarkDecode(b *testing.B) {
	args := "gcc\x00-O2\x00-Wall\x00-Iinclude\x00-c\x00src/main.c\x00-o\x00build/main.o\x00"
	ancestors := [8]probeAncestor{}
	for i := range ancestors {
		ancestors[i].Pid = uint32(i + 1)
	}
	raw := encode(probeExecEvent{Argc: 8, ArgsSize: uint32(len(args))}, map[probeSegment]string{
		probeSegmentSEG_ANCESTORS: string(unsafe.Slice((*byte)(unsafe.Pointer(&ancestors)), unsafe.Sizeof(ancestors))),
		probeSegmentSEG_EXE:       "gcc\x00bin\x00usr\x00",
		probeSegmentSEG_CWD:       "project\x00ana\x00home\x00",
		probeSegmentSEG_FILENAME:  "/usr/bin/gcc",
		probeSegmentSEG_STDIN:     "null\x00dev\x00",
		probeSegmentSEG_STDOUT:    "build.log\x00tmp\x00",
		probeSegmentSEG_CGROUP_V2: "session-2.scope\x00user-1000.slice\x00user.slice\x00",
		probeSegmentSEG_ARGS_HEAD: args,
		probeSegmentSEG_ENV:       "PATH=/usr/bin\x00FILL=" + strings.Repeat("x", 1000) + "\x00",
	})
	var event Event
	require.NoError(b, event.decode(raw))
	require.Len(b, event.Exec.Args, 8)
	require.Len(b, event.Exec.Ancestors, len(ancestors))
	b.ReportAllocs()
	for b.Loop() {
		_ = event.decode(raw)
	}
}
