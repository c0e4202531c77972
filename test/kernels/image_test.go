package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const search = `linux-image-6.12-amd64 - Linux for 64-bit PCs (meta-package)
linux-image-6.12.90+deb13-amd64 - Linux 6.12 for 64-bit PCs (signed)
linux-image-6.12.90+deb13.1-amd64 - Linux 6.12 for 64-bit PCs (signed)
linux-image-6.12.117+deb12-amd64 - Linux 6.12 for 64-bit PCs (signed)
linux-image-6.12.117+deb13-amd64 - Linux 6.12 for 64-bit PCs (signed)
linux-image-6.12.117+deb13-amd64-dbg - Debug symbols
linux-image-6.12.117+deb13-amd64-unsigned - Linux 6.12 for 64-bit PCs
linux-image-6.12.117+deb13-cloud-amd64 - Linux 6.12 for x86-64 cloud (signed)
linux-image-6.12.118+deb13-rt-amd64 - Linux 6.12 for 64-bit PCs, PREEMPT_RT (signed)
linux-image-6.1.0-0.deb11.48-amd64 - Linux 6.1 for 64-bit PCs (signed)
linux-image-6.1.0-9-amd64 - Linux 6.1 for 64-bit PCs (signed)
linux-image-6.1.0-56-amd64 - Linux 6.1 for 64-bit PCs (signed)
linux-image-6.1.0-57-arm64 - Linux 6.1 for 64-bit ARMv8 machines (signed)
linux-binary-7.2.12+deb13-amd64 - Linux 7.2.12 for 64-bit PCs (kernel image)
linux-binary-7.3.4+deb13-amd64 - Linux 7.3.4 for 64-bit PCs (kernel image)
linux-image-7.3.4+deb13-amd64 - Linux 7.3.4 for 64-bit PCs
linux-binary-7.3.4+deb13-arm64-16k - Linux 7.3.4 for 64-bit ARMv8 machines, 16k pages
`

func TestKernelPackages(t *testing.T) {
	for want, packages := range map[kernel][]string{
		{"6.12", "amd64"}: {"linux-image-6.12.117+deb13-amd64", "linux-image-6.12.117+deb12-amd64",
			"linux-image-6.12.90+deb13.1-amd64", "linux-image-6.12.90+deb13-amd64"},
		{"6.1", "amd64"}: {"linux-image-6.1.0-56-amd64", "linux-image-6.1.0-9-amd64"},
		{"6.1", "arm64"}: {"linux-image-6.1.0-57-arm64"},
		{"7", "amd64"}: {"linux-binary-7.3.4+deb13-amd64", "linux-image-7.3.4+deb13-amd64",
			"linux-binary-7.2.12+deb13-amd64"},
		{"7", "arm64"}: nil,
	} {
		assert.Equal(t, packages, kernelPackages(search, want), want.String())
	}
}
