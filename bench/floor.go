//go:build linux

package main

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
)

// floorSensor is a program that does nothing on the tracepoint that ours uses: no sensor in BPF can cost less.
func floorSensor() sensor { return childSensor(floorName) }

const floorName = "floor"

func runFloor(string) error {
	program, err := loadFloor()
	if err != nil {
		return err
	}
	defer program.Close()
	l, err := attach(program)
	if err != nil {
		return err
	}
	defer l.Close()
	<-announce()
	return reportToHarness(captured{})
}

func loadFloor() (*ebpf.Program, error) {
	program, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Name:         "bench_floor",
		Type:         ebpf.RawTracepoint,
		License:      "GPL",
		Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()},
	})
	if err != nil {
		return nil, fmt.Errorf("load an empty program: %w", err)
	}
	return program, nil
}
