// Command kernels runs the tests of package bpf on Debian's kernels, from the
// oldest series that the probe supports to the newest, for both architectures.
// It is run in the root of the repository:
//
//	go run ./test/kernels [-strict] [-kernel 5.10-amd64,7-arm64]
//
// Each kernel is booted under qemu's software emulation with an initramfs that
// holds busybox and the test binary; neither root nor KVM is needed. Kernels
// and busybox come from the Debian mirror that the machine's own apt uses, by
// an apt configuration that lives, like everything that is made, below
// dist/kernels.
//
// A kernel that cannot be had or booted is named with the reason; with -strict
// that is a failure.
package main
