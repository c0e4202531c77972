package ebpfexecreceiver

import (
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/copywatch/copywatch/internal/identity"
)

// toolIndex has the tools that are installed below one root, by what a file that is equal to one has in common with it.
type toolIndex struct {
	begun     time.Time
	dirs      []toolDir
	whole     bool // nothing was left out for lack of time
	byInode   map[inode][]*knownTool
	byBuildID map[string][]*knownTool
	bySize    map[int64][]*knownTool // of those without a build id, such as scripts
}

type inode struct{ device, number uint64 }

// fileID is what stat(2) says of a file. Two of the same file are equal as long as nothing of it changes.
type fileID struct {
	inode
	size, changed int64 // changed is the ctime
	links         uint64
	mode          fs.FileMode
}

// toolDir is a directory in which tools are installed, as it was when the index was made.
type toolDir struct {
	path string // without links
	id   fileID
}

// toolDirs are where tools are installed, those first that have most of them.
var toolDirs = []string{
	"usr/bin", "bin", "usr/sbin", "sbin", "usr/local/bin", "usr/local/sbin", "snap/bin", "opt/bin",
	"usr/lib/openssh", "usr/libexec/openssh", "usr/lib/ssh", // sftp-server of Debian, Red Hat and others
}

const (
	indexKept    = 10 * time.Minute
	indexLongest = 500 * time.Millisecond // to make it
	indexAgain   = 30 * time.Second       // where that was not enough
	indexYoung   = time.Second            // until then it is not made anew, whatever is installed
	namesMost    = 32768                  // of a directory
	toolsMost    = 1024                   // of a root
	alikeMost    = 16                     // are compared with a file
)

// newToolIndex looks for all tools in these directories below the root, for a bounded time.
func newToolIndex(root *rootDir, dirs []toolDir, names *toolNames, now time.Time) *toolIndex {
	x := &toolIndex{
		begun: now, dirs: dirs, whole: true,
		byInode: map[inode][]*knownTool{}, byBuildID: map[string][]*knownTool{}, bySize: map[int64][]*knownTool{},
	}
	deadline := time.Now().Add(indexLongest)
	for _, dir := range dirs {
		var found []string
		listed := root.names(dir.path, namesMost, func(name string) {
			if _, ok := names.byName[name]; ok {
				found = append(found, name)
			}
		})
		x.whole = x.whole && listed
		for _, name := range found {
			x.add(root, path.Join(dir.path, name), names)
			if len(x.byInode) >= toolsMost || time.Now().After(deadline) {
				x.whole = false
				return x
			}
		}
	}
	return x
}

// findToolDirs returns those of the directories that are there, each once.
func findToolDirs(root *rootDir) []toolDir {
	var found []toolDir
	for _, dir := range toolDirs {
		resolved, ok := root.resolve(dir)
		if !ok {
			continue
		}
		info, err := root.Lstat(resolved)
		if err != nil || !info.IsDir() || slices.ContainsFunc(found, func(d toolDir) bool { return d.path == resolved }) {
			continue
		}
		found = append(found, toolDir{resolved, fileIDOf(info)})
	}
	return found
}

// add adds a file that is named after a tool: the file itself, whatever the links to it are called.
func (x *toolIndex) add(root *rootDir, asked string, names *toolNames) {
	resolved, ok := root.resolve(asked)
	if !ok {
		return
	}
	name, ok := names.file(path.Base(asked), path.Base(resolved))
	if !ok {
		return
	}
	file, id := root.openResolved(resolved)
	if file == nil {
		return
	}
	defer file.Close()
	isThere := slices.ContainsFunc(x.byInode[id.inode], func(t *knownTool) bool { return t.tool == name.tool })
	if isThere || id.mode&0o111 == 0 {
		return
	}
	tool := &knownTool{toolName: name, path: resolved, outline: identity.ReadOutline(file, id.size)}
	x.byInode[id.inode] = append(x.byInode[id.inode], tool)
	if tool.outline.BuildID != "" {
		x.byBuildID[tool.outline.BuildID] = append(x.byBuildID[tool.outline.BuildID], tool)
	} else if id.size <= comparedMost {
		x.bySize[id.size] = append(x.bySize[id.size], tool)
	}
}

// isCurrent says that the index is still good for a root that has these directories.
func (x *toolIndex) isCurrent(dirs []toolDir, now time.Time) bool {
	age := now.Sub(x.begun)
	if age < indexYoung {
		return true
	}
	if age >= indexKept || !x.whole && age >= indexAgain {
		return false
	}
	return slices.Equal(dirs, x.dirs)
}

// equal returns the tool that a file is equal to. One that is equal to several was installed under the names of all, and is none.
func (x *toolIndex) equal(c *candidate, root *rootDir, names *toolNames) string {
	found := ""
	for _, t := range x.alike(c) {
		if found == t.tool || !t.equals(c, x, root, names) {
			continue
		}
		if found != "" {
			return ""
		}
		found = t.tool
	}
	return found
}

// alike returns those that the file may be equal to.
func (x *toolIndex) alike(c *candidate) []*knownTool {
	all := slices.Clone(x.byInode[c.id.inode])
	if c.outline.BuildID != "" {
		all = append(all, x.byBuildID[c.outline.BuildID]...)
	} else {
		all = append(all, x.bySize[c.id.size]...)
	}
	return all[:min(len(all), alikeMost)]
}
