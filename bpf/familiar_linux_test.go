//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// called executes something while the probe is read, and returns its event, and
// whether that came before the reader would have looked by itself. Others' execs
// may call the reader, too.
func called(t *testing.T, p *Probe, path string, most time.Duration) (*Exec, bool) {
	t.Helper()
	var ev Event
	for p.Read(&ev, 2*callInterval) == nil { // what was before is read, and the interval over
	}
	ended := make(chan error, 1)
	time.AfterFunc(20*time.Millisecond, func() { ended <- exec.Command(path).Run() })
	begin := time.Now()
	for {
		if err := p.Read(&ev, most); errors.Is(err, os.ErrDeadlineExceeded) {
			continue // after another's call it waits for less
		} else {
			require.NoError(t, err)
		}
		x := &ev.Exec
		if ev.Kind == KindExec && (string(x.Executable.Path) == path || string(x.Filename) == path) {
			took := time.Since(begin)
			require.NoError(t, <-ended)
			return x, took < most
		}
	}
}

func TestUnfamiliarFilesCall(t *testing.T) {
	p := open(t, Options{})
	path := filepath.Join(t.TempDir(), "copy")
	contents, err := os.ReadFile("/bin/true")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, contents, 0o755))

	for range 2 { // it is called for as long as nobody knows the file
		x, ok := called(t, p, path, 30*time.Second)
		require.True(t, ok, "the reader slept on")
		require.NotZero(t, x.Executable.Unfamiliar)
	}
	x, ok := called(t, p, path, 30*time.Second)
	require.True(t, ok)
	require.NoError(t, p.Know(x.Executable.Unfamiliar))
	require.NoError(t, p.Know(x.Executable.Unfamiliar), "twice")
	slept := false
	for range 20 { // another's exec may have the reader called
		x, ok = called(t, p, path, 300*time.Millisecond)
		require.Zero(t, x.Executable.Unfamiliar)
		if slept = !ok; slept {
			break
		}
	}
	assert.True(t, slept, "an exec of a familiar file calls")

	require.NoError(t, os.Chmod(path, 0o700)) // another state
	x, ok = called(t, p, path, 30*time.Second)
	assert.True(t, ok)
	assert.NotZero(t, x.Executable.Unfamiliar)
}

// Who goes on with pinned programs goes on with what they know.
func TestFamiliarFilesOutliveTheReader(t *testing.T) {
	o := Options{PinPath: bpffs(t)}
	path := filepath.Join(t.TempDir(), "copy")
	contents, err := os.ReadFile("/bin/true")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, contents, 0o755))
	for _, known := range []bool{false, true} {
		p, err := Open(o)
		require.NoError(t, err)
		x, _ := called(t, p, path, time.Second)
		assert.Equal(t, known, x.Executable.Unfamiliar == 0)
		require.NoError(t, p.Know(x.Executable.Unfamiliar))
		require.NoError(t, p.Close())
	}
}

// The event of a script has the file of its interpreter, which may be familiar.
func TestScriptsCall(t *testing.T) {
	p := open(t, Options{})
	path := filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/true\n"), 0o755))
	for range 2 {
		x, ok := called(t, p, path, 30*time.Second)
		assert.True(t, ok)
		require.NotZero(t, x.Executable.Unfamiliar)
		require.NoError(t, p.Know(x.Executable.Unfamiliar))
	}
}

// A call is made at most every so often. What comes in between is read at the end of that time.
func TestWhatComesAfterACallIsReadSoon(t *testing.T) {
	p := open(t, Options{})
	path := filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/true\n"), 0o755))
	_, ok := called(t, p, path, 30*time.Second)
	require.True(t, ok)
	const execs = 20
	ended := make(chan error, 1)
	go func() {
		for range execs {
			if err := exec.Command(path).Run(); err != nil {
				ended <- err
				return
			}
			time.Sleep(callInterval / 4)
		}
		ended <- nil
	}()
	var ev Event
	begin := time.Now()
	for seen := 0; seen < execs; {
		if err := p.Read(&ev, 30*time.Second); errors.Is(err, os.ErrDeadlineExceeded) {
			continue // the execs are slower than the calls
		} else {
			require.NoError(t, err)
		}
		if ev.Kind == KindExec && string(ev.Exec.Filename) == path {
			seen++
		}
	}
	assert.Less(t, time.Since(begin), 20*time.Second)
	require.NoError(t, <-ended)
}

// Whether the waiter sleeps is decided when no call can be missed any more.
func TestWaitDoesNotSleepOnWhatIsThere(t *testing.T) {
	p := open(t, Options{})
	begin := time.Now()
	woken, err := p.waiter.wait(time.Minute, func() bool { return true })
	require.NoError(t, err)
	assert.True(t, woken)
	assert.Less(t, time.Since(begin), 30*time.Second)
	woken, err = p.waiter.wait(time.Millisecond, func() bool { return false })
	require.NoError(t, err)
	assert.False(t, woken, "but for another's exec")
}
