/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What travels through the ring buffer. bpf2go turns these into the Go types
 * that decode.go reads, so both sides have one definition.
 *
 * An exec is a struct exec_event followed by its segments, back to back, in
 * the order of enum segment, each as long as seg_len says.
 */
#ifndef COPYWATCH_EVENT_H
#define COPYWATCH_EVENT_H

enum event_kind {
	EVENT_EXEC = 1,
	EVENT_EXIT = 2,
	EVENT_ORPHANS = 3,
	/* A struct exec_event of an execve that returned an error. */
	EVENT_EXEC_FAILED = 4,
};

enum segment {
	/* struct ancestor, nearest first. */
	SEG_ANCESTORS,
	/*
	 * Paths are components, leaf first, each ended by NUL: the order in
	 * which the kernel's tree is walked. User space turns them round.
	 */
	SEG_EXE,
	SEG_CWD,
	SEG_STDIN,
	SEG_STDOUT,
	SEG_CGROUP_V2,
	SEG_CGROUP_V1,
	/* Strings without the final NUL. */
	SEG_FILENAME,
	SEG_INTERP,
	SEG_TTY,
	/* Bytes as they stand in the new image, NULs between the strings. */
	SEG_ARGS_HEAD,
	SEG_ARGS_TAIL,
	SEG_ENV,
	SEG_COUNT,
};

enum event_flag {
	FLAG_UPPER_LAYER = 1 << 0, /* the file is in an overlay's upper layer */
	FLAG_UNLINKED = 1 << 1,    /* the file has no name any more */
	FLAG_DETACHED = 1 << 2,    /* the file is on no mount: a memfd and the like */
	FLAG_READ_ONLY = 1 << 3,   /* the mount or file system cannot be written */
	FLAG_EXE_CUT = 1 << 4,     /* the path has more than PATH_DEPTH components */
	FLAG_CWD_CUT = 1 << 5,
	FLAG_STDIN_CUT = 1 << 6,
	FLAG_STDOUT_CUT = 1 << 7,
	FLAG_CGROUP_CUT = 1 << 8,
	FLAG_ARGS_FAULT = 1 << 9, /* a page of the arguments was not in memory */
	FLAG_ENV_FAULT = 1 << 10,
	FLAG_HAS_AUDIT = 1 << 11, /* loginuid and sessionid are known */
	FLAG_HAS_TTY = 1 << 12,
};

#define ANCESTORS 16

struct ancestor {
	u64 start_boottime; /* ns since boot */
	u32 pid;
	u32 flags; /* task flags; PF_FORKNOEXEC: runs its parent's image */
	char comm[16];
};

struct exec_event {
	u32 kind;
	u32 flags; /* enum event_flag */
	u64 time;           /* ns since boot, suspend included */
	u64 start_boottime; /* of the process, same clock */
	u64 exec_id;        /* grows with each exec of the process */
	u32 pid, tid, vpid;
	u32 pgid, sid;
	u32 uid, euid, suid;
	u32 gid, egid, sgid;
	u32 loginuid, sessionid;
	u32 argc, envc;
	u32 args_size, env_size; /* true sizes in bytes */
	u64 mnt_ns_id; /* unlike an inode number, not used again */
	u32 mnt_ns, pid_ns, net_ns, user_ns, uts_ns, ipc_ns, cgroup_ns;
	u32 dev, nlink, mode;
	u32 owner, group; /* of the executable's file */
	u64 inode;
	u64 ctime; /* of the executable's inode, ns since 1970 */
	u64 file_size;
	u32 stdin_mode, stdin_rdev;
	u32 stdout_mode, stdout_rdev;
	u64 cgroup_id;
	u32 cgroup_v1_hierarchy;
	u32 fs_magic; /* of the file system that the executable is on */
	/* Names the executable's file as it is there, if it is not in the map of familiar ones or runs a script; else 0. */
	u64 unfamiliar;
	char comm[16];
	u32 seg_len[SEG_COUNT]; /* bytes */
	s32 error;              /* errno, of an execve that failed */
};

struct exit_event {
	u32 kind;
	u32 pid;
	u64 time;
	u64 start_boottime;
	s32 code; /* as wait(2) reports it */
	u32 reserved;
};

#define ORPHANS 64

struct orphan {
	u64 start_boottime;
	u32 pid;
	u32 reserved;
};

/*
 * The children that a process leaves behind when it ends, for others to adopt.
 * Sent up to the last orphan.
 */
struct orphans_event {
	u32 kind;
	u32 lineages; /* how many are in lineage */
	u32 count;    /* and in orphan */
	u32 reserved;
	struct ancestor lineage[ANCESTORS + 1]; /* the process itself and its ancestors */
	struct orphan orphan[ORPHANS];
};

#define PRECEDENCE_NAMES 8192

/* A key of the map of names that have precedence, padded with NULs. */
struct name {
	char text[64];
};

enum ring_index { MAIN_RING, RESERVE_RING, RINGS };

/* A consumer position of a ring, and how many events have come before it. */
struct checkpoint {
	u64 position;
	u64 events;
};

/* How far the events of a ring have come, in events since the ring was made. */
struct progress {
	/* That of the consumer position is valid: the other is being written. */
	struct checkpoint checkpoints[2];
	u64 handed_on; /* offered to whom they are for */
	u64 settled;   /* taken by it, or counted as lost */
};

#define LEDGER_WORDS 16

/* Only user space reads and writes it. */
struct ledger {
	struct progress rings[RINGS];
	u64 lost[LEDGER_WORDS]; /* what user space counted, by reason */
	u64 told[LEDGER_WORDS]; /* of the losses of each reason */
};

/* One per-CPU counter for each way in which an event can fail to arrive, and the totals. */
enum counter {
	COUNT_EXECS,
	COUNT_EXITS,
	LOST_EXEC_RING_FULL,
	LOST_EXIT_RING_FULL,
	LOST_EXEC_NO_SCRATCH,
	LOST_ORPHANS_RING_FULL,
	COUNTERS,
};

#endif
