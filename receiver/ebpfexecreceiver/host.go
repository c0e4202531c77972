package ebpfexecreceiver

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/schema"
)

// hostResource is what identifies the host in every batch. What cannot be read is left out.
type hostResource struct {
	name, id, osVersion, kernel string
}

func readHost(root, proc string) *hostResource {
	h := &hostResource{
		name:      hostName(root, proc),
		id:        firstLine(filepath.Join(root, "etc/machine-id")),
		kernel:    firstLine(filepath.Join(proc, "sys/kernel/osrelease")),
		osVersion: osVersion(root),
	}
	return h
}

// hostName is the host's own. The kernel gives every reader the name of its own
// UTS namespace, a container's too, whoever's /proc it reads.
func hostName(root, proc string) string {
	if root != "/" {
		if name := firstLine(filepath.Join(root, "etc/hostname")); name != "" {
			return name
		}
	}
	if name := firstLine(filepath.Join(proc, "sys/kernel/hostname")); name != "" {
		return name
	}
	name, _ := os.Hostname()
	return name
}

func (h *hostResource) set(attrs pcommon.Map) {
	putKnown(attrs, schema.HostName, h.name)
	putKnown(attrs, schema.HostID, h.id)
	attrs.PutStr(schema.OSType, "linux")
	putKnown(attrs, schema.OSVersion, h.osVersion)
	putKnown(attrs, schema.OSBuildID, h.kernel)
}

// putter is what strings are put into, a map of attributes or what builds one.
type putter interface{ PutStr(key, value string) }

func putKnown[A putter](attrs A, key, value string) {
	if value != "" {
		attrs.PutStr(key, value)
	}
}

func firstLine(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	line, _, _ := bytes.Cut(content, []byte("\n"))
	return strings.ToValidUTF8(string(bytes.TrimSpace(line)), "?")
}

// osVersion is VERSION_ID of os-release(5), which stands at one of two places.
func osVersion(root string) string {
	for _, path := range []string{"etc/os-release", "usr/lib/os-release"} {
		content, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
			if value, ok := strings.CutPrefix(lines.Text(), "VERSION_ID="); ok {
				return strings.ToValidUTF8(strings.Trim(value, `"'`), "?")
			}
		}
	}
	return ""
}
