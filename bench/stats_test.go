//go:build linux

package main

import "testing"

func TestSummarize(t *testing.T) {
	tests := []struct {
		name string
		in   []float64
		want summary
	}{
		{"nothing", nil, summary{}},
		{"one", []float64{4}, summary{4, 4, 4}},
		{"odd, unsorted", []float64{9, 1, 2}, summary{2, 1, 9}},
		{"even: mean of the middle two", []float64{4, 1, 3, 2}, summary{2.5, 1, 4}},
		{"negative differences", []float64{-1, -3, 2}, summary{-1, -3, 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := summarize(tt.in); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestSummarizeLeavesItsInputAlone(t *testing.T) {
	in := []float64{3, 1, 2}
	summarize(in)
	if in[0] != 3 || in[1] != 1 || in[2] != 2 {
		t.Errorf("input became %v", in)
	}
}

func TestPerNothingIsZero(t *testing.T) {
	if got := per(5, 0); got != 0 {
		t.Errorf("got %v", got)
	}
}
