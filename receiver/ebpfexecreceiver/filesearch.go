package ebpfexecreceiver

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/identity"
)

// fileSearch finds the file of an executable again: through the process while
// it lives, else by its path in the same mount namespace. It is a copy of what
// it needs, for the event is filled anew meanwhile.
type fileSearch struct {
	proc, root string
	process    bpf.ProcessKey
	ancestors  []bpf.ProcessKey
	namespace  uint32
	path       string // "" where the file has none
	size       int64
	changed    time.Time
}

func newFileSearch(x *bpf.Exec, proc, root string) *fileSearch {
	s := &fileSearch{
		proc: proc, root: root, process: x.Process,
		namespace: x.Namespaces.Mount, size: x.Executable.Size, changed: x.Executable.Changed,
	}
	if !x.Executable.Deleted && !x.Executable.Detached {
		s.path = strings.TrimPrefix(string(x.Executable.Path), "/")
	}
	for _, a := range x.Ancestors[:min(2, len(x.Ancestors))] {
		s.ancestors = append(s.ancestors, a.Process)
	}
	return s
}

// identify is false where the file, in the state that it had, is not to be found.
func (s *fileSearch) identify() (id identity.Identity, ok bool) {
	file := s.open()
	if file == nil {
		return id, false
	}
	defer file.Close()
	id, _ = identity.Read(file, s.size) // of what is no ELF file, or damaged, nothing is known: for good
	return id, true
}

func (s *fileSearch) open() *os.File {
	exe := filepath.Join(s.dir(s.process), "exe")
	if file, err := os.OpenFile(exe, os.O_RDONLY|syscall.O_NONBLOCK, 0); err == nil {
		if file = s.accept(file); file != nil {
			return file
		}
	}
	if s.path == "" {
		return nil
	}
	for _, p := range s.ancestors {
		dir := s.dir(p)
		if mountNamespace(filepath.Join(dir, "ns/mnt")) == s.namespace {
			if file := s.openBelow(filepath.Join(dir, "root")); file != nil {
				return file
			}
		}
	}
	if mountNamespace(filepath.Join(s.proc, "1/ns/mnt")) == s.namespace {
		return s.openBelow(s.root)
	}
	return nil
}

func (s *fileSearch) dir(p bpf.ProcessKey) string {
	return filepath.Join(s.proc, strconv.FormatUint(uint64(p.PID), 10))
}

// openBelow opens the path within a root, and follows no link out of that.
func (s *fileSearch) openBelow(root string) *os.File {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil
	}
	defer dir.Close()
	file, err := dir.OpenFile(s.path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	return s.accept(file)
}

// accept closes a file that is not the one, or not in the state that it was executed in.
func (s *fileSearch) accept(file *os.File) *os.File {
	info, err := file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() == s.size && changeTime(info).Equal(s.changed) {
		return file
	}
	file.Close()
	return nil
}
