// Package footprint gives memory back that only the start of a program needed.
package footprint

import "runtime/debug"

// Trim returns to the kernel what the start of the program has left behind: the
// heap's garbage, and the pages of the program's own file that it has mapped.
// The initialisation of a collector touches most of them, and its work a third.
// Those that are used come back, mostly from the page cache, as they are needed.
func Trim() {
	debug.FreeOSMemory()
	unmapProgram()
}
