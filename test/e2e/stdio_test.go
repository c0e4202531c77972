//go:build linux

package e2e

import (
	"fmt"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
)

func TestStandardInputAndOutput(t *testing.T) {
	s := watch(t)
	for name, test := range map[string]struct {
		connect func(t *testing.T, dir string, p *program)
		want    func(dir string) want
	}{
		"files": {
			func(t *testing.T, dir string, p *program) {
				p.stdin = openFor(t, dir+"/in", os.O_RDONLY|os.O_CREATE)
				p.stdout = openFor(t, dir+"/out", os.O_WRONLY|os.O_CREATE)
			},
			func(dir string) want {
				return want{schema.StdinType: "file", schema.StdinPath: dir + "/in", schema.StdoutType: "file", schema.StdoutPath: dir + "/out"}
			},
		},
		"a file whose name is no text": {
			func(t *testing.T, dir string, p *program) {
				p.stdin = openFor(t, dir+"/\xff\n", os.O_RDONLY|os.O_CREATE)
			},
			func(dir string) want {
				return want{schema.StdinType: "file", schema.StdinPath: dir + "/\\xff\n"}
			},
		},
		"pipes": {
			func(t *testing.T, _ string, p *program) { p.stdin, p.stdout = pipe(t) },
			func(string) want { return want{schema.StdinType: "pipe", schema.StdoutType: "pipe"} },
		},
		"sockets": {
			func(t *testing.T, _ string, p *program) { p.stdin, p.stdout = socketPair(t) },
			func(string) want { return want{schema.StdinType: "socket", schema.StdoutType: "socket"} },
		},
		"other devices and a directory": {
			func(t *testing.T, dir string, p *program) {
				p.stdin, p.stdout = openFor(t, "/dev/zero", os.O_RDONLY), openFor(t, dir, os.O_RDONLY)
			},
			func(string) want { return want{schema.StdinType: "other", schema.StdoutType: "other"} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := publicDir(t)
			p := command("/bin/true")
			test.connect(t, dir, &p)
			c := run(t, p).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c).with(test.want(dir)))
		})
	}
}

func openFor(t *testing.T, path string, flag int) *os.File {
	t.Helper()
	file := open(t, path, flag)
	t.Cleanup(func() { file.Close() })
	return file
}

func pipe(t *testing.T) (reader, writer *os.File) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close(); writer.Close() })
	return reader, writer
}

func socketPair(t *testing.T) (one, other *os.File) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	one, other = os.NewFile(uintptr(fds[0]), "one"), os.NewFile(uintptr(fds[1]), "other")
	t.Cleanup(func() { one.Close(); other.Close() })
	return one, other
}

// What is closed has no type.
func TestClosedInputAndOutput(t *testing.T) {
	s := watch(t)
	p := command("/bin/sh", "-c", "exec /bin/true <&- >&-")
	c := run(t, p).succeeds(t)
	execs := s.execs(t, c)
	if len(execs) != 2 {
		t.Fatalf("there are %d execs, and should be those of sh and of true", len(execs))
	}
	then := child{program: command("/bin/true"), marker: c.marker, pid: c.pid, before: c.before, after: c.ended}
	requireRecord(t, execs[1], expectExec(t, &then).with(want{schema.StdinType: nil, schema.StdoutType: nil}))
}

// A process in a session with a terminal is one that somebody may sit before.
func TestTerminal(t *testing.T) {
	s := watch(t)
	terminal, name := openTerminal(t)
	p := command("/bin/true")
	p.stdin, p.stdout = terminal, terminal
	p.sys = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	c := run(t, p).succeeds(t)
	requireRecord(t, s.exec(t, c), expectExec(t, c).with(want{
		schema.Interactive: true, schema.TTY: name,
		schema.StdinType: "tty", schema.StdoutType: "tty",
		schema.SessionLeaderPID: c.pid, schema.GroupLeaderPID: c.pid,
	}))
}

// openTerminal makes a pseudo-terminal and returns the side that a program is at, and its name below /dev.
func openTerminal(t *testing.T) (terminal *os.File, name string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("needs pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	name = fmt.Sprintf("pts/%d", number)
	return openFor(t, "/dev/"+name, os.O_RDWR|unix.O_NOCTTY), name
}
