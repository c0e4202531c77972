package identity

import (
	"errors"
	"io"
	"math"
)

// budget gives out what a file has, as long as it is within the file and less
// than what may be read in all. Every access to the file goes through it.
type budget struct {
	r    io.ReaderAt
	size int64
	left int64
	err  error // the first that was not the end of the file

	chunk []byte // for scan
}

// read fills buf from off, and returns the part that is there: shorter, or
// empty, at the end of the file, at the end of the budget, and on an error.
func (b *budget) read(buf []byte, off uint64) []byte {
	if b.err != nil || off > math.MaxInt64 || int64(off) >= b.size {
		return nil
	}
	n := min(int64(len(buf)), b.size-int64(off), b.left)
	if n <= 0 {
		return nil
	}
	b.left -= n
	got, err := b.r.ReadAt(buf[:n], int64(off))
	// A file may have become shorter since its size was asked for.
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return buf[:max(0, min(got, int(n)))]
}

// bytes returns n bytes from off, or nil where not all of them are there.
func (b *budget) bytes(off, n uint64) []byte {
	if n > uint64(maxPiece) || off > math.MaxInt64 || int64(off) > b.size-int64(n) {
		return nil
	}
	got := b.read(make([]byte, n), off)
	if uint64(len(got)) < n {
		return nil
	}
	return got
}

// maxPiece is the most that is read in one piece, and so the most that a length in a file makes us allocate.
const maxPiece = 1 << 20

// chunkSize is how much of a long stretch is read at once.
const chunkSize = 256 << 10

// maxOverlap is how long the texts may be that are searched for in chunks.
const maxOverlap = maxMarker

// scan hands the stretch of n bytes at off to visit in chunks, with the file
// offset of each. Each repeats the last overlap bytes of the one before, of
// which there may be maxOverlap, so that nothing up to one byte longer is cut. It ends when visit returns false.
// The chunks are valid until visit returns.
func (b *budget) scan(off, n uint64, overlap int, visit func(chunk []byte, at uint64) bool) {
	// A buffer for each of many stretches, most of which are not there, would cost more than to read them.
	if b.chunk == nil {
		b.chunk = make([]byte, min(chunkSize, b.size)+maxOverlap)
	}
	kept := 0
	for n > 0 {
		fresh := b.chunk[kept:]
		got := len(b.read(fresh[:min(n, uint64(len(fresh)))], off))
		if got == 0 || !visit(b.chunk[:kept+got], off-uint64(kept)) {
			return
		}
		off, n = off+uint64(got), n-uint64(got)
		kept = copy(b.chunk, b.chunk[max(0, kept+got-overlap):kept+got])
	}
}
