//go:build linux

package e2e

import (
	"bytes"
	"debug/elf"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"github.com/copywatch/copywatch/internal/schema"
)

// expectExec returns what the record of a child's exec must say in every field,
// from what the test did and from what /proc and stat(2) say of it. A test
// changes the fields that are what it is about.
func expectExec(t *testing.T, c *child) want {
	t.Helper()
	w := want{
		fieldEventName:      schema.EventExec,
		schema.EventAction:  schema.ActionExec,
		fieldSeverityNumber: 9,
		fieldSeverityText:   "INFO",
		fieldTimestamp:      between(c.before, c.after),
		fieldObserved:       since(c.before),
		schema.EnvironmentPrefix + markerVariable: c.marker,
		schema.AncestorScript:                     anything, // whatever runs the tests
	}
	for _, part := range []want{
		expectHost(t), expectProcess(t, c), expectUser(0, 0), expectFile(t, c.absolute()),
		expectArgs(t, c.args), expectSurroundings(t), expectLineage(t),
	} {
		maps.Copy(w, part)
	}
	if resolved := w[schema.ExecutablePath]; resolved != c.absolute() {
		w[schema.ExecutableRequestedPath] = c.absolute()
	}
	if c.dir != "" {
		w[schema.WorkingDirectory] = c.dir
	}
	return w
}

// absolute is the path of the program as it was asked for.
func (c *child) absolute() string {
	if filepath.IsAbs(c.path) {
		return filepath.Clean(c.path)
	}
	return filepath.Join(c.dir, c.path)
}

func expectHost(t *testing.T) want {
	t.Helper()
	w := want{
		fieldScope:                        "github.com/copywatch/copywatch/receiver/ebpfexecreceiver",
		fieldScopeVersion:                 like(`\d+\.\d+\.\d+.*`),
		resourcePrefix + schema.HostName:  mustHostname(t),
		resourcePrefix + schema.OSType:    "linux",
		resourcePrefix + schema.OSBuildID: strings.TrimSpace(mustRead(t, "/proc/sys/kernel/osrelease")),
	}
	if id, err := os.ReadFile("/etc/machine-id"); err == nil && len(bytes.TrimSpace(id)) > 0 {
		w[resourcePrefix+schema.HostID] = string(bytes.TrimSpace(id))
	}
	for line := range strings.Lines(mustRead(t, "/etc/os-release")) {
		if version, ok := strings.CutPrefix(line, "VERSION_ID="); ok {
			w[resourcePrefix+schema.OSVersion] = strings.Trim(strings.TrimSpace(version), `"'`)
		}
	}
	return w
}

func expectProcess(t *testing.T, c *child) want {
	t.Helper()
	session, err := unix.Getsid(0)
	if err != nil {
		t.Fatal(err)
	}
	return want{
		schema.PID:          c.pid,
		schema.VPID:         c.pid,
		schema.EntityID:     entityOf(t, c.pid, between(c.before, c.after)),
		schema.CreationTime: between(c.before, c.after),
		schema.Title:        asText(comm(filepath.Base(c.path))),
	}.with(want{
		schema.GroupLeaderPID:   leader(unix.Getpgrp()),
		schema.SessionLeaderPID: leader(session),
	})
}

// leader is what a record says of a group or session leader: nothing of pid 0,
// which is the kernel's answer where init never made a session.
func leader(pid int) any {
	if pid == 0 {
		return nil
	}
	return pid
}

// comm cuts a name as the kernel does (TASK_COMM_LEN with its NUL).
func comm(name string) string { return name[:min(len(name), 15)] }

// entityOf accepts the entity id of a process: 16 digits of the boot's id, the
// pid and the start in nanoseconds since boot, which the check is called with
// as a time.
func entityOf(t *testing.T, pid int, started check) check {
	t.Helper()
	boot := strings.ReplaceAll(mustRead(t, "/proc/sys/kernel/random/boot_id"), "-", "")[:16]
	prefix := boot + "-" + strconv.FormatInt(int64(pid), 16) + "-"
	return func(got any) string {
		id, _ := got.(string)
		digits, ok := strings.CutPrefix(id, prefix)
		if !ok {
			return fmt.Sprintf("is %s, and should begin with %s", show(got), prefix)
		}
		nanoseconds, err := strconv.ParseInt(digits, 16, 64)
		if err != nil {
			return "is " + show(got) + ": " + err.Error()
		}
		return started(bootTime().Add(time.Duration(nanoseconds)))
	}
}

func bootTime() time.Time {
	var sinceBoot unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &sinceBoot); err != nil {
		panic(err) // every Linux that runs the probe has this clock
	}
	return time.Now().Add(-time.Duration(sinceBoot.Nano()))
}

