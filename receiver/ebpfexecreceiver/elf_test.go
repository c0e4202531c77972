package ebpfexecreceiver

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
)

// program is an executable of which only what identifies it is there: a build
// id, texts, code, and a payload that nothing loads.
type program struct {
	buildID, texts, code, payload string
}

func (p program) String() string {
	le := binary.LittleEndian
	var note []byte
	if p.buildID != "" {
		note = le.AppendUint32(nil, 4)
		note = le.AppendUint32(note, uint32(len(p.buildID)))
		note = append(le.AppendUint32(note, 3), "GNU\x00"+p.buildID...)
	}
	const head, entry, segments = 64, 56, 3
	file := make([]byte, head, head+segments*entry)
	copy(file, elf.ELFMAG)
	file[elf.EI_CLASS], file[elf.EI_DATA], file[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), 1
	le.PutUint16(file[16:], uint16(elf.ET_DYN))
	le.PutUint64(file[32:], head)
	le.PutUint16(file[54:], entry)
	le.PutUint16(file[56:], segments)
	var contents bytes.Buffer
	for _, s := range []struct {
		kind    elf.ProgType
		flags   elf.ProgFlag
		content string
	}{{elf.PT_NOTE, elf.PF_R, string(note)}, {elf.PT_LOAD, elf.PF_R, p.texts}, {elf.PT_LOAD, elf.PF_R | elf.PF_X, p.code}} {
		off, size := uint64(head+segments*entry+contents.Len()), uint64(len(s.content))
		file = le.AppendUint32(file, uint32(s.kind))
		file = le.AppendUint32(file, uint32(s.flags))
		for _, v := range []uint64{off, off, off, size, size, 4} {
			file = le.AppendUint64(file, v)
		}
		contents.WriteString(s.content)
	}
	return string(file) + contents.String() + p.payload
}

// programOf is an executable with texts that show nothing.
func programOf(name string) program {
	return program{
		buildID: strings.Repeat(name, 20)[:20],
		texts:   strings.Repeat("help of "+name+"\x00", 10),
		code:    strings.Repeat("code of "+name, 10),
	}
}

// Texts by which identity knows two tools.
const (
	textsOfScp     = "usage: scp [-346ABC\x00Executing: program %s host %s, user %s, command %s\x00"
	textsOfBusybox = "BusyBox is copyrighted by many authors between 1998-2015.\x00Usage: busybox [function [arguments]...]\x00"
)
