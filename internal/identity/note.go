package identity

import (
	"debug/elf"
	"encoding/hex"
	"unicode"
)

const (
	// maxNotes is how many bytes of notes are read of one segment. The kernel itself reads 4 KiB.
	maxNotes = 16 << 10
	// maxNoteSegments is how many segments of notes are read; linkers write one for each alignment.
	maxNoteSegments = 8

	// maxGNUBuildID is twice that of SHA-256. Linkers write 8 to 32 bytes, or what they are given.
	maxGNUBuildID = 64
	// maxGoBuildID is above the four hashes of 20 characters that the go command writes.
	maxGoBuildID = 256

	noteGNUBuildID = 3 // NT_GNU_BUILD_ID, in elf.h of glibc
	noteGoBuildID  = 4 // ELF_NOTE_GOBUILDID_TAG, in cmd/link/internal/ld/elf.go
)

// readNotes finds the build ids. The first of each counts.
func (img *image) readNotes(id *Identity) {
	read := 0
	for _, s := range img.segments {
		if s.kind != elf.PT_NOTE || read == maxNoteSegments {
			continue
		}
		read++
		notes := img.file.read(make([]byte, min(s.fileSize, maxNotes)), s.off)
		// All notes are aligned to 4 bytes, but for those in a segment that says 8.
		align := uint64(4)
		if s.align == 8 {
			align = 8
		}
		img.eachNote(notes, align, id.addNote)
	}
}

// eachNote takes apart a segment of notes, up to the first that is not whole.
func (img *image) eachNote(notes []byte, align uint64, visit func(name string, kind uint32, desc []byte)) {
	for len(notes) >= 12 {
		nameSize, descSize := uint64(img.order.Uint32(notes)), uint64(img.order.Uint32(notes[4:]))
		// Of two sizes of 32 bits each, no sum in 64 bits overflows.
		desc := roundUp(12+nameSize, align)
		if desc+descSize > uint64(len(notes)) {
			return
		}
		visit(string(notes[12:12+nameSize]), img.order.Uint32(notes[8:]), notes[desc:desc+descSize])
		notes = notes[min(roundUp(desc+descSize, align), uint64(len(notes))):]
	}
}

func roundUp(n, align uint64) uint64 {
	return (n + align - 1) &^ (align - 1)
}

// addNote takes a note over where it is a build id.
func (id *Identity) addNote(name string, kind uint32, desc []byte) {
	switch {
	case name == "GNU\x00" && kind == noteGNUBuildID && id.GNUBuildID == "" && len(desc) <= maxGNUBuildID:
		id.GNUBuildID = hex.EncodeToString(desc)
	case name == "Go\x00\x00" && kind == noteGoBuildID && id.GoBuildID == "" && len(desc) <= maxGoBuildID:
		if isText(string(desc)) {
			id.GoBuildID = string(desc)
		}
	}
}

// isText says whether s may go into a record as it is: who made the file chose it.
func isText(s string) bool {
	for _, r := range s {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return false
		}
	}
	return s != ""
}
