package ebpfexecreceiver

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// tree makes files below a new directory. A content that begins with -> is a link.
func tree(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755)) // for asNobody
	grow(t, dir, files)
	return dir
}

func grow(t *testing.T, dir string, files map[string]string) {
	for name, content := range files {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		if target, ok := strings.CutPrefix(content, "->"); ok {
			require.NoError(t, os.Symlink(target, name))
			continue
		}
		require.NoError(t, os.WriteFile(name, []byte(content), 0o755))
	}
}

func rootOf(t *testing.T, dir string) *rootDir {
	root, err := openRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

func TestResolveBelowARoot(t *testing.T) {
	outside := tree(t, map[string]string{"secret": "s"})
	files := map[string]string{
		"usr/bin/scp":      "x",
		"bin":              "->usr/bin",
		"etc/alt/nc":       "->/bin/nc.openbsd",
		"usr/bin/nc":       "->/etc/alt/nc",
		"bin2":             "->./usr/../usr/bin/",
		"up":               "->../../../../usr/bin/scp",
		"out":              "->" + outside + "/secret",
		"outUp":            "->" + strings.Repeat("../", 40) + outside + "/secret",
		"loop":             "->loop",
		"a":                "->b",
		"b":                "->/a",
		"deep":             "->deep/deep",
		"dangling":         "->nothing",
		"proc/self/root":   "->/",
		"magic":            "->proc/self/root/usr/bin/scp",
		"usr/bin/dir/file": "x",
	}
	for i := range 45 {
		files[fmt.Sprintf("chain%d", i)] = fmt.Sprintf("->chain%d", i+1)
	}
	files["chain45"] = "end"
	dir := tree(t, files)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "usr/bin/nc.openbsd"), []byte("x"), 0o755))
	root := rootOf(t, dir)
	for _, tt := range []struct{ path, want string }{
		{"/usr/bin/scp", "usr/bin/scp"},
		{"usr/bin/scp", "usr/bin/scp"},
		{"//usr/./bin//scp", "usr/bin/scp"},
		{"/bin/scp", "usr/bin/scp"},
		{"/bin/../lib", ""},
		{"/bin/../bin/scp", "usr/bin/scp"}, // below usr, where the link leads, and not below /
		{"/bin2/scp", "usr/bin/scp"},
		{"/../../usr/bin/scp", "usr/bin/scp"},
		{"/usr/bin/nc", "usr/bin/nc.openbsd"},
		{"/up", "usr/bin/scp"},
		{"/out", ""},
		{"/outUp", ""},
		{"/loop", ""},
		{"/a", ""},
		{"/deep", ""},
		{"/dangling", ""},
		{"/magic", "usr/bin/scp"},
		{"/chain4", ""},
		{"/chain6", "chain45"},
		{"/usr/bin/scp/x", ""},
		{strings.Repeat("/usr/..", 200) + "/usr/bin/scp", ""},
		{"/", "."},
		{"", "."},
	} {
		got, ok := root.resolve(tt.path)
		assert.Equal(t, tt.want != "", ok, tt.path)
		assert.Equal(t, tt.want, got, tt.path)
	}
}

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	dir := tree(t, map[string]string{"file": "content", "link": "->file", "empty": "", "dir/x": "x"})
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	root := rootOf(t, dir)
	for name, want := range map[string]bool{
		"file": true, "link": true, "empty": false, "dir": false, "fifo": false, "nothing": false,
	} {
		file, id := root.open(name)
		assert.Equal(t, want, file != nil, name)
		if file != nil {
			assert.EqualValues(t, 7, id.size)
			assert.True(t, readFull(file, make([]byte, 7), 0))
			file.Close()
		}
	}
	file, _ := root.openResolved("link")
	assert.Nil(t, file, "a link where none was")
}

// asNobody runs f without the right to read what others may not.
func asNobody(t *testing.T, f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if os.Geteuid() != 0 {
		f()
		return
	}
	_ = unix.Setfsuid(65534)
	defer func() { _ = unix.Setfsuid(0) }()
	f()
}

func TestNamesOfADirectory(t *testing.T) {
	root := rootOf(t, tree(t, map[string]string{"d/a": "x", "d/b": "x", "d/c": "x"}))
	count := 0
	assert.True(t, root.names("d", 10, func(string) { count++ }))
	assert.Equal(t, 3, count)
	assert.False(t, root.names("d", 2, func(string) { count++ }))
	assert.Equal(t, 5, count, "no more than asked for")
	assert.False(t, root.names("nothing", 10, nil))
}
