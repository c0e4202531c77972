// Package testhost tells tests what the machine that they run on can do, so
// that a test is left out only where it truly cannot run, and says why.
package testhost

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// NeedBPF skips a test where eBPF programs cannot be loaded. Where they can, a failure to load is the test's failure.
func NeedBPF(t testing.TB) {
	t.Helper()
	if why := WhyNoBPF(); why != "" {
		t.Skip(why)
	}
}

// WhyNoBPF says what the machine lacks for eBPF programs, or is empty.
func WhyNoBPF() string {
	switch {
	case runtime.GOOS != "linux":
		return "needs Linux, this is " + runtime.GOOS
	case runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64":
		return "needs amd64 or arm64, this is " + runtime.GOARCH
	case os.Geteuid() != 0:
		return "needs root to load eBPF programs"
	}
	if _, err := os.Stat("/sys/kernel/btf/vmlinux"); err != nil {
		return "needs a kernel with BTF: " + err.Error()
	}
	return ""
}

// NeedCommand skips a test where a program is not installed, and returns its path where it is.
func NeedCommand(t testing.TB, name, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("needs %s (Debian package %s)", name, debianPackage)
	}
	return path
}

// WantCommand is NeedCommand for a program without which a test may be left out anywhere.
func WantCommand(t testing.TB, name, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("optional: needs %s (Debian package %s)", name, debianPackage)
	}
	return path
}