// startOf is when a living process started, as exactly as /proc says it.
func startOf(t *testing.T, pid int) time.Time {
	t.Helper()
	ticks, err := strconv.ParseInt(statOf(t, pid)[22-3], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return bootTime().Add(time.Duration(ticks) * 10 * time.Millisecond)
}

// statOf returns the fields of /proc/PID/stat from the third on: the second may hold anything.
func statOf(t *testing.T, pid int) []string {
	t.Helper()
	stat := mustRead(t, fmt.Sprintf("/proc/%d/stat", pid))
	return strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
}

// expectUser is for a process whose ids are all the same, on the host.
func expectUser(uid, gid int) want {
	w := want{
		schema.UserID: uid, schema.RealUserID: uid, schema.SavedUserID: uid,
		schema.GroupID: gid, schema.RealGroupID: gid, schema.SavedGroupID: gid,
	}
	for _, field := range []string{schema.UserName, schema.RealUserName, schema.SavedUserName} {
		if name := userName(uid); name != "" {
			w[field] = name
		}
	}
	for field, path := range map[string]string{
		schema.LoginUserID: "/proc/self/loginuid", schema.AuditSessionID: "/proc/self/sessionid",
	} {
		content, err := os.ReadFile(path)
		id, parseErr := strconv.ParseUint(strings.TrimSpace(string(content)), 10, 32)
		if err != nil || parseErr != nil || id == 1<<32-1 { // what no login has set
			continue
		}
		w[field] = int(id)
		if name := userName(int(id)); field == schema.LoginUserID && name != "" {
			w[schema.LoginUserName] = name
		}
	}
	return w
}

func userName(uid int) string {
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return ""
	}
	return u.Username
}

// expectFile is for a program that root runs.
func expectFile(t *testing.T, path string) want {
	t.Helper()
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	w := expectInode(t, resolved)
	maps.Copy(w, want{
		schema.ExecutablePath: resolved,
		schema.ExecutableName: filepath.Base(resolved),
	})
	return w
}

func expectInode(t *testing.T, path string) want {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	w := want{
		schema.ExecutableInode:     int(stat.Ino),
		schema.ExecutableDevice:    fmt.Sprintf("%d:%d", unix.Major(stat.Dev), unix.Minor(stat.Dev)),
		schema.ExecutableBuildIDGo: check(func(any) string { return "" }),
	}
	if id := noteOf(path); id != "" {
		w[schema.ExecutableBuildIDGNU] = optional(id)
	}
	if name := toolOf(path); name != "" {
		w[schema.ExecutableOriginalName] = optional(name)
	}
	if info.Mode()&0o002 != 0 {
		w[schema.ExecutableWritable] = true
	}
	return w
}

// toolOf returns the name of the tool that a file is a copy of, or "": it is compared with those that are installed.
func toolOf(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for _, name := range []string{"scp", "sftp", "ssh", "rsync", "curl", "wget", "ftp", "lftp", "busybox", "sh", "bash"} {
		installed, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if original, err := os.ReadFile(installed); err == nil && bytes.Equal(original, content) {
			return name
		}
	}
	return ""
}

// noteOf returns the build id in an ELF file's notes: three words, GNU and a NUL, and the id.
func noteOf(path string) string {
	file, err := elf.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	section := file.Section(".note.gnu.build-id")
	if section == nil {
		return ""
	}
	data, err := section.Data()
	if err != nil || len(data) <= 16 {
		return ""
	}
	return fmt.Sprintf("%x", data[16:])
}

// expectArgs is for arguments that are not cut and hold no secrets.
func expectArgs(t *testing.T, args []string) want {
	t.Helper()
	size := 0
	texts := make([]string, len(args))
	for i, arg := range args {
		size += len(arg) + 1
		texts[i] = asText(arg)
	}
	w := want{
		schema.ArgsCount:   len(args),
		schema.ArgsSize:    size,
		schema.CommandArgs: texts,
		schema.CommandLine: sameAsArgs(t, args),
		fieldBody:          sameAsArgs(t, args),
	}
	if len(args) > 0 {
		w[schema.Command] = texts[0]
	}
	return w
}

// asText writes bytes as records have them: each that is not of a valid UTF-8 character as \xNN.
func asText(s string) string {
	var text strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&text, `\x%02x`, s[0])
		} else {
			text.WriteString(s[:size])
		}
		s = s[size:]
	}
	return text.String()
}

// sameAsArgs accepts one line that a shell splits into just these arguments.
func sameAsArgs(t *testing.T, args []string) check {
	t.Helper()
	return func(got any) string {
		line, _ := got.(string)
		if wrong := isOneLine(got); wrong != "" {
			return wrong
		}
		shell := exec.Command("bash")
		shell.Stdin = strings.NewReader("printf '%s\\0' " + line)
		out, err := shell.Output()
		if err != nil {
			return "is " + show(got) + ", which a shell refuses: " + err.Error()
		}
		split := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		if !slices.Equal(split, args) {
			return fmt.Sprintf("is %s, which is %s to a shell, and should be %s", show(got),
				clip(fmt.Sprintf("%q", split)), clip(fmt.Sprintf("%q", args)))
		}
		return ""
	}
}

