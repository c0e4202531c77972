//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// startCrowd makes processes that do nothing, and returns how to end them.
func (b *bencher) startCrowd(ctx context.Context, count int) (end func() error, err error) {
	dir := filepath.Join(absolute(b.options.workDir), "crowd")
	program := filepath.Join(dir, "crowd")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return nil, err
	}
	cc, err := findCompiler()
	if err != nil {
		return nil, err
	}
	if err := compile(cc, dir, "crowd.c", program); err != nil {
		return nil, err
	}
	p, err := startProcess(b.machine.Place.Sensor, 0, exec.Command(program, strconv.Itoa(count)), dir)
	if err != nil {
		return nil, err
	}
	end = func() error { return errors.Join(p.stop(), os.RemoveAll(dir)) }
	if err := awaitReady(ctx, p, fileContains("stdout", readyLine+"\n"), 0); err != nil {
		return nil, errors.Join(err, end())
	}
	return end, nil
}

// containers are cgroups with the names that Docker gives them, as far as a sensor can tell.
type containers struct {
	dir   string
	names []string
	made  int
}

// mostContainers is what the load generator takes.
const mostContainers = 1000

// newContainers makes a place for cgroups in a hierarchy of version 2: a process can be born only into one of these.
func newContainers() (*containers, error) {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil, err
	}
	root, ok := findCgroup2(string(mounts))
	if !ok {
		return nil, errors.New("no cgroup hierarchy of version 2 is mounted")
	}
	c := &containers{dir: filepath.Join(root, fmt.Sprintf("copywatch-bench-%d", os.Getpid()), "docker")}
	return c, os.MkdirAll(c.dir, 0o755)
}

func findCgroup2(mounts string) (root string, ok bool) {
	for line := range strings.Lines(mounts) {
		if fields := strings.Fields(line); len(fields) > 2 && fields[2] == "cgroup2" {
			return fields[1], true
		}
	}
	return "", false
}

// add makes containers with ids that were not there before.
func (c *containers) add(count int) error {
	if len(c.names)+count > mostContainers {
		return fmt.Errorf("%d containers are more than the load generator takes", len(c.names)+count)
	}
	for range count {
		c.made++
		name := fmt.Sprintf("%064x", c.made)
		if err := os.Mkdir(filepath.Join(c.dir, name), 0o755); err != nil {
			return err
		}
		c.names = append(c.names, name)
	}
	return nil
}

// removeOldest removes containers in which nothing runs any more.
func (c *containers) removeOldest(count int) error {
	for range count {
		if err := removeCgroup(filepath.Join(c.dir, c.names[0])); err != nil {
			return err
		}
		c.names = c.names[1:]
	}
	return nil
}

// removeCgroup waits for what has just ended in it to be gone.
func removeCgroup(path string) error {
	var err error
	for range 100 {
		if err = os.Remove(path); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

func (c *containers) close() error {
	return errors.Join(c.removeOldest(len(c.names)), removeCgroup(c.dir), removeCgroup(filepath.Dir(c.dir)))
}
