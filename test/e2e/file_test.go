//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
)

// install copies /bin/true to a path.
func install(t *testing.T, path string) string {
	t.Helper()
	copyFile(t, "/bin/true", path)
	return path
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content := mustRead(t, from)
	if err := os.WriteFile(to, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

func mustMkdir(t *testing.T, path string) string {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExecutablePath(t *testing.T) {
	s := watch(t)
	for name, build := range map[string]func(dir string) program{
		"absolute": func(dir string) program { return command(install(t, dir+"/tool")) },
		"with superfluous parts": func(dir string) program {
			install(t, dir+"/tool")
			return command(dir + "/./x/..//tool")
		},
		"through a link": func(dir string) program {
			mustSymlink(t, install(t, dir+"/tool"), dir+"/link")
			return command(dir + "/link")
		},
		"through a link to a link in a linked directory": func(dir string) program {
			install(t, mustMkdir(t, dir+"/real")+"/tool")
			mustSymlink(t, "tool", dir+"/real/link")
			mustSymlink(t, "real", dir+"/also")
			return command(dir + "/also/link")
		},
		"relative": func(dir string) program {
			install(t, dir+"/tool")
			return program{path: "./tool", args: []string{"tool"}, dir: dir}
		},
		"relative to above": func(dir string) program {
			install(t, dir+"/tool")
			return program{path: "../tool", args: []string{"tool"}, dir: mustMkdir(t, dir+"/below")}
		},
		"of 200 characters": func(dir string) program {
			return command(install(t, dir+"/"+strings.Repeat("long", 50)))
		},
		"with a newline":   func(dir string) program { return command(install(t, dir+"/new\nline")) },
		"with a space":     func(dir string) program { return command(install(t, dir+"/a tool (deleted)")) },
		"of other scripts": func(dir string) program { return command(install(t, dir+"/größe-日本")) },
		"whose 15 bytes of comm end within a character": func(dir string) program {
			return command(install(t, dir+"/"+strings.Repeat("ä", 20)))
		},
		"with control bytes": func(dir string) program { return command(install(t, dir+"/\x1b[31mred\u202e")) },
		"40 directories deep": func(dir string) program {
			return command(install(t, mustMkdir(t, dir+strings.Repeat("/deep", 40))+"/tool"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := publicDir(t)
			mustMkdir(t, dir+"/x")
			c := run(t, build(dir)).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c))
		})
	}
}

func mustSymlink(t *testing.T, target, link string) {
	t.Helper()
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
}

// A name that is not UTF-8 is written as it can be, and the file can still be told by its inode.
func TestExecutablePathThatIsNoText(t *testing.T) {
	s := watch(t)
	dir := publicDir(t)
	c := run(t, command(install(t, dir+"/\xff\xfetool"))).succeeds(t)
	requireRecord(t, s.exec(t, c), expectExec(t, c).with(want{
		schema.ExecutablePath: dir + `/\xff\xfetool`,
		schema.ExecutableName: `\xff\xfetool`,
		schema.Title:          `\xff\xfetool`,
	}))
}

func TestWritableExecutable(t *testing.T) {
	s := watch(t)
	dir := publicDir(t)
	path := install(t, dir+"/tool")
	mustChmod(t, path, 0o777)
	c := run(t, command(path)).succeeds(t)
	requireRecord(t, s.exec(t, c), expectExec(t, c).with(want{schema.ExecutableWritable: true}))
}

func mustChmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// A file that is run has its name no more: nothing is left to look at.
func TestDeletedExecutable(t *testing.T) {
	s := watch(t)
	path := install(t, publicDir(t)+"/tool")
	file := openAt3(t, path)
	w := expectInode(t, path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for name, requested := range map[string]string{"by-handle": "/dev/fd/3", "by-link": "/proc/self/fd/3"} {
		t.Run(name, func(t *testing.T) {
			r, expected := s.secondExec(t, name, file)
			requireRecord(t, r, expected.with(w).with(want{
				schema.ExecutablePath:          path,
				schema.ExecutableName:          "tool",
				schema.ExecutableRequestedPath: requested,
				schema.ExecutableDeleted:       true,
				schema.Title:                   oneOf("tool", "3"), // the file's own name since 6.14
			}))
		})
	}
}

// A program that is on no file system at all.
func TestExecutableInMemory(t *testing.T) {
	s := watch(t)
	fd, err := unix.MemfdCreate("dropper", 0)
	if err != nil {
		t.Fatal(err)
	}
	memory := os.NewFile(uintptr(fd), "dropper")
	t.Cleanup(func() { memory.Close() })
	if _, err := memory.WriteString(mustRead(t, "/bin/true")); err != nil {
		t.Fatal(err)
	}
	// A file that is open for writing cannot be run.
	file := openAt3(t, filepath.Join("/proc/self/fd", strconv.Itoa(fd)))
	w := expectInode(t, filepath.Join("/proc/self/fd", strconv.Itoa(fd)))
	memory.Close()
	for name, requested := range map[string]string{"by-handle": "/dev/fd/3", "by-link": "/proc/self/fd/3"} {
		t.Run(name, func(t *testing.T) {
			r, expected := s.secondExec(t, name, file)
			requireRecord(t, r, expected.with(w).with(want{
				schema.ExecutablePath:          "memfd:dropper",
				schema.ExecutableName:          "memfd:dropper",
				schema.ExecutableRequestedPath: requested,
				schema.ExecutableMemfd:         true,
				schema.ExecutableWritable:      true, // its mode is 0777
				schema.Title:                   oneOf("memfd:dropper", "3"),
			}))
		})
	}
}

func openAt3(t *testing.T, path string) *os.File {
	t.Helper()
	file := open(t, path, os.O_RDONLY)
	t.Cleanup(func() { file.Close() })
	return file
}

// secondExec runs a helper with a file as its descriptor 3 and returns the
// record of what the helper became, and what it must say but for the file.
func (s *sensor) secondExec(t *testing.T, name string, file *os.File) (record, want) {
	t.Helper()
	p := helper(t, name, "some", "arguments")
	p.extra = file
	c := run(t, p).succeeds(t)
	execs := s.execs(t, c)
	if len(execs) != 2 {
		t.Fatalf("there are %d execs, and should be that of the helper and that of the file", len(execs))
	}
	if first, second := execs[0].text(schema.EntityID), execs[1].text(schema.EntityID); first != second {
		t.Errorf("one process has the entity ids %s and %s", first, second)
	}
	then := *c
	then.after = c.ended
	return execs[1], expectExec(t, &then)
}

// Where a process stands is a path, however deep.
func TestWorkingDirectory(t *testing.T) {
	s := watch(t)
	for name, below := range map[string]string{
		"40 directories deep": strings.Repeat("/directory", 40),
		"with a newline":      "/new\nline",
		"of other scripts":    "/größe 日本",
	} {
		t.Run(name, func(t *testing.T) {
			p := command("/bin/true")
			p.dir = mustMkdir(t, publicDir(t)+below)
			c := run(t, p).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c))
		})
	}
	t.Run("the root", func(t *testing.T) {
		p := command("/bin/true")
		p.dir = "/"
		c := run(t, p).succeeds(t)
		requireRecord(t, s.exec(t, c), expectExec(t, c))
	})
}

// Of a path that is too deep to be followed to the root, the end is kept, and it does not look absolute.
func TestWorkingDirectoryBeyondTheLimit(t *testing.T) {
	s := watch(t)
	p := command("/bin/true")
	p.dir = mustMkdir(t, publicDir(t)+strings.Repeat("/d", 500)+"/end")
	c := run(t, p).succeeds(t)
	requireRecord(t, s.exec(t, c), expectExec(t, c).with(want{
		schema.WorkingDirectory: endOf(p.dir),
	}))
}

// The same for the path of a program. It was asked for by a relative path, which is no other.
func TestExecutablePathBeyondTheLimit(t *testing.T) {
	s := watch(t)
	p := program{path: "./tool", args: []string{"tool"}, dir: mustMkdir(t, publicDir(t)+strings.Repeat("/d", 500))}
	path := install(t, p.dir+"/tool")
	c := run(t, p).succeeds(t)
	requireRecord(t, s.exec(t, c), expectExec(t, c).with(want{
		schema.ExecutablePath:   endOf(path),
		schema.WorkingDirectory: endOf(p.dir),
	}))
}

// endOf accepts the end of a path, after three dots.
func endOf(path string) check {
	return func(got any) string {
		text, _ := got.(string)
		rest, cut := strings.CutPrefix(text, "...")
		if cut && strings.HasSuffix(path, rest) && strings.HasPrefix(rest, "/") && strings.Count(rest, "/") > 100 {
			return ""
		}
		return "is " + show(got) + ", and should be ... and the end of " + path
	}
}

// A directory that is gone has still the path that it had.
func TestWorkingDirectoryThatIsGone(t *testing.T) {
	s := watch(t)
	dir := mustMkdir(t, publicDir(t)+"/gone")
	p := command("/bin/sh", "-c", `rmdir "$PWD"; exec /bin/true`)
	p.dir, p.env = dir, []string{"PATH=/usr/bin:/bin", "PWD=" + dir}
	c := run(t, p).succeeds(t)
	for _, r := range s.execs(t, c) {
		if got := r.text(schema.WorkingDirectory); got != dir {
			t.Errorf("the directory of %s is %q, and should be %q", r.text(schema.ExecutableName), got, dir)
		}
	}
}
