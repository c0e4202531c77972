//go:build unix

package ebpfexecreceiver

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
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
			"w\xffw:x:33:33\n:x:7:7\nbroken\nbad:x:-1:0\nhuge:x:4294967296:0\n"+strings.Repeat("n", nameLongest)+":x:8:8\n")).names)
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
			done := patient(t, func() passwd { return readPasswd(root, passwdSize) })
			assert.Nil(t, done.names)
		})
	}
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "etc"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(root, "etc/users"), []byte("ana:x:1000:1000\n"), 0o600))
	require.NoError(t, os.Symlink("users", filepath.Join(root, "etc/passwd")))
	assert.Equal(t, map[uint32]string{1000: "ana"}, readPasswd(root, passwdSize).names, "a link within the root is followed")
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

// Whoever may make a mount namespace (unshare -r needs no privilege) writes its /etc/passwd.
func TestUsersOfManyNamespacesAreBounded(t *testing.T) {
	const namespaces = 60
	proc, root := t.TempDir(), t.TempDir()
	var passwd strings.Builder
	for uid := 0; passwd.Len() < passwdSize; uid++ {
		fmt.Fprintf(&passwd, "u:x:%d:\n", uid)
	}
	require.NoError(t, os.Mkdir(filepath.Join(root, "etc"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(root, "etc/passwd"), []byte(passwd.String()), 0o600))
	u := newUsers(proc, root)
	u.patience = newPatience(4, time.Minute) // one that has answered holds its place for a moment
	before, now := liveHeap(), time.Now()
	for i := range uint32(namespaces) {
		dir := filepath.Join(proc, strconv.Itoa(int(i+1)))
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "ns"), 0o700))
		require.NoError(t, os.Symlink(root, filepath.Join(dir, "root")))
		require.NoError(t, os.Symlink(fmt.Sprintf("mnt:[%d]", 100+i), filepath.Join(dir, "ns/mnt")))
		x := anExec("true")
		x.Process.PID = i + 1
		x.Namespaces.Mount, x.Namespaces.MountID = 100+i, uint64(i)
		names := u.of(&x, now)
		fits := uint32(knownBytes / u.known[0].bytes)
		require.Equal(t, i < fits, names[1000] == "u", "the first %d are known", fits)
		require.LessOrEqual(t, len(names)*nameEntry, passwdBytes+nameEntry)
		require.LessOrEqual(t, u.bytes, knownBytes)
	}
	assert.Less(t, liveHeap()-before, int64(2*knownBytes))
	assert.Len(t, u.known, namespaces)

	read := u.known[0].read
	x := anExec("true")
	x.Process.PID, x.Namespaces.Mount, x.Namespaces.MountID = 1, 100, 0
	assert.Equal(t, "u", u.of(&x, now.Add(time.Second))[1000])
	assert.Equal(t, read, u.known[0].read, "many others do not make it be read again")

	x.Process.PID, x.Namespaces.Mount, x.Namespaces.MountID = namespaces, 100+namespaces-1, namespaces-1
	assert.Equal(t, "u", u.of(&x, now.Add(2*passwdFresh))[1000], "those of the others have become old")
	assert.Len(t, u.known, 1)

	x.Process.PID, x.Namespaces.Mount, x.Namespaces.MountID = 1, u.hostNS, 9999
	require.NoError(t, os.WriteFile(filepath.Join(root, "etc/passwd"), []byte("ana:x:1000:\n"), 0o600))
	assert.Equal(t, "ana", u.of(&x, now.Add(2*passwdFresh))[1000], "the host's is always known")
}

// On a busy machine reading may take longer than an exec waits for it: the first one has its user's name all the same.
func TestTheHostsUsersAreKnownFromTheStart(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "etc"), 0o700))
	database := filepath.Join(root, "etc/passwd")
	require.NoError(t, os.WriteFile(database, []byte("ana:x:1000:\n"), 0o600))
	u := newUsers(t.TempDir(), root)
	u.patience = newPatience(0, time.Minute) // nothing is read in time
	x, now := anExec("true"), time.Now()
	x.Namespaces.Mount = u.hostNS
	assert.Equal(t, "ana", u.of(&x, now)[1000])

	u.patience = newPatience(1, time.Minute)
	require.NoError(t, os.WriteFile(database, []byte("bob:x:1000:\n"), 0o600))
	assert.Equal(t, "bob", u.of(&x, now.Add(2*passwdFresh))[1000], "and read again later")
	require.NoError(t, os.Remove(database))
	assert.Equal(t, "bob", u.of(&x, now.Add(4*passwdFresh))[1000], "what is no longer there is remembered")
}
