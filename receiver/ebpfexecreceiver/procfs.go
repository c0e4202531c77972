package ebpfexecreceiver

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/copywatch/copywatch/bpf"
)

// image is what /proc says that a process runs.
type image struct {
	path string
	args [][]byte
}

// argsRead bounds what is read of another process's arguments, in bytes.
const argsRead = bpf.MaxArgsLimit

// readImage is empty when the process is gone, or another has its pid by now.
func readImage(proc string, key bpf.ProcessKey) image {
	found, started := readImageOf(proc, key.PID)
	if started != key.Start.Truncate(clockTick) {
		return image{}
	}
	return found
}

// readImageOf reads what a pid runs, and when the process started, since boot
// and in clock ticks. The image is empty where it cannot be read.
func readImageOf(proc string, pid uint32) (found image, started time.Duration) {
	dir := filepath.Join(proc, strconv.FormatUint(uint64(pid), 10))
	exe, err := os.Readlink(filepath.Join(dir, "exe"))
	if err != nil {
		return image{}, 0
	}
	args := readArgs(filepath.Join(dir, "cmdline"))
	// Last: what was read is of the process that is there now, or of none.
	started, ok := readStart(filepath.Join(dir, "stat"))
	if !ok {
		return image{}, 0
	}
	return image{path: fromLink(exe), args: args}, started
}

// fromLink turns the target of /proc/PID/exe into the path that the kernel side would give: the name of a memfd is no path.
func fromLink(exe string) string {
	path, deleted := strings.CutSuffix(exe, " (deleted)")
	if name, ok := strings.CutPrefix(path, "/memfd:"); ok && deleted {
		return "memfd:" + name
	}
	return path
}

func readArgs(path string) [][]byte {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, argsRead))
	if err != nil || len(content) == 0 {
		return nil
	}
	return bytes.Split(bytes.TrimSuffix(content, []byte{0}), []byte{0})
}

// clockTick is the unit of start times in /proc/PID/stat: USER_HZ is 100 on every architecture that runs the probe.
const clockTick = 10 * time.Millisecond

// readStart reads the start time from a stat file.
func readStart(path string) (started time.Duration, ok bool) {
	stat, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	// The name in parentheses may hold anything: fields count from the last one. starttime is field 22 (proc(5)).
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return 0, false
	}
	ticks, err := strconv.ParseInt(string(fields[19]), 10, 64)
	return time.Duration(ticks) * clockTick, err == nil
}
