//go:build !linux

package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	fmt.Fprintf(os.Stderr, "bench: execs are measured on Linux only; this is %s\n", runtime.GOOS)
	os.Exit(1)
}
