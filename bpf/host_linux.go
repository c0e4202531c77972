//go:build linux && (amd64 || arm64)

package bpf

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// The reasons why a host cannot run the probe. Errors from Open wrap them.
var (
	ErrKernelTooOld = errors.New("kernel too old")
	ErrNoBTF        = errors.New("kernel has no BTF")
	ErrCapability   = errors.New("capability missing")
	ErrLockedDown   = errors.New("kernel is locked down")
)

// checkHost finds, before anything is loaded, what would make loading fail with an error that says less.
func checkHost(o Options) error {
	return errors.Join(
		checkKernel(kernelRelease(), o),
		checkBTF(o.BTFPath),
		checkCapabilities(readFile("/proc/self/status")),
		checkLockdown(readFile("/sys/kernel/security/lockdown")),
	)
}

func readFile(path string) []byte {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return content
}

func kernelRelease() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return ""
	}
	return unix.ByteSliceToString(u.Release[:])
}

// checkKernel wants 5.8, the first with BPF ring buffers and CAP_BPF, and 5.11
// for the one program that asks the kernel for the current task in a form that
// the verifier knows. A release that cannot be read passes: loading will tell.
func checkKernel(release string, o Options) error {
	var major, minor int
	if n, _ := fmt.Sscanf(release, "%d.%d", &major, &minor); n < 2 {
		return nil
	}
	if major < 5 || major == 5 && minor < 8 {
		return fmt.Errorf("%w: this is %s; 5.8 or later is needed for the BPF ring buffer", ErrKernelTooOld, release)
	}
	if o.Failed && major == 5 && minor < 11 {
		return fmt.Errorf("%w: this is %s; 5.11 or later is needed for calls of execve that fail (exec_errors)", ErrKernelTooOld, release)
	}
	return nil
}

func checkBTF(path string) error {
	const kernels = "/sys/kernel/btf/vmlinux"
	if path != "" {
		return nil
	}
	if _, err := os.Stat(kernels); err != nil {
		return fmt.Errorf("%w: %s: %v; use a kernel built with CONFIG_DEBUG_INFO_BTF, or set btf_path", ErrNoBTF, kernels, errors.Unwrap(err))
	}
	return nil
}

// checkCapabilities reads the effective set from /proc/self/status. CAP_SYS_ADMIN stands for both.
func checkCapabilities(status []byte) error {
	_, rest, ok := bytes.Cut(status, []byte("\nCapEff:\t"))
	if !ok {
		return nil
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	effective, err := strconv.ParseUint(string(line), 16, 64)
	if err != nil || effective&(1<<unix.CAP_SYS_ADMIN) != 0 {
		return nil
	}
	var missing []string
	if effective&(1<<unix.CAP_BPF) == 0 {
		missing = append(missing, "CAP_BPF (to load programs and maps)")
	}
	if effective&(1<<unix.CAP_PERFMON) == 0 {
		missing = append(missing, "CAP_PERFMON (to attach to tracepoints and read kernel memory)")
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("%w: %s; run as root or grant them", ErrCapability, strings.Join(missing, ", "))
}

// checkLockdown refuses only the mode in which BPF programs may not read kernel memory.
func checkLockdown(lockdown []byte) error {
	if bytes.Contains(lockdown, []byte("[confidentiality]")) {
		return fmt.Errorf("%w: lockdown=confidentiality forbids BPF programs to read kernel memory; boot with lockdown=integrity or none", ErrLockedDown)
	}
	return nil
}

// explainLoad adds to an error of the kernel what the kernel does not say, and the verifier's log where there is one.
func explainLoad(err error) error {
	var verifier *ebpf.VerifierError
	switch {
	case errors.As(err, &verifier):
		return fmt.Errorf("load the exec probe: the kernel's verifier refused it: %+v", verifier)
	case errors.Is(err, unix.EPERM):
		return fmt.Errorf("load the exec probe: %w; the process lacks a capability, is in a user namespace, "+
			"a seccomp profile or security module forbids bpf(2), or on kernels below 5.11 RLIMIT_MEMLOCK is too low", err)
	default:
		return fmt.Errorf("load the exec probe: %w", err)
	}
}
