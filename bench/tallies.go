//go:build linux

package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// tallySize is that of struct tally in load/execload.c, which begins with the number of execs.
const tallySize = 128

// makeTallies makes the file in which the load generator counts.
func makeTallies(path string, workers int) error {
	return os.WriteFile(path, make([]byte, workers*tallySize), 0o600)
}

// openTallies returns what tells how many execs the load has made so far. It is there until the process ends.
func openTallies(path string) (made func() uint64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	memory, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map %s: %w", path, err)
	}
	return func() (sum uint64) {
		for at := 0; at < len(memory); at += tallySize {
			sum += atomic.LoadUint64((*uint64)(unsafe.Pointer(&memory[at])))
		}
		return sum
	}, nil
}
