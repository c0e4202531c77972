// Package identity says what an executable file or a script is by what is in
// it, whatever its name: a copy of scp that is called kworker is still scp.
//
// It looks at what the linker wrote (build ids, the main module of a Go
// program) and at texts that only one program carries. A file that was altered
// to hide them is not recognised; none is ever executed or mapped.
package identity

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

// ErrNotExecutable is what Read returns for a file that is no ELF executable, such as a script.
var ErrNotExecutable = errors.New("not an ELF executable")

// maxRead is how many bytes of a file Read looks at, at most. It is above what
// all the limits of the steps amount to.
const maxRead = 32 << 20

// Identity is what the content of an executable shows. A field is empty where the content does not show it.
type Identity struct {
	GNUBuildID string // of the note NT_GNU_BUILD_ID, in lower-case hex
	GoBuildID  string // of the Go linker's note, in the linker's own form
	GoModule   string // path of the main module of a Go program
	Tool       string // canonical name in the catalogue where it is there, else the usual name of the executable
}

// Read identifies the executable file f of size bytes. What it costs is bounded
// whatever is in the file: it reads 32 MiB at most, and of a damaged file it
// returns what the intact parts show. The error is ErrNotExecutable, or one of
// reading f, which then comes with what had been found.
func Read(f io.ReaderAt, size int64) (Identity, error) {
	table, err := builtin()
	if err != nil {
		return Identity{}, err
	}
	file := &budget{r: f, size: size, left: maxRead}
	img, ok := readImage(file)
	if !ok {
		if file.err != nil {
			return Identity{}, fmt.Errorf("identity: read ELF header: %w", file.err)
		}
		return Identity{}, ErrNotExecutable
	}
	id := img.identify(table)
	if file.err != nil {
		return id, fmt.Errorf("identity: read executable: %w", file.err)
	}
	return id, nil
}

// identify collects the evidence. A Go program is what its main package says,
// and is not searched for texts: a program that looks for tools, such as this
// one, carries the texts of all of them.
func (img *image) identify(table *markerTable) Identity {
	var id Identity
	img.readNotes(&id)
	program, isGo := img.goProgram()
	id.GoModule = program.module
	if isGo || id.GoBuildID != "" {
		id.Tool = table.goTool(program)
		return id
	}
	id.Tool = table.texts.tool(img.search(table.texts.patterns), img.file.size)
	return id
}

// builtin is the table that comes with the package, read once.
var builtin = sync.OnceValues(func() (*markerTable, error) {
	table, err := parseMarkers(markersYAML)
	if err != nil {
		return nil, fmt.Errorf("identity: markers.yaml: %w", err)
	}
	return table, nil
})
