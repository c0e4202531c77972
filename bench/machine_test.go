//go:build linux

package main

import (
	"math"
	"slices"
	"testing"
)

func TestParseCPUList(t *testing.T) {
	tests := []struct {
		in   string
		want []int
	}{
		{"0\n", []int{0}},
		{"0-3\n", []int{0, 1, 2, 3}},
		{"0,32", []int{0, 32}},
		{"0-1,4-5,9", []int{0, 1, 4, 5, 9}},
		{"", nil},
		{"x,2", []int{2}},
	}
	for _, tt := range tests {
		if got := parseCPUList(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %v, want %v", tt.in, got, tt.want)
		}
	}
}

func TestPlace(t *testing.T) {
	tests := []struct {
		name           string
		cpus, siblings []int
		load, sensor   int
		remark         bool
	}{
		{"two cores", []int{0, 1}, []int{0}, 0, 1, false},
		{"topology unknown", []int{0, 1}, nil, 0, 1, false},
		{"threads numbered core by core", []int{0, 1, 2, 3}, []int{0, 1}, 0, 2, false},
		{"threads numbered apart", []int{0, 1, 2, 3}, []int{0, 2}, 0, 1, false},
		{"one core of two threads", []int{0, 1}, []int{0, 1}, 0, 1, true},
		{"one CPU", []int{3}, []int{3}, 3, 3, true},
		{"a cpuset", []int{5, 6, 7}, []int{4, 5}, 5, 6, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := place(tt.cpus, tt.siblings)
			if p.Load != tt.load || p.Sensor != tt.sensor || (p.Remark != "") != tt.remark {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestParseBusy(t *testing.T) {
	// user nice system idle iowait irq softirq steal guest guest_nice
	const stat = "cpu  999 999 999 999 999 999 999 999 0 0\n" +
		"cpu0 100 1 50 5000 70 2 3 4 90 0\n" +
		"cpu1 10 0 0 5000 0 0 0 0 0 0\n" +
		"cpu10 700 0 0 0 0 0 0 0 0 0\n" +
		"intr 12345\n"
	tests := []struct {
		cpus []int
		want float64
	}{
		{[]int{0}, 1.60},
		{[]int{0, 1}, 1.70},
		{[]int{10}, 7},
		{nil, 0},
	}
	for _, tt := range tests {
		if got := parseBusy([]byte(stat), tt.cpus); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("CPUs %v: got %v, want %v", tt.cpus, got, tt.want)
		}
	}
}

func TestParseModel(t *testing.T) {
	if got := parseModel("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n"); got != "Some CPU @ 2 GHz" {
		t.Errorf("got %q", got)
	}
	if got := parseModel("processor\t: 0\nCPU part\t: 0xd0c\n"); got != "unknown" {
		t.Errorf("got %q", got)
	}
}
