package ebpfexecreceiver

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/identity"
	"github.com/copywatch/copywatch/internal/testhost"
)

// aHost is a host whose root is a directory, and a process in the same namespace.
func aHost(t testing.TB, root string) (*knownTools, *namespace) {
	k, err := newKnownTools(root)
	require.NoError(t, err)
	k.names = someTools()
	proc := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(proc, "1/ns"), 0o755))
	require.NoError(t, os.Symlink("mnt:[1]", filepath.Join(proc, "1/ns/mnt")))
	return k, &namespace{proc: proc, root: root, id: 1, number: 1, process: bpf.ProcessKey{PID: 1}}
}

// aContainer is the namespace of a process with that pid and root.
func aContainer(t testing.TB, host *namespace, pid, root string, number uint32) *namespace {
	require.NoError(t, os.MkdirAll(filepath.Join(host.proc, pid, "ns"), 0o755))
	require.NoError(t, os.Symlink("mnt:["+pid+"]", filepath.Join(host.proc, pid, "ns/mnt")))
	require.NoError(t, os.Symlink(root, filepath.Join(host.proc, pid, "root")))
	return &namespace{proc: host.proc, root: host.root, id: uint64(number), number: number, process: bpf.ProcessKey{PID: number}}
}

// equalTo is what k says of a file as it is now.
func equalTo(t testing.TB, k *knownTools, n *namespace, path string) string {
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	info, err := file.Stat()
	require.NoError(t, err)
	id, _ := identity.Read(file, info.Size())
	return k.equal(file, id.Tool, n)
}

const shim = "#!/bin/sh\nprogram=\"${0##*/}\"\nexec env \"$program\" \"$@\"\n"

