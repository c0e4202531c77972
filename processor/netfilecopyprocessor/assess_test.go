package netfilecopyprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestBandOf(t *testing.T) {
	tests := []struct {
		score      int
		importance string
		number     plog.SeverityNumber
		text       string
	}{
		{-5, "low", 10, "INFO2"},
		{0, "low", 10, "INFO2"},
		{29, "low", 10, "INFO2"},
		{30, "medium", 13, "WARN"},
		{59, "medium", 13, "WARN"},
		{60, "high", 17, "ERROR"},
		{79, "high", 17, "ERROR"},
		{80, "critical", 21, "FATAL"},
		{100, "critical", 21, "FATAL"},
	}
	for _, tt := range tests {
		got := bandOf(tt.score)
		assert.Equal(t, tt.importance, got.importance, tt.score)
		assert.Equal(t, tt.number, got.number, tt.score)
		assert.Equal(t, tt.text, got.text, tt.score)
	}
}

func TestAssess(t *testing.T) {
	tests := []struct {
		name       string
		score      int
		importance string
		confidence string
		reasons    []string
	}{
		{"scp", 45, "medium", "high", []string{"direction_unknown"}},
		{"mcli", 45, "medium", "high", []string{"direction_unknown"}},
		{"mc", 25, "low", "low", []string{"direction_unknown", "ambiguous_name"}},
	}
	p := newProcessor(t, Config{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tool, ok := p.catalogue.Lookup(tt.name)
			require.True(t, ok)
			v := assess(finding{tool: tool, name: tt.name, match: matchName})
			assert.Equal(t, tt.score, v.score)
			assert.Equal(t, tt.importance, v.importance())
			assert.Equal(t, tt.confidence, v.confidence)
			assert.Equal(t, tt.reasons, v.reasons)
			assert.Equal(t, "unknown", v.direction)
		})
	}
}

func TestAssessOfARenamedTool(t *testing.T) {
	tool, ok := newProcessor(t, Config{}).catalogue.Lookup("scp")
	require.True(t, ok)
	v := assess(finding{tool: tool, name: ".x", match: matchContent})
	assert.Equal(t, 65, v.score)
	assert.Equal(t, "high", v.importance())
	assert.Equal(t, []string{"direction_unknown", "evasion:renamed"}, v.reasons)
	assert.Equal(t, []string{"renamed"}, v.evasions)
}
