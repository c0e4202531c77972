package main

import (
	"fmt"
	"slices"
	"strings"
)

// kernel is one row of the matrix: the newest kernel of a series for an architecture.
type kernel struct {
	series string // the beginning of the version, whole numbers
	arch   string // as Debian and Go name it
}

func (k kernel) String() string { return k.series + "-" + k.arch }

// matrix has the long-term kernels of the Debian releases, and the newest that Debian has.
var matrix = []kernel{
	{"5.10", "amd64"},
	{"6.1", "amd64"},
	{"6.12", "amd64"},
	{"7", "amd64"},
	{"5.10", "arm64"},
	{"6.1", "arm64"},
	{"7", "arm64"},
}

func names(kernels []kernel) string {
	var s []string
	for _, k := range kernels {
		s = append(s, k.String())
	}
	return strings.Join(s, ",")
}

// choose returns the kernels of a list of names separated by commas, all of them for none.
func choose(list string) ([]kernel, error) {
	if list == "" {
		return matrix, nil
	}
	var chosen []kernel
	for _, name := range strings.Split(list, ",") {
		i := slices.IndexFunc(matrix, func(k kernel) bool { return k.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("no kernel is named %q; the names are %s", name, names(matrix))
		}
		chosen = append(chosen, matrix[i])
	}
	return chosen, nil
}
