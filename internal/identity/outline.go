package identity

import (
	"debug/elf"
	"io"
	"strings"
)

// Outline is what the headers of an executable show: enough to know which
// files may be the same program, at the cost of a few small reads.
type Outline struct {
	// BuildID differs between any two programs that were linked, and is the
	// same in their copies. It is empty where the linker wrote none that tells them apart.
	BuildID string
	// Payload is how many bytes of the file nothing loads. A program may read
	// its own file: what PyInstaller, AppImage and others make is one starter, with one build id, before many payloads.
	Payload int64
}

// Build ids that are shorter are not made of the content, but by hand or by a
// build system that gives all programs the same: -Wl,--build-id=0x0, -buildid=redacted.
const (
	minGNUBuildID = 2 * 8
	minGoBuildID  = 4 * 20
)

// ReadOutline is as bounded as [Read]. It is empty for a file that is no ELF executable.
func ReadOutline(f io.ReaderAt, size int64) Outline {
	img, ok := readImage(&budget{r: f, size: size, left: maxRead})
	if !ok {
		return Outline{}
	}
	var id Identity
	img.readNotes(&id)
	return Outline{BuildID: id.distinctBuildID(), Payload: size - img.loadedEnd(size)}
}

func (id *Identity) distinctBuildID() string {
	switch {
	case len(id.GNUBuildID) >= minGNUBuildID && strings.Trim(id.GNUBuildID, "0") != "":
		return "gnu:" + id.GNUBuildID
	case len(id.GoBuildID) >= minGoBuildID:
		return "go:" + id.GoBuildID
	}
	return ""
}

// loadedEnd is where in the file the last of what is loaded ends, at most at size.
func (img *image) loadedEnd(size int64) int64 {
	end := int64(0)
	for _, s := range img.segments {
		if s.kind == elf.PT_LOAD && s.off <= uint64(size) && s.fileSize <= uint64(size)-s.off {
			end = max(end, int64(s.off+s.fileSize))
		}
	}
	return end
}
