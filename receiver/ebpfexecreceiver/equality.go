package ebpfexecreceiver

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/copywatch/copywatch/internal/identity"
)

// knownTool is one file that is installed under the name of a tool.
type knownTool struct {
	toolName
	path    string // below its root, without links
	outline identity.Outline
	verdict *verdict // nil: it was not looked at yet
}

// verdict is whether a file is what its name says, for as long as it does not change.
type verdict struct {
	id      fileID
	genuine bool
	content string // the tool that its content shows, "" where it shows none
}

// candidate is a file that was executed.
type candidate struct {
	file    *os.File
	id      fileID
	outline identity.Outline
	content string // as in verdict
	left    int64  // how many bytes of it may yet be compared
}

const (
	comparedMost = 64 << 20 // bytes of a file without a build id, with all that are alike
	payloadMost  = 64 << 10 // bytes; section headers and a signature take less
)

// equals says that the file is the tool, or a copy of it. The tool's own file is looked at anew.
func (t *knownTool) equals(c *candidate, x *toolIndex, root *rootDir, names *toolNames) bool {
	file, id := root.openResolved(t.path)
	if file == nil {
		return false
	}
	defer file.Close()
	if t.verdict == nil || t.verdict.id != id {
		t.verdict = t.judge(file, id, x, root, names)
	}
	switch {
	case !t.verdict.genuine:
		return false
	case id.inode == c.id.inode:
		return true
	case t.outline.BuildID != "":
		return t.outline.BuildID == c.outline.BuildID && t.samePayload(c, id.size) && t.sameContent(c, file, id.size)
	}
	return id.size == c.id.size && c.sameBytes(file)
}

// samePayload: what is not loaded may be what makes it this program, and a build
// id is the starter's. With a large payload two files are the same only if all of them is.
func (t *knownTool) samePayload(c *candidate, size int64) bool {
	return size == c.id.size || t.outline.Payload <= payloadMost && c.outline.Payload <= payloadMost
}

// sameContent: a build id may be forged, to hide one tool behind another.
// Where the file shows itself to be something else, its code decides.
func (t *knownTool) sameContent(c *candidate, file *os.File, size int64) bool {
	return c.content == "" || c.content == t.verdict.content || identity.SameCode(file, c.file, size, c.id.size)
}

// judge finds out whether a file is what its name says. It is not where it shows
// itself to be something else, such as busybox, which was installed under the
// names of all its applets.
func (t *knownTool) judge(file *os.File, id fileID, x *toolIndex, root *rootDir, names *toolNames) *verdict {
	v := &verdict{id: id}
	if identity.ReadOutline(file, id.size).BuildID != t.outline.BuildID {
		return v // it was replaced
	}
	what, err := identity.Read(file, id.size)
	v.content = what.Tool
	isScript := errors.Is(err, identity.ErrNotExecutable)
	if isScript {
		v.content, err = identity.ReadScript(file, id.size)
	}
	switch {
	case err != nil:
	case v.content != "":
		v.genuine = names.agree(t.tool, v.content)
	case t.ambiguous, isScript && !t.isNamedIn(file, names):
	default:
		v.genuine = id.links == 1 || !x.isShared(id.inode, t.tool, root, names)
	}
	return v
}

// isNamedIn says that a script has the tool's name in it. One that has it
// nowhere runs what it is called by, as the shims of pyenv do, and is a copy of all its kind.
func (t *knownTool) isNamedIn(script io.ReaderAt, names *toolNames) bool {
	text := make([]byte, scriptLongest)
	n, err := script.ReadAt(text, 0)
	return (err == nil || errors.Is(err, io.EOF)) && names.mentioned(t.tool, string(text[:n]))
}

// isShared says that the file is installed under a name that is not the tool's,
// too: a hard link. A program of many names is none of them by its content.
func (x *toolIndex) isShared(file inode, tool string, root *rootDir, names *toolNames) bool {
	shared := false
	for _, dir := range x.dirs {
		below, err := root.OpenRoot(dir.path)
		if err != nil {
			return true
		}
		whole := (&rootDir{below}).names(".", namesMost, func(name string) {
			if shared || names.is(tool, name) {
				return
			}
			info, err := below.Lstat(name)
			shared = err == nil && fileIDOf(info).inode == file
		})
		below.Close()
		if shared || !whole {
			return true
		}
	}
	return false
}

// sameBytes compares the file with one of its size.
func (c *candidate) sameBytes(other io.ReaderAt) bool {
	var left, right [32 << 10]byte
	for at := int64(0); at < c.id.size; at += int64(len(left)) {
		n := min(c.id.size-at, int64(len(left)))
		if c.left -= n; c.left < 0 || !readFull(c.file, left[:n], at) || !readFull(other, right[:n], at) || !bytes.Equal(left[:n], right[:n]) {
			return false
		}
	}
	return true
}

func readFull(f io.ReaderAt, buf []byte, at int64) bool {
	n, _ := f.ReadAt(buf, at)
	return n == len(buf)
}
