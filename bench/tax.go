//go:build linux

package main

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"syscall"
	"time"
)

// Hooks on the entry or exit of system calls, and audit rules, slow each
// system call of each process. getppid does next to nothing, so it shows that
// best. The kernel marks processes for such hooks when they start or when a
// hook is attached, so a new process measures.

func runGetppid(string) error {
	fmt.Printf("%.2f\n", getppidNanos())
	return nil
}

// getppidNanos is the time of one getppid in the fastest of many short rounds, which nothing interrupted.
func getppidNanos() float64 {
	const rounds, calls = 100, 5_000
	best := time.Hour
	for range rounds {
		start := time.Now()
		for range calls {
			syscall.RawSyscall(syscall.SYS_GETPPID, 0, 0, 0)
		}
		best = min(best, time.Since(start))
	}
	return float64(best.Nanoseconds()) / calls
}

// measureTax returns ns per getppid on one CPU: the least of several processes,
// since where its code and stack lie makes a process faster or slower by some ns.
func measureTax(cpu int) (float64, error) {
	const processes = 5
	best := math.Inf(1)
	for range processes {
		ns, err := getppidOfProcess(cpu)
		if err != nil {
			return 0, fmt.Errorf("measure getppid: %w", err)
		}
		best = min(best, ns)
	}
	return best, nil
}

func getppidOfProcess(cpu int) (float64, error) {
	cmd, err := commandOfChild("getppid", "")
	if err != nil {
		return 0, err
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := startOn(cpu, cmd); err != nil {
		return 0, err
	}
	if err := cmd.Wait(); err != nil {
		return 0, err
	}
	return strconv.ParseFloat(string(bytes.TrimSpace(out.Bytes())), 64)
}
