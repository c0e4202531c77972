package main

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// result is what became of one kernel.
type result struct {
	kernel                  kernel
	leftOut                 error // why it was not booted
	release                 string
	btf                     string // size of the types in bytes, empty without
	passed, failed, skipped int
	problems                []string
	output                  []string // of tests that did not pass
	log                     string
	took                    time.Duration
}

func (r *result) print(w io.Writer) {
	if r.leftOut != nil {
		fmt.Fprintf(w, "----  %-11s not tested: %v\n", r.kernel, r.leftOut)
		return
	}
	verdict, btf := "ok", "no BTF"
	if len(r.problems) > 0 {
		verdict = "FAIL"
	}
	if r.btf != "" {
		btf = "BTF"
	}
	fmt.Fprintf(w, "%-5s %-11s %-22s %-6s  %d passed, %d failed  %.0f s\n",
		verdict, r.kernel, r.release, btf, r.passed, r.failed, r.took.Seconds())
	for _, problem := range r.problems {
		fmt.Fprintf(w, "      %s\n", problem)
	}
	for _, line := range r.output {
		fmt.Fprintf(w, "      | %s\n", line)
	}
	if len(r.problems) > 0 {
		fmt.Fprintf(w, "      The whole console is in %s\n", r.log)
	}
}

// summarize writes the totals. Its error is the verdict on all kernels.
func summarize(w io.Writer, results []result, strict bool) error {
	var passed, failed, leftOut int
	for _, r := range results {
		switch {
		case r.leftOut != nil:
			leftOut++
		case len(r.problems) > 0:
			failed++
		default:
			passed++
		}
	}
	fmt.Fprintf(w, "Kernels: %d passed, %d failed, %d not tested\n", passed, failed, leftOut)
	switch {
	case failed > 0:
		return errors.New("the probe's tests do not pass on every kernel")
	case strict && leftOut > 0:
		return errors.New("-strict: some kernels were not tested")
	}
	return nil
}
