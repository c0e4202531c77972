package identity

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// counting counts what is read, and the most that is asked for at once.
type counting struct {
	io.ReaderAt
	read, largest int
}

func (c *counting) ReadAt(p []byte, off int64) (int, error) {
	c.read += len(p)
	c.largest = max(c.largest, len(p))
	return c.ReaderAt.ReadAt(p, off)
}

// scpTexts are what the data of scp has.
var scpTexts = []byte("\x00usage: scp [-346ABC\x00\x00Executing: program %s host %s, user %s, command %s\x00")

func TestReadEveryForm(t *testing.T) {
	for _, is64 := range []bool{false, true} {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, flags := range []elf.ProgFlag{elf.PF_R, elf.PF_R | elf.PF_W, elf.PF_R | elf.PF_X, elf.PF_R | elf.PF_W | elf.PF_X} {
				notes := append(note(order, "Xen\x00", 1, []byte{9}, 4), note(order, "GNU\x00", noteGNUBuildID, []byte{0xab, 0xcd}, 4)...)
				id, err := readBytes(forged{order: order, is64: is64, segments: []forgedSegment{
					{kind: elf.PT_NOTE, flags: elf.PF_R, content: notes, align: 4},
					{kind: elf.PT_LOAD, flags: flags, content: scpTexts},
				}}.bytes())
				require.NoError(t, err)
				assert.Equal(t, Identity{GNUBuildID: "abcd", Tool: "scp"}, id)
			}
		}
	}
}

func TestReadHostile(t *testing.T) {
	le := binary.LittleEndian
	notes := note(le, "GNU\x00", noteGNUBuildID, []byte{1}, 4)
	data := func(s ...forgedSegment) []byte { return forged{order: le, is64: true, segments: s}.bytes() }
	sized := func(nameSize, descSize uint32) []byte {
		b := bytes.Clone(notes)
		le.PutUint32(b, nameSize)
		le.PutUint32(b[4:], descSize)
		return b
	}
	tests := map[string][]byte{
		"more headers than there are": forged{order: le, is64: true, phnum: 0xffff, segments: []forgedSegment{{kind: elf.PT_NULL}}}.bytes(),
		"name size overflows":         data(forgedSegment{kind: elf.PT_NOTE, content: sized(math.MaxUint32, 1)}),
		"desc size overflows":         data(forgedSegment{kind: elf.PT_NOTE, content: sized(4, math.MaxUint32)}),
		"both sizes overflow":         data(forgedSegment{kind: elf.PT_NOTE, content: sized(math.MaxUint32, math.MaxUint32), align: 8}),
		"notes of size 0":             data(forgedSegment{kind: elf.PT_NOTE, content: make([]byte, 1<<16)}),
		"build id too long":           data(forgedSegment{kind: elf.PT_NOTE, content: note(le, "GNU\x00", noteGNUBuildID, make([]byte, maxGNUBuildID+1), 4)}),
		"build id of Go not text":     data(forgedSegment{kind: elf.PT_NOTE, content: note(le, "Go\x00\x00", noteGoBuildID, []byte("a\nb"), 4)}),
		"beyond the end":              data(forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R, off: 1 << 40, size: 1 << 30, content: scpTexts}),
		"offset is negative":          data(forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R, off: math.MaxUint64 - 8, size: 1 << 30, content: scpTexts}),
		"size is negative":            data(forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, size: math.MaxUint64, content: goInfo("")[:goInfoSize]}),
		"module length overflows":     data(forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: append(goInfo("")[:goInfoSize], "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"...)}),
		"module path too long":        data(forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: goInfo("mod\t" + strings.Repeat("a", maxGoPath+1) + "\tv1\n")}),
		"module path not text":        data(forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: goInfo("mod\ta\x1b[2J\tv1\n")}),
		"half of the markers":         data(forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R, content: scpTexts[:30]}),
		"markers of a scanner":        data(forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R, content: markersYAML}),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			id, err := readBytes(data)
			require.NoError(t, err)
			assert.Equal(t, Identity{}, id)
		})
	}
}

