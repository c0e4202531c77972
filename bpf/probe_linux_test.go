//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

// pause is for how long a test waits for an event that may not come.
const pause = 50 * time.Millisecond

func open(t *testing.T, o Options) *Probe {
	testhost.NeedBPF(t)
	p, err := Open(o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	return p
}

// drain detaches the probe and hands every event to f.
func drain(t *testing.T, p *Probe, f func(*Event)) {
	require.NoError(t, p.Detach())
	var ev Event
	for {
		switch err := p.Read(&ev, pause); {
		case err == nil:
			f(&ev)
		case errors.Is(err, io.EOF):
			assert.Zero(t, p.current.rings[probeRingIndexMAIN_RING].held(), "what was read makes room")
			return
		case !errors.Is(err, os.ErrDeadlineExceeded):
			require.NoError(t, err)
		}
	}
}

func TestProbeSeesExecAndExit(t *testing.T) {
	p := open(t, Options{Exits: true})
	before := SinceBoot()
	cmd := exec.Command("/bin/sh", "-c", "exit 3", "", "marker")
	cmd.Dir = "/usr/lib"
	cmd.Env = []string{"A=1", "MARK=here"}
	require.Error(t, cmd.Run())
	after := SinceBoot()

	var execs, exits int
	drain(t, p, func(ev *Event) {
		switch {
		case ev.Kind == KindExec && int(ev.Exec.Process.PID) == cmd.Process.Pid:
			execs++
			x := &ev.Exec
			assert.Equal(t, []string{"/bin/sh", "-c", "exit 3", "", "marker"}, texts(x.Args))
			assert.Equal(t, 5, x.ArgsCount)
			assert.Equal(t, len("/bin/sh -c exit 3  marker "), x.ArgsSize)
			assert.Equal(t, "/usr/lib", string(x.WorkingDirectory))
			assert.Equal(t, "/bin/sh", string(x.Filename))
			assert.Equal(t, "sh", string(x.Comm))
			info, err := os.Stat("/bin/sh")
			require.NoError(t, err)
			stat := info.Sys().(*syscall.Stat_t)
			assert.Equal(t, stat.Ino, x.Executable.Inode)
			assert.Equal(t, info.Size(), x.Executable.Size)
			assert.Equal(t, time.Unix(stat.Ctim.Sec, stat.Ctim.Nsec), x.Executable.Changed)
			require.NotEmpty(t, x.Ancestors)
			assert.EqualValues(t, os.Getpid(), x.Ancestors[0].Process.PID)
			assert.True(t, before <= x.Time && x.Time <= after, "%v is not from %v to %v", x.Time, before, after)
			mark, _ := x.Getenv("MARK")
			assert.Equal(t, "here", string(mark))
		case ev.Kind == KindExit && int(ev.Exit.Process.PID) == cmd.Process.Pid:
			exits++
			assert.Equal(t, 3, ev.Exit.Code())
			assert.Zero(t, ev.Exit.Signal())
		}
	})
	assert.Equal(t, 1, execs, "execs")
	assert.Equal(t, 1, exits, "exits")
}

// The smallest buffer holds a fraction of these events, and nobody reads them:
// what does not fit must be counted, to the last one.
func TestProbeCountsWhatItLoses(t *testing.T) {
	p := open(t, Options{BufferSize: MinBufferSize})
	const runs = 60
	padding := strings.Repeat("x", 8000)
	for range runs {
		require.NoError(t, exec.Command("/bin/true", padding).Run())
	}
	losses, err := p.Losses()
	require.NoError(t, err)
	seen := 0
	drain(t, p, func(ev *Event) {
		if ev.Kind == KindExec {
			seen++
		}
	})
	assert.Greater(t, losses[RingBufferFull], uint64(0), "the buffer should have been too small")
	assert.GreaterOrEqual(t, uint64(seen)+losses[RingBufferFull], uint64(runs), "some are neither delivered nor counted")
	assertNoneLost(t, Losses{Recursion: losses[Recursion], NoScratch: losses[NoScratch]})
}

// A flood of other programs, which nobody reads, must not push out what has precedence.
func TestPrecedenceInAFlood(t *testing.T) {
	copied := filepath.Join(t.TempDir(), "scp")
	program, err := os.ReadFile("/bin/true")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(copied, program, 0o700))

	p := open(t, Options{BufferSize: MinBufferSize, ReserveSize: MinBufferSize, Precedence: []string{"rsync", "scp"}})
	padding := strings.Repeat("x", 8000)
	for range 100 {
		require.NoError(t, exec.Command("/bin/true", padding).Run())
	}
	losses, err := p.Losses()
	require.NoError(t, err)
	require.NotZero(t, losses[RingBufferFull], "the flood should have filled the buffer")
	for range 10 {
		require.NoError(t, exec.Command(copied, padding, "marker").Run())
	}
	seen := 0
	drain(t, p, func(ev *Event) {
		if ev.Kind == KindExec && string(ev.Exec.Executable.Path) == copied {
			seen++
		}
	})
	assert.Equal(t, 10, seen)
}

func TestProbeWakesUpWhenItFallsBehind(t *testing.T) {
	p := open(t, Options{BufferSize: MinBufferSize})
	padding := strings.Repeat("x", 8000)
	begin := time.Now()
	go func() {
		for range 20 {
			_ = exec.Command("/bin/true", padding).Run()
		}
	}()
	var ev Event
	require.NoError(t, p.Read(&ev, time.Minute))
	assert.Less(t, time.Since(begin), 30*time.Second, "an eighth of the buffer was full, and the reader slept on")
}

func TestOpenRefusesBadOptions(t *testing.T) {
	for _, o := range []Options{
		{BufferSize: 12345}, {BufferSize: MinBufferSize / 2}, {ReserveSize: 3}, {ArgsLimit: 1}, {ArgsLimit: MaxArgsLimit + 1},
		{EnvLimit: MaxEnvLimit + 1},
	} {
		_, err := Open(o)
		assert.Error(t, err, "%+v", o)
	}
}

func TestOpenNamesAMissingTypesFile(t *testing.T) {
	testhost.NeedBPF(t)
	_, err := Open(Options{BTFPath: "/nonexistent/btf"})
	assert.ErrorContains(t, err, "/nonexistent/btf")
}

// A record that begins at the end of the buffer goes on at its start.
func TestRecordsThatGoAroundTheEnd(t *testing.T) {
	const size = MinBufferSize
	p := open(t, Options{BufferSize: size})
	r := p.current.rings[probeRingIndexMAIN_RING]
	assert.Empty(t, r.data, "mapped without an event")
	var ev Event
	around := 0
	for i := range 60 { // together more than it holds
		padding := strings.Repeat(string(rune('a'+i%26))+"0123456", 1000)
		require.NoError(t, exec.Command("/bin/true", t.Name(), padding).Run())
		for {
			before := r.read
			require.NoError(t, p.Read(&ev, time.Second))
			if ev.Kind != KindExec || len(ev.Exec.Args) != 3 || string(ev.Exec.Args[1]) != t.Name() {
				continue
			}
			require.True(t, string(ev.Exec.Args[2]) == padding, "exec %d", i)
			if r.read%size < before%size {
				around++
			}
			break
		}
	}
	assert.NotZero(t, around)
	assert.Greater(t, len(r.data), size)
	assert.LessOrEqual(t, len(r.data), size+16<<10, "more than the longest needs")
	assert.Empty(t, p.current.rings[probeRingIndexRESERVE_RING].data)
}
