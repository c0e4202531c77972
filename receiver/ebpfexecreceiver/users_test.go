//go:build unix

package ebpfexecreceiver

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParsePasswd(t *testing.T) {
	assert.Equal(t, map[uint32]string{0: "root", 1000: "ana", 33: "w?w"}, parsePasswd(strings.NewReader(
		"root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/:\nana:x:1000:1000::/home/ana:/bin/sh\n"+
			"w\xffw:x:33:33\n:x:7:7\nbroken\nbad:x:-1:0\nhuge:x:4294967296:0\n")))
}

// What a container's owner may put where the user database belongs.
func TestReadPasswdIsNotLedAstray(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "passwd")
	require.NoError(t, os.WriteFile(outside, []byte("secret:x:1:1\n"), 0o600))

	for name, make := range map[string]func(path string) error{
		"absolute link out of the root": func(p string) error { return os.Symlink(outside, p) },
		"relative link out of the root": func(p string) error { return os.Symlink("../../../../../../../../../"+outside, p) },
		"a fifo that nobody writes":     func(p string) error { return syscall.Mkfifo(p, 0o600) },
		"a directory":                   func(p string) error { return os.Mkdir(p, 0o700) },
		"nothing":                       func(string) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(root, "etc"), 0o700))
			require.NoError(t, make(filepath.Join(root, "etc/passwd")))
			done := patient(t, func() map[uint32]string { return readPasswd(root) })
			assert.Nil(t, done)
		})
	}
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "etc"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(root, "etc/users"), []byte("ana:x:1000:1000\n"), 0o600))
	require.NoError(t, os.Symlink("users", filepath.Join(root, "etc/passwd")))
	assert.Equal(t, map[uint32]string{1000: "ana"}, readPasswd(root), "a link within the root is followed")
}

func patient[T any](t *testing.T, f func() T) T {
	value, ok := ask(newPatience(1, 10*time.Second), f)
	require.True(t, ok, "it hangs")
	return value
}

func TestPatience(t *testing.T) {
	p := newPatience(1, 10*time.Millisecond)
	value, ok := ask(p, func() int { return 7 })
	assert.True(t, ok)
	assert.Equal(t, 7, value)

	release := make(chan struct{})
	_, ok = ask(p, func() int { <-release; return 1 })
	assert.False(t, ok, "what does not answer is given up")
	_, ok = ask(p, func() int { return 2 })
	assert.False(t, ok, "and holds its place, so that there are never many")
	close(release)
	assert.Eventually(t, func() bool { _, ok := ask(p, func() int { return 3 }); return ok }, 5*time.Second, time.Millisecond)
}

func TestFromLink(t *testing.T) {
	for link, want := range map[string]string{
		"/usr/bin/scp":           "/usr/bin/scp",
		"/tmp/x (deleted)":       "/tmp/x",
		"/memfd:x (deleted)":     "memfd:x",
		"/memfd:x":               "/memfd:x",
		"/a (deleted) (deleted)": "/a (deleted)",
	} {
		assert.Equal(t, want, fromLink(link))
	}
}
