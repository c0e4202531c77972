//go:build linux

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"
)

func count(n uint64) *uint64 { return &n }

// pairOf is a pair in which each exec took these µs of CPU and wall time.
func pairOf(without, with float64, others float64) pair {
	made := func(micros float64) run {
		return run{calm: true, load: loadResult{Execs: 1000, Seconds: micros / 1000, SystemSeconds: micros / 1000}}
	}
	p := pair{made(without), made(with)}
	p.with.others = others
	return p
}

func TestResult(t *testing.T) {
	pairs := []pair{pairOf(40, 42, 0), pairOf(50, 51, 0), pairOf(40, 50, 0.9)}
	pairs[0].with.threads = 500 * time.Microsecond // half a µs for each of 1000 execs
	pairs[0].with.captured = captured{Execs: count(999), Lost: count(1)}
	pairs[1].with.captured = captured{Execs: count(1000), Lost: count(0)}
	pairs[2].with.captured = captured{Execs: count(1000), Lost: count(0)}

	r := newResult("x", pairs)
	if !near(r.AddedCPU, summary{2.5, 1, 10}) {
		t.Errorf("added CPU: got %+v", r.AddedCPU)
	}
	if !near(r.Slowdown, summary{5, 2, 25}) {
		t.Errorf("slowdown: got %+v", r.Slowdown)
	}
	if r.Pairs != 3 || r.Disturbed != 1 || r.Others != 0.9 {
		t.Errorf("got %d pairs, %d of them disturbed by %v", r.Pairs, r.Disturbed, r.Others)
	}
	if r.Made != 3000 || *r.Execs != 2999 || *r.Lost != 1 {
		t.Errorf("made %d, captured %d, lost %d", r.Made, *r.Execs, *r.Lost)
	}
}

func near(a, b summary) bool {
	close := func(x, y float64) bool { return x-y < 1e-6 && y-x < 1e-6 }
	return close(a.Median, b.Median) && close(a.Min, b.Min) && close(a.Max, b.Max)
}

func TestLeastDisturbedPairsCount(t *testing.T) {
	changed := pairOf(3, 3, 0)
	changed.without.changed = true
	pairs := []pair{pairOf(1, 1, 0.8), pairOf(2, 2, 0.1), changed, pairOf(4, 4, 0.5), pairOf(5, 5, 0.2)}
	var got []float64
	for _, p := range leastDisturbed(pairs, 4) {
		got = append(got, p.without.load.wallMicros())
	}
	want := []float64{2, 5, 3, 4}
	for i := range want {
		if diff := got[i] - want[i]; diff < -1e-9 || diff > 1e-9 {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func TestAssert(t *testing.T) {
	good := result{Name: probeName, Pairs: 2, Made: 10, captured: captured{count(10), count(0), count(0)}}
	tests := []struct {
		name   string
		change func(*result)
		want   string // in the error
	}{
		{"good", func(*result) {}, ""},
		{"incomplete", func(r *result) { r.Execs = count(9) }, "9 of 10 execs"},
		{"reports loss", func(r *result) { r.Lost = count(1) }, "reports 1 lost"},
		{"delivers twice", func(r *result) { r.Repeated = count(2) }, "2 of them more than once"},
		{"says nothing", func(r *result) { r.captured = captured{} }, "0 of 10 execs"},
		{"did not start", func(r *result) { *r = result{Name: probeName, Failed: "no BTF"} }, "not measured: no BTF"},
		{"left out", func(r *result) { r.Name = "floor" }, "-only"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			probe := good
			tt.change(&probe)
			err := report{Sensors: []result{probe}, Turns: turnsOfProbe(2, 1, 3)}.assert()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestShareIsWholeOnlyWhenItIs(t *testing.T) {
	for _, tt := range []struct {
		n    *uint64
		want string
	}{
		{nil, "-"},
		{count(200000), "100 %"},
		{count(199999), "99.999 % (199999 of 200000)"},
	} {
		if got := share(tt.n, 200000); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestPrograms(t *testing.T) {
	before := programs{1: 5 * time.Second}
	loaded := programs{1: 6 * time.Second, 2: time.Second, 3: 0}
	after := programs{1: 9 * time.Second, 2: 4 * time.Second, 3: time.Second, 4: time.Hour}
	own := loaded.without(before)
	if got := after.only(own).ranSince(loaded); got != 4*time.Second {
		t.Errorf("the sensor's programs ran %v", got)
	}
	if !loaded.sameSet(programs{1: 0, 2: 0, 3: 0}) || loaded.sameSet(after) || loaded.sameSet(programs{1: 0, 2: 0, ebpf.ProgramID(9): 0}) {
		t.Error("sets compared wrongly")
	}
}
