package ebpfexecreceiver

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/cmdline"
)

// cgroups says where a process is placed: its cgroup as text, and its container.
type cgroups struct {
	controllers map[uint32]string     // of the v1 hierarchies, by number
	places      map[string]place      // by cgroup paths
	containers  map[string]*container // by id, so that a batch finds the same container again
	key         []byte
}

type place struct {
	cgroup    string
	container *container // nil for the host
}

// placesMost bounds what is remembered; all is forgotten when it is reached.
const placesMost = 4096

func newCgroups(proc string) *cgroups {
	content, _ := os.ReadFile(filepath.Join(proc, "cgroups"))
	return &cgroups{
		controllers: parseControllers(string(content)),
		places:      map[string]place{},
		containers:  map[string]*container{},
	}
}

// parseControllers reads /proc/cgroups: name, hierarchy, number of cgroups, enabled. Hierarchy 0 is the unified one.
func parseControllers(table string) map[uint32]string {
	controllers := map[uint32]string{}
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(line, "#") {
			continue
		}
		number, err := strconv.ParseUint(fields[1], 10, 32)
		if err != nil || number == 0 {
			continue
		}
		if others := controllers[uint32(number)]; others != "" {
			fields[0] = others + "," + fields[0]
		}
		controllers[uint32(number)] = fields[0]
	}
	return controllers
}

func (c *cgroups) locate(x *bpf.Exec) place {
	c.key = append(append(append(c.key[:0], x.CgroupV2...), 0), x.CgroupV1...)
	if p, ok := c.places[string(c.key)]; ok {
		return p
	}
	if len(c.places) >= placesMost {
		clear(c.places)
		clear(c.containers)
	}
	p := c.resolve(x)
	c.places[string(c.key)] = p
	return p
}

// resolve writes the cgroups as /proc/PID/cgroup does, and takes the container from whichever names one.
func (c *cgroups) resolve(x *bpf.Exec) place {
	v2, v1 := cmdline.Text(x.CgroupV2), cmdline.Text(x.CgroupV1)
	p := place{cgroup: "0::" + v2}
	if v1 != "" {
		number := x.CgroupV1Hierarchy
		p.cgroup = strconv.FormatUint(uint64(number), 10) + ":" + c.controllers[number] + ":" + v1 + "\n" + p.cgroup
	}
	found, ok := parseContainer(v2)
	if !ok {
		found, ok = parseContainer(v1)
	}
	if !ok {
		return p
	}
	p.container = c.containers[found.id]
	if p.container == nil || *p.container != found {
		p.container = &found
		c.containers[found.id] = p.container
	}
	return p
}
