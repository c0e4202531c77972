// Command bench measures what a sensor of execs costs the host that it runs
// on: what each exec takes longer, what the sensor's own process consumes, what
// it misses, and what it puts on every other system call.
//
// Runs without and with the sensor alternate, so that a machine that drifts
// drifts for both. bench soak asks whether anything grows with time, and bench
// report prints docs/performance.md from the results. README.md says how to run
// it and how to read it.
package main
