package footprint

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const smaps = `00400000-018fd000 r-xp 00000000 fe:00 131                               /usr/bin/a collector
Size:              21492 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
018fd000-0304b000 r--p 014fd000 fe:00 131                               /usr/bin/a collector
Anonymous:             0 kB
0304b000-03220000 rw-p 02c4b000 fe:00 131                               /usr/bin/a collector
Anonymous:             0 kB
03220000-03230000 r--p 02e20000 fe:00 131                               /usr/bin/a collector
Anonymous:             4 kB
03230000-03240000 r--s 02e30000 fe:00 131                               /usr/bin/a collector
Anonymous:             0 kB
03240000-03250000 r--p 02e30000 fe:00 132                               /usr/lib/other
Anonymous:             0 kB
3d6e08000000-3d6e08800000 ---p 00000000 00:00 0 
Anonymous:             0 kB
3d6e08800000-3d6e0a000000 r--p 00000000 00:00 0                          [anon: Go: heap]
Anonymous:             0 kB
`

// What was changed in memory, as relocation does, would be gone for good.
func TestOnlyUnchangedPagesOfTheProgramAreGivenBack(t *testing.T) {
	assert.Equal(t, []mapping{{0x400000, 0x18fd000}, {0x18fd000, 0x304b000}}, unchanged(strings.NewReader(smaps), "/usr/bin/a collector"))
	assert.Empty(t, unchanged(strings.NewReader(smaps), "/usr/bin/a"))
	assert.Empty(t, unchanged(strings.NewReader("nonsense\n\n- r--p\nAnonymous: 0 kB\n"), ""))
}

func TestTrim(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	file, err := os.Open("/proc/self/smaps")
	require.NoError(t, err)
	defer file.Close()
	require.NotEmpty(t, unchanged(file, program))
	before := resident(t)
	Trim()
	assert.Less(t, resident(t), before)
}

// resident returns how many bytes of files the process has in memory.
func resident(t *testing.T) string {
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(status), "RssFile:")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}
