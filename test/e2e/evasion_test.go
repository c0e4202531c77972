//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
)

// However scp and rsync are called, what they are is in the file.
func TestToolUnderAnotherName(t *testing.T) {
	s := watch(t)
	scp := testhost.NeedCommand(t, "scp", "openssh-client")
	rsync := testhost.NeedCommand(t, "rsync", "rsync")
	copyOf := func(path, tool string) string {
		copyFile(t, tool, path)
		mustChmod(t, path, 0o755)
		return path
	}
	for name, test := range map[string]struct {
		tool string
		p    program
	}{
		"a copy":                           {"scp", command(copyOf(publicDir(t)+"/.x", scp))},
		"a copy that says it is sshd":      {"scp", program{path: copyOf(publicDir(t)+"/y", scp), args: []string{"sshd: ana [priv]"}}},
		"a copy in memory-backed /dev/shm": {"rsync", command(copyOf(shmDir(t)+"/z", rsync))},
		"a name of 200 characters":         {"rsync", command(copyOf(publicDir(t)+"/"+strings.Repeat("n", 200), rsync))},
		"a hard link":                      {"scp", command(hardLink(t, copyOf(publicDir(t)+"/scp", scp)))},
		"a copy named as another program":  {"rsync", command(copyOf(publicDir(t)+"/gzip", rsync), "-a", "x", "y")},
	} {
		t.Run(name, func(t *testing.T) {
			requireRenamed(t, s.exec(t, run(t, test.p)), test.tool)
		})
	}
}

// A program without a name can be looked into while it runs.
func TestToolWithoutAName(t *testing.T) {
	s := watch(t)
	scp := testhost.NeedCommand(t, "scp", "openssh-client")
	slow := filepath.Join(publicDir(t), "connect") // in place of ssh: it keeps scp waiting
	writeLines(t, slow, "#!/bin/sh", "exec sleep 2")
	mustChmod(t, slow, 0o755)

	deleted := publicDir(t) + "/gone"
	copyFile(t, scp, deleted)
	mustChmod(t, deleted, 0o755)
	file := openAt3(t, deleted)
	if err := os.Remove(deleted); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]*os.File{"deleted": file, "in memory": inMemory(t, scp)} {
		t.Run(name, func(t *testing.T) {
			p := program{path: "/proc/self/fd/3", args: []string{"cron", "-S", slow, "/etc/hostname", "host:/x"}, extra: file}
			c := start(t, p)
			requireRenamed(t, s.exec(t, c), "scp")
		})
	}
}

func requireRenamed(t *testing.T, r record, tool string) {
	t.Helper()
	if r.EventName() != schema.EventCopy {
		t.Fatalf("%s is a record of %s; the content is known as %q", r.text(schema.ExecutablePath), r.EventName(), r.text(schema.ExecutableOriginalName))
	}
	for name, want := range map[string]string{
		schema.ExecutableOriginalName: tool, schema.Tool: tool, schema.Match: "content",
	} {
		if got := r.text(name); got != want {
			t.Errorf("%s is %q, and should be %q", name, got, want)
		}
	}
	if got := r.texts(schema.Evasions); !slices.Contains(got, "renamed") {
		t.Errorf("%s is %q", schema.Evasions, got)
	}
	if got := r.text(schema.Importance); got == "low" {
		t.Errorf("%s is %q, whoever hides has something to hide", schema.Importance, got)
	}
}

func shmDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "copywatch-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func hardLink(t *testing.T, path string) string {
	t.Helper()
	link := filepath.Join(filepath.Dir(path), "innocent")
	if err := os.Link(path, link); err != nil {
		t.Fatal(err)
	}
	return link
}

// inMemory puts a program into a memfd, which nobody has open for writing.
func inMemory(t *testing.T, path string) *os.File {
	t.Helper()
	fd, err := unix.MemfdCreate("x", 0)
	if err != nil {
		t.Fatal(err)
	}
	memory := os.NewFile(uintptr(fd), "x")
	defer memory.Close()
	if _, err := memory.WriteString(mustRead(t, path)); err != nil {
		t.Fatal(err)
	}
	return openAt3(t, filepath.Join("/proc/self/fd", strconv.Itoa(fd)))
}
