package ebpfexecreceiver

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/bpf"
)

func TestParseContainer(t *testing.T) {
	content, err := os.ReadFile("../../testdata/receiver/cgroups.yaml")
	require.NoError(t, err)
	var rows []struct{ Path, ID, Runtime, Pod string }
	require.NoError(t, yaml.Unmarshal(content, &rows))
	require.Greater(t, len(rows), 30)

	ids := strings.NewReplacer("OTHER", strings.Repeat("f0", 32), "ID", strings.Repeat("0a", 32))
	for _, row := range rows {
		got, ok := parseContainer(ids.Replace(row.Path))
		assert.Equal(t, row.ID != "", ok, row.Path)
		assert.Equal(t, container{id: ids.Replace(row.ID), runtime: row.Runtime, podUID: row.Pod}, got, row.Path)
	}
}

func FuzzParseContainer(f *testing.F) {
	f.Add("/kubepods.slice/kubepods-pod0a1b2c3d_1111_2222_3333_444455556666.slice/crio-" + strings.Repeat("0a", 32) + ".scope")
	f.Add("/lxc/x")
	f.Fuzz(func(t *testing.T, path string) {
		if c, ok := parseContainer(path); ok && (c.id == "" || !strings.Contains(path, c.id)) {
			t.Errorf("container %q is not in %q", c.id, path)
		}
	})
}

func TestControllersAreNamed(t *testing.T) {
	proc := t.TempDir()
	require.NoError(t, os.Mkdir(proc+"/self", 0o700))
	write := func(table string) {
		require.NoError(t, os.WriteFile(proc+"/self/cgroup", []byte(table), 0o600))
	}
	write("12:name=systemd:/a:b\n8:pids:/\n2:cpu,cpuacct:/\n0::/x\nodd line\n")
	c := newCgroups(proc)
	for number, want := range map[uint32]string{2: "cpu,cpuacct", 8: "pids", 12: "name=systemd", 3: ""} {
		assert.Equal(t, want, c.controller(number), number)
	}
	write("13:name=late:/\n")
	assert.Equal(t, "name=late", c.controller(13), "mounted since")
	assert.Equal(t, "pids", c.controller(8))
}

func TestLocate(t *testing.T) {
	id := strings.Repeat("0a", 32)
	c := newCgroups("/proc")
	c.controllers = map[uint32]string{8: "pids"}

	v1 := bpf.Exec{CgroupV2: []byte("/"), CgroupV1: []byte("/docker/" + id), CgroupV1Hierarchy: 8}
	first := c.locate(&v1)
	assert.Equal(t, "8:pids:/docker/"+id+"\n0::/", first.cgroup)
	require.NotNil(t, first.container)
	assert.Equal(t, id, first.container.id)

	below := bpf.Exec{CgroupV2: []byte("/"), CgroupV1: []byte("/docker/" + id + "/init"), CgroupV1Hierarchy: 8}
	assert.Same(t, first.container, c.locate(&below).container, "a batch groups by the container, not by the cgroup")

	host := bpf.Exec{CgroupV2: []byte("/system.slice/cron.service")}
	assert.Equal(t, place{cgroup: "0::/system.slice/cron.service"}, c.locate(&host))
}
