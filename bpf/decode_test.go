//go:build linux && (amd64 || arm64)

package bpf

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// encode makes the bytes that the kernel side would send.
func encode(k probeExecEvent, segments map[probeSegment]string) []byte {
	k.Kind = uint32(probeEventKindEVENT_EXEC)
	payload := ""
	for s := probeSegmentSEG_ANCESTORS; s < probeSegmentSEG_COUNT; s++ {
		k.SegLen[s] = uint32(len(segments[s]))
		payload += segments[s]
	}
	fixed := unsafe.Slice((*byte)(unsafe.Pointer(&k)), unsafe.Sizeof(k))
	return append(append([]byte{}, fixed...), payload...)
}

func texts(list [][]byte) []string {
	var s []string
	for _, b := range list {
		s = append(s, string(b))
	}
	return s
}

func TestDecodePaths(t *testing.T) {
	for _, test := range []struct {
		name  string
		names string
		flags probeEventFlag
		want  string
	}{
		{"a file", "scp\x00bin\x00usr\x00", 0, "/usr/bin/scp"},
		{"in the root", "init\x00", 0, "/init"},
		{"a memfd has no directory", "memfd:x\x00", probeEventFlagFLAG_DETACHED, "memfd:x"},
		{"cut at the top", "c\x00b\x00", probeEventFlagFLAG_EXE_CUT, ".../b/c"},
		{"a newline in a name", "a\nb\x00tmp\x00", 0, "/tmp/a\nb"},
		{"nothing", "", 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var ev Event
			raw := encode(probeExecEvent{Flags: uint32(test.flags)}, map[probeSegment]string{probeSegmentSEG_EXE: test.names})
			require.NoError(t, ev.decode(raw))
			assert.Equal(t, test.want, string(ev.Exec.Executable.Path))
			assert.Equal(t, "/", string(ev.Exec.WorkingDirectory), "a directory without names is the root")
		})
	}
}

func TestDecodeKeepsPathsApart(t *testing.T) {
	var ev Event
	segments := map[probeSegment]string{
		probeSegmentSEG_EXE:       "ls\x00bin\x00",
		probeSegmentSEG_CWD:       "a\x00home\x00",
		probeSegmentSEG_STDIN:     "in\x00tmp\x00",
		probeSegmentSEG_STDOUT:    "out\x00tmp\x00",
		probeSegmentSEG_CGROUP_V2: "x.scope\x00user.slice\x00",
		probeSegmentSEG_CGROUP_V1: "abc\x00docker\x00",
	}
	for range 2 { // the second time the buffers are there already
		require.NoError(t, ev.decode(encode(probeExecEvent{}, segments)))
		x := &ev.Exec
		assert.Equal(t, []string{"/bin/ls", "/home/a", "/tmp/in", "/tmp/out", "/user.slice/x.scope", "/docker/abc"},
			texts([][]byte{x.Executable.Path, x.WorkingDirectory, x.Stdin.Path, x.Stdout.Path, x.CgroupV2, x.CgroupV1}))
	}
}

func TestDecodeArgs(t *testing.T) {
	for _, test := range []struct {
		name       string
		head, tail string
		argc, size int
		want       []string
		cut        bool
	}{
		{"plain", "scp\x00a\x00h:b\x00", "", 3, 10, []string{"scp", "a", "h:b"}, false},
		{"empty ones are kept", "x\x00\x00\x00y\x00", "", 4, 6, []string{"x", "", "", "y"}, false},
		{"none", "", "", 0, 0, nil, false},
		{"cut within one argument", "x\x00aaa", "aaa\x00z\x00", 3, 1000,
			[]string{"x", "aaa[...989 bytes cut...]aaa", "z"}, true},
		{"cut across arguments", "x\x00aaa", "bbb\x00z\x00", 9, 1000,
			[]string{"x", "aaa[...989 bytes cut...]", "bbb", "z"}, true},
		{"the head ends with an argument", "x\x00", "b\x00", 9, 100,
			[]string{"x", "[...96 bytes cut...]", "b"}, true},
		{"unreadable", "", "", 2, 30, []string{"[...30 bytes cut...]"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var ev Event
			raw := encode(probeExecEvent{Argc: uint32(test.argc), ArgsSize: uint32(test.size)},
				map[probeSegment]string{probeSegmentSEG_ARGS_HEAD: test.head, probeSegmentSEG_ARGS_TAIL: test.tail})
			require.NoError(t, ev.decode(raw))
			assert.Equal(t, test.want, texts(ev.Exec.Args))
			assert.Equal(t, test.cut, ev.Exec.ArgsCut)
			assert.Equal(t, test.argc, ev.Exec.ArgsCount)
		})
	}
}

func TestDecodeRefusesWhatIsShort(t *testing.T) {
	whole := encode(probeExecEvent{}, map[probeSegment]string{probeSegmentSEG_ARGS_HEAD: "abc\x00"})
	var ev Event
	require.NoError(t, ev.decode(whole))
	for _, n := range []int{0, 3, 4, 100, len(whole) - 1} {
		assert.ErrorIs(t, ev.decode(whole[:n]), errShort, "%d bytes", n)
	}
	unknown := append([]byte{99}, whole[1:]...)
	assert.ErrorContains(t, ev.decode(unknown), "unknown kind 99")
}

func TestGetenv(t *testing.T) {
	x := Exec{Env: []byte("PATH=/bin\x00XPATH=no\x00EMPTY=\x00TRACE=PATH=x\x00HOME=/root\x00CUT=hal")}
	for name, want := range map[string]string{"PATH": "/bin", "EMPTY": "", "HOME": "/root", "TRACE": "PATH=x"} {
		value, ok := x.Getenv(name)
		assert.True(t, ok, name)
		assert.Equal(t, want, string(value), name)
	}
	for _, name := range []string{"HO", "ATH", "MISSING", "CUT", "x"} {
		_, ok := x.Getenv(name)
		assert.False(t, ok, name)
	}
}

func TestExitStatus(t *testing.T) {
	assert.Equal(t, 3, (&Exit{Status: 3 << 8}).Code())
	assert.Equal(t, 9, (&Exit{Status: 9}).Signal())
	assert.Equal(t, 11, (&Exit{Status: 0x80 | 11}).Signal(), "with a core dump")
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(probeExecEvent{Argc: 3, ArgsSize: 900}, map[probeSegment]string{
		probeSegmentSEG_ANCESTORS: strings.Repeat("a", 64), probeSegmentSEG_EXE: "ls\x00bin\x00",
		probeSegmentSEG_ARGS_HEAD: "ls\x00-l", probeSegmentSEG_ARGS_TAIL: "x\x00", probeSegmentSEG_ENV: "A=b\x00",
	}))
	f.Add([]byte{2, 0, 0, 0})
	var ev Event
	f.Fuzz(func(t *testing.T, raw []byte) {
		if ev.decode(raw) != nil || ev.Kind != KindExec {
			return
		}
		size := 0
		for _, arg := range ev.Exec.Args {
			size += len(arg)
		}
		if size > len(raw)+64 {
			t.Errorf("%d bytes of arguments out of an event of %d", size, len(raw))
		}
		ev.Exec.Getenv("A")
	})
}
