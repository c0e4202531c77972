//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseProfiles(t *testing.T) {
	if n, err := parseGoroutines([]byte("goroutine profile: total 22\n5 @ 0x1\n")); n != 22 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	if n, err := parseLiveHeap([]byte("heap profile: 1: 2\n\n# HeapAlloc = 9\n# NextGC = 4000\n# LastGC = 1\n"), 1); n != 2000 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	for _, bad := range []string{"", "404 page not found", "goroutine profile: total x\n# NextGC = x\n"} {
		if _, err := parseGoroutines([]byte(bad)); err == nil {
			t.Errorf("goroutines of %q: no error", bad)
		}
		if _, err := parseLiveHeap([]byte(bad), 1); err == nil {
			t.Errorf("heap of %q: no error", bad)
		}
	}
}

// soaked is a soak of nine samples in which nothing grows and all arrives.
func soaked() soakReport {
	r := soakReport{Made: 1000, captured: captured{Execs: count(990), Lost: count(10)}}
	for range 9 {
		r.Samples = append(r.Samples, sample{RSS: 80 << 20, Heap: 15 << 20, Goroutines: 22, Descriptors: 24, SensorCPU: 40})
	}
	return r
}

func TestSoakAssert(t *testing.T) {
	last := func(change func(*sample)) func(*soakReport) {
		return func(r *soakReport) {
			for i := 6; i < 9; i++ {
				change(&r.Samples[i])
			}
		}
	}
	for _, tt := range []struct {
		name   string
		change func(*soakReport)
		want   string // in the error
	}{
		{"good", func(*soakReport) {}, ""},
		{"one large sample", func(r *soakReport) { r.Samples[8].RSS = 900 << 20 }, ""},
		{"the start is larger", func(r *soakReport) { r.Samples[0].RSS = 900 << 20 }, ""},
		{"resident memory", last(func(s *sample) { s.RSS = 93 << 20 }), "resident memory grows from 80.0 MiB to 93.0 MiB"},
		{"heap", last(func(s *sample) { s.Heap = 20 << 20 }), "live heap grows"},
		{"goroutines", last(func(s *sample) { s.Goroutines = 28 }), "goroutines grows from 22 to 28"},
		{"descriptors", last(func(s *sample) { s.Descriptors = 30 }), "file descriptors grows from 24 to 30"},
		{"CPU", last(func(s *sample) { s.SensorCPU = 50 }), "own CPU per exec grows from 40.0 µs to 50.0 µs"},
		{"lost in silence", func(r *soakReport) { r.Lost = count(9) }, "990 captured and only 9 reported as lost"},
		{"others lost", func(r *soakReport) { r.Lost = count(50) }, ""},
		{"twice", func(r *soakReport) { r.Repeated = count(1) }, "1 execs came more than once"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := soaked()
			tt.change(&r)
			err := r.assert()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestSoakOptions(t *testing.T) {
	o, err := parseSoakOptions([]string{"-duration", "2m"})
	if err != nil || o.rate != sweptRate || o.round().Seconds() != 4 {
		t.Errorf("got %+v, rounds of %v, %v", o, o.round(), err)
	}
	for _, bad := range [][]string{{"-duration", "10s"}, {"-rate", "0"}, {"now"}} {
		if _, err := parseSoakOptions(bad); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
}

// What was there some rounds ago is gone, and what comes was not there before.
func TestExecutablesComeAndGo(t *testing.T) {
	c := &churn{containers: &containers{dir: t.TempDir()}, program: []byte("#!"), dir: t.TempDir()}
	seen := map[string]bool{}
	for round := 1; round <= roundsAlive+2; round++ {
		if err := c.next(); err != nil {
			t.Fatal(err)
		}
		alive := min(round, roundsAlive)
		names, err := filepath.Glob(filepath.Join(c.dir, "*", "*"))
		if err != nil || len(names) != alive*executablesPerRound || len(c.executables) != len(names) {
			t.Errorf("round %d: %d executables, %v", round, len(names), err)
		}
		cgroups, err := os.ReadDir(c.containers.dir)
		if err != nil || len(cgroups) != alive*containersPerRound {
			t.Errorf("round %d: %d containers, %v", round, len(cgroups), err)
		}
		for _, name := range c.containers.names {
			seen[name] = true
		}
	}
	if want := (roundsAlive + 2) * containersPerRound; len(seen) != want || c.containers.made != want {
		t.Errorf("%d different containers were there, want %d", len(seen), want)
	}
}
