package ebpfexecreceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/schema"
)

// container is what a cgroup path says of the container that it belongs to. A nil container is the host.
type container struct {
	id, runtime, podUID string
}

func (c *container) set(attrs pcommon.Map) {
	if c == nil {
		return
	}
	attrs.PutStr(schema.ContainerID, c.id)
	putKnown(attrs, schema.ContainerRuntime, c.runtime)
	putKnown(attrs, schema.K8sPodUID, c.podUID)
}

// unitPrefixes are how the runtimes name a container's cgroup: PREFIX-ID.scope
// under systemd, and for Podman without it. What belongs to the runtime itself
// (conmon, the monitor of a container) has a prefix of its own and is not listed.
var unitPrefixes = map[string]string{
	"docker":         "docker",
	"cri-containerd": "containerd",
	"containerd":     "containerd",
	"nerdctl":        "containerd",
	"crio":           "cri-o",
	"libpod":         "podman",
}

// parseContainer finds the innermost container in a cgroup path.
func parseContainer(cgroup string) (found container, ok bool) {
	var podUID, parent string
	for component := range strings.SplitSeq(cgroup, "/") {
		if component == "" {
			continue
		}
		slice, _, _ := strings.Cut(component, ":") // SLICE:cri-containerd:ID holds both
		if uid, is := parsePod(slice); is {
			podUID = uid
		}
		if id, runtime, is := parseContainerName(component, parent); is {
			found, ok = container{id: id, runtime: runtime, podUID: podUID}, true
		}
		parent = component
	}
	return found, ok
}

// parseContainerName reads one component of a path, below the given parent.
func parseContainerName(name, parent string) (id, runtime string, ok bool) {
	if payload, is := strings.CutPrefix(name, "lxc.payload."); is {
		return payload, "lxc", payload != ""
	}
	if parent == "lxc" {
		return name, "lxc", true
	}
	if machine, is := strings.CutPrefix(name, "systemd-nspawn@"); is {
		machine, is = strings.CutSuffix(machine, ".service")
		return machine, "systemd-nspawn", is && machine != ""
	}
	// kubelet with the cgroupfs driver and containerd's systemd names: slice:cri-containerd:ID
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		id, prefix := name[i+1:], name[:i]
		prefix = prefix[strings.LastIndexByte(prefix, ':')+1:]
		return id, unitPrefixes[prefix], unitPrefixes[prefix] != "" && isContainerID(id)
	}
	unit := strings.TrimSuffix(name, ".scope")
	if isContainerID(unit) {
		return unit, unitPrefixes[parent], true
	}
	i := strings.LastIndexByte(unit, '-')
	if i < 0 || !isContainerID(unit[i+1:]) {
		return "", "", false
	}
	runtime = unitPrefixes[unit[:i]]
	return unit[i+1:], runtime, runtime != ""
}

// parsePod reads podUID and kubepods-burstable-podUID.slice, in which systemd's escaping has turned - into _.
func parsePod(name string) (uid string, ok bool) {
	unit, isSlice := strings.CutSuffix(name, ".slice")
	if isSlice {
		if !strings.HasPrefix(unit, "kubepods") {
			return "", false
		}
		unit = unit[strings.LastIndexByte(unit, '-')+1:]
	}
	uid, ok = strings.CutPrefix(unit, "pod")
	if isSlice {
		uid = strings.ReplaceAll(uid, "_", "-")
	}
	return uid, ok && isPodUID(uid)
}

// isPodUID accepts a UUID, and the 32 digits without hyphens that static pods have.
func isPodUID(s string) bool {
	return (len(s) == 36 || len(s) == 32) && strings.Trim(s, "0123456789abcdef-") == ""
}

// isContainerID accepts the 64 hexadecimal digits that the runtimes make.
func isContainerID(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
