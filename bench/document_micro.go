//go:build linux

package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/copywatch/copywatch/bench/plot"
)

// microResult is a benchmark of go test, with all that was measured of it by unit.
type microResult struct {
	pkg, name string
	values    map[string][]float64
}

func (m microResult) median(unit string) (float64, bool) {
	values := m.values[unit]
	return summarize(values).Median, len(values) > 0
}

// time is what one record takes where the benchmark says so, else one call.
func (m microResult) time() float64 {
	if ns, ok := m.median("ns/record"); ok {
		return ns
	}
	ns, _ := m.median("ns/op")
	return ns
}

// parseMicro reads the output of go test -bench, in its order.
func parseMicro(text string) (all []microResult) {
	pkg := ""
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "pkg: "); ok {
			pkg = strings.TrimPrefix(strings.TrimSpace(name), "github.com/copywatch/copywatch/")
		}
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := withoutCPUs(strings.TrimPrefix(fields[0], "Benchmark"))
		at := slices.IndexFunc(all, func(m microResult) bool { return m.pkg == pkg && m.name == name })
		if at < 0 {
			at = len(all)
			all = append(all, microResult{pkg: pkg, name: name, values: map[string][]float64{}})
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
				all[at].values[fields[i+1]] = append(all[at].values[fields[i+1]], value)
			}
		}
	}
	return all
}

// withoutCPUs removes the number of CPUs at the end of a benchmark's name.
func withoutCPUs(name string) string {
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			return name[:i]
		}
	}
	return name
}

// ofHost begins the names of benchmarks that depend on what is installed on the host.
const ofHost = "ReadInstalled/"

const aboutMicro = "Medians of `make bench-micro`, with the `GOGC` of the service. Where a benchmark handles batches, the time is that of one record.\n\n"

func microTable(all []microResult) string {
	var rows [][]string
	for _, m := range all {
		if strings.HasPrefix(m.name, ofHost) {
			continue
		}
		allocations, _ := m.median("allocs/op")
		bytes, _ := m.median("B/op")
		per := "call"
		if _, ok := m.median("ns/record"); ok {
			per = "record; the rest per batch"
		}
		rows = append(rows, []string{"`" + m.pkg + "` " + m.name, plot.Figure(m.time()), per, plot.Figure(bytes), plot.Figure(allocations)})
	}
	return markdownTable([]string{"benchmark", "ns", "per", "bytes", "allocations"}, rows)
}

// rivalsBenchmark is that of bench/processors.
const rivalsBenchmark = "Batch/"

const aboutRivals = "Batches of 1,000 records of 40 attributes, without and with ten copies among them. The transform processor only looks\n" +
	"whether the executable's name is one of a list, by `IsMatch` in a `conditions` block, and sets a severity and six constant\n" +
	"attributes; `naive` asks in each statement. `net_filecopy` looks at names, scripts, applets, interpreters and arguments, and a\n" +
	"match is read, rated and tagged with some thirty attributes.\n\n"

// rivalsChart has a group for each kind of batch.
func rivalsChart(all []microResult) plot.Bars {
	chart := plot.Bars{Title: "Time per record beside the transform processor", Unit: "ns per record"}
	for _, m := range all {
		name, ok := strings.CutPrefix(m.name, rivalsBenchmark)
		if !ok {
			continue
		}
		matches, processor, _ := strings.Cut(name, "/")
		title := strings.TrimPrefix(matches, "matches=") + " of 1,000 records match"
		if n := len(chart.Groups); n == 0 || chart.Groups[n-1].Title != title {
			chart.Groups = append(chart.Groups, plot.Group{Title: title})
		}
		last := &chart.Groups[len(chart.Groups)-1]
		times := m.values["ns/record"]
		processor = strings.TrimPrefix(processor, "processor=")
		last.Bars = append(last.Bars, plot.Bar{
			Label: processor, Value: m.time(), Low: slices.Min(times), High: slices.Max(times), Own: processor == ownProcessor,
		})
	}
	return chart
}

const ownProcessor = "net_filecopy"
