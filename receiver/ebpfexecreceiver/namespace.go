package ebpfexecreceiver

import (
	"iter"
	"path/filepath"
	"strconv"

	"github.com/copywatch/copywatch/bpf"
)

// namespace is the mount namespace in which a process executed something, and
// the processes through which its files can be reached from outside. It is a
// copy of what it needs, for the event is filled anew meanwhile.
type namespace struct {
	proc, root string // of the host
	id         uint64 // for as long as the host is up
	number     uint32 // as in /proc/PID/ns/mnt
	process    bpf.ProcessKey
	ancestors  []bpf.ProcessKey
}

func newNamespace(x *bpf.Exec, proc, root string) *namespace {
	n := &namespace{proc: proc, root: root, id: x.Namespaces.MountID, number: x.Namespaces.Mount, process: x.Process}
	for _, a := range x.Ancestors[:min(2, len(x.Ancestors))] {
		n.ancestors = append(n.ancestors, a.Process)
	}
	return n
}

// roots are directories that are the root of the namespace, or of a process in
// it: first the process's own, while it lives.
func (n *namespace) roots() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, p := range append([]bpf.ProcessKey{n.process}, n.ancestors...) {
			dir := n.dir(p)
			if mountNamespace(filepath.Join(dir, "ns/mnt")) == n.number && !yield(filepath.Join(dir, "root")) {
				return
			}
		}
		if n.isHost() {
			yield(n.root)
		}
	}
}

// open opens the first of its roots that can be opened, or returns nil.
func (n *namespace) open() *rootDir {
	for path := range n.roots() {
		if root, err := openRoot(path); err == nil {
			return root
		}
	}
	return nil
}

// isHost says that it is the namespace of pid 1.
func (n *namespace) isHost() bool {
	return mountNamespace(filepath.Join(n.proc, "1/ns/mnt")) == n.number
}

func (n *namespace) dir(p bpf.ProcessKey) string {
	return filepath.Join(n.proc, strconv.FormatUint(uint64(p.PID), 10))
}
