//go:build linux

package main

import "testing"

// A walk goes through all lines, and no two in a row are neighbours more often than by chance.
func TestCircle(t *testing.T) {
	const count = 4096
	lines := circle(count)
	seen, neighbours, at := 0, 0, uint32(0)
	for {
		next := lines[at].next
		if next == at+1 {
			neighbours++
		}
		seen++
		if at = next; at == 0 {
			break
		}
	}
	if seen != count {
		t.Errorf("a circle of %d lines, not of %d", seen, count)
	}
	if neighbours > 20 {
		t.Errorf("%d steps to the next line", neighbours)
	}
	if ns := walk(lines); ns <= 0 {
		t.Errorf("%v ns per step", ns)
	}
}
