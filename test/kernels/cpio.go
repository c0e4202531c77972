package main

import (
	"bytes"
	"fmt"
	"io"
)

// The modes of the two kinds of file that an initramfs needs here.
const (
	modeDirectory  = 0o040755
	modeExecutable = 0o100755
)

// archive writes an initramfs in the format that the kernel unpacks
// (newc, Documentation/driver-api/early-userspace/buffer-format.rst).
type archive struct {
	buf   bytes.Buffer
	inode int
}

func (a *archive) directory(name string) { a.entry(name, modeDirectory, nil) }

func (a *archive) executable(name string, content []byte) { a.entry(name, modeExecutable, content) }

func (a *archive) entry(name string, mode int, content []byte) {
	a.inode++
	fmt.Fprintf(&a.buf, "070701")
	for _, field := range []int{a.inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0} {
		fmt.Fprintf(&a.buf, "%08X", field)
	}
	a.buf.WriteString(name + "\x00")
	a.pad()
	a.buf.Write(content)
	a.pad()
}

func (a *archive) pad() {
	for a.buf.Len()%4 != 0 {
		a.buf.WriteByte(0)
	}
}

// writeTo ends the archive and writes it.
func (a *archive) writeTo(w io.Writer) error {
	a.entry("TRAILER!!!", 0, nil)
	_, err := a.buf.WriteTo(w)
	return err
}