func TestEqualToAKnownTool(t *testing.T) {
	scp, wget, bash, box := programOf("scp"), programOf("wget"), programOf("bash"), programOf("box")
	shown := scp
	shown.texts = textsOfScp + scp.texts
	frozen := scp
	frozen.payload = strings.Repeat("a", 1<<20)
	static := scp
	static.buildID = ""
	with := func(p program, change func(*program)) string {
		change(&p)
		return p.String()
	}
	const aws = "#!/usr/bin/python3\nimport awscli.clidriver\ndef main():\n    return awscli.clidriver.main()\n"
	for _, tt := range []struct {
		name  string
		files map[string]string // of the host; tmp/x is executed
		tool  string
	}{
		{"a copy", map[string]string{"usr/bin/scp": scp.String(), "tmp/x": scp.String()}, "scp"},
		{"of an alias", map[string]string{"usr/bin/hpnscp": scp.String(), "tmp/x": scp.String()}, "scp"},
		{"in any of the directories", map[string]string{"opt/bin/scp": scp.String(), "tmp/x": scp.String()}, "scp"},
		{"in none of the directories", map[string]string{"opt/scp": scp.String(), "tmp/x": scp.String()}, ""},
		{"of something else", map[string]string{"usr/bin/ls": scp.String(), "usr/bin/wget": wget.String(), "tmp/x": scp.String()}, ""},
		{"with its texts taken out", map[string]string{"usr/bin/scp": shown.String(), "tmp/x": with(shown, func(p *program) {
			p.texts = strings.Repeat("\x00", len(shown.texts))
		})}, "scp"},
		{"with bytes added", map[string]string{"usr/bin/scp": scp.String(), "tmp/x": scp.String() + "to have another hash"}, "scp"},
		{"with the texts of another tool added", map[string]string{"usr/bin/bash": bash.String(), "tmp/x": with(bash, func(p *program) {
			p.texts += textsOfScp
		})}, "bash"},
		{"another tool with its build id", map[string]string{"usr/bin/bash": bash.String(), "tmp/x": with(shown, func(p *program) {
			p.buildID = bash.buildID
		})}, ""},
		{"with a payload", map[string]string{"usr/bin/scp": frozen.String(), "tmp/x": frozen.String()}, "scp"},
		{"the same starter with another payload", map[string]string{"usr/bin/scp": frozen.String(), "tmp/x": with(frozen, func(p *program) {
			p.payload = strings.Repeat("b", 2<<20)
		})}, ""},
		{"the starter of a tool without a payload", map[string]string{"usr/bin/scp": scp.String(), "tmp/x": frozen.String()}, ""},

		{"without a build id", map[string]string{"usr/bin/scp": static.String(), "tmp/x": static.String()}, "scp"},
		{"without a build id, of the same size", map[string]string{"usr/bin/scp": static.String(), "tmp/x": with(static, func(p *program) {
			p.code = strings.ToUpper(p.code)
		})}, ""},
		{"a build id that all have", map[string]string{
			"usr/bin/scp": with(scp, func(p *program) { p.buildID = strings.Repeat("\x00", 20) }),
			"tmp/x":       with(wget, func(p *program) { p.buildID = strings.Repeat("\x00", 20) })}, ""},
		{"a build id made by hand", map[string]string{
			"usr/bin/scp": with(scp, func(p *program) { p.buildID = "1234" }),
			"tmp/x":       with(wget, func(p *program) { p.buildID = "1234" })}, ""},

		{"an applet by a link", map[string]string{"bin/box": box.String(), "usr/bin/wget": "->/bin/box", "tmp/x": box.String()}, ""},
		{"the box itself", map[string]string{"bin/busybox": box.String(), "usr/bin/wget": "->/bin/busybox", "tmp/x": box.String()}, "busybox"},
		{"copies of a box that is known", map[string]string{
			"bin/wget": with(box, func(p *program) { p.texts = textsOfBusybox }),
			"bin/ls":   with(box, func(p *program) { p.texts = textsOfBusybox }),
			"tmp/x":    with(box, func(p *program) { p.texts = textsOfBusybox })}, ""},
		{"under the names of two tools", map[string]string{"usr/bin/wget": box.String(), "usr/bin/curl": box.String(), "tmp/x": box.String()}, ""},
		{"under two names of one tool", map[string]string{"usr/bin/sz": box.String(), "usr/bin/sb": box.String(), "tmp/x": box.String()}, "sz"},
		{"one tool under the name of another", map[string]string{"usr/bin/bash": shown.String(), "tmp/x": shown.String()}, ""},

		{"an alternative", map[string]string{"usr/bin/nc": "->/etc/alternatives/nc", "etc/alternatives/nc": "->/bin/nc.openbsd",
			"bin/nc.openbsd": wget.String(), "tmp/x": wget.String()}, "nc"},
		{"an alternative that is a tool of its own", map[string]string{"usr/bin/nc": "->../../opt/ncat", "opt/ncat": wget.String(), "tmp/x": wget.String()}, "ncat"},
		{"an alternative that is none", map[string]string{"usr/bin/nc": "->nc6", "usr/bin/nc6": wget.String(), "tmp/x": wget.String()}, ""},
		{"a version", map[string]string{"usr/bin/python3": "->python3.11", "usr/bin/python3.11": wget.String(), "tmp/x": wget.String()}, "python"},
		{"by a link to a directory", map[string]string{"bin": "->usr/bin", "usr/bin/scp": scp.String(), "tmp/x": scp.String()}, "scp"},

		{"a name that other programs have", map[string]string{"usr/bin/mc": wget.String(), "tmp/x": wget.String()}, ""},
		{"of the same tool, one that is its own", map[string]string{"usr/bin/mcli": wget.String(), "tmp/x": wget.String()}, "mc"},
		{"a name that other programs have, and the content agrees", map[string]string{"usr/bin/aws": aws, "tmp/x": aws}, "aws"},
		{"not to be executed", map[string]string{"tmp/x": scp.String()}, ""},

		{"a script", map[string]string{"usr/bin/rsync-ssl": "#!/bin/sh\nexec rsync-ssl2\nrsync-ssl", "tmp/x": "#!/bin/sh\nexec rsync-ssl2\nrsync-ssl"}, "rsync-ssl"},
		{"a script of the same size", map[string]string{"usr/bin/curl": "#!/bin/sh\nexec curl 1", "tmp/x": "#!/bin/sh\nexec curl 2"}, ""},
		{"a shim for all programs", map[string]string{"usr/bin/curl": shim, "tmp/x": shim}, ""},
		{"neither a script nor a program", map[string]string{"usr/bin/curl": "curl", "tmp/x": "curl"}, ""},
		{"nothing", map[string]string{"usr/bin/curl": "", "tmp/x": ""}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := tree(t, tt.files)
			if tt.name == "not to be executed" {
				require.NoError(t, os.MkdirAll(filepath.Join(dir, "usr/bin"), 0o755))
				require.NoError(t, os.WriteFile(filepath.Join(dir, "usr/bin/scp"), []byte(scp.String()), 0o644))
			}
			k, host := aHost(t, dir)
			assert.Equal(t, tt.tool, equalTo(t, k, host, filepath.Join(dir, "tmp/x")))
		})
	}
}

