//go:build linux

package main

import (
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// peer is a sensor of someone else, started by a shell command.
type peer struct{ name, command string }

// peerFlags collects the flags -peer name='command'.
type peerFlags []peer

func (p *peerFlags) String() string { return "" }

func (p *peerFlags) Set(value string) error {
	name, command, ok := strings.Cut(value, "=")
	if !ok || name == "" || strings.TrimSpace(command) == "" {
		return fmt.Errorf("%q is not name='command'", value)
	}
	*p = append(*p, peer{name, command})
	return nil
}

func (p peerFlags) sensors(settle time.Duration) []sensor {
	var all []sensor
	for _, peer := range p {
		all = append(all, peer.sensor(settle))
	}
	return all
}

func (p peer) sensor(settle time.Duration) sensor {
	return sensor{
		name: p.name,
		command: func(string, string) (*exec.Cmd, error) {
			return exec.Command("/bin/sh", "-c", "exec "+p.command), nil
		},
		settle:   settle,
		captured: scanFiles,
	}
}

// inDebugfs runs a program where /sys/kernel/debug is mounted, which bpftrace
// and bcc need and not every host has; the host's own mounts stay as they are.
const inDebugfs = `unshare --mount sh -c '[ -e /sys/kernel/debug/tracing ] || mount -t debugfs debugfs /sys/kernel/debug; exec "$@"' sh `

// known are peers that are measured wherever they are installed, with the programs that they need.
var known = []struct {
	peer
	needs []string
}{
	{peer{"bpftrace-count", inDebugfs + `bpftrace -e 'tracepoint:sched:sched_process_exec { @ = count(); }'`}, []string{"bpftrace", "unshare"}},
	{peer{"bpftrace-execsnoop", inDebugfs + "execsnoop.bt"}, []string{"bpftrace", "execsnoop.bt", "unshare"}},
	{peer{"libbpf-execsnoop", inDebugfs + "execsnoop"}, []string{"execsnoop", "unshare"}},
	{peer{"bcc-execsnoop", inDebugfs + "execsnoop-bpfcc"}, []string{"execsnoop-bpfcc", "unshare"}},
}

func knownPeers(settle time.Duration) []sensor {
	var all []sensor
	for _, k := range known {
		s := k.sensor(settle)
		s.skip = missing(k.needs)
		all = append(all, s)
	}
	return all
}

// missing says which of the programs is not there, or nothing.
func missing(programs []string) string {
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			return program + " is not installed"
		}
	}
	return ""
}
