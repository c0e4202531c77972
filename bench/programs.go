//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// programs are the loaded BPF programs that can hook into an exec, with how long each has run.
type programs map[ebpf.ProgramID]time.Duration

// hooking are the types of program that tracepoints, kprobes, fentry and LSM
// hooks run. Others, such as those of systemd on cgroups, take no part in an exec.
var hooking = []ebpf.ProgramType{
	ebpf.Kprobe, ebpf.TracePoint, ebpf.PerfEvent, ebpf.RawTracepoint, ebpf.RawTracepointWritable, ebpf.Tracing, ebpf.LSM,
}

func loadedPrograms() (programs, error) {
	loaded := programs{}
	for id := ebpf.ProgramID(0); ; {
		var err error
		if id, err = ebpf.ProgramGetNextID(id); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return loaded, nil
			}
			return nil, fmt.Errorf("list the loaded BPF programs: %w", err)
		}
		if err := loaded.read(id); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("read the statistics of BPF program %d: %w", id, err)
		}
	}
}

func (p programs) read(id ebpf.ProgramID) error {
	program, err := ebpf.NewProgramFromID(id)
	if err != nil {
		return err
	}
	defer program.Close()
	if !slices.Contains(hooking, program.Type()) {
		return nil
	}
	stats, err := program.Stats()
	if err != nil {
		return err
	}
	p[id] = stats.Runtime
	return nil
}

// heldPrograms are those of loadedPrograms that this process has open.
func heldPrograms() (programs, error) {
	held := programs{}
	files, err := filepath.Glob("/proc/self/fdinfo/*")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		info, _ := os.ReadFile(file) // none: it was closed meanwhile
		_, after, found := bytes.Cut(info, []byte("\nprog_id:\t"))
		number, _, _ := bytes.Cut(after, []byte("\n"))
		id, err := strconv.ParseUint(string(number), 10, 32)
		if !found || err != nil {
			continue
		}
		if err := held.read(ebpf.ProgramID(id)); err != nil {
			return nil, fmt.Errorf("read the statistics of BPF program %d: %w", id, err)
		}
	}
	return held, nil
}

// openPrograms opens programs that are loaded, to attach them.
func openPrograms(loaded programs) (opened []*ebpf.Program, err error) {
	for id := range loaded {
		p, err := ebpf.NewProgramFromID(id)
		if err != nil {
			return opened, fmt.Errorf("open BPF program %d: %w", id, err)
		}
		opened = append(opened, p)
	}
	return opened, nil
}

// without returns those that are not in other.
func (p programs) without(other programs) programs {
	rest := maps.Clone(p)
	maps.DeleteFunc(rest, func(id ebpf.ProgramID, _ time.Duration) bool {
		_, found := other[id]
		return found
	})
	return rest
}

// sameSet says whether both are the same programs.
func (p programs) sameSet(other programs) bool {
	return len(p) == len(other) && len(p.without(other)) == 0
}

// ranSince is how long the programs in p ran since, which has what they had run by then.
func (p programs) ranSince(since programs) time.Duration {
	sum := time.Duration(0)
	for id, runtime := range p {
		sum += runtime - since[id]
	}
	return sum
}

// only returns those that are also in other.
func (p programs) only(other programs) programs {
	return p.without(p.without(other))
}

// countRunTime makes the kernel keep the run time of programs until the result is closed.
func countRunTime() (io.Closer, error) {
	stats, err := ebpf.EnableStats(unix.BPF_STATS_RUN_TIME)
	if err != nil {
		return nil, fmt.Errorf("turn on the statistics of BPF programs: %w", err)
	}
	return stats, nil
}
