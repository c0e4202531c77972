package bpf

// Both objects and the Go types of event.h. The include paths are where Debian and its kin keep asm/types.h.
//go:generate bpf2go -cc clang-19 -strip llvm-strip-19 -tags linux -target amd64,arm64 -no-global-types -type exec_event -type exit_event -type orphans_event -type ledger -type ancestor -type name -type event_kind -type event_flag -type segment -type counter -type ring_index probe probe.bpf.c -- -O2 -Wall -Werror -I/usr/include/x86_64-linux-gnu -I/usr/include/aarch64-linux-gnu
