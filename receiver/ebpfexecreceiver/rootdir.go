package ebpfexecreceiver

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// rootDir is the root directory of a process. Paths mean in it what they mean to
// that process: a link begins at this root where it is absolute, and none leads
// out of it. The process may change all of it at any time.
type rootDir struct{ *os.Root }

func openRoot(path string) (*rootDir, error) {
	dir, err := os.OpenRoot(path)
	return &rootDir{dir}, err
}

// What a path may take to resolve: the kernel follows 40 links, too (MAXSYMLINKS).
const (
	linksMost      = 40
	componentsMost = 256
)

// resolve returns the path, relative to the root, that has no links in it any more.
func (r *rootDir) resolve(name string) (resolved string, ok bool) {
	done, rest := ".", strings.Split(name, "/")
	for links, steps := 0, 0; len(rest) > 0; steps++ {
		component := rest[0]
		rest = rest[1:]
		if steps > componentsMost {
			return "", false
		}
		if component == "" || component == "." {
			continue
		}
		if component == ".." {
			done = path.Dir(done) // of "." that is "."
			continue
		}
		next := path.Join(done, component)
		info, err := r.Lstat(next)
		switch {
		case err != nil:
			return "", false
		case info.Mode().Type() != fs.ModeSymlink:
			done = next
			continue
		}
		target, err := r.Readlink(next)
		if links++; err != nil || links > linksMost {
			return "", false
		}
		if path.IsAbs(target) {
			done = "."
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return done, true
}

// open opens a regular file, or returns nil. Nothing else is opened, for to open a device may have an effect.
func (r *rootDir) open(name string) (*os.File, fileID) {
	resolved, ok := r.resolve(name)
	if !ok {
		return nil, fileID{}
	}
	return r.openResolved(resolved)
}

// names calls visit with the names in a directory that is resolved, most of
// them at most. It is false where these were not all.
func (r *rootDir) names(dir string, most int, visit func(name string)) bool {
	f, err := r.openDir(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	for most > 0 {
		names, err := f.Readdirnames(min(most, 1024))
		for _, name := range names {
			visit(name)
		}
		most -= len(names)
		if err != nil {
			return errors.Is(err, io.EOF)
		}
	}
	return false
}
