package main

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// Top-level tests only: what a subtest says is part of the test.
	testBegin = regexp.MustCompile(`^=== RUN   ([^/]+)$`)
	testEnd   = regexp.MustCompile(`^--- (PASS|FAIL|SKIP): `)
	marker    = regexp.MustCompile(`copywatch (release|btf|exit) (\S+)`)
)

// tailLines is how much of a console is shown when its tests did not end.
const tailLines = 40

// judge reads what init.sh and the tests wrote.
func judge(console []byte) result {
	var r result
	lines := strings.Split(strings.ReplaceAll(string(console), "\r", ""), "\n")
	markers := map[string]string{}
	var t transcript
	for _, line := range lines {
		if m := marker.FindStringSubmatch(line); m != nil {
			t.end(&r)
			markers[m[1]] = m[2]
			continue
		}
		t.add(&r, line)
	}
	r.release, r.btf = markers["release"], markers["btf"]
	switch exit := markers["exit"]; {
	case exit == "":
		r.problems = append(r.problems, "the guest ended before its tests did; its last lines:")
		r.output = append(r.output, lines[max(0, len(lines)-tailLines):]...)
	case exit != "0":
		r.problems = append(r.problems, "the tests ended with exit code "+exit)
	}
	if r.skipped > 0 {
		r.problems = append(r.problems, fmt.Sprintf("%d tests were skipped; every one can run here", r.skipped))
	}
	if r.passed == 0 {
		r.problems = append(r.problems, "no test passed")
	}
	return r
}

// transcript is what one test writes.
type transcript struct {
	lines   []string
	verdict string // empty until there is one
}

func (t *transcript) add(r *result, line string) {
	if testBegin.MatchString(line) {
		t.end(r)
	}
	if m := testEnd.FindStringSubmatch(line); m != nil {
		t.verdict = m[1]
	}
	t.lines = append(t.lines, line)
}

// end counts the test and keeps the words of one that did not pass.
func (t *transcript) end(r *result) {
	begun := len(t.lines) > 0 && testBegin.MatchString(t.lines[0])
	switch {
	case !begun:
	case t.verdict == "PASS":
		r.passed++
	case t.verdict == "SKIP":
		r.skipped++
		r.output = append(r.output, t.lines...)
	default:
		r.failed++
		r.output = append(r.output, t.lines...)
	}
	*t = transcript{}
}
