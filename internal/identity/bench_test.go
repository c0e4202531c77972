package identity

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

// BenchmarkReadSize is about programs that are none of the tools, made of real code and texts.
func BenchmarkReadSize(b *testing.B) {
	sample, err := os.ReadFile(testhost.NeedCommand(b, "bash", "bash"))
	require.NoError(b, err)
	for _, mib := range []int{1, 8, 50} {
		b.Run(strconv.Itoa(mib)+"MiB", func(b *testing.B) {
			data := bytes.Repeat(sample, mib<<20/len(sample)+1)[:mib<<20]
			file := forged{order: binary.LittleEndian, is64: true, segments: []forgedSegment{
				{kind: elf.PT_LOAD, flags: elf.PF_R, content: data[:len(data)/2]},
				{kind: elf.PT_LOAD, flags: elf.PF_R | elf.PF_W, content: data[len(data)/2:]},
			}}.bytes()
			b.ReportAllocs()
			for b.Loop() {
				_, err := readBytes(file)
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkReadInstalled(b *testing.B) {
	for _, tt := range installed {
		b.Run(tt.command, func(b *testing.B) {
			f, err := os.Open(testhost.NeedCommand(b, tt.command, tt.debianPackage))
			require.NoError(b, err)
			defer f.Close()
			info, err := f.Stat()
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				_, err := Read(f, info.Size())
				require.NoError(b, err)
			}
		})
	}
}
