package main

import (
	"compress/gzip"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed init.sh
var initScript []byte

// makeInitramfs returns the path of an initramfs that runs the tests of package bpf.
func makeInitramfs(ctx context.Context, a *apt, arch string) (string, error) {
	busybox, err := a.file(ctx, "busybox-static", arch, "busybox")
	if err != nil {
		return "", err
	}
	dir := filepath.Dir(a.dir)
	tests := filepath.Join(dir, "bpf-"+arch+".test")
	if err := goBuild(ctx, arch, "test", "-c", "-o", tests, "./bpf"); err != nil {
		return "", err
	}
	// The tests run /bin/true under another name, and busybox under another name is another program.
	program := filepath.Join(dir, "true-"+arch)
	if err := goBuild(ctx, arch, "build", "-ldflags=-s -w", "-o", program, "./test/kernels/true"); err != nil {
		return "", err
	}
	var root archive
	for _, name := range []string{"bin", "dev", "proc", "root", "sys", "tmp", "usr", "usr/lib"} {
		root.directory(name)
	}
	root.executable("init", initScript)
	for name, from := range map[string]string{"bin/busybox": busybox, "bin/true": program, "bin/bpf.test": tests} {
		content, err := os.ReadFile(from)
		if err != nil {
			return "", err
		}
		root.executable(name, content)
	}
	to := filepath.Join(dir, "initramfs-"+arch+".gz")
	return to, compress(&root, to)
}

func goBuild(ctx context.Context, arch string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%v for %s: %w: %s", cmd.Args, arch, err, out)
	}
	return nil
}

func compress(root *archive, to string) error {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	// Software emulation unpacks slowly, and a level more saves it little.
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if err := root.writeTo(z); err != nil {
		return err
	}
	return z.Close()
}
