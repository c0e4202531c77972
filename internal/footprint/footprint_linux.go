package footprint

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// mapping is a part of the address space.
type mapping struct{ start, end uintptr }

// unmapProgram does what the kernel does with these pages when memory is short.
// Errors do not matter: without it all is as it was.
func unmapProgram() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	file, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer file.Close()
	for _, m := range unchanged(file, program) {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, m.start, m.end-m.start, unix.MADV_DONTNEED)
	}
}

// unchanged returns the mappings of a file, from the text of smaps, that cannot
// be written and of which no page was changed: by relocation, or by a debugger.
// Such pages are nowhere else.
func unchanged(smaps io.Reader, path string) []mapping {
	var (
		found   []mapping
		current mapping
		ours    bool
	)
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		key, rest, _ := strings.Cut(lines.Text(), " ")
		switch {
		case !strings.HasSuffix(key, ":"):
			current, ours = readMapping(key, rest, path)
		case key == "Anonymous:" && ours && strings.TrimSpace(rest) == "0 kB":
			found = append(found, current)
		}
	}
	return found
}

// readMapping reads the head of a mapping, such as 00400000-01908000 r-xp
// 00001000 08:02 131 /bin/x. It is false where this is not to be given back.
func readMapping(bounds, rest, path string) (m mapping, ok bool) {
	fields := strings.SplitN(rest, " ", 4)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "r-") || !strings.HasSuffix(fields[0], "p") {
		return m, false
	}
	if _, name, _ := strings.Cut(fields[3], " "); strings.TrimLeft(name, " ") != path {
		return m, false
	}
	first, last, _ := strings.Cut(bounds, "-")
	start, err1 := strconv.ParseUint(first, 16, strconv.IntSize)
	end, err2 := strconv.ParseUint(last, 16, strconv.IntSize)
	return mapping{uintptr(start), uintptr(end)}, err1 == nil && err2 == nil && start < end
}
