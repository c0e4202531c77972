//go:build linux

package main

import (
	"fmt"
	"strings"

	"github.com/copywatch/copywatch/bench/plot"
)

const aboutCost = "Execs as fast as one CPU makes them, without and with each sensor in turn. `floor` is an empty BPF program: no sensor\n" +
	"in BPF can cost less. `probe` is ours without the collector, `collector-nop` the receiver alone, `collector-file` and\n" +
	"`collector-otlp` the whole pipeline with the processor, to JSON in a file and to OTLP/gRPC on the loopback, `collector-otlp-gzip`\n" +
	"the latter compressed. The collector has the settings of its service (`GOGC`, `TimerSlackNSec`).\n" +
	"What `floor` and `probe` add was measured in turns: their programs were attached for 50 ms, then others or none, and so on under\n" +
	"one load, which tells more of a small difference on a noisy machine than pairs of runs do. Other sensors take seconds to start.\n" +
	"The two pictures belong together: a sensor may do its work in the kernel, where the process that calls execve pays for\n" +
	"it, or in its own process. The other tools print a line of text for an exec; ours makes a record of some forty attributes.\n\n"

// isOwn says that a sensor is ours.
func isOwn(name string) bool { return name == probeName || strings.HasPrefix(name, "collector-") }

func costBars(r report, of func(result) summary) []plot.Bar {
	var bars []plot.Bar
	for _, s := range r.Sensors {
		if s.measured() {
			v := of(s)
			bars = append(bars, plot.Bar{Label: s.Name, Value: v.Median, Low: v.Min, High: v.Max, Own: isOwn(s.Name)})
		}
	}
	return bars
}

func addedChart(r report) plot.Bars {
	return plot.Bars{
		Title:  "What a sensor adds to an exec, in the kernel",
		Unit:   "µs of CPU time per exec: median and range of the pairs; of floor and probe, median of the turns and its 95 % interval",
		Groups: []plot.Group{{Bars: costBars(r, func(s result) summary { cpu, _ := r.added(s); return cpu })}},
	}
}

func ownChart(r report) plot.Bars {
	return plot.Bars{
		Title:  "What the sensor's own process uses for an exec",
		Unit:   "µs of CPU time per exec: median and range of the pairs",
		Groups: []plot.Group{{Bars: costBars(r, func(s result) summary { return s.SensorCPU })}},
	}
}

func costTable(r report) string {
	var rows [][]string
	for _, s := range r.Sensors {
		if !s.measured() {
			continue
		}
		cpu, inTurns := r.added(s)
		wall := span(s.AddedWall)
		if inTurns { // the load has a CPU for itself: time is CPU time
			wall = none
		}
		rows = append(rows, []string{
			"`" + s.Name + "`", span(cpu), wall, span(s.SensorCPU),
			plot.Figure(s.Programs.Median), share(s.Execs, s.Made), number(s.Lost),
			fmt.Sprintf("%.0f", float64(s.MaxRSS)/(1<<20)), fmt.Sprintf("%+.1f", s.Getppid-s.BaseGetppid),
		})
	}
	return fmt.Sprintf("An exec alone costs %.1f µs of CPU here. Medians [least, most] of pairs of runs of %g s, in µs per exec. What `floor` and\n"+
		"`probe` add is the median of %d turns of each, [where the true one is with a probability of 95 %%]; an exec alone cost %.1f µs then.\n\n",
		r.Sensors[0].BaseCPU.Median, r.Load.Seconds, r.Turns.Rounds, r.Turns.Alone.Median) +
		markdownTable([]string{"sensor", "added CPU", "added wall time", "its own CPU", "BPF programs, ns", "captured", "lost, as it says",
			"memory, MiB", "getppid, ns"}, rows)
}
