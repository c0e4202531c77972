//go:build linux

package main

import (
	"slices"
	"testing"
	"time"
)

func TestReadService(t *testing.T) {
	s, err := readService("..")
	if err != nil {
		t.Fatal(err)
	}
	if s.slack != time.Millisecond || !slices.Contains(s.environment, "GOGC=400") || !slices.Contains(s.environment, "GOMEMLIMIT=450MiB") {
		t.Errorf("got %+v", s)
	}
	if got := s.heapGrowth(); got != 4 {
		t.Errorf("the heap may grow by %g", got)
	}
	if got := (service{}).heapGrowth(); got != 1 {
		t.Errorf("the heap may grow by %g where the unit says nothing", got)
	}
	if _, err := readService(t.TempDir()); err == nil {
		t.Error("no unit: no error")
	}
}
