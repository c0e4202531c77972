package identity

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"slices"
)

// forged is an ELF file made for a test, with only what Read looks at.
type forged struct {
	order    binary.ByteOrder
	is64     bool
	segments []forgedSegment
	phnum    int // where not 0, what the header says instead of the truth
}

type forgedSegment struct {
	kind    elf.ProgType
	flags   elf.ProgFlag
	content []byte
	align   uint64
	// Where not 0, what the header says instead of the truth.
	off, size uint64
}

const forgedBase = 0x400000

// bytes lays the headers out first, and each content after them at an address that is a multiple of 16.
func (f forged) bytes() []byte {
	head, entry := 52, 32
	if f.is64 {
		head, entry = 64, 56
	}
	var headers, contents bytes.Buffer
	start := max(64, (head+entry*len(f.segments)+15)&^15)
	for _, s := range f.segments {
		contents.Write(make([]byte, -contents.Len()&15))
		off := uint64(start + contents.Len())
		contents.Write(s.content)
		f.writeSegment(&headers, s, off)
	}
	number := len(f.segments)
	if f.phnum != 0 {
		number = f.phnum
	}
	file := slices.Concat(f.header(head, entry, number), headers.Bytes())
	file = append(file, make([]byte, start-len(file))...)
	return append(file, contents.Bytes()...)
}

func (f forged) header(size, entry, number int) []byte {
	head := make([]byte, size)
	copy(head, elf.ELFMAG)
	head[elf.EI_CLASS], head[elf.EI_DATA], head[elf.EI_VERSION] = byte(elf.ELFCLASS32), byte(elf.ELFDATA2LSB), 1
	if f.order == binary.BigEndian {
		head[elf.EI_DATA] = byte(elf.ELFDATA2MSB)
	}
	f.order.PutUint16(head[16:], uint16(elf.ET_EXEC))
	if f.is64 {
		head[elf.EI_CLASS] = byte(elf.ELFCLASS64)
		f.order.PutUint64(head[32:], uint64(size))
		f.order.PutUint16(head[54:], uint16(entry))
		f.order.PutUint16(head[56:], uint16(number))
		return head
	}
	f.order.PutUint32(head[28:], uint32(size))
	f.order.PutUint16(head[42:], uint16(entry))
	f.order.PutUint16(head[44:], uint16(number))
	return head
}

func (f forged) writeSegment(w *bytes.Buffer, s forgedSegment, off uint64) {
	size := uint64(len(s.content))
	addr := forgedBase + off
	if s.off != 0 {
		off = s.off
	}
	if s.size != 0 {
		size = s.size
	}
	if f.is64 {
		b := make([]byte, 56)
		f.order.PutUint32(b, uint32(s.kind))
		f.order.PutUint32(b[4:], uint32(s.flags))
		for i, v := range []uint64{off, addr, addr, size, size, s.align} {
			f.order.PutUint64(b[8+8*i:], v)
		}
		w.Write(b)
		return
	}
	b := make([]byte, 32)
	for i, v := range []uint64{uint64(s.kind), off, addr, addr, size, size, uint64(s.flags), s.align} {
		f.order.PutUint32(b[4*i:], uint32(v))
	}
	w.Write(b)
}

// note is one note as it is in a segment.
func note(order binary.ByteOrder, name string, kind uint32, desc []byte, align int) []byte {
	b := make([]byte, 12)
	order.PutUint32(b, uint32(len(name)))
	order.PutUint32(b[4:], uint32(len(desc)))
	order.PutUint32(b[8:], kind)
	b = append(b, name...)
	b = append(b, make([]byte, -len(b)&(align-1))...)
	b = append(b, desc...)
	return append(b, make([]byte, -len(b)&(align-1))...)
}

// goInfo is Go's build information as it is since Go 1.18.
func goInfo(modules string) []byte {
	head := make([]byte, goInfoSize)
	copy(head, goInfoMagic)
	head[14], head[15] = 8, goFlagInline
	version := "go1.26.0"
	head = append(binary.AppendUvarint(head, uint64(len(version))), version...)
	sentinel := string(make([]byte, goSentinelSize))
	modules = sentinel + modules + sentinel
	return append(binary.AppendUvarint(head, uint64(len(modules))), modules...)
}

// oldGoInfo is the form before Go 1.18, to be the first content of a segment at addr.
func oldGoInfo(order binary.ByteOrder, ptrSize int, addr uint64, modules string) []byte {
	b := make([]byte, goInfoSize+2*ptrSize)
	copy(b, goInfoMagic)
	b[14] = byte(ptrSize)
	if order == binary.BigEndian {
		b[15] = goFlagBigEnd
	}
	put := func(at int, v uint64) {
		if ptrSize == 4 {
			order.PutUint32(b[at:], uint32(v))
			return
		}
		order.PutUint64(b[at:], v)
	}
	sentinel := string(make([]byte, goSentinelSize))
	modules = sentinel + modules + sentinel
	put(16+ptrSize, addr+goInfoSize)
	put(goInfoSize, addr+uint64(len(b)))
	put(goInfoSize+ptrSize, uint64(len(modules)))
	return append(b, modules...)
}
