package identity

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/copywatch/copywatch/internal/testhost"
)

func outlineOf(data []byte) Outline { return ReadOutline(bytes.NewReader(data), int64(len(data))) }

// withNote is a program that has a note, code, and a payload after all that is loaded.
func withNote(name string, kind uint32, desc, code, payload string) []byte {
	le := binary.LittleEndian
	file := forged{order: le, is64: true, segments: []forgedSegment{
		{kind: elf.PT_NOTE, content: note(le, name, kind, []byte(desc), 4)},
		{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_X, content: []byte(code)},
	}}.bytes()
	return append(file, payload...)
}

func TestReadOutline(t *testing.T) {
	goID := strings.Repeat("0123456789abcdefghij/", 4)
	for _, tt := range []struct {
		name, note string
		kind       uint32
		desc, want string
	}{
		{"of GNU", "GNU\x00", noteGNUBuildID, "12345678", "gnu:3132333435363738"},
		{"of Go", "Go\x00\x00", noteGoBuildID, goID, "go:" + goID},
		{"by hand", "GNU\x00", noteGNUBuildID, "1234567", ""},
		{"of zeros", "GNU\x00", noteGNUBuildID, strings.Repeat("\x00", 20), ""},
		{"redacted", "Go\x00\x00", noteGoBuildID, "redacted", ""},
		{"none", "Xen\x00", noteGNUBuildID, "12345678", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := outlineOf(withNote(tt.note, tt.kind, tt.desc, strings.Repeat("c", 64), "payload"))
			assert.Equal(t, Outline{BuildID: tt.want, Payload: 7}, got)
		})
	}
	assert.Zero(t, outlineOf([]byte("#!/bin/sh\n")))
	assert.Zero(t, outlineOf(nil))
}

func TestReadOutlineHostile(t *testing.T) {
	for _, s := range []forgedSegment{
		{kind: elf.PT_LOAD, off: math.MaxUint64, size: 1},
		{kind: elf.PT_LOAD, off: 1, size: math.MaxUint64},
		{kind: elf.PT_LOAD, off: math.MaxInt64, size: math.MaxInt64},
	} {
		data := forged{order: binary.LittleEndian, is64: true, segments: []forgedSegment{s}}.bytes()
		assert.EqualValues(t, len(data), outlineOf(data).Payload, "what is not in the file is not loaded")
	}
}

func TestReadOutlineOfInstalled(t *testing.T) {
	for _, tt := range installed[:3] {
		path := testhost.NeedCommand(t, tt.command, tt.debianPackage)
		data := readAll(t, path)
		assert.Equal(t, "gnu:"+gnuBuildID(t, path), outlineOf(data).BuildID)
		assert.Less(t, outlineOf(data).Payload, int64(16<<10), "section headers and a link to debug information")
	}
}

func sameCode(a, b []byte) bool {
	return SameCode(bytes.NewReader(a), bytes.NewReader(b), int64(len(a)), int64(len(b)))
}

func TestSameCode(t *testing.T) {
	code := strings.Repeat("code", 50_000)
	a := withNote("GNU\x00", noteGNUBuildID, "12345678", code, "")
	assert.True(t, sameCode(a, a))
	assert.True(t, sameCode(a, withNote("GNU\x00", noteGNUBuildID, "abcdefgh", code, "payload")))
	assert.False(t, sameCode(a, withNote("GNU\x00", noteGNUBuildID, "12345678", code[1:]+"x", "")))
	assert.False(t, sameCode(a, withNote("GNU\x00", noteGNUBuildID, "12345678", code[4:], "")))
	assert.False(t, sameCode(a, withNote("GNU\x00", noteGNUBuildID, "12345678", "", "")))
	assert.False(t, sameCode(a, a[:len(a)-1]), "some of it is missing")
	assert.False(t, sameCode(a, []byte("#!/bin/sh")))
	none := withNote("GNU\x00", noteGNUBuildID, "12345678", "", "")
	assert.False(t, sameCode(none, none), "without code nothing is the same")
	assert.False(t, SameCode(failing{bytes.NewReader(a), 1000}, bytes.NewReader(a), int64(len(a)), int64(len(a))))
}

// However large the code is said to be, no more than all that may be read is read.
func TestSameCodeIsBounded(t *testing.T) {
	var segments []forgedSegment
	for range maxSegments {
		segments = append(segments, forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_X, off: 64, size: maxCompared / 4})
	}
	data := forged{order: binary.LittleEndian, is64: true, segments: segments}.bytes()
	count := &counting{ReaderAt: endless{bytes.NewReader(data)}}
	assert.False(t, SameCode(count, count, 1<<40, 1<<40))
	assert.LessOrEqual(t, count.read, 2*maxRead)
}

// endless is a file with zeros after its end.
type endless struct{ *bytes.Reader }

func (e endless) ReadAt(p []byte, off int64) (int, error) {
	n, _ := e.Reader.ReadAt(p, min(off, e.Size()))
	clear(p[n:])
	return len(p), nil
}

func FuzzOutline(f *testing.F) {
	f.Add(withNote("GNU\x00", noteGNUBuildID, "12345678", "code", "payload"))
	f.Fuzz(func(t *testing.T, data []byte) {
		count := &counting{ReaderAt: bytes.NewReader(data)}
		outline := ReadOutline(count, int64(len(data)))
		if outline.Payload < 0 || outline.Payload > int64(len(data)) {
			t.Errorf("payload of %d bytes", outline.Payload)
		}
		SameCode(count, count, int64(len(data)), int64(len(data)))
		if count.read > 4*maxRead {
			t.Errorf("read %d bytes", count.read)
		}
	})
}
