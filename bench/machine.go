//go:build linux

package main

import (
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// machine is where the figures were measured: they are of little use elsewhere.
type machine struct {
	Kernel string    `json:"kernel"`
	Arch   string    `json:"arch"`
	CPUs   int       `json:"cpus"`
	Model  string    `json:"model"`
	Place  placement `json:"placement"`
	Date   string    `json:"date"`
}

func describeMachine(p placement) machine {
	var u unix.Utsname
	_ = unix.Uname(&u) // cannot fail with a valid pointer
	cpuinfo, _ := os.ReadFile("/proc/cpuinfo")
	return machine{
		Kernel: unix.ByteSliceToString(u.Release[:]),
		Arch:   runtime.GOARCH,
		CPUs:   runtime.NumCPU(),
		Model:  parseModel(string(cpuinfo)),
		Place:  p,
		Date:   time.Now().UTC().Format(time.RFC3339),
	}
}

// parseModel finds the CPU's name. Kernels for arm64 give none.
func parseModel(cpuinfo string) string {
	for line := range strings.Lines(cpuinfo) {
		key, value, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
