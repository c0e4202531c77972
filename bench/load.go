//go:build linux

package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// The load generator is in C: a Go program cannot vfork and execve without a
// runtime that costs more than what is measured.
//
//go:embed load/execload.c load/tiny.c load/crowd.c
var loadSources embed.FS

// loadShape says what execs are made.
type loadShape struct {
	workers      int
	rate         float64 // execs per second, 0 for as many as possible
	arguments    int     // after the serial number
	argumentSize int     // bytes
	first        uint64  // sequence number
	users        int     // who run the programs, 0 for the present one
	firstUser    int     // of these, counted from the lowest that the generator uses
	cgroups      string  // directory of the cgroups in which they are run, if any
}

// The kernel takes at most 2 MiB of arguments and environment with the usual stack limit of 8 MiB (fs/exec.c).
const maxArgumentBytes = 1900 << 10

func (l loadShape) validate() error {
	switch {
	case l.workers < 1 || l.workers > maxWorkers:
		return fmt.Errorf("-workers %d is not between 1 and %d", l.workers, maxWorkers)
	case l.rate < 0:
		return errors.New("-rate is negative")
	case l.argumentSize < 16 || l.argumentSize > 64<<10:
		return fmt.Errorf("-arg-size %d is not between 16 and 65536", l.argumentSize)
	case l.arguments < 0 || l.arguments*l.argumentSize > maxArgumentBytes:
		return fmt.Errorf("-arg-count %d of %d bytes is more than an exec can take", l.arguments, l.argumentSize)
	}
	return nil
}

// loader is the compiled load generator.
type loader struct {
	generator string
	programs  []string // that are run, one after the other
	shape     loadShape
	seconds   float64
	cpu       int
	progress  string // file of the tallies, if any
}

// buildLoad compiles the load generator and the program that it runs into dir.
func buildLoad(dir string) (loader, error) {
	cc, err := findCompiler()
	if err != nil {
		return loader{}, err
	}
	tiny := filepath.Join(dir, "tiny")
	l := loader{generator: filepath.Join(dir, "execload"), programs: []string{tiny}}
	return l, errors.Join(
		compile(cc, dir, "execload.c", l.generator),
		compile(cc, dir, "tiny.c", tiny, "-static", "-nostdlib"),
	)
}

func findCompiler() (string, error) {
	for _, name := range []string{os.Getenv("CC"), "gcc", "cc", "clang"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path, nil
		}
	}
	return "", errors.New("no C compiler for the load generator ($CC, gcc, cc and clang were tried): install gcc")
}

func compile(cc, dir, source, target string, flags ...string) error {
	text, err := loadSources.ReadFile("load/" + source)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, source)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	args := append([]string{"-O2", "-Wall", "-o", target, path}, flags...)
	if out, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("compile %s with %s: %w\n%s", source, cc, err, out)
	}
	return nil
}

// loadResult is what execload prints.
type loadResult struct {
	Execs         uint64  `json:"execs"`
	Fails         uint64  `json:"fails"`
	Seconds       float64 `json:"seconds"`
	UserSeconds   float64 `json:"user_seconds"`
	SystemSeconds float64 `json:"system_seconds"`
}

// cpuSeconds is user and system time together: the kernel measures the sum and only estimates the parts.
func (r loadResult) cpuSeconds() float64 { return r.UserSeconds + r.SystemSeconds }

func (r loadResult) wallMicros() float64 { return per(r.Seconds*1e6, r.Execs) }

// run makes execs whose serial numbers begin with tag.
func (l loader) run(ctx context.Context, tag string) (loadResult, error) {
	var out, errs bytes.Buffer
	cmd, err := l.start(ctx, tag, &out, &errs)
	if err != nil {
		return loadResult{}, err
	}
	if err := cmd.Wait(); err != nil {
		return loadResult{}, fmt.Errorf("run the load: %w: %s", err, &errs)
	}
	return parseLoad(out.Bytes())
}

// start does not wait for the end, which comes with that of ctx at the latest.
func (l loader) start(ctx context.Context, tag string, out, errs io.Writer) (*exec.Cmd, error) {
	cmd := exec.CommandContext(ctx, l.generator, l.args(tag)...)
	cmd.Stdout, cmd.Stderr, cmd.Env = out, errs, loadEnvironment()
	cmd.Cancel = func() error { return unix.Kill(-cmd.Process.Pid, unix.SIGKILL) }
	if err := startOn(l.cpu, cmd); err != nil {
		return nil, fmt.Errorf("start the load: %w", err)
	}
	return cmd, nil
}

func (l loader) args(tag string) []string {
	args := []string{
		"-n", strconv.Itoa(l.shape.workers),
		"-d", strconv.FormatFloat(l.seconds, 'f', -1, 64),
		"-r", strconv.FormatFloat(l.shape.rate, 'f', -1, 64),
		"-c", strconv.Itoa(l.shape.arguments),
		"-s", strconv.Itoa(l.shape.argumentSize),
		"-o", strconv.FormatUint(l.shape.first, 10),
		"-u", strconv.Itoa(l.shape.users),
		"-f", strconv.Itoa(l.shape.firstUser),
	}
	if l.shape.cgroups != "" {
		args = append(args, "-g", l.shape.cgroups)
	}
	if l.progress != "" {
		args = append(args, "-p", l.progress)
	}
	return append(append(args, "-t", tag), l.programs...)
}

// loadEnvironment is 1 KiB, as that of a usual process, and the same on every machine: sensors read it.
func loadEnvironment() []string {
	const path, fill = "PATH=/usr/local/bin:/usr/bin:/bin", "FILL="
	return []string{path, fill + strings.Repeat("x", 1024-len(path)-len(fill)-2)}
}

func parseLoad(line []byte) (loadResult, error) {
	var r loadResult
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("read the result of the load %q: %w", line, err)
	}
	if r.Execs == 0 || r.Fails > 0 {
		return r, fmt.Errorf("the load made %d execs and failed at %d", r.Execs, r.Fails)
	}
	return r, nil
}
