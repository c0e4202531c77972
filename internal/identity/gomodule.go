package identity

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
)

// goProgram is what the go command wrote into a program about its origin.
type goProgram struct {
	module      string // path of the main module; empty where it was built without modules
	mainPackage string // import path of the main package
}

// The head of Go's build information, as in src/debug/buildinfo/buildinfo.go:
// 14 bytes of magic, the size of a pointer, flags. That package is not used
// here, because it uncompresses sections and reads without a bound.
const (
	goInfoMagic    = "\xff Go buildinf:"
	goInfoSize     = 32
	goInfoAlign    = 16
	goFlagBigEnd   = 1
	goFlagInline   = 2 // since Go 1.18 the strings follow the head
	goSentinelSize = 16

	// maxGoSearch is how far the data of a program is searched for it. It comes
	// first, except behind the relocated data of a position independent one.
	maxGoSearch = 16 << 20
	maxGoPath   = 512
)

// goProgram returns what a Go program says of itself, and whether it is one.
// The paths are empty where it says nothing, or what cannot be read.
func (img *image) goProgram() (goProgram, bool) {
	left := uint64(maxGoSearch)
	for _, s := range img.loaded(elf.PF_R | elf.PF_W) {
		n := min(s.fileSize, left)
		left -= n
		if at, ok := img.findGoInfo(s, n); ok {
			return parseModInfo(img.goModInfo(at)), true
		}
	}
	return goProgram{}, false
}

// findGoInfo returns where in the file the head is, of the first n bytes of a segment.
func (img *image) findGoInfo(s segment, n uint64) (at uint64, found bool) {
	img.file.scan(s.off, n, goInfoSize-1, func(chunk []byte, start uint64) bool {
		for from := 0; ; from++ {
			i := bytes.Index(chunk[from:], []byte(goInfoMagic))
			if i < 0 {
				return true
			}
			from += i
			// A program that reads build information has the magic among its texts, too.
			if at = start + uint64(from); (at-s.off+s.addr)%goInfoAlign == 0 {
				found = true
				return false
			}
		}
	})
	return at, found
}

// goModInfo returns the text about the modules, without the marks around it.
func (img *image) goModInfo(at uint64) []byte {
	head := img.file.bytes(at, goInfoSize)
	if head == nil {
		return nil
	}
	var text []byte
	if flags := head[15]; flags&goFlagInline != 0 {
		text = img.goInlineModInfo(at + goInfoSize)
	} else {
		text = img.goPointedModInfo(head[14], flags&goFlagBigEnd != 0, head[16:])
	}
	if len(text) <= 2*goSentinelSize {
		return nil
	}
	return text[goSentinelSize : len(text)-goSentinelSize]
}

// goInlineModInfo skips the version, the first of two strings with their lengths before them.
func (img *image) goInlineModInfo(at uint64) []byte {
	version, size := img.uvarint(at)
	if size == 0 || version > maxPiece {
		return nil
	}
	at += size + version
	length, size := img.uvarint(at)
	if size == 0 {
		return nil
	}
	return img.file.bytes(at+size, length)
}

func (img *image) uvarint(at uint64) (value, size uint64) {
	value, n := binary.Uvarint(img.file.read(make([]byte, binary.MaxVarintLen64), at))
	return value, uint64(max(n, 0))
}

// goPointedModInfo reads the form before Go 1.18: two pointers to Go strings, of which the second is for the modules.
func (img *image) goPointedModInfo(ptrSize byte, bigEndian bool, pointers []byte) []byte {
	var order binary.ByteOrder = binary.LittleEndian
	if bigEndian {
		order = binary.BigEndian
	}
	var word func([]byte) uint64
	switch ptrSize {
	case 4:
		word = func(b []byte) uint64 { return uint64(order.Uint32(b)) }
	case 8:
		word = order.Uint64
	default:
		return nil
	}
	header := img.atAddress(word(pointers[ptrSize:]), 2*uint64(ptrSize))
	if header == nil {
		return nil
	}
	return img.atAddress(word(header), word(header[ptrSize:]))
}

// parseModInfo reads the lines for the main package and the main module, whose fields are apart by tabs.
func parseModInfo(text []byte) goProgram {
	var program goProgram
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) < 2 || len(fields[1]) > maxGoPath || !isText(fields[1]) {
			continue
		}
		switch {
		case fields[0] == "path" && program.mainPackage == "":
			program.mainPackage = strings.Clone(fields[1]) // the text may be large, and what is found out is kept
		case fields[0] == "mod" && program.module == "":
			program.module = strings.Clone(fields[1])
		}
	}
	return program
}
