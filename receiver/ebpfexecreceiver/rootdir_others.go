//go:build !linux

package ebpfexecreceiver

import (
	"errors"
	"io/fs"
	"os"
)

// Files are not asked for where there is no probe.

func (*rootDir) openResolved(string) (*os.File, fileID) { return nil, fileID{} }

func (*rootDir) openDir(string) (*os.File, error) { return nil, errors.ErrUnsupported }

func openDescriptor(string) (*os.File, fileID) { return nil, fileID{} }

func fileIDOf(fs.FileInfo) fileID { return fileID{} }
