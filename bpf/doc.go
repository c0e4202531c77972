// Package bpf sees every successful execve of a Linux host, in whatever
// container and however short-lived, and every end of such a process.
//
// probe.bpf.c is the kernel's side: a program on the BTF raw tracepoint
// sched_process_exec (and one on sched_process_exit) that reads what the
// kernel knows of the new image and puts it into a ring buffer. The objects
// compiled from it are committed, so that building needs no clang.
//
// [Open] loads and attaches it, [Probe.Read] returns event after event, and
// [Probe.Losses] says how many could not be delivered and why. The package
// knows neither OpenTelemetry nor detection rules.
package bpf
