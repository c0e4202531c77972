package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	booted = "SeaBIOS\x1b[2J\r\ncopywatch release 6.1.0-56-amd64\r\ncopywatch btf 4400000\r\n"
	passed = "=== RUN   TestA\r\n=== RUN   TestA/one\r\n--- PASS: TestA (0.00s)\r\n    --- PASS: TestA/one (0.00s)\r\n"
	broken = "=== RUN   TestB\r\n    b_test.go:1: verifier says no\r\n--- FAIL: TestB (0.01s)\r\n"
	skip   = "=== RUN   TestC\r\n    c_test.go:1: needs root\r\n--- SKIP: TestC (0.00s)\r\n"
)

func TestJudge(t *testing.T) {
	for _, test := range []struct {
		name, console           string
		passed, failed, skipped int
		problem, shown          string
	}{
		{"all pass", booted + passed + "PASS\r\ncopywatch exit 0\r\n", 1, 0, 0, "", ""},
		{"one fails", booted + passed + broken + passed + "FAIL\r\ncopywatch exit 1\r\n", 2, 1, 0, "exit code 1", "verifier says no"},
		{"one is left out", booted + passed + skip + "PASS\r\ncopywatch exit 0\r\n", 1, 0, 1, "1 tests were skipped", "needs root"},
		{"a panic of the tests", booted + passed + "=== RUN   TestD\r\npanic: oh\r\ncopywatch exit 2\r\n", 1, 1, 0, "exit code 2", "panic: oh"},
		{"a panic of the kernel", booted + passed + "=== RUN   TestD\r\nKernel panic\r\n", 1, 0, 0, "ended before", "Kernel panic"},
		{"no boot", "SeaBIOS\r\n", 0, 0, 0, "ended before", "SeaBIOS"},
		{"no tests", booted + "copywatch exit 0\r\n", 0, 0, 0, "no test passed", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := judge([]byte(test.console))
			assert.Equal(t, []int{test.passed, test.failed, test.skipped}, []int{r.passed, r.failed, r.skipped})
			problems := strings.Join(r.problems, "\n")
			assert.Equal(t, test.problem == "", problems == "", problems)
			assert.Contains(t, problems, test.problem)
			assert.Contains(t, strings.Join(r.output, "\n"), test.shown)
			if test.shown == "" {
				assert.Empty(t, r.output)
			}
		})
	}
	assert.Equal(t, "6.1.0-56-amd64", judge([]byte(booted)).release)
	assert.Equal(t, "4400000", judge([]byte(booted)).btf)
}
