package ebpfexecreceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/copywatch/copywatch/bpf"
)

func TestDescriptorType(t *testing.T) {
	device := func(major, minor uint32) uint32 { return major<<20 | minor }
	for _, test := range []struct {
		name string
		d    bpf.Descriptor
		want string
	}{
		{"closed", bpf.Descriptor{}, ""},
		{"file", bpf.Descriptor{Mode: 0o100644}, "file"},
		{"pipe", bpf.Descriptor{Mode: 0o010600}, "pipe"},
		{"socket", bpf.Descriptor{Mode: 0o140777}, "socket"},
		{"directory", bpf.Descriptor{Mode: 0o040755}, "other"},
		{"/dev/null", bpf.Descriptor{Mode: 0o020666, Device: device(1, 3)}, "null"},
		{"/dev/zero", bpf.Descriptor{Mode: 0o020666, Device: device(1, 5)}, "other"},
		{"/dev/pts/3", bpf.Descriptor{Mode: 0o020620, Device: device(136, 3)}, "tty"},
		{"/dev/ttyS0", bpf.Descriptor{Mode: 0o020660, Device: device(4, 64)}, "tty"},
		{"/dev/hvc0", bpf.Descriptor{Mode: 0o020600, Device: device(229, 0)}, "tty"},
		{"/dev/sda", bpf.Descriptor{Mode: 0o060660, Device: device(8, 0)}, "other"},
	} {
		assert.Equal(t, test.want, descriptorType(&test.d), test.name)
	}
}

func TestIsWritable(t *testing.T) {
	for _, test := range []struct {
		name     string
		f        bpf.Executable
		uid, gid uint32
		want     bool
	}{
		{"a system binary run by a user", bpf.Executable{Mode: 0o755}, 1000, 1000, false},
		{"root runs root's", bpf.Executable{Mode: 0o755}, 0, 0, false},
		{"a user runs his own", bpf.Executable{Mode: 0o755, Owner: 1000, Group: 1000}, 1000, 1000, true},
		{"his own, but read-only", bpf.Executable{Mode: 0o555, Owner: 1000, Group: 1000}, 1000, 1000, false},
		{"his group's", bpf.Executable{Mode: 0o775, Owner: 7, Group: 1000}, 1000, 1000, true},
		{"everybody's, run by root", bpf.Executable{Mode: 0o777, Owner: 7, Group: 7}, 0, 0, true},
		{"on a read-only mount", bpf.Executable{Mode: 0o777, ReadOnly: true}, 1000, 1000, false},
	} {
		assert.Equal(t, test.want, isWritable(&test.f, test.uid, test.gid), test.name)
	}
}

func TestIsMemfd(t *testing.T) {
	assert.True(t, isMemfd(&bpf.Executable{Path: []byte("memfd:x"), Detached: true}))
	assert.False(t, isMemfd(&bpf.Executable{Path: []byte("/memfd:x")}), "a file that is named so")
	assert.False(t, isMemfd(&bpf.Executable{Path: []byte("SYSV00000000"), Detached: true}))
}
