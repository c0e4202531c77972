//go:build linux

package main

import "slices"

// summary is what is told of several measurements of one thing.
type summary struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// summarize returns the zero summary for no values.
func summarize(values []float64) summary {
	if len(values) == 0 {
		return summary{}
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = (sorted[middle-1] + sorted[middle]) / 2
	}
	return summary{Median: median, Min: sorted[0], Max: sorted[len(sorted)-1]}
}

// summarizeOf summarizes one figure of each item.
func summarizeOf[T any](items []T, figure func(T) float64) summary {
	values := make([]float64, len(items))
	for i, item := range items {
		values[i] = figure(item)
	}
	return summarize(values)
}

// per divides, and returns 0 where nothing was counted.
func per(amount float64, count uint64) float64 {
	if count == 0 {
		return 0
	}
	return amount / float64(count)
}
