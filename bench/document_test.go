//go:build linux

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestDocumentIsCurrent(t *testing.T) {
	e, err := readEvidence(".")
	if err != nil {
		t.Fatal(err)
	}
	documents := e.documents()
	for name, want := range documents {
		got, err := os.ReadFile(filepath.Join("../docs", name))
		if err != nil || string(got) != want {
			t.Errorf("docs/%s is not what the results say (%v): make bench-report", name, err)
		}
	}
	pictures, err := filepath.Glob("../docs/performance/*.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, picture := range pictures {
		if name := "performance/" + filepath.Base(picture); documents[name] == "" {
			t.Errorf("docs/%s is in no document", name)
		}
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	whole, err := readEvidence(".")
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*evidence){
		"make bench without":       func(e *evidence) { e.Report.Flat = nil },
		"no measurement of collec": func(e *evidence) { e.Report.Sensors = e.Report.Sensors[:1] },
		"make soak":                func(e *evidence) { e.Soak.Samples = nil },
		"make bench-micro":         func(e *evidence) { e.Micro = nil },
	} {
		e := whole
		change(&e)
		if err := e.complete(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := readEvidence(t.TempDir()); err == nil || !strings.Contains(err.Error(), resultsFile) {
		t.Errorf("nothing there: got %v", err)
	}
}

const microOutput = `goos: linux
pkg: github.com/copywatch/copywatch/bpf
BenchmarkDecode-2   	  1000	       300 ns/op	       0 B/op	       0 allocs/op
BenchmarkDecode-2   	  1000	       320 ns/op	       0 B/op	       0 allocs/op
BenchmarkDecode-2   	  1000	       900 ns/op	       0 B/op	       0 allocs/op
PASS
pkg: github.com/copywatch/copywatch/bench/processors
BenchmarkBatch/matches=10/processor=net_filecopy-16   	  20	    500000 ns/op	       500 ns/record	   49598 B/op	     951 allocs/op
BenchmarkBatch/matches=10/processor=transform-20-names-16   	  20	    400000 ns/op	       400 ns/record	   49598 B/op	     951 allocs/op
BenchmarkMatchedOfApprovals/approvals=0-16   	  20	    10000 ns/op	       10000 ns/record
BenchmarkMatchedOfApprovals/approvals=1000-16   	  20	    210000 ns/op	       210000 ns/record
`

func TestParseMicro(t *testing.T) {
	all := parseMicro(microOutput)
	var got []string
	for _, m := range all {
		got = append(got, m.pkg+" "+m.name)
	}
	want := []string{"bpf Decode", "bench/processors Batch/matches=10/processor=net_filecopy", "bench/processors Batch/matches=10/processor=transform-20-names",
		"bench/processors MatchedOfApprovals/approvals=0", "bench/processors MatchedOfApprovals/approvals=1000"}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q", got)
	}
	if all[0].time() != 320 || all[1].time() != 500 {
		t.Errorf("got %v and %v ns", all[0].time(), all[1].time())
	}
}

// Whoever is better is told of, and nobody else.
func TestStanding(t *testing.T) {
	at := func(name string, added, own float64, rss uint64) result {
		return result{Name: name, Pairs: 3, AddedCPU: summary{Median: added}, SensorCPU: summary{Median: own}, MaxRSS: rss, Made: 10}
	}
	file := at(fileName, 2, 20, 80<<20)
	file.captured = captured{Execs: count(9), Lost: count(1)}
	e := evidence{
		Report: report{
			Sensors: []result{at(floorName, 0, 0, 1<<20), at(probeName, 2, 1, 20<<20), file, at("snoop", 30, 10, 13<<20), at("heavy", 40, 50, 500<<20)},
			Flat: []series{
				{Of: ofContainers, Points: []point{{At: 1, SensorCPU: summary{Median: 20}}, {At: 500, SensorCPU: summary{Median: 30}}}},
				{Of: ofProcesses, Points: []point{{At: 0, SensorCPU: summary{Median: 20}}, {At: 500, SensorCPU: summary{Median: 21}}}},
			},
		},
		Micro: parseMicro(microOutput),
	}
	text := e.standing()
	for _, want := range []string{
		"**Its own CPU**, 20.0 µs with `collector-file`; less with `snoop` (10.0 µs).", "**Memory**, 80.0 MiB with `collector-file`; less with `snoop` (13.0 MiB).",
		"**Captured**, 90.000 % (9 of 10) with `collector-file`", "says of 1 that they are lost", "**Own CPU per exec and containers**: 20.0 µs with 1, 30.0 µs with 500.",
		"`transform-20-names` takes 400 ns, ours 500 ns", "**Approvals**", "200 ns for each", "210 µs in place of 10",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, unwanted := range []string{"heavy", floorName, "other processes", "CPU added"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("%q is in\n%s", unwanted, text)
		}
	}
}
