package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// errGone is the error of a package that the lists name and the mirror does not have.
var errGone = errors.New("the mirror does not have it")

// file returns the path of a file out of a package, in the version that apt
// prefers. It is kept under the package's name and version, and the package
// itself is not kept.
func (a *apt) file(ctx context.Context, name, arch, base string) (string, error) {
	version, err := a.version(ctx, name+":"+arch)
	if err != nil {
		return "", err
	}
	// A version may contain a colon (the epoch), which some file systems refuse.
	kept := filepath.Join(filepath.Dir(a.dir), fmt.Sprintf("%s_%s_%s_%s", base, name, strings.ReplaceAll(version, ":", "%3a"), arch))
	if _, err := os.Stat(kept); err == nil {
		return kept, nil
	}
	deb, err := a.download(ctx, fmt.Sprintf("%s:%s=%s", name, arch, version))
	if err != nil {
		return "", err
	}
	defer os.Remove(deb)
	return kept, unpack(ctx, deb, base, kept)
}

func (a *apt) version(ctx context.Context, name string) (string, error) {
	out, err := a.run(ctx, "apt-cache", "show", "--no-all-versions", name)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(out) {
		if version, ok := strings.CutPrefix(line, "Version: "); ok {
			return strings.TrimSpace(version), nil
		}
	}
	return "", fmt.Errorf("apt-cache show %s names no version", name)
}

// download returns the path of the package, which nothing else in its directory is.
func (a *apt) download(ctx context.Context, name string) (string, error) {
	debs := filepath.Join(a.path("archives"), "*.deb")
	interrupted, _ := filepath.Glob(debs)
	for _, deb := range interrupted {
		if err := os.Remove(deb); err != nil {
			return "", err
		}
	}
	if _, err := a.run(ctx, "apt-get", "-q", "download", name); err != nil {
		if strings.Contains(err.Error(), "404") {
			return "", fmt.Errorf("%s: %w", name, errGone)
		}
		return "", err
	}
	got, _ := filepath.Glob(debs)
	if len(got) != 1 {
		return "", fmt.Errorf("apt-get download %s left %d packages", name, len(got))
	}
	return got[0], nil
}

// unpack writes one file of the package to a path: the program or kernel of
// this name, or, as in /boot, of this name and a version.
func unpack(ctx context.Context, deb, base, to string) error {
	cmd := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", deb)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	content, err := fileInTar(stdout, base)
	// What follows the file is of no interest, and dpkg-deb says that it was not read.
	stdout.Close()
	_ = cmd.Wait()
	if err != nil {
		return fmt.Errorf("find %s in %s: %w", base, filepath.Base(deb), err)
	}
	if err := os.WriteFile(to+".part", content, 0o644); err != nil {
		return err
	}
	return os.Rename(to+".part", to)
}

func fileInTar(r io.Reader, base string) ([]byte, error) {
	for files := tar.NewReader(r); ; {
		header, err := files.Next()
		if err != nil {
			return nil, err
		}
		name := path.Base(header.Name)
		binary := header.Typeflag == tar.TypeReg && header.Size > 100_000 // not a hook of the same name
		if binary && (name == base || strings.HasPrefix(name, base+"-")) {
			return io.ReadAll(files)
		}
	}
}