// isOneLine accepts a text without characters that break, erase, hide or reorder a part of the line.
func isOneLine(got any) string {
	line, _ := got.(string)
	switch {
	case line == "":
		return "is " + show(got) + ", and should be a line"
	case !utf8.ValidString(line):
		return "is not UTF-8: " + show(got)
	}
	for _, r := range line {
		if !unicode.IsPrint(r) {
			return fmt.Sprintf("is %s, with %U in it", show(got), r)
		}
	}
	return ""
}

// expectSurroundings is for a process with the test's directory, terminal and cgroup, and /dev/null as input and output.
func expectSurroundings(t *testing.T) want {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	w := want{
		schema.WorkingDirectory: dir,
		schema.StdinType:        "null",
		schema.StdoutType:       "null",
		schema.LinuxCgroup:      cgroupOf(t, os.Getpid()),
		schema.Interactive:      false,
	}
	if device, err := strconv.ParseUint(statOf(t, os.Getpid())[7-3], 10, 64); err == nil && device != 0 {
		w[schema.Interactive] = true
		w[schema.TTY] = like(`[a-zA-Z0-9/]+`)
	}
	return w
}

// cgroupOf accepts lines of /proc/PID/cgroup: that of the unified hierarchy
// last, and before it one of a v1 controller where any has the process below its root.
func cgroupOf(t *testing.T, pid int) check {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(mustRead(t, fmt.Sprintf("/proc/%d/cgroup", pid))), "\n")
	below := slices.ContainsFunc(lines, func(line string) bool {
		controller, path, _ := strings.Cut(line[strings.Index(line, ":")+1:], ":")
		return path != "/" && slices.ContainsFunc(strings.Split(controller, ","), func(name string) bool {
			return slices.Contains([]string{"pids", "memory", "devices", "cpu", "freezer"}, name)
		})
	})
	return func(got any) string {
		text, _ := got.(string)
		parts := strings.Split(text, "\n")
		for _, part := range parts {
			if !slices.Contains(lines, part) {
				return fmt.Sprintf("is %s, of which %q is not in %q", show(got), part, lines)
			}
		}
		if !strings.HasPrefix(parts[len(parts)-1], "0::") || (len(parts) == 2) != below {
			return fmt.Sprintf("is %s, and should be what matters of %q", show(got), lines)
		}
		return ""
	}
}

// expectLineage is for a child of the test.
func expectLineage(t *testing.T) want {
	t.Helper()
	self := os.Getpid()
	started := startOf(t, self)
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := want{
		schema.ParentPID:         self,
		schema.ParentProcessPID:  self,
		schema.ParentEntityID:    entityOf(t, self, between(started, started.Add(10*time.Millisecond))),
		schema.ParentExecutable:  path,
		schema.ParentName:        filepath.Base(path),
		schema.ParentCommandLine: sameAsArgs(t, os.Args),
	}
	names, pids := ancestorsOf(t, self)
	w[schema.AncestorNames], w[schema.AncestorPIDs] = names, pids
	return w
}

// ancestorsOf returns a process and those above it, nearest first, as a child of it would have them.
func ancestorsOf(t *testing.T, pid int) (names []string, pids []int) {
	t.Helper()
	for pid > 0 && len(pids) < 16 {
		pids = append(pids, pid)
		name := strings.TrimSpace(mustRead(t, fmt.Sprintf("/proc/%d/comm", pid)))
		if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil {
			name = filepath.Base(strings.TrimSuffix(exe, " (deleted)"))
		}
		names = append(names, name)
		parent, err := strconv.Atoi(statOf(t, pid)[4-3])
		if err != nil {
			t.Fatal(err)
		}
		pid = parent
	}
	return names, pids
}

// expectExit returns what the record of the end must say of a process whose exec record is given.
func expectExit(t *testing.T, c *child, exec record) want {
	t.Helper()
	w := expectHost(t)
	maps.Copy(w, want{
		fieldEventName:        schema.EventExit,
		schema.EventAction:    schema.ActionExit,
		fieldSeverityNumber:   9,
		fieldSeverityText:     "INFO",
		fieldTimestamp:        between(c.before, c.ended),
		fieldObserved:         since(c.before),
		fieldBody:             like(`.*exited with code 0`),
		schema.ExitTime:       between(c.before, c.ended),
		schema.ExitCode:       0,
		schema.Duration:       within(c.ended.Sub(c.before)),
		schema.PID:            c.pid,
		schema.EntityID:       exec.text(schema.EntityID),
		schema.ExecutableName: exec.text(schema.ExecutableName),
		schema.ExecutablePath: exec.text(schema.ExecutablePath),
	})
	return w
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func mustHostname(t *testing.T) string {
	t.Helper()
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	return name
}
