package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// layer collects the files of an image. Owners, modes and times do not depend
// on the machine: root, 0755 for what is executable and 0644 for the rest.
type layer struct {
	created time.Time
	files   map[string]file // by path without the first "/"; directories end in "/"
}

type file struct {
	mode    int64
	content []byte
}

func newLayer(created time.Time) *layer {
	return &layer{created: created, files: map[string]file{}}
}

// add takes a file, or a directory with all that is below it.
func (l *layer) add(from, to string) error {
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		return l.addFile(name, path.Join(to, filepath.ToSlash(below)))
	})
}

func (l *layer) addFile(name, to string) error {
	info, err := os.Stat(name) // follows links: the image has files only
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", name)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	mode := int64(0o644)
	if info.Mode()&0o100 != 0 {
		mode = 0o755
	}
	l.addDirectory(path.Dir(to))
	l.files[strings.TrimPrefix(to, "/")] = file{mode, content}
	return nil
}

// addDirectory adds a directory and those above it.
func (l *layer) addDirectory(dir string) {
	for dir = path.Clean(dir); dir != "/" && dir != "."; dir = path.Dir(dir) {
		l.files[strings.TrimPrefix(dir, "/")+"/"] = file{mode: 0o755}
	}
}

// tar is the layer as an image has it, in the order of its paths.
func (l *layer) tar() ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	var names []string
	for name := range l.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := l.files[name]
		if err := writeEntry(w, name, f.mode, f.content, l.created); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func writeEntry(w *tar.Writer, name string, mode int64, content []byte, modified time.Time) error {
	header := &tar.Header{Name: name, Mode: mode, Size: int64(len(content)), ModTime: modified, Typeflag: tar.TypeReg}
	if strings.HasSuffix(name, "/") {
		header.Typeflag = tar.TypeDir
	}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err := w.Write(content)
	return err
}
