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
	dir := filepath.Join(proc, strconv.FormatUint(uint64(key.PID), 10))
	exe, err := os.Readlink(filepath.Join(dir, "exe"))
	if err != nil {
		return image{}
	}
	args := readArgs(filepath.Join(dir, "cmdline"))
	if !hasStarted(filepath.Join(dir, "stat"), key.Start) {
		return image{}
	}
	return image{path: fromLink(exe), args: args}
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

// hasStarted compares the start time in a stat file with the kernel's own.
func hasStarted(path string, start time.Duration) bool {
	stat, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	// The name in parentheses may hold anything: fields count from the last one. starttime is field 22 (proc(5)).
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return false
	}
	ticks, err := strconv.ParseInt(string(fields[19]), 10, 64)
	return err == nil && ticks == int64(start/clockTick)
}
