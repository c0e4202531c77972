//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cilium/ebpf/features"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/testhost"
)

// bpffs mounts a BPF file system for the test.
func bpffs(t *testing.T) string {
	testhost.NeedBPF(t)
	dir := t.TempDir()
	require.NoError(t, unix.Mount("bpf", dir, "bpf", 0, ""))
	t.Cleanup(func() { assert.NoError(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	return filepath.Join(dir, "copywatch")
}

// runMarked executes a program with each number of a range as its argument.
func runMarked(t *testing.T, mark string, from, to int) {
	for i := from; i < to; i++ {
		require.NoError(t, exec.Command("/bin/true", mark, strconv.Itoa(i)).Run())
	}
}

// assertNoneLost leaves out what the probe cannot prevent: from 7.0 on a task
// may be interrupted before the program has said that it must not be (hold_cpu),
// which takes nanoseconds on a CPU, and much longer on an emulated one. The
// kernel counts these, and they are told of.
func assertNoneLost(t *testing.T, losses Losses) {
	t.Helper()
	if kernel, err := features.LinuxVersionCode(); err == nil && kernel >= 7<<16 {
		losses[Recursion] = 0
	}
	assert.Zero(t, losses)
}

// reader notes what it reads of marked programs.
type reader struct {
	*Probe
	mark string
	seen map[string]int
}

func openReader(t *testing.T, o Options, mark string, seen map[string]int) *reader {
	p, err := Open(o)
	require.NoError(t, err)
	return &reader{Probe: p, mark: mark, seen: seen}
}

// readAll reads until the buffer is empty, or at most so many marked ones.
func (r *reader) readAll(t *testing.T, most int) {
	var ev Event
	for n := 0; n < most; {
		switch err := r.Read(&ev, pause); {
		case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.EOF):
			return
		default:
			require.NoError(t, err)
		}
		if ev.Kind == KindExec && len(ev.Exec.Args) == 3 && string(ev.Exec.Args[1]) == r.mark {
			r.seen[string(ev.Exec.Args[2])]++
			n++
		}
	}
}

func (r *reader) settle() {
	m := r.Mark()
	r.HandOn(m)
	r.Settle(m)
}

// die closes everything that the kernel closes of a process that is killed.
func (r *reader) die(t *testing.T) { require.NoError(t, r.Close()) }

func requireOnce(t *testing.T, seen map[string]int, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		assert.Equal(t, 1, seen[strconv.Itoa(i)], "event %d", i)
	}
}

func TestPinnedOutlivesItsReader(t *testing.T) {
	o := Options{PinPath: bpffs(t)}
	seen := map[string]int{}
	first := openReader(t, o, t.Name(), seen)
	runMarked(t, t.Name(), 0, 20)
	first.readAll(t, 1000)
	first.settle()
	first.die(t)
	runMarked(t, t.Name(), 20, 40) // nobody reads
	second := openReader(t, o, t.Name(), seen)
	runMarked(t, t.Name(), 40, 60)
	second.readAll(t, 1000)
	losses, err := second.Losses()
	require.NoError(t, err)
	second.die(t)
	assertNoneLost(t, losses)
	requireOnce(t, seen, 0, 60)
}

// A reader is killed with events read, some of them handed on and some settled.
func TestEventsOfAKilledReader(t *testing.T) {
	for _, redeliver := range []bool{false, true} {
		t.Run(strconv.FormatBool(redeliver), func(t *testing.T) {
			o := Options{PinPath: bpffs(t), Redeliver: redeliver}
			seen := map[string]int{}
			first := openReader(t, o, t.Name(), seen)
			runMarked(t, t.Name(), 0, 30)
			first.readAll(t, 10)
			first.settle()
			first.readAll(t, 10)
			first.HandOn(first.Mark())
			first.readAll(t, 5)
			first.die(t)

			second := openReader(t, o, t.Name(), seen)
			second.readAll(t, 1000)
			losses, err := second.Losses()
			require.NoError(t, err)
			second.settle()
			second.die(t)
			requireOnce(t, seen, 0, 10)
			assert.Equal(t, 2, seen["22"], "only read by the first: for the second")
			requireOnce(t, seen, 25, 30)
			if redeliver {
				assert.Equal(t, 2, seen["15"])
				assertNoneLost(t, losses)
				return
			}
			assert.Equal(t, 1, seen["15"], "in doubt: not twice")
			assert.GreaterOrEqual(t, losses[Interrupted], uint64(10), "in doubt: told of")
			assert.Zero(t, losses[RingBufferFull])
		})
	}
}

// The counters of what did not fit go on while nobody reads, and are told of once.
func TestLossesWhileNobodyReads(t *testing.T) {
	o := Options{PinPath: bpffs(t), BufferSize: MinBufferSize}
	openReader(t, o, t.Name(), nil).die(t)
	padding := strings.Repeat("x", 8000)
	for range 60 {
		require.NoError(t, exec.Command("/bin/true", padding).Run())
	}
	second := openReader(t, o, t.Name(), map[string]int{})
	losses, err := second.Losses()
	require.NoError(t, err)
	assert.NotZero(t, losses[RingBufferFull])
	assert.Zero(t, second.Told())
	second.Tell(losses)
	second.die(t)
	third := openReader(t, o, t.Name(), map[string]int{})
	assert.Equal(t, losses, third.Told())
	third.die(t)
}

// Under pressure the room of what was read is given back before it is settled:
// the buffer must not fill with what only waits to be delivered.
func TestPressureReleasesWhatWasRead(t *testing.T) {
	o := Options{PinPath: bpffs(t), BufferSize: MinBufferSize}
	r := openReader(t, o, t.Name(), map[string]int{})
	padding := strings.Repeat("x", 8000)
	for range 50 { // more than the buffer holds
		require.NoError(t, exec.Command("/bin/true", padding).Run())
		r.readAll(t, 1)
	}
	losses, err := r.Losses()
	require.NoError(t, err)
	r.die(t)
	assertNoneLost(t, losses)
	next := openReader(t, o, t.Name(), map[string]int{})
	losses, err = next.Losses()
	require.NoError(t, err)
	next.die(t)
	assert.Greater(t, losses[Interrupted], uint64(10), "what was read and neither handed on nor kept is lost with the reader")
}

// Programs with other options replace those that are pinned, while programs are executed all the time.
func TestOtherOptionsReplacePinned(t *testing.T) {
	dir := bpffs(t)
	seen := map[string]int{}
	const runs = 60
	ran := make(chan struct{})
	first := openReader(t, Options{PinPath: dir}, t.Name(), seen)
	go func() {
		defer close(ran)
		for i := range runs {
			_ = exec.Command("/bin/true", t.Name(), strconv.Itoa(i)).Run()
		}
	}()
	for len(seen) < 10 {
		first.readAll(t, 1)
	}
	first.settle()
	first.die(t)
	second := openReader(t, Options{PinPath: dir, ArgsLimit: 4096}, t.Name(), seen)
	for len(seen) < 30 || second.source() != second.current {
		second.readAll(t, 1)
	}
	second.settle()
	second.die(t)
	third := openReader(t, Options{PinPath: dir, Exits: true}, t.Name(), seen)
	<-ran
	third.readAll(t, runs)
	third.readAll(t, runs)
	third.settle()
	losses, err := third.Losses()
	require.NoError(t, err)
	third.die(t)
	assertNoneLost(t, losses)
	requireOnce(t, seen, 0, runs)
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, names, 1, "the predecessors' pins are gone")
}

