package netfilecopyprocessor

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/catalogue"
)

// toolsConfig is one with so many tools in all, of which the first are those that are built in.
func toolsConfig(tb testing.TB, count int) Config {
	tb.Helper()
	builtIn, err := catalogue.Load()
	require.NoError(tb, err)
	var cfg Config
	for i := count; i < len(builtIn.Tools); i++ {
		cfg.Tools.Disable = append(cfg.Tools.Disable, builtIn.Tools[i].Name)
	}
	for i := len(builtIn.Tools); i < count; i++ {
		cfg.Tools.Add = append(cfg.Tools.Add, catalogue.ToolForm{
			Name: fmt.Sprintf("acme-push-%d", i), Family: "other", About: "an uploader", Tier: catalogue.Dedicated, Direction: "upload",
			Techniques: &catalogue.TechniquesForm{Upload: []string{"T1567.002"}},
		})
	}
	return cfg
}

// approvalsConfig is one with so many approvals, none of which applies.
func approvalsConfig(count int) Config {
	cfg := *defaultConfig().(*Config)
	for i := range count {
		cfg.Approvals = append(cfg.Approvals, ApprovalConfig{
			ID: fmt.Sprintf("approval-%d", i), Reason: "release", ApprovedBy: "ana",
			Condition: fmt.Sprintf(`log.attributes["server.address"] == "host-%d.example.org"`, i),
		})
	}
	return cfg
}

// BenchmarkUnmatchedOfTools is records of other programs, which must not cost more where more tools are known.
func BenchmarkUnmatchedOfTools(b *testing.B) {
	for _, count := range []int{10, 500, 5000} {
		b.Run(fmt.Sprintf("tools=%d", count), func(b *testing.B) {
			benchmarkUnmatchedWith(b, toolsConfig(b, count))
		})
	}
}

// BenchmarkUnmatchedOfApprovals is the same with approvals.
func BenchmarkUnmatchedOfApprovals(b *testing.B) {
	for _, count := range []int{0, 1000} {
		b.Run(fmt.Sprintf("approvals=%d", count), func(b *testing.B) {
			benchmarkUnmatchedWith(b, approvalsConfig(count))
		})
	}
}

// BenchmarkMatchedOfApprovals is copies, each of which is held against approvals until one applies: here against all.
func BenchmarkMatchedOfApprovals(b *testing.B) {
	for _, count := range []int{0, 10, 1000} {
		b.Run(fmt.Sprintf("approvals=%d", count), func(b *testing.B) {
			benchmarkMatched(b, approvalsConfig(count), benchmarkRecords)
		})
	}
}

func benchmarkUnmatchedWith(b *testing.B, cfg Config) {
	p, logs := newProcessor(b, cfg), batchOf(b, "gcc")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = p.processLogs(context.Background(), logs)
	}
	reportPerRecord(b, benchmarkRecords)
}
