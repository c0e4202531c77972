package ebpfexecreceiver

import (
	"bytes"
	"hash/maphash"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/cmdline"
)

// cgroups says where a process is placed: its cgroup as text, and its container.
type cgroups struct {
	proc        string
	controllers map[uint32]string     // of the v1 hierarchies, by number
	places      map[uint64]place      // by a hash of the cgroup paths
	containers  map[string]*container // by id, so that a batch finds the same container again
	bytes       int                   // of the text of all places
	seed        maphash.Seed
	key         []byte
	last        struct { // what was located last; most processes are where the one before is
		v1, v2 []byte
		place
	}
}

type place struct {
	cgroup    string
	container *container // nil for the host
}

// What is remembered; all is forgotten when either is reached. A user to whom a
// part of the hierarchy is delegated makes as many cgroups as he wants, and names them.
const (
	placesMost  = 4096
	placesBytes = 4 << 20 // of text
)

func newCgroups(proc string) *cgroups {
	return &cgroups{
		proc: proc, controllers: map[uint32]string{},
		places:     map[uint64]place{},
		seed:       maphash.MakeSeed(),
		containers: map[string]*container{},
	}
}

// controller returns the name of a v1 hierarchy as /proc/PID/cgroup has it. A
// hierarchy may be mounted at any time; each new number is looked up once.
func (c *cgroups) controller(number uint32) string {
	if name, ok := c.controllers[number]; ok {
		return name
	}
	content, _ := os.ReadFile(filepath.Join(c.proc, "self/cgroup"))
	for line := range strings.Lines(string(content)) {
		id, rest, _ := strings.Cut(line, ":")
		name, _, _ := strings.Cut(rest, ":")
		if n, err := strconv.ParseUint(id, 10, 32); err == nil && n > 0 {
			c.controllers[uint32(n)] = name
		}
	}
	if _, ok := c.controllers[number]; !ok {
		c.controllers[number] = "" // asked, and not known
	}
	return c.controllers[number]
}

func (c *cgroups) locate(x *bpf.Exec) place {
	last := &c.last
	if last.cgroup == "" || !bytes.Equal(last.v2, x.CgroupV2) || !bytes.Equal(last.v1, x.CgroupV1) {
		last.place = c.lookUp(x)
		last.v2, last.v1 = append(last.v2[:0], x.CgroupV2...), append(last.v1[:0], x.CgroupV1...)
	}
	return last.place
}

func (c *cgroups) lookUp(x *bpf.Exec) place {
	c.key = append(append(append(c.key[:0], x.CgroupV2...), 0), x.CgroupV1...)
	key := maphash.Bytes(c.seed, c.key)
	if p, ok := c.places[key]; ok {
		return p
	}
	if len(c.places) >= placesMost || c.bytes >= placesBytes {
		clear(c.places)
		clear(c.containers)
		c.bytes = 0
	}
	p := c.resolve(x)
	c.places[key] = p
	c.bytes += len(p.cgroup)
	return p
}

// resolve writes the cgroups as /proc/PID/cgroup does, and takes the container from whichever names one.
func (c *cgroups) resolve(x *bpf.Exec) place {
	v2, v1 := cmdline.Text(x.CgroupV2), cmdline.Text(x.CgroupV1)
	p := place{cgroup: "0::" + v2}
	if v1 != "" {
		number := x.CgroupV1Hierarchy
		head := strconv.FormatUint(uint64(number), 10) + ":" + c.controller(number) + ":"
		p.cgroup = head + v1 + "\n" + p.cgroup
		v1 = p.cgroup[len(head) : len(head)+len(v1)] // of one text, which is kept, not of another
	}
	v2 = p.cgroup[len(p.cgroup)-len(v2):]
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