func TestHardLinks(t *testing.T) {
	link := func(dir, from, to string) {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(to)), 0o755))
		require.NoError(t, os.Link(filepath.Join(dir, from), filepath.Join(dir, to)))
	}
	static := programOf("x")
	static.buildID = ""
	shown := static
	shown.texts = textsOfScp
	for _, tt := range []struct {
		name, content, tool string
		links               []string // to usr/bin/scp
	}{
		{"to the tool", static.String(), "scp", []string{"tmp/x"}},
		{"with other names of it", static.String(), "scp", []string{"usr/bin/hpnscp", "usr/local/bin/scp-9.2", "tmp/x"}},
		{"a box", static.String(), "", []string{"usr/bin/ls", "tmp/x"}},
		{"a box in another directory", static.String(), "", []string{"usr/sbin/ls", "tmp/x"}},
		{"a box with more than one tool", static.String(), "", []string{"usr/bin/wget", "tmp/x"}},
		{"of which the content shows that it is no box", shown.String(), "scp", []string{"usr/bin/ls", "tmp/x"}},
		{"as ostree has them", static.String(), "scp", []string{"ostree/repo/objects/ab", "tmp/x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := tree(t, map[string]string{"usr/bin/scp": tt.content, "tmp/copy": tt.content})
			for _, to := range tt.links {
				link(dir, "usr/bin/scp", to)
			}
			k, host := aHost(t, dir)
			assert.Equal(t, tt.tool, equalTo(t, k, host, filepath.Join(dir, "tmp/x")))
			assert.Equal(t, tt.tool, equalTo(t, k, host, filepath.Join(dir, "tmp/copy")))
			assert.Equal(t, tt.tool, equalTo(t, k, host, filepath.Join(dir, "usr/bin/scp")))
		})
	}
	t.Run("of a file that is too large to be compared", func(t *testing.T) {
		dir := tree(t, map[string]string{"usr/bin/scp": static.String(), "tmp/copy": static.String()})
		link(dir, "usr/bin/scp", "tmp/x")
		for _, name := range []string{"usr/bin/scp", "tmp/copy"} {
			require.NoError(t, os.Truncate(filepath.Join(dir, name), comparedMost+1))
		}
		k, host := aHost(t, dir)
		assert.Equal(t, "scp", equalTo(t, k, host, filepath.Join(dir, "tmp/x")))
		assert.Empty(t, equalTo(t, k, host, filepath.Join(dir, "tmp/copy")))
	})
	t.Run("made after the index", func(t *testing.T) {
		dir := tree(t, map[string]string{"usr/bin/scp": static.String()})
		k, host := aHost(t, dir)
		assert.Equal(t, "scp", equalTo(t, k, host, filepath.Join(dir, "usr/bin/scp")))
		link(dir, "usr/bin/scp", "tmp/x")
		assert.Equal(t, "scp", equalTo(t, k, host, filepath.Join(dir, "tmp/x")))
	})
}

