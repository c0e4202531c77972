package netfilecopyprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// steps is a match on its way through the processor, of the scp case's record.
type steps struct {
	p       *filecopyProcessor
	attrs   pcommon.Map
	e       *execution
	m       match
	setting setting
	v       verdict
}

func newSteps(b *testing.B) *steps {
	b.Helper()
	s := &steps{p: newProcessor(b, *defaultConfig().(*Config)), e: newExecution()}
	s.attrs = records(batchOf(b, "scp"))[0].Attributes()
	s.e.read(s.attrs)
	var ok bool
	s.m, ok = s.p.match(s.e)
	require.True(b, ok)
	s.setting.ci = s.p.ci.read(s.e, pcommon.NewMap(), time.Now())
	s.v = s.p.assess(&s.m, s.e, &s.setting)
	b.ReportAllocs()
	return s
}

// BenchmarkStep is each step that a match takes, without those before and after it.
func BenchmarkStep(b *testing.B) {
	b.Run("read", func(b *testing.B) {
		s := newSteps(b)
		for b.Loop() {
			s.e.read(s.attrs)
		}
	})
	b.Run("match", func(b *testing.B) {
		s := newSteps(b)
		for b.Loop() {
			s.m, _ = s.p.match(s.e)
		}
	})
	b.Run("ci", func(b *testing.B) {
		s, resource, now := newSteps(b), pcommon.NewMap(), time.Now()
		for b.Loop() {
			s.setting.ci = s.p.ci.read(s.e, resource, now)
		}
	})
	b.Run("assess", func(b *testing.B) {
		s := newSteps(b)
		for b.Loop() {
			s.v = s.p.assess(&s.m, s.e, &s.setting)
		}
	})
	b.Run("repeat", func(b *testing.B) {
		s, now := newSteps(b), time.Now()
		for b.Loop() {
			s.p.repeats.count(&s.v, s.e, "", now)
		}
	})
	b.Run("tag", func(b *testing.B) { benchmarkTag(b, newSteps(b)) })
	b.Run("summary", func(b *testing.B) {
		s := newSteps(b)
		for b.Loop() {
			_ = s.v.summary(s.e)
		}
	})
}

// benchmarkTag takes batches of fresh copies, since a record is tagged once.
func benchmarkTag(b *testing.B, s *steps) {
	var fresh [benchmarkRecords]pcommon.Map
	for b.Loop() {
		b.StopTimer()
		for i := range fresh {
			fresh[i] = pcommon.NewMap()
			s.attrs.CopyTo(fresh[i])
		}
		b.StartTimer()
		for _, attrs := range fresh {
			t := s.e.tags
			t.begin(attrs)
			s.v.tag(t, s.p.catalogue.Attack)
			s.v.guide(t, s.p.scores, &s.setting)
			t.end(attrs)
		}
	}
	reportPerRecord(b, benchmarkRecords)
}
