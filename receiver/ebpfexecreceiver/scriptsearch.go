package ebpfexecreceiver

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/identity"
)

// scriptPlace is where a script is.
type scriptPlace struct {
	namespace uint64
	path      string
	pid       uint32 // of the process whose descriptor it is, else 0
}

// scriptKept is how long it is known what a script is. The event has the inode
// of its interpreter, and of the script only the path, so that nothing tells when another is there.
const scriptKept = time.Second

// scriptLongest is above the longest script of a tool, which has 200 KB.
const scriptLongest = 1 << 20

// ofScript is ofFile for the script that was executed.
func (i *identifier) ofScript(x *bpf.Exec, now time.Time) (identity.Identity, *inquiry) {
	place := scriptPlace{namespace: x.Namespaces.MountID, path: scriptPath(x)}
	if place.path == "" {
		return identity.Identity{}, nil
	}
	descriptor, isDescriptor := strings.CutPrefix(place.path, "/dev/fd/")
	if isDescriptor {
		place.pid = x.Process.PID
	}
	id, pending, ok := i.scripts.find(place, now)
	if ok {
		return id, pending
	}
	return id, i.scripts.begin(place, now, func() search {
		return &scriptSearch{newNamespace(x, i.proc, i.root), i.tools, place.path, descriptor, isDescriptor}
	})
}

// scriptPath is what was given to execve, from the working directory on, as the
// kernel had it: what .. means is known only where the links are. It is empty where that directory is not known.
func scriptPath(x *bpf.Exec) string {
	name, dir := string(x.Filename), string(x.WorkingDirectory)
	switch {
	case strings.HasPrefix(name, "/"):
		return name
	case name == "" || !strings.HasPrefix(dir, "/"):
		return ""
	}
	return dir + "/" + name
}

// scriptSearch finds a script again and looks into it.
type scriptSearch struct {
	namespace    *namespace
	tools        *knownTools
	path         string
	descriptor   string // its number
	isDescriptor bool
}

// identify finds at most the tool. Where nothing is found that is the answer,
// too: as long as it is kept nothing hangs at that place again.
func (s *scriptSearch) identify() (id identity.Identity, ok bool) {
	file, found := s.open()
	if file == nil {
		return id, true
	}
	defer file.Close()
	if !isScript(file, found.size) {
		return id, true // but what binfmt_misc runs
	}
	if id.Tool = s.tools.equal(file, "", s.namespace); id.Tool == "" {
		id.Tool, _ = identity.ReadScript(file, found.size) // what is not read is not known
	}
	return id, true
}

func (s *scriptSearch) open() (*os.File, fileID) {
	if s.isDescriptor {
		return s.openDescriptor()
	}
	for path := range s.namespace.roots() {
		root, err := openRoot(path)
		if err != nil {
			continue
		}
		file, id := root.open(s.path)
		root.Close()
		if file != nil {
			return file, id
		}
	}
	return nil, fileID{}
}

// openDescriptor opens a script that the process itself has open, such as a memfd.
func (s *scriptSearch) openDescriptor() (*os.File, fileID) {
	number, err := strconv.ParseUint(s.descriptor, 10, 31)
	if err != nil {
		return nil, fileID{}
	}
	dir := s.namespace.dir(s.namespace.process)
	if mountNamespace(filepath.Join(dir, "ns/mnt")) != s.namespace.number {
		return nil, fileID{}
	}
	return openDescriptor(filepath.Join(dir, "fd", strconv.FormatUint(number, 10)))
}

func isScript(file *os.File, size int64) bool {
	var head [2]byte
	return size <= scriptLongest && readFull(file, head[:], 0) && string(head[:]) == "#!"
}