// What else may be under the name of a tool costs nothing, and hides no other tool.
func TestHostileDirectories(t *testing.T) {
	outside := tree(t, map[string]string{"scp": programOf("scp").String()})
	sftp := programOf("sftp").String()
	dir := tree(t, map[string]string{
		"usr/bin/sftp":     sftp,
		"usr/bin/hpnscp":   "->" + outside + "/scp",
		"usr/bin/ncat":     "->" + strings.Repeat("../", 40) + outside + "/scp",
		"usr/bin/curl":     "->curl",
		"usr/bin/nc":       "->nothing",
		"usr/bin/python":   "->/proc/self/exe",
		"usr/bin/scp/file": "a directory of that name",
		"usr/sbin":         "->/usr/sbin",
		"sbin":             "->/dev/null",
		"snap/bin":         "->../snap/bin/../bin",
		"usr/local/bin":    "->" + outside,
		"usr/bin/bash":     programOf("bash").String(),
		"tmp/x":            sftp,
		"tmp/secret":       programOf("bash").String(),
	})
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "usr/bin/rsync"), 0o777))
	for _, name := range []string{"usr/bin/wget", "tmp/huge"} {
		grow(t, dir, map[string]string{name: program{code: "x"}.String()})
		if err := os.Truncate(filepath.Join(dir, name), 1<<40); err != nil {
			t.Skipf("needs a file system with sparse files of 1 TiB: %v", err)
		}
	}
	require.NoError(t, os.Chmod(filepath.Join(dir, "usr/bin/bash"), 0o111))
	k, host := aHost(t, dir)
	began := time.Now()
	asNobody(t, func() {
		assert.Equal(t, "sftp", equalTo(t, k, host, filepath.Join(dir, "tmp/x")))
		assert.Empty(t, equalTo(t, k, host, filepath.Join(outside, "scp")), "outside of the root")
		assert.Empty(t, equalTo(t, k, host, filepath.Join(dir, "tmp/secret")), "equal to what cannot be read")
		assert.Empty(t, equalTo(t, k, host, filepath.Join(dir, "tmp/huge")), "too large to be compared")
	})
	assert.Less(t, time.Since(began), 5*time.Second)
	assert.True(t, k.host.whole)
}

func TestTheIndexFollowsWhatIsInstalled(t *testing.T) {
	scp := programOf("scp").String()
	dir := tree(t, map[string]string{"usr/bin/ls": "x", "tmp/x": scp})
	k, host := aHost(t, dir)
	x := filepath.Join(dir, "tmp/x")
	assert.Empty(t, equalTo(t, k, host, x))
	grow(t, dir, map[string]string{"usr/bin/scp": scp})
	assert.Empty(t, equalTo(t, k, host, x), "not made anew for each file")
	k.host.begun = k.host.begun.Add(-indexYoung)
	assert.Equal(t, "scp", equalTo(t, k, host, x))

	made := k.host
	require.NoError(t, os.WriteFile(filepath.Join(dir, "usr/bin/scp"), []byte(programOf("other").String()), 0o755))
	assert.Empty(t, equalTo(t, k, host, x), "what is there now is something else")
	grow(t, dir, map[string]string{"tmp/y": programOf("other").String()})
	assert.Empty(t, equalTo(t, k, host, filepath.Join(dir, "tmp/y")))
	assert.Same(t, made, k.host)
	k.host.begun = k.host.begun.Add(-indexKept)
	assert.Equal(t, "scp", equalTo(t, k, host, filepath.Join(dir, "tmp/y")), "in time it is known")

	k.host.whole, k.host.begun = false, time.Now().Add(-indexAgain)
	made = k.host
	equalTo(t, k, host, x)
	assert.NotSame(t, made, k.host)
}

