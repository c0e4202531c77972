package identity

import (
	"bytes"
	"debug/elf"
	"io"
)

// maxCompared is how much code is compared. Of few programs there is more.
const maxCompared = maxRead / 2

// SameCode says that two executables have the same code, whatever their texts
// and build ids are: a copy in which someone changed what it shows of itself.
func SameCode(a, b io.ReaderAt, aSize, bSize int64) bool {
	left, aOK := readImage(&budget{r: a, size: aSize, left: maxRead})
	right, bOK := readImage(&budget{r: b, size: bSize, left: maxRead})
	if !aOK || !bOK {
		return false
	}
	leftCode, rightCode := left.code(), right.code()
	if len(leftCode) == 0 || len(leftCode) != len(rightCode) {
		return false
	}
	total := uint64(0)
	for i, s := range leftCode {
		if s.fileSize != rightCode[i].fileSize || s.fileSize > maxCompared {
			return false
		}
		total += s.fileSize
	}
	if total > maxCompared || total == 0 {
		return false
	}
	for i, s := range leftCode {
		if !sameBytes(left.file, right.file, s.off, rightCode[i].off, s.fileSize) {
			return false
		}
	}
	return true
}

// code returns the segments that are executed.
func (img *image) code() []segment {
	var found []segment
	for _, s := range img.segments {
		if s.kind == elf.PT_LOAD && s.flags&elf.PF_X != 0 {
			found = append(found, s)
		}
	}
	return found
}

func sameBytes(a, b *budget, aOff, bOff, n uint64) bool {
	var buffers [2][chunkSize / 4]byte
	for done := uint64(0); done < n; {
		want := min(n-done, uint64(len(buffers[0])))
		left, right := a.read(buffers[0][:want], aOff+done), b.read(buffers[1][:want], bOff+done)
		if uint64(len(left)) < want || !bytes.Equal(left, right) {
			return false
		}
		done += want
	}
	return true
}
