package ebpfexecreceiver

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/identity"
)

// fileSearch finds the file of an executable again: through the process while
// it lives, else by its path in the same mount namespace.
type fileSearch struct {
	namespace *namespace
	tools     *knownTools
	path      string // "" where the file has none
	inode     uint64
	size      int64
	changed   time.Time
}

func newFileSearch(x *bpf.Exec, n *namespace, tools *knownTools) *fileSearch {
	s := &fileSearch{namespace: n, tools: tools, inode: x.Executable.Inode, size: x.Executable.Size, changed: x.Executable.Changed}
	if !x.Executable.Deleted && !x.Executable.Detached {
		s.path = strings.TrimPrefix(string(x.Executable.Path), "/")
	}
	return s
}

// identify is false where the file, in the state that it had, is not to be
// found. That it is equal to an installed tool says more than its texts.
func (s *fileSearch) identify() (id identity.Identity, ok bool) {
	file := s.open()
	if file == nil {
		return id, false
	}
	defer file.Close()
	id, _ = identity.Read(file, s.size) // of what is no ELF file, or damaged, nothing is known: for good
	if tool := s.tools.equal(file, id.Tool, s.namespace); tool != "" {
		id.Tool = tool
	}
	return id, true
}

func (s *fileSearch) open() *os.File {
	exe := filepath.Join(s.namespace.dir(s.namespace.process), "exe")
	if file, err := os.OpenFile(exe, os.O_RDONLY|syscall.O_NONBLOCK, 0); err == nil {
		if file = s.acceptRunning(file); file != nil {
			return file
		}
	}
	if s.path == "" {
		return nil
	}
	for root := range s.namespace.roots() {
		if file := s.openBelow(root); file != nil {
			return file
		}
	}
	return nil
}

func (s *fileSearch) openBelow(path string) *os.File {
	root, err := openRoot(path)
	if err != nil {
		return nil
	}
	defer root.Close()
	file, _ := root.openResolved(s.path) // as the kernel resolved it
	if file == nil {
		return nil
	}
	return s.accept(file)
}

// acceptRunning is accept for what the process runs. To delete a file changes
// its time, and whoever has something to hide does that first; while it is
// executed nobody can write to it.
func (s *fileSearch) acceptRunning(file *os.File) *os.File {
	info, err := file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() == s.size && isDeleted(info, s.inode) {
		return file
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
