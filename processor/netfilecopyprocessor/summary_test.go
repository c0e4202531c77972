package netfilecopyprocessor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func TestSummary(t *testing.T) {
	long := strings.Repeat("é", 600)
	tests := []struct {
		name  string
		attrs map[string]any
		want  string
	}{
		{"nothing known", nil, "MEDIUM scp"},
		{
			"everything known",
			map[string]any{
				"process.command_line":              "scp f h:",
				"process.user.name":                 "alice",
				"process.user.id":                   1000,
				"process.parent.executable.name":    "make",
				"process.ancestors.executable.name": []any{"make", "bash", "sshd"},
			},
			"MEDIUM scp f h: by alice (make < bash < sshd)",
		},
		{"command line before arguments", map[string]any{"process.command_line": "scp f h:", "process.command_args": []any{"scp", "g"}}, "MEDIUM scp f h:"},
		{"arguments", map[string]any{"process.command_args": []any{"scp", "a b", "h:"}}, "MEDIUM scp 'a b' h:"},
		{"no arguments", map[string]any{"process.command_args": []any{}}, "MEDIUM scp"},
		{"user without name", map[string]any{"process.user.id": 0}, "MEDIUM scp by uid 0"},
		{"parent only", map[string]any{"process.parent.executable.name": "cron"}, "MEDIUM scp (cron)"},
		{"empty ancestors", map[string]any{"process.ancestors.executable.name": []any{}, "process.parent.executable.name": "cron"}, "MEDIUM scp (cron)"},
		{"long command line", map[string]any{"process.command_line": long}, "MEDIUM " + long[:1020] + "…"},
		{"long argument", map[string]any{"process.command_args": []any{long}}, "MEDIUM '" + long[:1020] + "…"},
		{"long user", map[string]any{"process.user.name": long}, "MEDIUM scp by " + long[:60] + "…"},
		{"bytes that are not UTF-8", map[string]any{"process.command_args": []any{"scp", "f\xff\xc3", "h:"}}, `MEDIUM scp $'f\xff\xc3' h:`},
	}
	p := newProcessor(t, Config{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tool, _ := p.catalogue.Lookup("scp")
			v := assess(finding{tool: tool, name: "scp", match: matchName})
			attrs := pcommon.NewMap()
			require.NoError(t, attrs.FromRaw(tt.attrs))
			assert.Equal(t, tt.want, v.summary(attrs))
		})
	}
}

func TestSummaryNamesTheDirection(t *testing.T) {
	tool, _ := newProcessor(t, Config{}).catalogue.Lookup("scp")
	v := assess(finding{tool: tool, name: "scp", match: matchName})
	v.direction = "upload"
	assert.Equal(t, "MEDIUM upload scp", v.summary(pcommon.NewMap()))
}

func TestLineageIsBounded(t *testing.T) {
	attrs := pcommon.NewMap()
	ancestors := attrs.PutEmptySlice("process.ancestors.executable.name")
	for range 100 {
		ancestors.AppendEmpty().SetStr("sh")
	}
	assert.Equal(t, " (sh"+strings.Repeat(" < sh", 15)+")", string(appendLineage(nil, attrs)))
}
