//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// evidence is all that docs/performance.md is printed from.
type evidence struct {
	Report report
	Soak   soakReport
	Micro  []microResult
}

// The files of the evidence, in the directory bench.
const (
	resultsFile = "results.json"
	soakFile    = "soak.json"
	microFile   = "micro-baseline.txt"
)

func readEvidence(dir string) (e evidence, err error) {
	read := func(name string, into any) error {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, into); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	if err := errors.Join(read(resultsFile, &e.Report), read(soakFile, &e.Soak)); err != nil {
		return e, err
	}
	micro, err := os.ReadFile(filepath.Join(dir, microFile))
	if err != nil {
		return e, err
	}
	e.Micro = parseMicro(string(micro))
	return e, e.complete()
}

// complete says which part is missing: the document needs all.
func (e evidence) complete() error {
	switch {
	case len(e.Report.Sensors) == 0 || e.Report.Turns == nil || len(e.Report.Rates) == 0 || len(e.Report.Flat) == 0:
		return errors.New(resultsFile + " has not all parts: run make bench without -only and -parts")
	case e.sensor(fileName) == nil:
		return errors.New(resultsFile + " has no measurement of " + fileName)
	case len(e.Soak.Samples) == 0:
		return errors.New(soakFile + " has no samples: run make soak")
	case len(e.Micro) == 0:
		return errors.New(microFile + " has no results: run make bench-micro")
	}
	return nil
}

// sensor returns what was measured of a sensor, nil where it was not.
func (e evidence) sensor(name string) *result {
	for i, s := range e.Report.Sensors {
		if s.Name == name && s.measured() {
			return &e.Report.Sensors[i]
		}
	}
	return nil
}

// writeDocument prints docs/performance.md and its pictures from what is in bench.
func writeDocument(args []string) error {
	f := flag.NewFlagSet("bench report", flag.ExitOnError)
	from := f.String("from", "bench", "directory of "+resultsFile+", "+soakFile+" and "+microFile)
	into := f.String("into", "docs", "directory for performance.md")
	_ = f.Parse(args) // ends the program itself
	e, err := readEvidence(*from)
	if err != nil {
		return err
	}
	for name, text := range e.documents() {
		path := filepath.Join(*into, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// documents returns the document and its pictures by the names of their files.
func (e evidence) documents() map[string]string {
	all := map[string]string{}
	picture := func(name, alt, svg string) string {
		path := "performance/" + name + ".svg"
		all[path] = svg
		return fmt.Sprintf("![%s](%s)\n\n", alt, path)
	}
	var text strings.Builder
	text.WriteString("# Performance\n\n<!-- Printed by go run ./bench report. Do not edit. -->\n\n")
	text.WriteString(e.introduction())
	text.WriteString("## What an exec costs\n\n" + aboutCost)
	text.WriteString(picture("added", "CPU time that each sensor adds to an exec, in the kernel", addedChart(e.Report).SVG()))
	text.WriteString(picture("own", "CPU time that each sensor's own process uses for an exec", ownChart(e.Report).SVG()))
	text.WriteString(costTable(e.Report))
	text.WriteString("## Cost and rate\n\n" + e.Report.aboutRate())
	text.WriteString(picture("rate", "CPU time per second by execs per second", rateChart(e.Report).SVG()))
	text.WriteString(rateTable(e.Report))
	text.WriteString("## What should not matter\n\n" + aboutFlat)
	text.WriteString(picture("flat", "Own CPU time per exec by the number of processes, containers, tools and approvals", flatChart(e.Report).SVG()))
	text.WriteString(flatTable(e.Report))
	text.WriteString("## Over time\n\n" + e.aboutSoak())
	text.WriteString(picture("memory", "Memory over time", memoryChart(e.Soak).SVG()))
	text.WriteString(picture("uptime", "Own CPU time per exec over time", uptimeChart(e.Soak).SVG()))
	text.WriteString(soakTable(e.Soak))
	text.WriteString("## Beside the transform processor\n\n" + aboutRivals)
	text.WriteString(picture("processors", "Time per record of net_filecopy and of the transform processor", rivalsChart(e.Micro).SVG()))
	text.WriteString("## Parts\n\n" + aboutMicro + microTable(e.Micro))
	text.WriteString("## Where we are not first, and why\n\n" + e.standing())
	text.WriteString(howToRepeat)
	all["performance.md"] = text.String()
	return all
}

func (e evidence) introduction() string {
	m := e.Report.Machine
	day, _, _ := strings.Cut(m.Date, "T")
	text := fmt.Sprintf("All figures are of one machine (%s, %d CPUs, Linux %s %s, %s); the load ran on CPU %d and\n"+
		"each sensor on CPU %d. Trust ratios, and differences that are larger than the range beside them. What each\n"+
		"column means, and how it is measured, is in [bench/README.md](../bench/README.md).\n\n",
		m.Model, m.CPUs, m.Kernel, m.Arch, day, m.Place.Load, m.Place.Sensor)
	for _, s := range e.Report.Sensors {
		if s.Skipped != "" {
			text += fmt.Sprintf("- Not measured: %s (%s).\n", s.Name, s.Skipped)
		}
		if s.Failed != "" {
			text += fmt.Sprintf("- Not measured: %s, which failed.\n", s.Name)
		}
		if s.Disturbed > 0 {
			text += fmt.Sprintf("- Other processes disturbed %d of %d pairs of %s: they used up to %.2f CPUs.\n", s.Disturbed, s.Pairs, s.Name, s.Others)
		}
	}
	for _, note := range e.Report.Notes {
		text += "- " + note + ".\n"
	}
	return strings.TrimRight(text, "\n") + "\n\n"
}

const howToRepeat = "## How to repeat it\n\n" +
	"As root, on a machine that has nothing else to do, with Go and a C compiler:\n\n" +
	"```sh\n" +
	"make bench        # the sensors beside each other, the sweeps, and the parts, some 20 minutes: bench/results.json\n" +
	"make soak         # an hour; SOAK=2m for a look: bench/soak.json\n" +
	"make bench-micro  # the parts alone, held against bench/micro-baseline.txt; UPDATE=1 replaces that\n" +
	"make bench-report # this document, from these files\n" +
	"```\n\n" +
	"Sensors that are not installed are skipped: on Debian, `apt-get install bpftrace libbpf-tools auditd` installs those\n" +
	"that were measured here. `go run ./bench -peer NAME='COMMAND'` puts any other beside them.\n"

// markdownTable writes a table whose first column is text and whose others are figures.
func markdownTable(head []string, rows [][]string) string {
	var text strings.Builder
	text.WriteString("| " + strings.Join(head, " | ") + " |\n| ---")
	text.WriteString(strings.Repeat(" | ---:", len(head)-1) + " |\n")
	for _, row := range rows {
		text.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	return text.String() + "\n"
}
