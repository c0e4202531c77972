//go:build linux

package e2e

import (
	"io"
	"maps"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
)

func TestExit(t *testing.T) {
	s := watch(t)
	for name, test := range map[string]struct {
		script string
		want   want
	}{
		"with success":          {"exit 0", want{schema.ExitCode: 0, fieldBody: "dash exited with code 0"}},
		"with a code":           {"exit 3", want{schema.ExitCode: 3, fieldBody: "dash exited with code 3"}},
		"with the highest code": {"exit 255", want{schema.ExitCode: 255, fieldBody: "dash exited with code 255"}},
		"by SIGKILL": {"kill -9 $$", want{
			schema.ExitCode: nil, schema.ExitSignal: 9, fieldBody: "dash was killed by signal 9",
		}},
		"by SIGTERM": {"kill -15 $$", want{
			schema.ExitCode: nil, schema.ExitSignal: 15, fieldBody: "dash was killed by signal 15",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := run(t, command("/bin/sh", "-c", test.script))
			exec := s.exec(t, c)
			requireRecord(t, exec, expectExec(t, c))
			exits := s.exits(t, exec)
			if len(exits) != 1 {
				t.Fatalf("there are %d exits, and should be 1", len(exits))
			}
			w := test.want
			w[fieldBody] = replaceName(w[fieldBody].(string), exec.text(schema.ExecutableName))
			requireRecord(t, exits[0], expectExit(t, c, exec).with(w))
		})
	}
}

// replaceName puts the name of this host's sh into a body that was written with Debian's.
func replaceName(body, name string) string { return name + body[len("dash"):] }

// The duration of a process is the time that it lived, not that of its last program.
func TestDuration(t *testing.T) {
	s := watch(t)
	c := run(t, command("/bin/sh", "-c", "sleep 0.2; exec /bin/true"))
	exits := s.exits(t, s.execs(t, c)[0])
	if len(exits) != 1 {
		t.Fatalf("there are %d exits, and should be 1", len(exits))
	}
	value, _ := exits[0].Attributes().Get(schema.Duration)
	if seconds := value.Double(); seconds < 0.2 || seconds > c.ended.Sub(c.before).Seconds() {
		t.Errorf("a process that slept for 0.2 s and ended after %v lived for %v s", c.ended.Sub(c.before), seconds)
	}
}

// A process ends with its last thread, not with its first, and with the code that it ends with as a whole.
func TestExitAfterTheFirstThread(t *testing.T) {
	s := watch(t)
	c := run(t, helper(t, "leader"))
	if c.state.ExitCode() != 5 {
		t.Fatalf("the helper ended with %v", c.state)
	}
	exec := s.exec(t, c)
	exits := s.exits(t, exec)
	if len(exits) != 1 {
		t.Fatalf("there are %d exits, and should be 1", len(exits))
	}
	requireRecord(t, exits[0], expectExit(t, c, exec).with(want{
		schema.ExitCode: 5, fieldBody: exec.text(schema.ExecutableName) + " exited with code 5",
		fieldTimestamp:  between(c.after.Add(100*time.Millisecond), c.ended),
		schema.ExitTime: between(c.after.Add(100*time.Millisecond), c.ended),
	}))
}

// The process has no exec of its own: it runs what its parent ran.
func TestForkWithoutExec(t *testing.T) {
	s := watch(t)
	c := run(t, command("/bin/sh", "-c", "( /bin/true inner; : ); :")).succeeds(t)
	execs := s.execs(t, c)
	if len(execs) != 2 {
		t.Fatalf("there are %d execs, and should be those of the shell and of its program", len(execs))
	}
	shell, inner := execs[0], execs[1]
	for field, same := range map[string]string{
		schema.ParentName:        schema.ExecutableName,
		schema.ParentExecutable:  schema.ExecutablePath,
		schema.ParentCommandLine: schema.CommandLine,
	} {
		if got, want := inner.text(field), shell.text(same); got != want {
			t.Errorf("%s below a forked shell is %q, and should be the shell's: %q", field, got, want)
		}
	}
	names, pids := ancestorsOf(t, os.Getpid())
	name := shell.text(schema.ExecutableName)
	if got, want := inner.texts(schema.AncestorNames), append([]string{name, name}, names...); !slices.Equal(got, want[:min(len(want), 16)]) {
		t.Errorf("the ancestors are %q, and should be %q", got, want)
	}
	ancestors, _ := inner.Attributes().Get(schema.AncestorPIDs)
	forked, known := ancestors.Slice().At(0).Int(), ancestors.Slice().At(1).Int()
	if forked == int64(c.pid) || known != int64(c.pid) || ancestors.Slice().At(2).Int() != int64(pids[0]) {
		t.Errorf("the ancestors' pids are %v, and should be the forked shell, %d and %d", ancestors.AsRaw(), c.pid, pids[0])
	}
	if n := len(s.exits(t, shell)); n != 1 {
		t.Errorf("there are %d exits of the shell, and should be 1", n)
	}
}

