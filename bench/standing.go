//go:build linux

package main

import (
	"fmt"
	"strings"

	"github.com/copywatch/copywatch/bench/plot"
)

// figures are what sensors are compared by: less is better. Each has the reason for which ours may not be first.
var figures = []struct {
	name, reason string
	own          string // which of ours is compared
	of           func(report, result) float64
	text         func(float64) string
}{
	{"CPU added in the kernel", "They look at less than ours does, or copy less of an exec.",
		probeName, func(r report, s result) float64 { cpu, _ := r.added(s); return cpu.Median }, micros},
	{"its own CPU", "They print a line of text, or only count. Ours builds a record of some forty attributes, with the lineage, users and " +
		"container of the process and what its file is, rates what is a copy, and encodes all of it as JSON.",
		fileName, func(_ report, s result) float64 { return s.SensorCPU.Median }, micros},
	{"memory", "They keep next to nothing. Ours is a Collector: the runtime, its components, a ring buffer of 8 MiB that bridges a busy pipeline, batches " +
		"in flight, and what it remembers of processes, files, users and containers.",
		fileName, func(_ report, s result) float64 { return float64(s.MaxRSS) }, inMiB},
}

// standing lists by what measure another is better than ours.
func (e evidence) standing() string {
	var lines []string
	for _, f := range figures {
		own := e.sensor(f.own)
		if own == nil {
			continue
		}
		var better []string
		for _, s := range e.Report.Sensors {
			if s.measured() && !isOwn(s.Name) && s.Name != floorName && f.of(e.Report, s) < f.of(e.Report, *own) {
				better = append(better, fmt.Sprintf("`%s` (%s)", s.Name, f.text(f.of(e.Report, s))))
			}
		}
		if len(better) > 0 {
			lines = append(lines, fmt.Sprintf("**%s**, %s with `%s`; less with %s. %s",
				upperFirst(f.name), f.text(f.of(e.Report, *own)), f.own, strings.Join(better, ", "), f.reason))
		}
	}
	lines = append(lines, e.incomplete()...)
	lines = append(lines, e.coldAtLowRates()...)
	lines = append(lines, e.grown()...)
	lines = append(lines, e.rivalsBefore()...)
	lines = append(lines, e.approvalsCost()...)
	return "- " + strings.Join(lines, "\n- ") + "\n\n"
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// incomplete tells where ours lost execs.
func (e evidence) incomplete() (lines []string) {
	for _, s := range e.Report.Sensors {
		if isOwn(s.Name) && s.Execs != nil && *s.Execs < s.Made {
			lines = append(lines, fmt.Sprintf("**Captured**, %s with `%s`: more execs came than it could handle on one CPU; it says of %s that they are lost.",
				share(s.Execs, s.Made), s.Name, number(s.Lost)))
		}
	}
	return lines
}

// notable is how much more is told as growth. Less is within the noise of the runs.
const notable = 1.15

// coldAtLowRates tells what an exec costs more where there are fewer of them.
func (e evidence) coldAtLowRates() (lines []string) {
	if len(e.Report.Rates) == 0 || len(e.Report.Rates[0].Points) < 2 || e.Report.Cold == nil {
		return nil
	}
	points, cold := e.Report.Rates[0].Points, e.Report.Cold
	top := points[len(points)-1]
	for _, p := range points {
		if p.At == sweptRate && p.SensorCPU.Median > notable*top.SensorCPU.Median {
			lines = append(lines, fmt.Sprintf("**Own CPU per exec at a lower rate**: %s at %s per second, %s at %s. Some of it is what is there at any rate; most is "+
				"memory. The receiver sleeps for %d ms at a time, and on this machine a step through %d KiB of memory takes %s ns after such a pause and %s ns without.",
				micros(p.SensorCPU.Median), plot.Figure(p.Rate), micros(top.SensorCPU.Median), plot.Figure(top.Rate),
				cold.PauseMS, cold.KiB, plot.Figure(cold.Rested), plot.Figure(cold.Busy)))
		}
	}
	return lines
}

// flatReasons are why a cost may grow all the same.
var flatReasons = map[string]string{
	ofProcesses: "each process is read once when the receiver starts.",
	ofContainers: "records are grouped by container, so a batch in which every exec is of another container has a resource for each; " +
		"real ones run many programs in a row.",
	ofTools:     "the tables of names are larger than the processor's caches.",
	ofApprovals: "conditions are held against copies alone, of which this load has none.",
}

// grown tells what depends on something that it should not depend on.
func (e evidence) grown() (lines []string) {
	for _, s := range e.Report.Flat {
		if len(s.Points) < 2 {
			continue
		}
		first, last := s.Points[0], s.Points[len(s.Points)-1]
		if last.SensorCPU.Median > notable*first.SensorCPU.Median {
			lines = append(lines, fmt.Sprintf("**Own CPU per exec and %s**: %s with %s, %s with %s. Of what grows with them: %s", seriesTitles[s.Of],
				micros(first.SensorCPU.Median), plot.Figure(first.At), micros(last.SensorCPU.Median), plot.Figure(last.At), flatReasons[s.Of]))
		}
	}
	return lines
}

// rivalsBefore tells where the transform processor takes less time.
func (e evidence) rivalsBefore() (lines []string) {
	for _, g := range rivalsChart(e.Micro).Groups {
		own := 0.0
		for _, bar := range g.Bars {
			if bar.Own {
				own = bar.Value
			}
		}
		for _, bar := range g.Bars {
			if !bar.Own && bar.Value < own {
				lines = append(lines, fmt.Sprintf("**Time per record where %s**: `%s` takes %s ns, ours %s ns. It asks whether one attribute is in a "+
					"short list and sets constants; ours looks at the path, script and command line of every record too, and finds out of a match what is "+
					"copied, where to, and how bad that is.", g.Title, bar.Label, plot.Figure(bar.Value), plot.Figure(own)))
			}
		}
	}
	return lines
}

// approvalsCost tells what approvals cost a match, which is held against one after the other.
func (e evidence) approvalsCost() (lines []string) {
	times := map[string]float64{}
	for _, m := range e.Micro {
		if after, ok := strings.CutPrefix(m.name, "MatchedOfApprovals/approvals="); ok {
			times[after] = m.time()
		}
	}
	if none, many := times["0"], times["1000"]; many > notable*none {
		lines = append(lines, fmt.Sprintf("**Approvals**: a copy is held against one after the other until one applies, %s ns for each. With 1,000 that all fail, a copy takes "+
			"%s µs in place of %s; executions of other programs, which nearly all are, take no longer.",
			plot.Figure((many-none)/1000), plot.Figure(many/1000), plot.Figure(none/1000)))
	}
	return lines
}
