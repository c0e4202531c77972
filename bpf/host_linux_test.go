//go:build linux && (amd64 || arm64)

package bpf

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheckKernel(t *testing.T) {
	for release, want := range map[string]error{
		"6.18.44": nil, "5.8.0": nil, "5.10.0-32-amd64": nil, "10.0": nil, "unknown": nil,
		"5.7.19": ErrKernelTooOld, "4.19.0-26-amd64": ErrKernelTooOld,
	} {
		assert.ErrorIs(t, checkKernel(release, Options{}), want, release)
	}
	assert.ErrorIs(t, checkKernel("5.10.0-46-amd64", Options{Failed: true}), ErrKernelTooOld)
	assert.NoError(t, checkKernel("5.11.0", Options{Failed: true}))
}

func TestCheckCapabilities(t *testing.T) {
	for _, test := range []struct {
		name, effective string
		missing         []string
	}{
		{"root", "000001ffffffffff", nil},
		{"CAP_SYS_ADMIN stands for both", "0000000000200000", nil},
		{"just the two", "000000c000000000", nil},
		{"no CAP_BPF", "0000004000000000", []string{"CAP_BPF"}},
		{"no CAP_PERFMON", "0000008000000000", []string{"CAP_PERFMON"}},
		{"none", "0000000000000000", []string{"CAP_BPF", "CAP_PERFMON"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := checkCapabilities([]byte("Name:\tx\nCapPrm:\t0\nCapEff:\t" + test.effective + "\nCapBnd:\t0\n"))
			if test.missing == nil {
				assert.NoError(t, err)
			}
			for _, name := range test.missing {
				assert.ErrorIs(t, err, ErrCapability)
				assert.ErrorContains(t, err, name)
			}
		})
	}
}

func TestCheckLockdown(t *testing.T) {
	assert.NoError(t, checkLockdown([]byte("none [integrity] confidentiality\n")))
	assert.NoError(t, checkLockdown(nil))
	assert.ErrorIs(t, checkLockdown([]byte("none integrity [confidentiality]\n")), ErrLockedDown)
}

func TestCheckBTF(t *testing.T) {
	assert.NoError(t, checkBTF("/anything"), "a path that is given is read later")
}