func TestOtherRoots(t *testing.T) {
	scp, bash := programOf("scp"), programOf("bash")
	wget := programOf("wget").String()
	hostDir := tree(t, map[string]string{"usr/bin/scp": scp.String()})
	k, host := aHost(t, hostDir)
	dir := tree(t, map[string]string{
		"usr/bin/wget": wget, "usr/bin/bash": scp.String(), "usr/bin/ls": bash.String(),
		"tmp/wget": wget, "tmp/scp": scp.String(), "tmp/ls": bash.String(),
	})
	n := aContainer(t, host, "42", dir, 42)
	assert.Equal(t, "wget", equalTo(t, k, n, filepath.Join(dir, "tmp/wget")))
	assert.Equal(t, "scp", equalTo(t, k, n, filepath.Join(dir, "tmp/scp")), "as on the host, whatever the container calls it")
	assert.Empty(t, equalTo(t, k, n, filepath.Join(dir, "tmp/ls")))
	assert.Empty(t, equalTo(t, k, host, filepath.Join(dir, "tmp/wget")), "the host has none")

	gone := &namespace{proc: host.proc, root: host.root, id: 43, number: 43, process: bpf.ProcessKey{PID: gone}}
	assert.Empty(t, equalTo(t, k, gone, filepath.Join(dir, "tmp/wget")))
	service := aContainer(t, host, "44", hostDir, 44)
	assert.Equal(t, "scp", equalTo(t, k, service, filepath.Join(dir, "tmp/scp")))
	assert.Empty(t, equalTo(t, k, service, filepath.Join(dir, "tmp/ls")))
	assert.False(t, k.others.Contains(44), "it has the host's directories")
	for id := range uint64(2 * otherRoots) {
		n.id = 100 + id
		equalTo(t, k, n, filepath.Join(dir, "tmp/wget"))
	}
	assert.Equal(t, otherRoots, k.others.Len())
}

// Who installs a tool without its texts under the name of another does not hide the tool with them.
func TestOtherRootsDoNotHideTools(t *testing.T) {
	scp := programOf("scp")
	shown := scp
	shown.texts = textsOfScp + scp.texts
	k, host := aHost(t, tree(t, map[string]string{"usr/bin/wget": "x"}))
	dir := tree(t, map[string]string{"usr/bin/bash": scp.String(), "tmp/scp": shown.String(), "tmp/x": scp.String()})
	n := aContainer(t, host, "42", dir, 42)
	assert.Empty(t, equalTo(t, k, n, filepath.Join(dir, "tmp/scp")))
	assert.Equal(t, "bash", equalTo(t, k, n, filepath.Join(dir, "tmp/x")))
}

// Below the root of another a goroutine may hang for ever. It does not hold up the others.
func TestWhoHangsElsewhere(t *testing.T) {
	wget := programOf("wget").String()
	k, host := aHost(t, tree(t, map[string]string{"usr/bin/wget": wget, "tmp/x": wget}))
	n := aContainer(t, host, "42", tree(t, map[string]string{"usr/bin/scp": programOf("scp").String()}), 42)
	require.True(t, k.elsewhere.take())
	k.elsewhere.since.Store(time.Now().Add(-indexLongest).UnixNano())
	x := filepath.Join(k.root, "tmp/x")
	assert.Equal(t, "wget", equalTo(t, k, n, x))
	other := filepath.Join(n.proc, "42/root/usr/bin/scp")
	assert.Empty(t, equalTo(t, k, n, other))
	k.elsewhere.end()
	assert.Equal(t, "scp", equalTo(t, k, n, other))
}

// Many files that are nearly the same cost no more than a few.
func TestComparingIsBounded(t *testing.T) {
	open := func(name string) *os.File {
		file, err := os.Open(name)
		require.NoError(t, err)
		t.Cleanup(func() { file.Close() })
		return file
	}
	dir := tree(t, map[string]string{"a": "1234567890", "b": "1234567890"})
	c := &candidate{file: open(filepath.Join(dir, "a")), id: fileID{size: 10}, left: 25}
	for _, want := range []bool{true, true, false} {
		assert.Equal(t, want, c.sameBytes(open(filepath.Join(dir, "b"))))
	}
}

