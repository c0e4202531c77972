package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReport(t *testing.T) {
	const passing = `{"Action":"pass","Package":"p","Test":"TestGood"}`
	const failing = `{"Action":"output","Package":"p","Test":"TestBad","Output":"bad_test.go:3: boom\n"}
{"Action":"fail","Package":"p","Test":"TestBad"}`
	const skipping = `{"Action":"output","Package":"p","Test":"TestRoot","Output":"    x_test.go:9: needs root\n"}
{"Action":"skip","Package":"p","Test":"TestRoot"}`
	const optional = `{"Action":"output","Package":"p","Test":"TestMay","Output":"    x_test.go:9: optional: no overlay here\n"}
{"Action":"skip","Package":"p","Test":"TestMay"}`
	const broken = `{"Action":"output","Package":"q","Output":"panic: oh\n"}
{"Action":"fail","Package":"q"}`

	for _, test := range []struct {
		name, events string
		strict       bool
		failed       bool
		contains     []string
	}{
		{"all good", passing, true, false, []string{"1 passed, 0 failed, 0 skipped"}},
		{"a failure prints its output", failing, false, true, []string{"boom", "0 passed, 1 failed"}},
		{"a skip is named with its reason", skipping, false, false, []string{"p TestRoot: needs root", "1 skipped"}},
		{"a skip fails when strict", skipping, true, true, []string{"that is a failure"}},
		{"an optional skip does not", optional, true, false, []string{"optional: no overlay here"}},
		{"a package that panics fails", broken, false, true, []string{"panic: oh"}},
		{"what is no JSON is shown", "# p\nsyntax error", false, false, []string{"syntax error"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			r := newReport(&out)
			for line := range strings.Lines(test.events) {
				r.add([]byte(line))
			}
			assert.Equal(t, test.failed, r.finish(test.strict))
			for _, want := range test.contains {
				assert.Contains(t, out.String(), want)
			}
		})
	}
}
