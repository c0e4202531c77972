//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// serviceUnit is how the packages run the collector, seen from the repository's root. It is measured so.
const serviceUnit = "deploy/systemd/copywatch.service"

// service is what of it bears on the use of CPU time and memory.
type service struct {
	environment []string // variables of Go's runtime, as NAME=value
	slack       time.Duration
}

func readService(root string) (service, error) {
	text, err := os.ReadFile(filepath.Join(root, serviceUnit))
	if err != nil {
		return service{}, err
	}
	var s service
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch {
		case key == "Environment" && strings.HasPrefix(value, "GO"):
			s.environment = append(s.environment, value)
		case key == "TimerSlackNSec":
			if s.slack, err = time.ParseDuration(value); err != nil {
				return service{}, fmt.Errorf("%s: TimerSlackNSec: %w", serviceUnit, err)
			}
		}
	}
	return s, nil
}

// heapGrowth is by what share of the live heap garbage may grow: GOGC, 1 by default.
func (s service) heapGrowth() float64 {
	for _, variable := range s.environment {
		value, ok := strings.CutPrefix(variable, "GOGC=")
		if percent, err := strconv.Atoi(value); ok && err == nil {
			return float64(percent) / 100
		}
	}
	return 1
}
