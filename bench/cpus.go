//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// placement says which CPU runs the load and which the sensor. Apart, they
// cannot take time from each other, and what the load loses it loses in the kernel.
type placement struct {
	Load   int `json:"load_cpu"`
	Sensor int `json:"sensor_cpu"`
	// Remark is empty where the CPUs share nothing.
	Remark string `json:"remark,omitempty"`
}

func (p placement) cpus() []int {
	return slices.Compact([]int{p.Load, p.Sensor})
}

func placeOnHost() (placement, error) {
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return placement{}, fmt.Errorf("read the CPUs that this process may use: %w", err)
	}
	var cpus []int
	for cpu := range len(allowed) * 64 {
		if allowed.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	if len(cpus) == 0 {
		return placement{}, fmt.Errorf("the kernel lists no CPU that this process may use")
	}
	path := fmt.Sprintf("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpus[0])
	siblings, _ := os.ReadFile(path) // without topology no CPU is known to be a sibling
	return place(cpus, parseCPUList(string(siblings))), nil
}

// place takes the first CPU for the load and the first that is not a thread of the same core for the sensor.
func place(cpus, siblings []int) placement {
	p := placement{Load: cpus[0], Sensor: cpus[0]}
	if len(cpus) == 1 {
		p.Remark = "load and sensor share the only CPU: wall time contains the sensor's own time"
		return p
	}
	for _, cpu := range cpus[1:] {
		if !slices.Contains(siblings, cpu) {
			p.Sensor = cpu
			return p
		}
	}
	p.Sensor = cpus[1]
	p.Remark = "load and sensor run on two threads of one core and slow each other"
	return p
}

// parseCPUList reads the kernel's notation, such as 0-2,8, and leaves out what it cannot read.
func parseCPUList(list string) []int {
	var cpus []int
	for part := range strings.SplitSeq(strings.TrimSpace(list), ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		if err != nil {
			continue
		}
		to := from
		if isRange {
			if to, err = strconv.Atoi(last); err != nil {
				continue
			}
		}
		for cpu := from; cpu <= to; cpu++ {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}

// startOn starts cmd on one CPU and in a process group of its own. The child
// inherits the mask of the thread that forks it; main keeps its thread.
func startOn(cpu int, cmd *exec.Cmd) error {
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return fmt.Errorf("read the CPU mask: %w", err)
	}
	one.Set(cpu)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return fmt.Errorf("move to CPU %d: %w", cpu, err)
	}
	defer unix.SchedSetaffinity(0, &before)
	cmd.SysProcAttr = &unix.SysProcAttr{Setpgid: true, Pdeathsig: unix.SIGKILL}
	return cmd.Start()
}
