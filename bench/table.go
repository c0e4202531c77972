//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// print writes the report for people.
func (r report) print(w io.Writer) {
	m := r.Machine
	fmt.Fprintf(w, "\nLinux %s %s, %d CPUs, %s; load on CPU %d, sensor on CPU %d\n",
		m.Kernel, m.Arch, m.CPUs, m.Model, m.Place.Load, m.Place.Sensor)
	fmt.Fprintf(w, "%s\n\n", r.Load)
	if len(r.Sensors) > 0 {
		r.printTable(w)
	}
	r.Turns.print(w)
	for _, s := range append(slices.Clone(r.Rates), r.Flat...) {
		s.print(w)
	}
	for _, s := range r.Sensors {
		if s.Skipped != "" {
			fmt.Fprintf(w, "skipped  %s: %s\n", s.Name, s.Skipped)
		}
		if s.Failed != "" {
			fmt.Fprintf(w, "failed   %s: %s\n", s.Name, s.Failed)
		}
		if s.Disturbed > 0 {
			fmt.Fprintf(w, "note     %s: the machine was not quiet in %d of %d pairs, others used up to %.2f CPUs\n",
				s.Name, s.Disturbed, s.Pairs, s.Others)
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintf(w, "note     %s\n", note)
	}
}

func (l loadInfo) String() string {
	rate := "as fast as possible"
	if l.Rate > 0 {
		rate = fmt.Sprintf("at %g execs/s", l.Rate)
	}
	return fmt.Sprintf("%d workers %s, %d arguments of %d bytes, runs of %g s; medians [min, max]; an exec is fork, exec, exit and wait",
		l.Workers, rate, l.Arguments, l.ArgumentBytes, l.Seconds)
}

// Two lines of heading: what, and in which unit.
var headings = [][]string{
	{"sensor", "CPU of an exec", "added by sensor", "ratio", "slower", "its programs", "its own CPU", "captured", "lost", "memory", "getppid"},
	{"", "µs without", "µs", "", "%", "ns/exec", "µs/exec", "of execs", "as it says", "MiB", "ns added"},
}

func (r report) printTable(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, line := range headings {
		fmt.Fprintln(t, strings.Join(line, "\t"))
	}
	for _, s := range r.Sensors {
		if s.measured() {
			fmt.Fprintln(t, strings.Join(s.row(r.Load.Rate > 0), "\t"))
		}
	}
	t.Flush()
	fmt.Fprintln(w)
}

// print writes what the turns showed for people.
func (t *turns) print(w io.Writer) {
	if t == nil {
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%d turns of %d ms each\tadded, µs\tto an exec of, µs\tits programs, ns/exec\tlost\n", t.Rounds, t.TurnMS)
	for _, a := range t.Added {
		fmt.Fprintf(table, "%s\t%v\t%.2f\t%.0f\t%d\n", a.Name, a.Micros, t.Alone.Median, a.Programs.Median, a.Lost)
	}
	table.Flush()
	fmt.Fprintln(w)
}

// print writes a sweep for people.
func (s series) print(w io.Writer) {
	if s.Failed != "" {
		fmt.Fprintf(w, "failed   %s: %s\n", s.Of, s.Failed)
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\texecs/s\tits own CPU, µs/exec\tcaptured\tlost\tmemory, MiB\n", s.Of)
	for _, p := range s.Points {
		fmt.Fprintf(t, "%g\t%.0f\t%s\t%s\t%s\t%.0f\n",
			p.At, p.Rate, span(p.SensorCPU), share(p.Execs, p.Made), number(p.Lost), float64(p.MaxRSS)/(1<<20))
	}
	t.Flush()
	fmt.Fprintln(w)
}

func (s result) row(fixedRate bool) []string {
	slower := span(s.Slowdown)
	if fixedRate {
		slower = none // the load waits for its time, not for the kernel
	}
	return []string{
		s.Name,
		fmt.Sprintf("%.2f", s.BaseCPU.Median),
		span(s.AddedCPU),
		fmt.Sprintf("%.3f", s.CPURatio.Median),
		slower,
		fmt.Sprintf("%.0f", s.Programs.Median),
		fmt.Sprintf("%.2f", s.SensorCPU.Median),
		share(s.Execs, s.Made),
		number(s.Lost),
		fmt.Sprintf("%.0f", float64(s.MaxRSS)/(1<<20)),
		fmt.Sprintf("%+.1f", s.Getppid-s.BaseGetppid),
	}
}

// none stands for what a sensor does not tell.
const none = "-"

func span(s summary) string {
	return fmt.Sprintf("%.2f [%.2f, %.2f]", s.Median, s.Min, s.Max)
}

// share shows all of many as 100 % only when it is all.
func share(n *uint64, all uint64) string {
	if n == nil {
		return none
	}
	if *n == all {
		return "100 %"
	}
	return fmt.Sprintf("%.3f %% (%d of %d)", 100*float64(*n)/float64(all), *n, all)
}

func number(n *uint64) string {
	if n == nil {
		return none
	}
	return fmt.Sprint(*n)
}
