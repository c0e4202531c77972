package netfilecopyprocessor

import (
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/recognise"
)

// A host is a part of an argument that whoever runs the tool makes as long as
// arguments may be: what is remembered of a copy must not keep that in memory.
func TestTransfersKeepNoArguments(t *testing.T) {
	const argument = 64 << 10
	links, err := newTransfers()
	require.NoError(t, err)
	before := liveHeap()
	for i := range transfersKept {
		argument := "h:" + strings.Repeat("x", argument)
		v := verdict{match: match{
			Finding:  recognise.Finding{Tool: &catalogue.Tool{Name: "scp"}},
			transfer: grammar.Transfer{Remotes: []grammar.Remote{{Host: argument[:1]}}},
		}}
		e := newExecution()
		e.entity = strconv.Itoa(i)
		links.partOf(&v, e)
	}
	grown := liveHeap() - before
	assert.Equal(t, transfersKept, links.known.Len())
	assert.Less(t, grown, int64(transfersKept*1024), "%d bytes for each", grown/transfersKept)
}

func liveHeap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