// A collector that was killed while it replaced another leaves both at work, and both have every event.
func TestKilledBetweenAttachAndDetach(t *testing.T) {
	for name, options := range map[string]Options{
		"then the same options": {ArgsLimit: 4096},
		"then others again":     {Exits: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := bpffs(t)
			seen := map[string]int{}
			first := openReader(t, Options{PinPath: dir}, t.Name(), seen)
			runMarked(t, t.Name(), 0, 10)
			first.readAll(t, 1000)
			first.settle()
			first.die(t)

			second := Options{PinPath: dir, ArgsLimit: 4096}
			second.setDefaults()
			killed := &Probe{}
			var err error
			killed.pins, err = openPins(dir)
			require.NoError(t, err)
			require.NoError(t, killed.install(&second))
			require.NoError(t, killed.Close())
			runMarked(t, t.Name(), 10, 20)

			options.PinPath = dir
			third := openReader(t, options, t.Name(), seen)
			require.NotEmpty(t, third.earlier)
			runMarked(t, t.Name(), 20, 30)
			third.readAll(t, 1000)
			third.settle()
			losses, err := third.Losses()
			require.NoError(t, err)
			third.die(t)
			assertNoneLost(t, losses)
			requireOnce(t, seen, 0, 30)
		})
	}
}

// What another version left in a form of its own is counted, and its pins are removed.
func TestForeignPinsAreReplaced(t *testing.T) {
	dir := bpffs(t)
	first := openReader(t, Options{PinPath: dir}, t.Name(), map[string]int{})
	runMarked(t, t.Name(), 0, 10)
	first.die(t)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	foreign := filepath.Join(dir, "0123456789ab-0123456789ab-1")
	require.NoError(t, os.Rename(filepath.Join(dir, entries[0].Name()), foreign))
	require.NoError(t, os.Remove(filepath.Join(foreign, probeMapFamiliar)), "the first versions had none")

	second := openReader(t, Options{PinPath: dir}, t.Name(), map[string]int{})
	runMarked(t, t.Name(), 10, 20)
	second.readAll(t, 1000)
	losses, err := second.Losses()
	require.NoError(t, err)
	second.die(t)
	assert.GreaterOrEqual(t, losses[Interrupted], uint64(10))
	requireOnce(t, second.seen, 10, 20)
	assert.Zero(t, second.seen["5"])
}

// A collector that was killed while it pinned leaves a part behind.
func TestIncompletePinsAreReplaced(t *testing.T) {
	dir := bpffs(t)
	first := openReader(t, Options{PinPath: dir}, t.Name(), map[string]int{})
	first.die(t)
	require.NoError(t, os.Remove(filepath.Join(dir, first.current.name, linkPin+execTracepoint)))
	second := openReader(t, Options{PinPath: dir}, t.Name(), map[string]int{})
	runMarked(t, t.Name(), 0, 10)
	second.readAll(t, 1000)
	second.settle()
	second.die(t)
	requireOnce(t, second.seen, 0, 10)
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, names, 1)
}

func TestPinPathIsRefused(t *testing.T) {
	testhost.NeedBPF(t)
	_, err := Open(Options{PinPath: filepath.Join(t.TempDir(), "x")})
	assert.ErrorContains(t, err, "is not in a BPF file system")

	dir := bpffs(t)
	r := openReader(t, Options{PinPath: dir}, "", nil)
	defer r.die(t)
	_, err = Open(Options{PinPath: dir})
	assert.ErrorContains(t, err, "is used by another collector")
}