// Execve in another thread ends the first, whose pid and start the process keeps.
func TestExecFromAnotherThread(t *testing.T) {
	s := watch(t)
	p := helper(t, "thread")
	c := run(t, p).succeeds(t)
	execs := s.execs(t, c)
	if len(execs) != 2 {
		t.Fatalf("there are %d execs, and should be those of the helper and of its thread", len(execs))
	}
	requireRecord(t, execs[0], expectExec(t, c))
	then := child{program: program{path: "/bin/true", args: []string{"true", "from a thread"}},
		marker: c.marker, pid: c.pid, before: c.before, after: c.ended}
	requireRecord(t, execs[1], expectExec(t, &then).with(want{
		schema.EntityID:     execs[0].text(schema.EntityID),
		schema.CreationTime: execs[0].text(schema.CreationTime),
	}))
	c.after = c.ended
	exits := s.exits(t, execs[1])
	if len(exits) != 1 {
		t.Fatalf("there are %d exits, and should be 1", len(exits))
	}
	requireRecord(t, exits[0], expectExit(t, c, execs[1]))
}

func TestSessionAndGroup(t *testing.T) {
	s := watch(t)
	for name, test := range map[string]struct {
		sys  syscall.SysProcAttr
		want func(pid int) want
	}{
		"a session of its own": {syscall.SysProcAttr{Setsid: true}, func(pid int) want {
			return want{schema.SessionLeaderPID: pid, schema.GroupLeaderPID: pid, schema.Interactive: false, schema.TTY: nil}
		}},
		"a group of its own": {syscall.SysProcAttr{Setpgid: true}, func(pid int) want {
			return want{schema.GroupLeaderPID: pid}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := command("/bin/true")
			p.sys = &test.sys
			c := run(t, p).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c).with(test.want(c.pid)))
		})
	}
}

func TestAnotherUser(t *testing.T) {
	s := watch(t)
	for name, test := range map[string]struct{ uid, gid int }{
		"one of the host": {1, 1}, "an unknown one": {61234, 61235}, "the highest": {1<<32 - 2, 1<<32 - 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := command("/bin/true")
			p.sys = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(test.uid), Gid: uint32(test.gid)}}
			c := run(t, p).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c).with(noNames).with(expectUser(test.uid, test.gid)))
		})
	}
}

// noNames removes the names that root has.
var noNames = want{schema.UserName: nil, schema.RealUserName: nil, schema.SavedUserName: nil}

// A setuid program runs as its owner, at once: that is the effective user of its exec.
func TestSetuidProgram(t *testing.T) {
	s := watch(t)
	dir := publicDir(t)
	needSetuid(t, dir)
	path := install(t, dir+"/tool")
	if err := os.Chown(path, 1, 2); err != nil {
		t.Fatal(err)
	}
	mustChmod(t, path, 0o755|os.ModeSetuid|os.ModeSetgid)
	p := command(path)
	p.sys = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 61234, Gid: 61235}}
	c := run(t, p).succeeds(t)
	real, owner := expectUser(61234, 61235), expectUser(1, 2)
	w := expectExec(t, c).with(noNames)
	maps.Copy(w, real)
	for _, field := range []string{
		schema.UserID, schema.UserName, schema.SavedUserID, schema.SavedUserName, schema.GroupID, schema.SavedGroupID,
	} {
		if value, ok := owner[field]; ok {
			w[field] = value
		}
	}
	w[schema.ExecutableWritable] = true // by its owner, who it runs as
	requireRecord(t, s.exec(t, c), w)
}

func needSetuid(t *testing.T, dir string) {
	t.Helper()
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		t.Fatal(err)
	}
	if fs.Flags&unix.ST_NOSUID != 0 {
		t.Skipf("needs a file system with setuid programs; %s is mounted nosuid (set TMPDIR)", dir)
	}
}

// In pid and mount namespaces of its own the process is the first, and to the host it has another pid.
func TestNamespaces(t *testing.T) {
	s := watch(t)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	p := command("/bin/cat")
	p.stdin = reader // keeps it alive until it has been looked at
	p.sys = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS}
	c := start(t, p)
	r := s.exec(t, c)
	writer.Close()
	c.wait(t)
	requireRecord(t, r, expectExec(t, c).with(want{schema.VPID: 1, schema.StdinType: "pipe"}))
	exits := s.exits(t, r)
	if len(exits) != 1 {
		t.Fatalf("there are %d exits, and should be 1", len(exits))
	}
	requireRecord(t, exits[0], expectExit(t, c, r))
}

// Below another root the paths are still those of the mount namespace, but for
// the one that was asked for.
func TestChroot(t *testing.T) {
	s := watch(t)
	dir := publicDir(t)
	makeImage(t, dir, "alice")
	p := command("/bin/sh", "-c", ":")
	p.dir = "/tmp"
	p.sys = &syscall.SysProcAttr{Chroot: dir}
	c := run(t, p).succeeds(t)
	then := *c
	then.path = dir + "/bin/busybox"
	requireRecord(t, s.exec(t, c), expectExec(t, &then).with(want{
		schema.ExecutableRequestedPath: "/bin/sh",
		schema.WorkingDirectory:        dir + "/tmp",
		schema.Title:                   "sh",
	}))
}