func TestTurn(t *testing.T) {
	turn := newTurn(time.Minute)
	require.True(t, turn.take())
	got := make(chan bool)
	go func() { got <- turn.take() }()
	turn.end()
	assert.True(t, <-got, "after the other")
	turn.since.Store(0)
	assert.False(t, turn.take(), "who has it does not come to an end")
}

// Nothing on this machine may be equal to a tool whose name it does not have.
func TestNoFileOfTheMachineIsTakenForAnother(t *testing.T) {
	cat, err := catalogue.Load()
	require.NoError(t, err)
	tools := cat.Tools
	for _, name := range []string{
		"ash", "atftp", "bash", "busybox", "curl", "dash", "dbclient", "dig", "docker", "ftp", "gdb", "git", "gpg", "gzip", "host",
		"java", "kubectl", "lua", "mail", "nc", "nc.openbsd", "nc.traditional", "ncat", "nmap", "node", "openssl", "perl", "php",
		"python", "python3", "ruby", "rz", "sendmail", "sftp-server", "sh", "smbclient", "smbget", "socat", "ssh", "stunnel", "sz",
		"tar", "tclsh", "telnet", "unzip", "wget", "wget2", "xxd", "zip", "zsh", "zstd",
	} {
		if _, ok := cat.Lookup(name); !ok {
			tools = append(slices.Clone(tools), &catalogue.Tool{Name: name})
		}
	}
	k, err := newKnownTools("/")
	require.NoError(t, err)
	k.names = newToolNames(tools)
	n := &namespace{proc: "/proc", root: "/", number: mountNamespace("/proc/1/ns/mnt")}
	files, equal := 0, 0
	for _, dir := range []string{"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/lib/openssh", "/usr/libexec"} {
		_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return nil
			}
			files++
			tool := equalTo(t, k, n, path)
			if tool == "" {
				return nil
			}
			equal++
			if !k.names.is(tool, filepath.Base(path)) {
				t.Errorf("%s is taken for %s", path, tool)
			}
			return nil
		})
	}
	if files == 0 {
		t.Skip("no files in the usual directories")
	}
	t.Logf("%d files, of which %d are equal to a tool of their own name", files, equal)
}

// A copy of a tool of this machine, without the texts that it is known by.
func TestCopiesOfInstalledTools(t *testing.T) {
	for _, tt := range []struct{ tool, debianPackage, text string }{
		{"scp", "openssh-client", "usage: scp [-"},
		{"rsync", "rsync", "@RSYNCD: %d.%d"},
		{"lftp", "lftp", "There are running jobs"},
	} {
		t.Run(tt.tool, func(t *testing.T) {
			data, err := os.ReadFile(testhost.NeedCommand(t, tt.tool, tt.debianPackage))
			require.NoError(t, err)
			data = bytes.ReplaceAll(data, []byte(tt.text), make([]byte, len(tt.text)))
			content, err := identity.Read(bytes.NewReader(data), int64(len(data)))
			require.NoError(t, err)
			require.Empty(t, content.Tool)
			path := filepath.Join(t.TempDir(), "kworker")
			require.NoError(t, os.WriteFile(path, data, 0o755))
			i := identifying(t).identity
			x := execOfFile(t, path)
			i.ofFile(&x, time.Now())
			heard(t, i)
			id, _ := i.ofFile(&x, time.Now())
			assert.Equal(t, tt.tool, id.Tool)
		})
	}
}

func BenchmarkIndex(b *testing.B) {
	k, n := aHost(b, "/")
	k.names = someTools()
	root, err := openRoot("/")
	require.NoError(b, err)
	defer root.Close()
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			newToolIndex(root, findToolDirs(root), k.names, time.Now())
		}
	})
	for name, path := range map[string]string{"of a tool": "/usr/bin/curl", "of another": "/usr/bin/sort"} {
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		require.NoError(b, err)
		defer file.Close()
		b.Run("look "+name, func(b *testing.B) {
			for b.Loop() {
				k.equal(file, "", n)
			}
		})
	}
}