// What is found out of files is remembered of thousands: it must not keep what was read of them.
func TestIdentityKeepsNothingOfTheFile(t *testing.T) {
	modules := "mod\tgithub.com/minio/mc\tv1\n" + strings.Repeat("dep\tx\tv1\n", maxPiece/16)
	data := forged{order: binary.LittleEndian, is64: true, segments: []forgedSegment{
		{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: goInfo(modules)},
	}}.bytes()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	ids := make([]Identity, 100)
	for i := range ids {
		var err error
		ids[i], err = readBytes(data)
		require.NoError(t, err)
		require.Equal(t, "github.com/minio/mc", ids[i].GoModule)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	assert.Less(t, int64(after.HeapAlloc-before.HeapAlloc), int64(8<<20), "the text of one is %d bytes", len(modules))
	runtime.KeepAlive(ids)
}

func TestReadTruncatedAnywhere(t *testing.T) {
	whole := forged{order: binary.LittleEndian, is64: true, segments: []forgedSegment{
		{kind: elf.PT_NOTE, content: note(binary.LittleEndian, "GNU\x00", noteGNUBuildID, []byte{1}, 4)},
		{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: goInfo("path\tgithub.com/minio/mc\nmod\tgithub.com/minio/mc\t(devel)\n")},
	}}.bytes()
	id, err := readBytes(whole)
	require.NoError(t, err)
	assert.Equal(t, Identity{GNUBuildID: "01", GoModule: "github.com/minio/mc", Tool: "mc"}, id)
	for n := range whole {
		_, err := readBytes(whole[:n])
		if n < 64 {
			require.ErrorIs(t, err, ErrNotExecutable)
		} else {
			require.NoError(t, err)
		}
		// The file may also have become shorter after its size was asked for.
		_, _ = Read(bytes.NewReader(whole[:n]), int64(len(whole)))
	}
}

// A file that claims to be a terabyte costs no more than any other.
func TestReadSparse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sparse")
	var segments []forgedSegment
	for range maxSegments {
		segments = append(segments,
			forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, off: 64, size: 1 << 40},
			forgedSegment{kind: elf.PT_LOAD, flags: elf.PF_R, off: 64, size: 1 << 40},
			forgedSegment{kind: elf.PT_NOTE, off: 4096, size: 1 << 40})
	}
	require.NoError(t, os.WriteFile(path, forged{order: binary.LittleEndian, is64: true, segments: segments}.bytes(), 0o600))
	if err := os.Truncate(path, 1<<40); err != nil {
		t.Skipf("needs a file system with sparse files of 1 TiB: %v", err)
	}
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	count := &counting{ReaderAt: f}
	id, err := Read(count, 1<<40)
	require.NoError(t, err)
	assert.Zero(t, id)
	assert.LessOrEqual(t, count.read, maxRead)
	assert.LessOrEqual(t, count.largest, maxPiece)
	t.Logf("read %d bytes", count.read)
}

func TestBudgetEnds(t *testing.T) {
	b := &budget{r: strings.NewReader(strings.Repeat("x", 100)), size: 100, left: 70}
	assert.Len(t, b.bytes(0, 60), 60)
	assert.Nil(t, b.bytes(0, 60))
	assert.Empty(t, b.read(make([]byte, 10), 0))
	require.NoError(t, b.err)
}

func FuzzRead(f *testing.F) {
	le, be := binary.LittleEndian, binary.BigEndian
	modules := "path\tgithub.com/minio/mc\nmod\tgithub.com/minio/mc\t(devel)\n"
	for _, file := range []forged{
		{order: le, is64: true, segments: []forgedSegment{
			{kind: elf.PT_NOTE, content: note(le, "GNU\x00", noteGNUBuildID, []byte{1, 2}, 8), align: 8},
			{kind: elf.PT_LOAD, flags: elf.PF_R, content: scpTexts}}},
		{order: be, segments: []forgedSegment{{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: goInfo(modules)}}},
		{order: le, is64: true, segments: []forgedSegment{
			{kind: elf.PT_NOTE, content: note(le, "Go\x00\x00", noteGoBuildID, []byte("a/b/c/d"), 4)},
			{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: oldGoInfo(le, 8, forgedBase+208, modules)}}},
		{order: be, phnum: 0xffff, segments: []forgedSegment{{kind: elf.PT_LOAD, flags: elf.PF_R, size: math.MaxUint32}}},
	} {
		f.Add(file.bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		count := &counting{ReaderAt: bytes.NewReader(data)}
		id, _ := Read(count, int64(len(data)))
		if count.read > maxRead || count.largest > maxPiece {
			t.Errorf("read %d bytes, %d at once", count.read, count.largest)
		}
		if len(id.GNUBuildID) > 2*maxGNUBuildID || len(id.GoBuildID) > maxGoBuildID || len(id.GoModule) > maxGoPath {
			t.Errorf("too long: %+v", id)
		}
		for _, s := range []string{id.GoBuildID, id.GoModule} {
			if s != "" && !isText(s) {
				t.Errorf("not text: %q", s)
			}
		}
	})
}
