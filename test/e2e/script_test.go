//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testhost"
)

func writeScript(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// What runs is the interpreter: the kernel puts it, its argument and the
// script's path in the place of argv[0] (execve(2), "Interpreter scripts").
func TestScript(t *testing.T) {
	s := watch(t)
	for name, test := range map[string]struct{ line, interpreter, argument string }{
		"plain":                    {"#!/bin/sh\n", "/bin/sh", ""},
		"with an argument":         {"#!/bin/sh -e\n", "/bin/sh", "-e"},
		"with spaces, all one":     {"#! /bin/sh  -e -u \n", "/bin/sh", "-e -u"},
		"without an end of line":   {"#!/bin/true", "/bin/true", ""},
		"of a program and no more": {"#!/bin/true\n", "/bin/true", ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeScript(t, publicDir(t)+"/script.sh", test.line)
			c := run(t, program{path: path, args: []string{"whatever", "a", "", "b c"}})
			argv := []string{test.interpreter}
			if test.argument != "" {
				argv = append(argv, test.argument)
			}
			argv = append(argv, path, "a", "", "b c")
			requireRecord(t, s.exec(t, c), expectScript(t, c, path, argv))
		})
	}
}

// expectScript is for the exec of a script whose interpreter gets the given arguments.
func expectScript(t *testing.T, c *child, path string, argv []string) want {
	t.Helper()
	return expectExec(t, c).with(expectFile(t, argv[0])).with(expectArgs(t, argv)).with(want{
		schema.ExecutableRequestedPath: path,
		schema.ScriptPath:              path,
		schema.Title:                   comm(filepath.Base(path)),
	})
}

func TestScriptByRelativePathAndLink(t *testing.T) {
	s := watch(t)
	dir := publicDir(t)
	writeScript(t, dir+"/script.sh", "#!/bin/sh\n")
	mustSymlink(t, "script.sh", dir+"/link")
	c := run(t, program{path: "./link", args: []string{"x"}, dir: dir}).succeeds(t)
	requireRecord(t, s.exec(t, c), expectScript(t, c, dir+"/link", []string{"/bin/sh", "./link"}))
}

// An interpreter that is a script itself: the kernel goes on to that one's.
func TestScriptOfScript(t *testing.T) {
	s := watch(t)
	dir := publicDir(t)
	inner := writeScript(t, dir+"/inner", "#!/bin/sh -e\n")
	outer := writeScript(t, dir+"/outer", "#!"+inner+" -x\n")
	c := run(t, command(outer, "a")).succeeds(t)
	requireRecord(t, s.exec(t, c), expectScript(t, c, outer, []string{"/bin/sh", "-e", inner, "-x", outer, "a"}))
}

// Through env there are two execs of one process: that of env by the kernel, and that of the interpreter by env.
func TestScriptThroughEnv(t *testing.T) {
	s := watch(t)
	path := writeScript(t, publicDir(t)+"/script", "#!/usr/bin/env sh\nexit 0\n")
	p := command(path, "a")
	p.env = []string{"PATH=/nonexistent:/usr/bin:/bin"} // what is not found on the way there is no exec
	c := run(t, p).succeeds(t)
	execs := s.execs(t, c)
	if len(execs) != 2 {
		t.Fatalf("there are %d execs, and should be those of env and of sh", len(execs))
	}
	then := *c
	then.after = c.ended
	w := expectScript(t, &then, path, []string{"/usr/bin/env", "sh", path, "a"})
	requireRecord(t, execs[0], w)
	requireRecord(t, execs[1], w.with(expectFile(t, "/usr/bin/sh")).with(expectArgs(t, []string{"sh", path, "a"})).with(want{
		schema.ExecutableRequestedPath: "/usr/bin/sh",
		schema.ScriptPath:              nil,
		schema.Title:                   "sh",
	}))
	if first, second := execs[0].text(schema.EntityID), execs[1].text(schema.EntityID); first != second {
		t.Errorf("one process has the entity ids %s and %s", first, second)
	}
	exits := s.exits(t, execs[1])
	if len(exits) != 1 {
		t.Fatalf("there are %d exits of the one process", len(exits))
	}
	requireRecord(t, exits[0], expectExit(t, c, execs[1]))
}

// The record of a copy names the build script that it was called by.
func TestBuildScript(t *testing.T) {
	s := watch(t)
	testhost.NeedCommand(t, "curl", "curl")
	dir := publicDir(t)
	script := writeScript(t, dir+"/publish.sh", "cd /tmp && env FORCE=1 sh -c 'curl -sT /etc/hostname http://127.0.0.1:1/; :'\n")
	c := run(t, command("/bin/sh", "-eu", script)).succeeds(t)
	for _, r := range s.execs(t, c) {
		if r.text(schema.ExecutableName) == "curl" {
			if got := r.text(schema.AncestorScript); got != script {
				t.Errorf("curl was called by the script %q, and the record says %q", script, got)
			}
			return
		}
	}
	t.Error("there is no exec of curl")
}
