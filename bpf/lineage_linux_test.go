//go:build linux && (amd64 || arm64)

package bpf

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

// A shell leaves a child behind. Whose it was is told, with the shell's own lineage.
func TestOrphans(t *testing.T) {
	p := open(t, Options{})
	cmd := exec.Command("/bin/sh", "-c", "(sleep 0.2; exec /bin/true orphan) & exit 0")
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	cmd.Stdout = writer
	require.NoError(t, cmd.Run())
	require.NoError(t, writer.Close())
	_, _ = reader.Read(make([]byte, 1)) // the orphan has it open until it ends

	var orphans []Orphans
	var orphan *Exec
	drain(t, p, func(ev *Event) {
		switch {
		case ev.Kind == KindOrphans && int(ev.Orphans.Lineage[0].Process.PID) == cmd.Process.Pid:
			told := ev.Orphans
			told.Lineage = append([]Ancestor(nil), told.Lineage...)
			told.Children = append([]ProcessKey(nil), told.Children...)
			orphans = append(orphans, told)
		case ev.Kind == KindExec && len(ev.Exec.Args) == 2 && string(ev.Exec.Args[1]) == "orphan":
			x := ev.Exec
			x.Ancestors = append([]Ancestor(nil), x.Ancestors...)
			orphan = &x
		}
	})
	require.NotNil(t, orphan)
	require.Len(t, orphans, 1)
	require.Len(t, orphans[0].Children, 1)
	assert.Equal(t, orphan.Process, orphans[0].Children[0])
	assert.EqualValues(t, os.Getpid(), orphans[0].Lineage[1].Process.PID)
	name, _, _ := strings.Cut(string(orphans[0].Lineage[0].Comm[:]), "\x00")
	assert.Equal(t, "sh", name)
	assert.NotEqualValues(t, cmd.Process.Pid, orphan.Ancestors[0].Process.PID, "by then the kernel names who adopted it")
}

func TestFailedExec(t *testing.T) {
	testhost.NeedBPF(t)
	p, err := Open(Options{Failed: true})
	if strings.HasPrefix(kernelRelease(), "5.10.") {
		require.ErrorIs(t, err, ErrKernelTooOld)
		return
	}
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	missing := filepath.Join(t.TempDir(), "missing")
	_, err = os.StartProcess(missing, []string{"argv zero", "", "x"}, &os.ProcAttr{Dir: "/usr/lib"})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, exec.Command("/bin/true", "not failed").Run())

	failed, succeeded := 0, 0
	drain(t, p, func(ev *Event) {
		x := &ev.Exec
		switch {
		case ev.Kind == KindExec && len(x.Args) == 2 && string(x.Args[1]) == "not failed":
			succeeded++
			assert.Zero(t, x.Errno)
		case ev.Kind == KindExecFailed && string(x.Filename) == missing:
			failed++
			assert.EqualValues(t, 2, x.Errno, "ENOENT")
			assert.Equal(t, []string{"argv zero", "", "x"}, texts(x.Args))
			assert.Equal(t, 3, x.ArgsCount)
			assert.Equal(t, "/usr/lib", string(x.WorkingDirectory))
			self, err := os.Executable()
			require.NoError(t, err)
			assert.Equal(t, filepath.Base(self), filepath.Base(string(x.Executable.Path)), "what goes on running")
			require.NotEmpty(t, x.Ancestors)
			assert.EqualValues(t, os.Getpid(), x.Ancestors[0].Process.PID)
		}
	})
	assert.Equal(t, [2]int{1, 1}, [2]int{failed, succeeded})
}
