// Command testreport runs go test and says at the end what passed, what
// failed, and what was left out and why.
//
//	testreport [-strict] [go test flags] packages
//
// With -strict a test that was left out is a failure on a machine that can run
// the tests of the kernel, unless its reason begins with "optional:".
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/copywatch/copywatch/internal/testhost"
)

func main() {
	args := os.Args[1:]
	strict := slices.Contains(args, "-strict")
	args = slices.DeleteFunc(args, func(a string) bool { return a == "-strict" })
	failed, err := run(args, strict, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
	}
	if failed || err != nil {
		os.Exit(1)
	}
}

func run(args []string, strict bool, out io.Writer) (failed bool, err error) {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return true, err
	}
	if err := cmd.Start(); err != nil {
		return true, err
	}
	r := newReport(out)
	for lines := bufio.NewReader(stdout); ; {
		line, err := lines.ReadBytes('\n')
		r.add(line)
		if err != nil {
			break
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return true, err
	}
	kernel := testhost.WhyNoBPF()
	return r.finish(strict && kernel == "") || exit != nil, nil
}

// event is a line of go test -json (go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

type report struct {
	out             io.Writer
	output          map[string][]string // of tests that have not ended, and of packages
	passed, failed  int
	skipped         []string
	brokenSomewhere bool
}

func newReport(out io.Writer) *report {
	return &report{out: out, output: map[string][]string{}}
}

func (r *report) add(line []byte) {
	var e event
	if len(line) == 0 {
		return
	}
	if json.Unmarshal(line, &e) != nil {
		fmt.Fprintf(r.out, "%s", line) // the compiler's own words
		return
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		r.output[key] = append(r.output[key], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.endPackage(e, key)
		} else {
			r.endTest(e, key)
		}
		delete(r.output, key)
	}
}

func (r *report) endTest(e event, key string) {
	switch e.Action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		fmt.Fprintf(r.out, "%s", strings.Join(r.output[key], ""))
	case "skip":
		r.skipped = append(r.skipped, fmt.Sprintf("%s %s: %s", e.Package, e.Test, reason(r.output[key])))
	}
}

func (r *report) endPackage(e event, key string) {
	if e.Action == "fail" {
		r.brokenSomewhere = true
		fmt.Fprintf(r.out, "%s", strings.Join(r.output[key], ""))
		for k, lines := range r.output { // what does not compile, and tests that a panic ended
			if strings.HasPrefix(k, e.Package) && k != key {
				fmt.Fprintf(r.out, "%s", strings.Join(lines, ""))
			}
		}
	}
	if e.Action != "skip" { // a package without tests
		fmt.Fprintf(r.out, "%-5s %s %.1fs\n", e.Action, e.Package, e.Elapsed)
	}
}

// reason is what a test said when it skipped: the line that go test prints with file and line before it.
func reason(output []string) string {
	for _, line := range output {
		line = strings.TrimSpace(line)
		if _, text, ok := strings.Cut(line, ".go:"); ok {
			_, text, _ = strings.Cut(text, ": ")
			return text
		}
	}
	return "no reason given"
}

// finish prints the sum and says whether anything failed. With strict a test left out is a failure.
func (r *report) finish(strict bool) bool {
	failed := r.failed > 0 || r.brokenSomewhere
	if len(r.skipped) > 0 {
		fmt.Fprintln(r.out, "\nLeft out:")
	}
	for _, s := range r.skipped {
		fmt.Fprintln(r.out, "  "+s)
		if strict && !strings.Contains(s, ": optional:") {
			failed = true
			fmt.Fprintln(r.out, "    this machine can run it: that is a failure")
		}
	}
	fmt.Fprintf(r.out, "\n%d passed, %d failed, %d skipped\n", r.passed, r.failed, len(r.skipped))
	return failed
}
