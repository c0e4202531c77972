package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// machine is what emulates an architecture.
type machine struct {
	command string
	debian  string // the package that has the command
	args    []string
	console string
}

// KVM is left unused: it exists only for the host's own architecture, and not on most machines that build.
var machines = map[string]machine{
	"amd64": {"qemu-system-x86_64", "qemu-system-x86", []string{"-M", "q35", "-cpu", "max"}, "ttyS0"},
	"arm64": {"qemu-system-aarch64", "qemu-system-arm", []string{"-M", "virt", "-cpu", "cortex-a72"}, "ttyAMA0"},
}

func findMachine(arch string) (machine, error) {
	m := machines[arch]
	if _, err := exec.LookPath(m.command); err != nil {
		return m, fmt.Errorf("needs %s (Debian package %s)", m.command, m.debian)
	}
	return m, nil
}

// guest is a machine with what it boots.
type guest struct {
	machine          machine
	image, initramfs string
	log              string // where its console is kept
}

// boot runs the guest until it powers off and returns what it wrote to its console.
func (g *guest) boot(ctx context.Context) (console []byte, err error) {
	args := append([]string{
		"-accel", "tcg", "-smp", "2", "-m", "512", "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio",
		"-kernel", g.image, "-initrd", g.initramfs,
		// A panic reboots at once, which ends the guest.
		"-append", "console=" + g.machine.console + " quiet panic=-1",
	}, g.machine.args...)
	f, err := os.Create(g.log)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cmd := exec.CommandContext(ctx, g.machine.command, args...)
	cmd.Stdout, cmd.Stderr = f, f
	err = cmd.Run()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = errors.New("the guest was ended: it took longer than -patience allows")
	} else if err != nil {
		err = fmt.Errorf("%s: %w", g.machine.command, err)
	}
	console, readErr := os.ReadFile(g.log)
	return console, errors.Join(err, readErr)
}
