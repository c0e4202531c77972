package identity

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/catalogue"
)

func TestMarkersUseNamesOfTheCatalogue(t *testing.T) {
	table, err := builtin()
	require.NoError(t, err)
	cat, err := catalogue.Load()
	require.NoError(t, err)
	check := func(name string) {
		if tool, ok := cat.Lookup(name); ok {
			assert.Equal(t, tool.Name, name, "the catalogue has another name for it")
		}
	}
	for _, name := range table.goPackages {
		check(name)
	}
	for _, set := range slices.Concat(table.texts.sets, table.scripts.sets) {
		check(set.tool)
	}
}

// An executable with the markers of one entry, and no more, is that tool.
func TestEveryMarkerSetIsFoundAlone(t *testing.T) {
	table, err := builtin()
	require.NoError(t, err)
	for _, set := range table.texts.sets {
		var data bytes.Buffer
		for _, i := range set.markers {
			data.WriteString(table.texts.patterns.texts[i] + "\n\x00")
		}
		file := forged{order: binary.LittleEndian, is64: true, segments: []forgedSegment{{kind: elf.PT_LOAD, flags: elf.PF_R, content: data.Bytes()}}}
		id, err := readBytes(file.bytes())
		require.NoError(t, err)
		assert.Equal(t, set.tool, id.Tool)
	}
}

func TestParseMarkersFaults(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"empty", "", "is empty"},
		{"unknown field", "texts: [{tool: a, any: []}]", "field any not found"},
		{"name", "texts: [{tool: A B, all: [aaaaaaaaaaaa, bbbbbbbbbbbb]}]", `tool "A B": is not the name`},
		{"one marker", "texts: [{tool: a, all: [aaaaaaaaaaaa]}]", "needs two markers"},
		{"short", "texts: [{tool: a, all: [aaaaaaaaaaa, bbbbbbbbbbbb]}]", `"aaaaaaaaaaa" is not of 12 to 128 bytes`},
		{"long", "texts: [{tool: a, all: [" + strings.Repeat("a", maxMarker+1) + ", bbbbbbbbbbbb]}]", "is not of 12 to 128 bytes"},
		{"twice", "texts: [{tool: a, all: [aaaaaaaaaaaa, aaaaaaaaaaaa]}]", "is there twice"},
		{"no packages", "go: [{tool: a}]", "has no packages"},
		{"major version", "go: [{tool: a, packages: [example.com/a/v2]}]", "without its major version"},
		{"package of two", "go: [{tool: a, packages: [example.com/a]}, {tool: b, packages: [example.com/a]}]", `is that of "a"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseMarkers([]byte(tt.data))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestGoTool(t *testing.T) {
	table, err := builtin()
	require.NoError(t, err)
	tests := []struct{ module, mainPackage, want string }{
		{"github.com/schollz/croc/v9", "github.com/schollz/croc/v9", "croc"},
		{"", "github.com/rclone/rclone", "rclone"},
		{"github.com/peak/s5cmd/v2", "command-line-arguments", "s5cmd"},
		{"k8s.io/kubernetes", "k8s.io/kubernetes/cmd/kubectl", "kubectl"},
		{"k8s.io/kubernetes", "k8s.io/kubernetes/cmd/kubelet", ""},
		{"github.com/rclone/rclone", "github.com/rclone/rclone/bin/other", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, table.goTool(goProgram{tt.module, tt.mainPackage}), tt.mainPackage)
	}
}

func TestOldGoInfo(t *testing.T) {
	modules := "path\tgithub.com/ncw/rclone\nmod\tgithub.com/ncw/rclone\tv1.50.0\n"
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, is64 := range []bool{false, true} {
			ptrSize, start := 4, uint64(96)
			if is64 {
				ptrSize, start = 8, 128
			}
			id, err := readBytes(forged{order: order, is64: is64, segments: []forgedSegment{
				{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: oldGoInfo(order, ptrSize, forgedBase+start, modules)},
			}}.bytes())
			require.NoError(t, err)
			assert.Equal(t, Identity{GoModule: "github.com/ncw/rclone", Tool: "rclone"}, id)
		}
	}
}

// The search must find what bytes.Contains finds, also across chunks.
func TestSearchAgreesWithContains(t *testing.T) {
	table, err := builtin()
	require.NoError(t, err)
	texts := table.texts.patterns.texts
	random := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		data := make([]byte, 2*chunkSize+random.IntN(chunkSize))
		for i := range data {
			data[i] = byte(' ' + random.IntN(96))
		}
		for range 8 {
			text := texts[random.IntN(len(texts))]
			text = text[:len(text)-random.IntN(2)]
			// Every second of them is on the border of a chunk.
			at := chunkSize - random.IntN(len(text)+1)
			if random.IntN(2) == 0 {
				at = random.IntN(len(data) - len(text))
			}
			copy(data[at:], text)
		}
		img := &image{
			file:     &budget{r: bytes.NewReader(data), size: int64(len(data)), left: maxRead},
			segments: []segment{{kind: elf.PT_LOAD, flags: elf.PF_R, fileSize: uint64(len(data))}},
		}
		found := img.search(table.texts.patterns)
		for i, text := range texts {
			require.Equal(t, bytes.Contains(data, []byte(text)), found[i], text)
		}
	}
}
