package ebpfexecreceiver

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/copywatch/copywatch/bpf"
)

// bootIDDigits are enough of the boot's random id that with pid and start time no two processes of a fleet are one.
const bootIDDigits = 16

func readBootID(proc string) string {
	id := strings.ReplaceAll(firstLine(filepath.Join(proc, "sys/kernel/random/boot_id")), "-", "")
	return id[:min(len(id), bootIDDigits)]
}

// entityID names a process for good: the boot, its pid, and when it was forked.
func entityID(bootID string, p bpf.ProcessKey) string {
	var buf [48]byte
	id := append(buf[:0], bootID...)
	id = append(id, '-')
	id = strconv.AppendUint(id, uint64(p.PID), 16)
	id = append(id, '-')
	id = strconv.AppendUint(id, uint64(p.Start), 16)
	return string(id)
}
