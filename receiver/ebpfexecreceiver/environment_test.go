package ebpfexecreceiver

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/bpf"
)

// The cases of https://www.w3.org/TR/trace-context/#traceparent-header-field-values.
func TestParseTraceparent(t *testing.T) {
	const trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	for _, test := range []struct {
		value string
		ok    bool
		flags byte
	}{
		{"00-" + trace + "-" + span + "-01", true, 1},
		{"00-" + trace + "-" + span + "-00", true, 0},
		{"01-" + trace + "-" + span + "-01-what-later-versions-add", true, 1},
		{"00-" + trace + "-" + span + "-01-more", false, 0},
		{"01-" + trace + "-" + span + "-01x", false, 0},
		{"ff-" + trace + "-" + span + "-01", false, 0},
		{"00-0AF7651916CD43DD8448EB211C80319C-" + span + "-01", false, 0},
		{"00-00000000000000000000000000000000-" + span + "-01", false, 0},
		{"00-" + trace + "-0000000000000000-01", false, 0},
		{"00-" + trace + "-" + span + "-0g", false, 0},
		{"00-" + trace + "-" + span, false, 0},
		{"", false, 0},
	} {
		gotTrace, gotSpan, flags, ok := parseTraceparent([]byte(test.value))
		assert.Equal(t, test.ok, ok, test.value)
		if ok {
			assert.Equal(t, trace, gotTrace.String())
			assert.Equal(t, span, gotSpan.String())
			assert.Equal(t, test.flags, flags)
		}
	}
}

// Wherever it stands, and whatever stands beside it.
func TestATraceIsFoundAnywhere(t *testing.T) {
	const variable = traceVariable + "=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\x00"
	for before := range 200 {
		for _, after := range []int{0, 1, 3, 70} {
			env := []byte(strings.Repeat("x", before) + "\x00" + variable + strings.Repeat("x", after))
			record := plog.NewLogRecord()
			setTrace(record, &bpf.Exec{Env: env})
			require.False(t, record.TraceID().IsEmpty(), "%d bytes before, %d after", before, after)
		}
	}
	assert.False(t, mayHaveTrace([]byte("HOME=/root\x00LANG=C.UTF-8\x00PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\x00SHELL=/bin/sh\x00")))
	assert.False(t, mayHaveTrace(nil))
}
