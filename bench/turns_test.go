//go:build linux

package main

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/copywatch/copywatch/internal/testhost"
)

// The test binary is the harness's children too, as the harness is.
func TestMain(m *testing.M) {
	if run, ok := childCommand(os.Args); ok {
		exitOn(run())
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func turnsOfProbe(median, low, high float64) *turns {
	return &turns{
		Rounds: 10, Alone: estimate{Median: 50},
		Added: []addition{{Name: floorName}, {Name: probeName, Micros: estimate{median, low, high}}},
	}
}

func TestEstimate(t *testing.T) {
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[(i*37)%100] = float64(i + 1)
	}
	for _, tt := range []struct {
		name string
		in   []float64
		want estimate
	}{
		{"nothing", nil, estimate{}},
		{"one", []float64{4}, estimate{4, 4, 4}},
		{"few: all of them", []float64{3, 1, 2}, estimate{2, 1, 3}},
		{"many: the 40th and the 61st", hundred, estimate{50.5, 40, 61}},
	} {
		if got := estimateOf(tt.in); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// The true median, 0 here, is between the bounds in 95 of 100 samples, whatever the distribution.
func TestEstimateHoldsTheMedian(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	const samples = 2000
	held := 0
	for range samples {
		values := make([]float64, 200)
		for i := range values {
			if values[i] = chance.ExpFloat64(); chance.IntN(2) == 0 {
				values[i] *= -10
			}
		}
		if e := estimateOf(values); e.Low <= 0 && 0 <= e.High {
			held++
		}
	}
	if share := float64(held) / samples; share < 0.945 || share > 0.98 {
		t.Errorf("in %g of the samples", share)
	}
}

func TestTurnsAreHeldAgainstThoseOfTheirRound(t *testing.T) {
	nothing := &rival{name: "nothing"}
	probe := &rival{name: probeName, losses: func() (uint64, error) { return 3, nil }}
	begin := time.Now()
	for _, base := range []time.Duration{40, 80, 60} { // µs for an exec, by round
		for r, took := range map[*rival]time.Duration{nothing: base, probe: base + 2} {
			after := look{at: begin.Add(1000 * took * time.Microsecond), made: 1007}
			if r == probe {
				after.ran = 1500 * time.Microsecond
			}
			if err := r.note(look{at: begin, made: 7}, after); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := (&taker{rivals: []*rival{nothing, probe}}).result(3)
	if err != nil {
		t.Fatal(err)
	}
	got := found.of(probeName)
	if got == nil || got.Micros != (estimate{2, 2, 2}) || got.Programs.Median != 1500 || got.Lost != 3 {
		t.Errorf("got %+v", got)
	}
	if found.Alone.Median != 60 || found.of("nothing") != nil || (*turns)(nil).of(probeName) != nil {
		t.Errorf("got %+v", found)
	}
}

// The programs are there in their own turns and in no other's.
func TestTurnsAttachAndDetach(t *testing.T) {
	testhost.NeedBPF(t)
	runtime.LockOSThread() // on which the children hang
	defer runtime.UnlockOSThread()
	l, err := buildLoad(t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	counting, err := countRunTime()
	if err != nil {
		t.Fatal(err)
	}
	defer counting.Close()
	place, err := placeOnHost()
	if err != nil {
		t.Fatal(err)
	}
	o := options{load: loadShape{workers: 2, rate: 10, argumentSize: 16}, turns: 3, workDir: t.TempDir()}
	l.shape, l.cpu = o.load, place.Load
	b := &bencher{options: o, load: l, machine: machine{Place: place}, quiet: quiet{cpus: place.cpus()}, progress: io.Discard}
	found, err := b.measureTurns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	floor, probe := found.of(floorName), found.of(probeName)
	if floor == nil || probe == nil || floor.Programs.Low <= 0 || probe.Programs.Low <= floor.Programs.High || probe.Lost != 0 {
		t.Errorf("got %+v", found)
	}
	if found.Rounds != 3 || found.Alone.Low <= 0 || found.Alone.High > 10_000 {
		t.Errorf("an exec of %v µs: the load's rate is to be as fast as possible", found.Alone)
	}
}

// A load that stands still must not look like execs that cost nothing.
func TestTurnWithoutExecsFails(t *testing.T) {
	if err := new(rival).note(look{made: 7}, look{made: 7, at: time.Now()}); err == nil {
		t.Error("no error")
	}
}

func TestAssertCost(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   *turns
		want string // in the error
	}{
		{"cheap", turnsOfProbe(2, 1, 3), ""},
		{"perhaps too expensive", turnsOfProbe(2.7, 2.4, 3), ""},
		{"too expensive", turnsOfProbe(2.7, 2.6, 2.8), "adds 2.70 [2.60, 2.80] µs to an exec of 50.00; its budget is 5 %"},
		{"not measured", nil, "-parts"},
	} {
		err := tt.in.assertCost()
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

// The load counts where others see it while it runs.
func TestTallies(t *testing.T) {
	l, err := buildLoad(t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	l.shape, l.seconds = loadShape{workers: 2, rate: 200, argumentSize: 16}, 0.1
	l.progress = filepath.Join(t.TempDir(), "tallies")
	if _, err := l.run(t.Context(), "tag"); err == nil || !strings.Contains(err.Error(), "tallies") {
		t.Errorf("without the file: got %v", err)
	}
	if err := makeTallies(l.progress, l.shape.workers); err != nil {
		t.Fatal(err)
	}
	made, err := openTallies(l.progress)
	if err != nil {
		t.Fatal(err)
	}
	if made() != 0 {
		t.Errorf("%d execs before the first", made())
	}
	r, err := l.run(t.Context(), "tag")
	if err != nil {
		t.Fatal(err)
	}
	if made() != r.Execs {
		t.Errorf("the file says %d, the load %d", made(), r.Execs)
	}
	if _, err := openTallies(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Errorf("no file: got %v", err)
	}
}