// The trace that a process says it runs in (W3C Trace Context, traceparent).
func TestTrace(t *testing.T) {
	s := watch(t)
	const trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	none := want{}
	sampled := want{fieldTraceID: trace, fieldSpanID: span, fieldFlags: 1}
	for name, test := range map[string]struct {
		value string
		want  want
	}{
		"sampled":          {"00-" + trace + "-" + span + "-01", sampled},
		"not sampled":      {"00-" + trace + "-" + span + "-00", want{fieldTraceID: trace, fieldSpanID: span}},
		"a later version":  {"01-" + trace + "-" + span + "-01-more", sampled},
		"invalid version":  {"ff-" + trace + "-" + span + "-01", none},
		"capital letters":  {"00-0AF7651916CD43DD8448EB211C80319C-" + span + "-01", none},
		"a trace of zeros": {"00-00000000000000000000000000000000-" + span + "-01", none},
		"a span of zeros":  {"00-" + trace + "-0000000000000000-01", none},
		"too short":        {"00-" + trace, none},
		"more than it may": {"00-" + trace + "-" + span + "-01-more", none},
		"anything else":    {"\xff\x00"[:1] + "hostile\n", none},
	} {
		t.Run(name, func(t *testing.T) {
			p := command("/bin/true")
			p.env = []string{"TRACEPARENT=" + test.value}
			c := run(t, p).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c).with(test.want))
		})
	}
}

// Of the environment there is what the configuration names, as it is, and nothing else.
func TestEnvironment(t *testing.T) {
	s := watch(t)
	for name, test := range map[string]struct {
		env  []string
		want want
	}{
		"another variable":     {[]string{"SECRET=1", "X" + noteVariable + "=1", noteVariable + "X=1"}, want{}},
		"the same name, twice": {[]string{noteVariable + "=first", noteVariable + "=second"}, want{schema.EnvironmentPrefix + noteVariable: "first"}},
		"empty":                {[]string{noteVariable + "="}, want{schema.EnvironmentPrefix + noteVariable: ""}},
		"with = and newlines":  {[]string{noteVariable + "=a=b\n\x1b[0m"}, want{schema.EnvironmentPrefix + noteVariable: "a=b\n\x1b[0m"}},
		"not UTF-8":            {[]string{noteVariable + "=\xff"}, want{schema.EnvironmentPrefix + noteVariable: `\xff`}},
		"within another's":     {[]string{"OTHER=" + noteVariable + "=1"}, want{}},
		"without a value":      {[]string{noteVariable}, want{}},
	} {
		t.Run(name, func(t *testing.T) {
			p := command("/bin/true")
			p.env = test.env
			c := run(t, p).succeeds(t)
			requireRecord(t, s.exec(t, c), expectExec(t, c).with(test.want))
		})
	}
}

// What happened between the start of the test and its end has a time between them, and each later thing a later one.
func TestTimesAreInOrder(t *testing.T) {
	s := watch(t)
	c := run(t, command("/bin/sh", "-c", "/bin/true; sleep 0.01; /bin/true")).succeeds(t)
	var last time.Time
	for _, r := range s.execs(t, c) {
		if at := r.Timestamp().AsTime(); at.Before(last) {
			t.Errorf("%s ran at %v, before the program before it (%v)", r.Body().AsString(), at, last)
		} else {
			last = at
		}
	}
}

// Whoever lets go of a process, and ends, is still who started it: the kernel
// names another parent by the time of the exec.
func TestOrphan(t *testing.T) {
	s := watch(t)
	p := command("/bin/sh", "-c", `(sleep 0.3; exec /bin/true orphan) & echo $!; exit 0`)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	p.stdout = writer
	c := run(t, p)
	writer.Close()
	_, _ = io.ReadAll(reader) // the orphan has it open until it ends
	var orphan record
	for _, r := range s.execs(t, c) {
		if args := r.texts(schema.CommandArgs); len(args) == 2 && args[1] == "orphan" {
			orphan = r
		}
	}
	shell := s.exec(t, c)
	for _, field := range []string{schema.ParentEntityID, schema.ParentExecutable, schema.ParentCommandLine} {
		of := map[string]string{
			schema.ParentEntityID: schema.EntityID, schema.ParentExecutable: schema.ExecutablePath, schema.ParentCommandLine: schema.CommandLine,
		}[field]
		if got, want := orphan.text(field), shell.text(of); got != want {
			t.Errorf("%s is %q, and should be %q", field, got, want)
		}
	}
	if got := orphan.fields()[schema.AncestorPIDs].([]any); len(got) < 2 || got[0] != int64(c.pid) || got[1] != int64(os.Getpid()) {
		t.Errorf("%s is %v, and should begin with %d, %d", schema.AncestorPIDs, got, c.pid, os.Getpid())
	}
}
