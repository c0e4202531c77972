package ebpfexecreceiver

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInternerIsBounded(t *testing.T) {
	texts := newInterner()
	long := bytes.Repeat([]byte{0xff}, internedLongest-8) // each byte takes four as text
	for i := range 4 * internedMost {
		short := fmt.Appendf(nil, "/usr/bin/%d", i)
		require.Equal(t, string(short), texts.get(short))
		texts.get(append(fmt.Appendf(nil, "%08d", i), long...))
		require.LessOrEqual(t, texts.bytes, internedBytes+5*internedLongest)
	}
	for i := range 4 * internedMost {
		texts.get(fmt.Appendf(nil, "/usr/bin/%d", i))
		require.LessOrEqual(t, len(texts.known), internedMost)
	}
	assert.Equal(t, `/\xff`, texts.get([]byte{'/', 0xff}))
	assert.Equal(t, `/\xff`, texts.get([]byte{'/', 0xff}))
}
