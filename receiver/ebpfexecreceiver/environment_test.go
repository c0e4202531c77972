package ebpfexecreceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
