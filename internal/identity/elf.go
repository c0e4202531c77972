package identity

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// maxSegments is how many program headers are looked at. Linkers write about a dozen.
const maxSegments = 128

// image is an ELF file as the kernel sees it: only the program headers count.
// The section headers are not needed to run a program, so that whoever hides
// one removes them or has them say anything.
type image struct {
	file     *budget
	order    binary.ByteOrder
	is64     bool
	segments []segment
}

// segment is one program header.
type segment struct {
	kind          elf.ProgType
	flags         elf.ProgFlag
	off, fileSize uint64
	addr, align   uint64
}

// readImage reads the headers. It is false where the file is no executable, or no whole header is there.
func readImage(file *budget) (*image, bool) {
	// The header of a 32 bit file is shorter, but one that ends right after it has nothing to show.
	head := file.bytes(0, 64)
	if head == nil || !bytes.HasPrefix(head, []byte(elf.ELFMAG)) {
		return nil, false
	}
	img := &image{file: file}
	switch elf.Data(head[elf.EI_DATA]) {
	case elf.ELFDATA2LSB:
		img.order = binary.LittleEndian
	case elf.ELFDATA2MSB:
		img.order = binary.BigEndian
	default:
		return nil, false
	}
	switch elf.Class(head[elf.EI_CLASS]) {
	case elf.ELFCLASS64:
		img.is64 = true
	case elf.ELFCLASS32:
	default:
		return nil, false
	}
	if kind := elf.Type(img.order.Uint16(head[16:])); kind != elf.ET_EXEC && kind != elf.ET_DYN {
		return nil, false
	}
	img.readSegments(head)
	return img, true
}

// readSegments reads the program headers, as far as they are there. Like the
// kernel it accepts only those of the usual size.
func (img *image) readSegments(head []byte) {
	table, size, number := uint64(img.order.Uint32(head[28:])), img.order.Uint16(head[42:]), img.order.Uint16(head[44:])
	want := uint16(32)
	if img.is64 {
		table, size, number = img.order.Uint64(head[32:]), img.order.Uint16(head[54:]), img.order.Uint16(head[56:])
		want = 56
	}
	if size != want {
		return
	}
	headers := img.file.read(make([]byte, int(size)*min(int(number), maxSegments)), table)
	for ; len(headers) >= int(size); headers = headers[size:] {
		img.segments = append(img.segments, img.segment(headers))
	}
}

func (img *image) segment(header []byte) segment {
	u32 := func(at int) uint64 { return uint64(img.order.Uint32(header[at:])) }
	if !img.is64 {
		return segment{
			kind: elf.ProgType(u32(0)), flags: elf.ProgFlag(u32(24)),
			off: u32(4), fileSize: u32(16), addr: u32(8), align: u32(28),
		}
	}
	u64 := func(at int) uint64 { return img.order.Uint64(header[at:]) }
	return segment{
		kind: elf.ProgType(u32(0)), flags: elf.ProgFlag(u32(4)),
		off: u64(8), fileSize: u64(32), addr: u64(16), align: u64(48),
	}
}

// loaded returns the loaded segments with exactly these of the three permissions.
func (img *image) loaded(flags elf.ProgFlag) []segment {
	var found []segment
	for _, s := range img.segments {
		if s.kind == elf.PT_LOAD && s.flags&(elf.PF_R|elf.PF_W|elf.PF_X) == flags {
			found = append(found, s)
		}
	}
	return found
}

// atAddress returns n bytes from where they would be in memory, or nil.
func (img *image) atAddress(addr, n uint64) []byte {
	for _, s := range img.segments {
		if s.kind == elf.PT_LOAD && addr >= s.addr && addr-s.addr < s.fileSize && n <= s.fileSize-(addr-s.addr) {
			return img.file.bytes(s.off+(addr-s.addr), n)
		}
	}
	return nil
}
