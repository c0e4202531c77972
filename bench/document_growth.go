//go:build linux

package main

import (
	"fmt"

	"github.com/copywatch/copywatch/bench/plot"
)

// aboutRate says what the pictures of the rates show, and what there is without any exec.
func (r report) aboutRate() string {
	text := "The own CPU time of `collector-file` by the rate of execs. The last point is as fast as the load's CPU goes. A part of\n" +
		"it is there at any rate: timers, and the look into the ring buffer twice a second.\n\n"
	if r.Idle == nil {
		return text
	}
	return text + fmt.Sprintf("While nothing is executed the collector uses %.2f %% of a CPU and has %.0f MiB resident, %.0f s after its start and more.\n\n",
		r.Idle.CPU, float64(r.Idle.RSS)/(1<<20), r.Idle.Seconds)
}

func rateChart(r report) plot.Lines {
	var measured []plot.Point
	for _, p := range r.Rates[0].Points {
		measured = append(measured, plot.Point{X: p.Rate, Y: p.SensorCPU.Median * p.Rate / 1e4})
	}
	return plot.Lines{
		Title: "Own CPU time by the rate of execs", XUnit: "execs per second", YUnit: "% of one CPU",
		Series: []plot.Series{{Name: fileName, Points: measured, Dots: true}},
	}
}

func rateTable(r report) string {
	var rows [][]string
	for _, p := range r.Rates[0].Points {
		rows = append(rows, []string{
			plot.Figure(p.Rate), span(p.SensorCPU), fmt.Sprintf("%.1f", p.SensorCPU.Median*p.Rate/1e4),
			share(p.Execs, p.Made), number(p.Lost), fmt.Sprintf("%.0f", float64(p.MaxRSS)/(1<<20)),
		})
	}
	return markdownTable([]string{"execs per second", "its own CPU, µs per exec", "% of one CPU", "captured", "lost, as it says", "memory, MiB"}, rows)
}

const aboutFlat = "The own CPU time of `collector-file` per exec, at 2,000 execs per second: with other processes on the host, with execs\n" +
	"that come from one container after the other, with further tools in the configuration, and with approvals. The three\n" +
	"bars at 0 are the same measurement: what they differ by is noise.\n\n"

// seriesTitles are how the pictures call what is swept.
var seriesTitles = map[string]string{
	ofProcesses: "other processes", ofContainers: "containers", ofTools: "further tools", ofApprovals: "approvals",
}

func flatChart(r report) plot.Bars {
	chart := plot.Bars{Title: "Own CPU time per exec, by what is on the host and in the configuration", Unit: "µs of CPU time per exec: median and range of the runs"}
	for _, s := range r.Flat {
		group := plot.Group{Title: seriesTitles[s.Of]}
		for _, p := range s.Points {
			group.Bars = append(group.Bars, plot.Bar{
				Label: plot.Figure(p.At), Value: p.SensorCPU.Median, Low: p.SensorCPU.Min, High: p.SensorCPU.Max, Own: true,
			})
		}
		chart.Groups = append(chart.Groups, group)
	}
	return chart
}

func flatTable(r report) string {
	var rows [][]string
	for _, s := range r.Flat {
		if s.Failed != "" {
			rows = append(rows, []string{seriesTitles[s.Of] + ": not measured (" + s.Failed + ")", "", "", "", ""})
		}
		for _, p := range s.Points {
			rows = append(rows, []string{
				plot.Figure(p.At) + " " + seriesTitles[s.Of], span(p.SensorCPU), share(p.Execs, p.Made), number(p.Lost), fmt.Sprintf("%.0f", float64(p.MaxRSS)/(1<<20)),
			})
		}
	}
	return markdownTable([]string{"with", "its own CPU, µs per exec", "captured", "lost, as it says", "memory, MiB"}, rows)
}

func (e evidence) aboutSoak() string {
	s := e.Soak
	return fmt.Sprintf("The pipeline to OTLP for %s at %s execs per second, a tenth of them file copies, while containers, users and\n"+
		"executables come and go: %s execs by %s users in %s containers of %s executables. %s of them arrived; the sensor reports\n"+
		"%s as lost.\n\n", duration(s.Seconds), plot.Figure(s.Rate), exact(s.Made), exact(s.Churn.Users), exact(s.Churn.Containers),
		exact(s.Churn.Executables), share(s.Execs, s.Made), number(s.Lost))
}

// exact writes a count with separated thousands.
func exact[T int | uint64](n T) string { return plot.Separated(fmt.Sprint(n)) }

func duration(seconds float64) string {
	if seconds < 600 {
		return fmt.Sprintf("%.0f seconds", seconds)
	}
	return fmt.Sprintf("%.0f minutes", seconds/60)
}

func overTime(s soakReport, of func(sample) float64) []plot.Point {
	var points []plot.Point
	for _, at := range s.Samples {
		points = append(points, plot.Point{X: at.Seconds, Y: of(at)})
	}
	return points
}

func memoryChart(s soakReport) plot.Lines {
	const mib = 1 << 20
	return plot.Lines{
		Title: "Memory of the collector over time", XUnit: "seconds", YUnit: "MiB",
		Series: []plot.Series{
			{Name: "resident", Points: overTime(s, func(at sample) float64 { return float64(at.RSS) / mib })},
			{Name: "live heap", Points: overTime(s, func(at sample) float64 { return float64(at.Heap) / mib })},
		},
	}
}

func uptimeChart(s soakReport) plot.Lines {
	return plot.Lines{
		Title: "Own CPU time per exec over time", XUnit: "seconds", YUnit: "µs per exec",
		Series: []plot.Series{{Name: otlpName, Points: overTime(s, func(at sample) float64 { return at.SensorCPU })}},
	}
}

func soakTable(s soakReport) string {
	var rows [][]string
	for _, g := range gauges {
		middle, last := s.thirds(g)
		rows = append(rows, []string{g.name, g.text(middle), g.text(last), g.text(g.bound(middle))})
	}
	return "Medians; `make soak` fails above the bound. The first third is for caches to fill.\n\n" +
		markdownTable([]string{"", "second third", "last third", "bound"}, rows)
}
