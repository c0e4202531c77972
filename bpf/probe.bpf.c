//go:build ignore
/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * One event per successful execve, taken at the tracepoint
 * sched_process_exec, where the new image is in place and nothing of it has
 * run: its arguments cannot have been changed by another thread, the file is
 * the one that the kernel mapped, and no other system call pays for the hook.
 *
 * An event is put together in a scratch area and copied into the ring buffer
 * in the length that it has. The reader is not woken for most: waking a sleeper
 * costs many times what everything else here does together. It comes by timer.
 * A backlog calls for it, and what it may have to look at while it is there: a
 * file that it has not called familiar, and a script.
 */
#include "kernel.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"

/* The helpers that read memory are for GPL programs; the text is GPL-2.0 OR Apache-2.0. */
char LICENSE[] SEC("license") = "GPL";

#define ARGS_MAX 65536 /* bytes of arguments that an event can carry */
#define ENV_MAX 32768  /* bytes of environment that an event can carry */
#define PATH_MAX 4096  /* bytes that one path may take */
#define PATH_DEPTH 128 /* components of a path, mount points included */
#define NAME_MAX 256   /* bytes of one component with its NUL */
#define FAMILIAR 4096  /* files that are known at a time, a power of two */

/* Nine paths and strings, arguments, environment, ancestors, and a margin. */
#define PAYLOAD_MAX (9 * (PATH_MAX + NAME_MAX) + ARGS_MAX + ENV_MAX + 4096)

/* Set by user space before the programs are loaded. Bytes. */
const volatile u32 args_limit = 16384;
const volatile u32 env_limit = 8192;
const volatile u64 wakeup_backlog = 1 << 20;
const volatile u64 call_interval = 0; /* ns from one call for what is unfamiliar to the next */
const volatile u64 secret = 0;        /* without which nobody makes a file that is taken for a familiar one */
const volatile bool exits = false;    /* the ends of processes are events too */

/* When the reader was last called, ns since boot. A lost update costs one call more. */
u64 last_call;

struct scratch {
	u32 used; /* bytes of the payload */
	u32 segment_start;
	u64 dentry, mnt, mnt_root, kernfs; /* where a walk is */
	struct exec_event event;
	u8 payload[PAYLOAD_MAX];
};

/* An area for each possible CPU. A per-CPU map ends at 32 KiB a value. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* set by user space */
	__type(key, u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20); /* set by user space */
} events SEC(".maps");

/* Where execs of the names below go when the other buffer is full. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20); /* set by user space */
} reserve SEC(".maps");

/* Base names of executables, and names of tasks, that a flood of others must not push out. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PRECEDENCE_NAMES);
	__type(key, struct name);
	__type(value, u8);
} precedence SEC(".maps");

/* What the reader need not be called for: of each place the last file that was put there. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FAMILIAR);
	__type(key, u32);
	__type(value, u64);
} familiar SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, COUNTERS);
	__type(key, u32);
	__type(value, u64);
} counters SEC(".maps");

/* What user space knows of the delivery of events. It outlives the reader where the maps are pinned. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct ledger);
} delivery SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct orphans_event);
} orphans SEC(".maps");

/* For bpf2go, which makes Go types of what it finds in the object. */
const struct exit_event *unused_exit_event __attribute__((unused));
const struct orphans_event *unused_orphans_event __attribute__((unused));
const struct ledger *unused_ledger __attribute__((unused));
const struct ancestor *unused_ancestor __attribute__((unused));
const enum event_kind *unused_event_kind __attribute__((unused));
const enum event_flag *unused_event_flag __attribute__((unused));
const enum segment *unused_segment __attribute__((unused));
const enum ring_index *unused_ring_index __attribute__((unused));
const enum counter *unused_counter __attribute__((unused));

/* From 6.10 on. */
extern void bpf_preempt_disable(void) __weak __ksym;
extern void bpf_preempt_enable(void) __weak __ksym;

/*
 * From 7.0 on a program on a tracepoint may be interrupted in favour of another
 * task. When that comes by the same tracepoint on this CPU, the kernel does not
 * run the program for it, and what it executes would be missed; by another
 * tracepoint, it would write to the scratch area that is in use here.
 */
static __always_inline void hold_cpu(void)
{
	if (bpf_preempt_disable)
		bpf_preempt_disable();
}

static __always_inline void release_cpu(void)
{
	if (bpf_preempt_enable)
		bpf_preempt_enable();
}

/* From 6.2 on: what is at an address, to read without a helper. It costs no call. */
extern void *bpf_rdonly_cast(const void *address, u32 type) __weak __ksym;

/*
 * Reads a field of the struct of that type at an address, which must be a
 * variable: what is in the parentheses is relocated. A helper that reads
 * memory is several calls and returns, each of which some processors pay for
 * dearly since they must not speculate there.
 */
#define READ(type, address, field)                                                                 \
	(bpf_rdonly_cast ? KNOWN(type, address)->field : BPF_CORE_READ((type *)(address), field))
#define KNOWN(type, address)                                                                       \
	((type *)bpf_rdonly_cast((void *)(address), bpf_core_type_id_kernel(type)))

static __always_inline void count(u32 which)
{
	u64 *n = bpf_map_lookup_elem(&counters, &which);

	if (n)
		*n += 1;
}

/*
 * The length lives in memory and is read anew for each use: to the verifier it
 * is then an unknown number under a fresh bound, and states that differ only
 * in it are one.
 */
#define USED(s) (*(volatile u32 *)&(s)->used)

/* So it is with the addresses at which a walk is, which are of several kinds to the verifier otherwise. */
#define AT(s, which) (*(volatile u64 *)&(s)->which)

static __always_inline void begin_segment(struct scratch *s)
{
	s->segment_start = USED(s);
}

static __always_inline void end_segment(struct scratch *s, enum segment which)
{
	s->event.seg_len[which] = USED(s) - s->segment_start;
}

/* Adds one name with its NUL. False when the path is longer than it may be. */
static __always_inline bool add_name(struct scratch *s, const void *name)
{
	u32 used = USED(s);
	long n;

	if (used > PAYLOAD_MAX - NAME_MAX || used - s->segment_start > PATH_MAX)
		return false;
	n = bpf_probe_read_kernel_str(s->payload + used, NAME_MAX, name);
	if (n > 0)
		USED(s) = used + n;
	return true;
}

/* Where a dentry has its name, with its NUL, if that is short. */
static __always_inline u64 *short_name(struct dentry *dentry)
{
	if (bpf_core_field_exists(struct dentry___shortname, d_shortname))
		return (u64 *)&((struct dentry___shortname *)dentry)->d_shortname;
	return (u64 *)&dentry->d_iname;
}

#define SHORT_NAME 32 /* bytes that are there at least */

/* As add_name, for the name of a dentry that the verifier knows as such. A short one needs no helper. */
static __always_inline bool add_name_of(struct scratch *s, struct dentry *dentry)
{
	u64 *name = short_name(dentry), *to;
	u32 len = dentry->d_name.len, used = USED(s);

	if ((u64)dentry->d_name.name != (u64)name || len >= SHORT_NAME)
		return add_name(s, dentry->d_name.name);
	if (used > PAYLOAD_MAX - NAME_MAX || used - s->segment_start > PATH_MAX)
		return false;
	to = (u64 *)(s->payload + used);
	to[0] = name[0];
	to[1] = name[1];
	to[2] = name[2];
	to[3] = name[3];
	s->payload[used + len] = 0; /* also where it is being renamed */
	USED(s) = used + len + 1;
	return true;
}

static __always_inline void add_string(struct scratch *s, enum segment which, const void *str)
{
	u32 used = USED(s);
	long n;

	if (!str || used > PAYLOAD_MAX - PATH_MAX)
		return;
	n = bpf_probe_read_kernel_str(s->payload + used, PATH_MAX, str);
	if (n > 1) {
		USED(s) = used + n - 1;
		s->event.seg_len[which] = n - 1;
	}
}

enum walk_end { WALK_ROOT, WALK_DETACHED, WALK_CUT };

/*
 * Adds the names from the dentry and mount at which the walk is up to the root
 * of the mount namespace, crossing from each mount to the place where it is mounted.
 */
static __noinline int walk_path(struct scratch *s)
{
	u64 start = AT(s, mnt);

	AT(s, mnt_root) = (u64)READ(struct mount, start, mnt.mnt_root);
	for (int i = 0; i < PATH_DEPTH; i++) {
		u64 dentry = AT(s, dentry), parent;

		if (dentry == AT(s, mnt_root)) {
			u64 mnt = AT(s, mnt), above = (u64)READ(struct mount, mnt, mnt_parent);

			if (above == mnt || !above)
				return WALK_ROOT;
			AT(s, dentry) = (u64)READ(struct mount, mnt, mnt_mountpoint);
			AT(s, mnt_root) = (u64)READ(struct mount, above, mnt.mnt_root);
			AT(s, mnt) = above;
			continue;
		}
		parent = (u64)READ(struct dentry, dentry, d_parent);
		AT(s, dentry) = parent;
		if (!(bpf_rdonly_cast ? add_name_of(s, KNOWN(struct dentry, dentry)) :
					add_name(s, BPF_CORE_READ((struct dentry *)dentry, d_name.name))))
			return WALK_CUT;
		if (parent == dentry || !parent)
			return WALK_DETACHED;
	}
	return WALK_CUT;
}

static __always_inline int walk_path_from(struct scratch *s, u64 dentry, u64 vfsmount)
{
	AT(s, dentry) = dentry;
	AT(s, mnt) = vfsmount - bpf_core_field_offset(struct mount, mnt);
	return walk_path(s);
}

/*
 * As walk_path, for a path that the verifier knows as such. Where there is no
 * cast, the part of a path that is within the mount in which it begins, which
 * is most, can so be read without a helper.
 */
static __always_inline int walk_known_path(struct scratch *s, struct path *path)
{
	struct dentry *dentry = path->dentry, *mnt_root;
	int end = WALK_CUT;

	if (bpf_rdonly_cast)
		return walk_path_from(s, (u64)dentry, (u64)path->mnt);
	mnt_root = path->mnt->mnt_root;
	for (int i = 0; i < PATH_DEPTH; i++) {
		struct dentry *parent;

		if (dentry == mnt_root) {
			end = WALK_ROOT;
			break;
		}
		parent = dentry->d_parent;
		if (!add_name_of(s, dentry))
			break;
		if (parent == dentry) {
			end = WALK_DETACHED;
			break;
		}
		dentry = parent;
	}
	/* Not in the loop: the verifier would go that way from each of its rounds. */
	return end == WALK_ROOT ? walk_path_from(s, (u64)dentry, (u64)path->mnt) : end;
}

/* Adds the names of a cgroup from the leaf to below the root of its hierarchy. */
static __noinline int walk_cgroup(struct scratch *s)
{
	for (int i = 0; i < PATH_DEPTH; i++) {
		u64 at = AT(s, kernfs), parent;

		if (bpf_core_field_exists(struct kernfs_node___rcu, __parent))
			parent = (u64)READ(struct kernfs_node___rcu, at, __parent);
		else
			parent = (u64)READ(struct kernfs_node, at, parent);
		if (!parent)
			return WALK_ROOT;
		AT(s, kernfs) = parent;
		if (!add_name(s, READ(struct kernfs_node, at, name)))
			return WALK_CUT;
	}
	return WALK_CUT;
}

/* Of that at which the walk is. */
static __always_inline void add_cgroup(struct scratch *s, enum segment which)
{
	begin_segment(s);
	if (walk_cgroup(s) == WALK_CUT)
		s->event.flags |= FLAG_CGROUP_CUT;
	end_segment(s, which);
}

static __always_inline void add_cgroup_v2(struct scratch *s, struct css_set *set)
{
	struct kernfs_node *kn = set->dfl_cgrp->kn;

	s->event.cgroup_id = kn->id;
	AT(s, kernfs) = (u64)kn;
	add_cgroup(s, SEG_CGROUP_V2);
}

/* Takes the place of the process in this controller's own (v1) hierarchy, if it is below the root of that. */
static __always_inline bool pick_cgroup_v1(struct scratch *s, struct css_set *set, u32 subsys,
					   struct cgroup_root *v2_root)
{
	struct cgroup_subsys_state **css =
		(void *)set + bpf_core_field_offset(struct css_set, subsys) + subsys * sizeof(*css);
	struct cgroup *cgroup = (*css)->cgroup;

	if (!cgroup->level || cgroup->root == v2_root)
		return false;
	AT(s, kernfs) = (u64)cgroup->kn;
	s->event.cgroup_v1_hierarchy = cgroup->root->hierarchy_id;
	return true;
}

#define HIERARCHIES 32

/*
 * The first hierarchy of all, those without a controller (name=systemd) too,
 * that places the process below its root. Asked only where none of the usual
 * controllers does.
 */
static __always_inline bool pick_other_cgroup_v1(struct scratch *s, struct css_set *set,
						 struct cgroup_root *v2_root)
{
	u64 head = (u64)&set->cgrp_links, at = (u64)set->cgrp_links.next;

	for (int i = 0; i < HIERARCHIES && at != head; i++) {
		u64 link = at - bpf_core_field_offset(struct cgrp_cset_link, cgrp_link);
		u64 cgroup = (u64)READ(struct cgrp_cset_link, link, cgrp);
		u64 root = (u64)READ(struct cgroup, cgroup, root);

		if (root != (u64)v2_root && READ(struct cgroup, cgroup, level)) {
			AT(s, kernfs) = (u64)READ(struct cgroup, cgroup, kn);
			s->event.cgroup_v1_hierarchy = READ(struct cgroup_root, root, hierarchy_id);
			return true;
		}
		at = (u64)READ(struct list_head, at, next);
	}
	return false;
}

#define PICK_CGROUP_V1(s, set, name, v2_root)                                                      \
	(bpf_core_enum_value_exists(enum cgroup_subsys_id, name) &&                                \
	 pick_cgroup_v1(s, set, bpf_core_enum_value(enum cgroup_subsys_id, name), v2_root))

/* The first controller whose own hierarchy places the process anywhere but at its root. */
static __always_inline void add_any_cgroup_v1(struct scratch *s, struct css_set *set)
{
	struct cgroup_root *v2_root = set->dfl_cgrp->root;

	if (PICK_CGROUP_V1(s, set, pids_cgrp_id, v2_root) ||
	    PICK_CGROUP_V1(s, set, memory_cgrp_id, v2_root) ||
	    PICK_CGROUP_V1(s, set, devices_cgrp_id, v2_root) ||
	    PICK_CGROUP_V1(s, set, cpu_cgrp_id, v2_root) ||
	    PICK_CGROUP_V1(s, set, freezer_cgrp_id, v2_root) ||
	    /* Without v1 hierarchies the set is linked to the one cgroup of v2. */
	    (set->cgrp_links.next != set->cgrp_links.prev && pick_other_cgroup_v1(s, set, v2_root)))
		add_cgroup(s, SEG_CGROUP_V1);
}

/*
 * The verifier must see the bound on the very register that is passed; without
 * the barrier the compiler compares one copy and passes another.
 */
#define CLAMP(n, max)                                                                              \
	({                                                                                         \
		asm volatile("" : "+r"(n));                                                        \
		if ((n) > (max))                                                                   \
			(n) = (max);                                                               \
	})

/* Adds n bytes of user memory, at most max. False on a page that is not there. */
#define ADD_USER(s, which, addr, n, max)                                                           \
	({                                                                                         \
		u32 used_ = USED(s);                                                               \
		u64 n_ = (n);                                                                      \
		bool ok_ = false;                                                                  \
		CLAMP(n_, max);                                                                    \
		if (used_ <= PAYLOAD_MAX - (max) &&                                                \
		    !bpf_probe_read_user((s)->payload + used_, n_, (void *)(addr))) {              \
			USED(s) = used_ + n_;                                                      \
			(s)->event.seg_len[which] = n_;                                            \
			ok_ = true;                                                                \
		}                                                                                  \
		ok_;                                                                               \
	})

/*
 * The arguments as they stand in the new image: all of them, or three quarters
 * of the limit from the start and one from the end, so that padding hides
 * neither.
 */
static __always_inline void add_args(struct scratch *s, struct mm_struct *mm)
{
	u64 start = mm->arg_start, size = mm->arg_end - start;
	u64 head = size, tail = 0;

	s->event.args_size = size;
	if (size > args_limit) {
		tail = args_limit / 4;
		head = args_limit - tail;
	}
	if (head && !ADD_USER(s, SEG_ARGS_HEAD, start, head, ARGS_MAX))
		s->event.flags |= FLAG_ARGS_FAULT;
	if (tail && !ADD_USER(s, SEG_ARGS_TAIL, start + size - tail, tail, ARGS_MAX / 4))
		s->event.flags |= FLAG_ARGS_FAULT;
}

static __always_inline void add_env(struct scratch *s, struct mm_struct *mm)
{
	u64 start = mm->env_start, size = mm->env_end - start;

	s->event.env_size = size;
	if (size > env_limit)
		size = env_limit;
	if (size && !ADD_USER(s, SEG_ENV, start, size, ENV_MAX))
		s->event.flags |= FLAG_ENV_FAULT;
}

/*
 * Arguments and environment. The kernel puts one after the other, and one copy
 * is cheaper than two; what does not come in one is tried in two.
 */
static __always_inline void add_strings(struct scratch *s, struct mm_struct *mm)
{
	u64 start = mm->arg_start, args = mm->arg_end - start, env = mm->env_end - mm->env_start;
	u64 read = env, size;

	if (read > env_limit)
		read = env_limit;
	size = args + read;
	if (mm->env_start == mm->arg_end && args <= args_limit &&
	    ADD_USER(s, SEG_ENV, start, size, ARGS_MAX + ENV_MAX)) {
		s->event.args_size = args;
		s->event.env_size = env;
		s->event.seg_len[SEG_ARGS_HEAD] = args;
		s->event.seg_len[SEG_ENV] = read;
		return;
	}
	add_args(s, mm);
	add_env(s, mm);
}

static __always_inline u64 mount_namespace_id(struct mnt_namespace *ns)
{
	if (bpf_core_field_exists(struct ns_common___id, ns_id))
		return ((struct ns_common___id *)&ns->ns)->ns_id;
	if (bpf_core_field_exists(struct mnt_namespace___seq, seq))
		return ((struct mnt_namespace___seq *)ns)->seq;
	return ns->ns.inum;
}

static __always_inline void set_ids(struct exec_event *e, struct task_struct *task)
{
	struct signal_struct *signal = task->signal;
	struct nsproxy *ns = task->nsproxy;
	const struct cred *cred = task->cred;
	struct pid *pid = task->thread_pid;
	unsigned int level = pid->level;
	u64 upid, pid_ns;

	e->pid = task->tgid;
	e->start_boottime = task->start_boottime;
	e->exec_id = task->self_exec_id;
	e->pgid = signal->pids[PIDTYPE_PGID]->numbers[0].nr;
	e->sid = signal->pids[PIDTYPE_SID]->numbers[0].nr;
	upid = (u64)pid + bpf_core_field_offset(struct pid, numbers) +
	       level * bpf_core_type_size(struct upid);
	e->vpid = READ(struct upid, upid, nr);
	pid_ns = (u64)READ(struct upid, upid, ns);
	e->pid_ns = READ(struct pid_namespace, pid_ns, ns.inum);

	e->uid = cred->uid.val;
	e->euid = cred->euid.val;
	e->suid = cred->suid.val;
	e->gid = cred->gid.val;
	e->egid = cred->egid.val;
	e->sgid = cred->sgid.val;
	e->user_ns = cred->user_ns->ns.inum;

	e->mnt_ns = ns->mnt_ns->ns.inum;
	e->mnt_ns_id = mount_namespace_id(ns->mnt_ns);
	e->net_ns = ns->net_ns->ns.inum;
	e->uts_ns = ns->uts_ns->ns.inum;
	e->ipc_ns = ns->ipc_ns->ns.inum;
	e->cgroup_ns = ns->cgroup_ns->ns.inum;

	if (bpf_core_field_exists(struct task_struct___audit, loginuid)) {
		struct task_struct___audit *audit = (void *)task;

		e->loginuid = audit->loginuid.val;
		e->sessionid = audit->sessionid;
		e->flags |= FLAG_HAS_AUDIT;
	}
}

static __always_inline void copy_comm(char *to, struct task_struct *task)
{
	((u64 *)to)[0] = ((u64 *)task->comm)[0];
	((u64 *)to)[1] = ((u64 *)task->comm)[1];
}

static __always_inline void set_ancestor(struct ancestor *a, struct task_struct *leader)
{
	a->pid = leader->tgid;
	a->start_boottime = leader->start_boottime;
	a->flags = leader->flags;
	copy_comm(a->comm, leader);
}

/* Fills in the ancestors of a process, nearest first, and returns how many they are. */
static __always_inline u32 trace_ancestors(struct ancestor *list, struct task_struct *task)
{
	u32 n = 0;

	for (; n < ANCESTORS; n++) {
		struct task_struct *parent = task->real_parent->group_leader;

		if (parent == task || !parent->tgid)
			break;
		set_ancestor(list + n, parent);
		task = parent;
	}
	return n;
}

/* The payload begins with the ancestors. */
static __always_inline void add_ancestors(struct scratch *s, struct task_struct *task)
{
	u32 n = trace_ancestors((struct ancestor *)s->payload, task);

	USED(s) = n * sizeof(struct ancestor);
	s->event.seg_len[SEG_ANCESTORS] = n * sizeof(struct ancestor);
}

/* An overlay's inode is followed by its dentry in the upper layer, where it has one (struct ovl_inode in fs/overlayfs/ovl_entry.h). */
static __always_inline bool in_upper_layer(struct inode *inode)
{
	void *upper = NULL;

	if (inode->i_sb->s_magic != OVERLAYFS_SUPER_MAGIC)
		return false;
	bpf_probe_read_kernel(&upper, sizeof(upper),
			      (void *)inode + bpf_core_type_size(struct inode));
	return upper != NULL;
}

static __always_inline u64 change_time(struct inode *inode)
{
	struct timespec64 *t = &inode->i_ctime;

	if (bpf_core_field_exists(struct inode___apart, i_ctime_sec)) {
		struct inode___apart *apart = (void *)inode;

		return apart->i_ctime_sec * 1000000000 +
		       (apart->i_ctime_nsec & ~I_CTIME_QUERIED);
	}
	if (bpf_core_field_exists(struct inode___renamed, __i_ctime))
		t = &((struct inode___renamed *)inode)->__i_ctime;
	return t->tv_sec * 1000000000 + t->tv_nsec;
}

static __always_inline void add_executable(struct scratch *s, struct file *file)
{
	struct exec_event *e = &s->event;
	struct inode *inode = file->f_inode;
	struct dentry *dentry = file->f_path.dentry;
	int end;

	e->inode = inode->i_ino;
	e->dev = inode->i_sb->s_dev;
	e->fs_magic = inode->i_sb->s_magic;
	e->ctime = change_time(inode);
	e->file_size = inode->i_size;
	e->nlink = inode->i_nlink;
	e->mode = inode->i_mode;
	e->owner = inode->i_uid.val;
	e->group = inode->i_gid.val;
	if (in_upper_layer(inode))
		e->flags |= FLAG_UPPER_LAYER;
	if (!e->nlink || !dentry->d_hash.pprev)
		e->flags |= FLAG_UNLINKED;
	if (inode->i_sb->s_flags & SB_RDONLY || file->f_path.mnt->mnt_flags & MNT_READONLY)
		e->flags |= FLAG_READ_ONLY;

	begin_segment(s);
	end = walk_known_path(s, &file->f_path);
	if (end == WALK_DETACHED)
		e->flags |= FLAG_DETACHED;
	else if (end == WALK_CUT)
		e->flags |= FLAG_EXE_CUT;
	end_segment(s, SEG_EXE);
}

static __always_inline void add_cwd(struct scratch *s, struct task_struct *task)
{
	begin_segment(s);
	if (walk_known_path(s, &task->fs->pwd) == WALK_CUT)
		s->event.flags |= FLAG_CWD_CUT;
	end_segment(s, SEG_CWD);
}

/* What a descriptor is open on: its type, and the path of a regular file. */
static __always_inline void add_descriptor(struct scratch *s, u64 file, u32 *mode, u32 *rdev,
					   enum segment which, u32 cut)
{
	u64 inode;

	if (!file)
		return;
	inode = (u64)READ(struct file, file, f_inode);
	*mode = READ(struct inode, inode, i_mode);
	*rdev = READ(struct inode, inode, i_rdev);
	if ((*mode & S_IFMT) != S_IFREG)
		return;
	begin_segment(s);
	if (walk_path_from(s, (u64)READ(struct file, file, f_path.dentry),
			   (u64)READ(struct file, file, f_path.mnt)) == WALK_CUT)
		s->event.flags |= cut;
	end_segment(s, which);
}

static __always_inline void add_descriptors(struct scratch *s, struct task_struct *task)
{
	struct files_struct *files = task->files;
	struct fdtable *table = files->fdt;
	u64 fd[2] = {};

	if ((u64)table->fd == (u64)&files->fd_array) { /* which is there for the first 64 */
		fd[0] = (u64)files->fd_array[0];
		fd[1] = (u64)files->fd_array[1];
	} else {
		bpf_probe_read_kernel(fd, sizeof(fd), table->fd);
	}
	add_descriptor(s, fd[0], &s->event.stdin_mode, &s->event.stdin_rdev, SEG_STDIN,
		       FLAG_STDIN_CUT);
	add_descriptor(s, fd[1], &s->event.stdout_mode, &s->event.stdout_rdev, SEG_STDOUT,
		       FLAG_STDOUT_CUT);
}

static __always_inline void add_tty(struct scratch *s, struct task_struct *task)
{
	struct tty_struct *tty = task->signal->tty;

	if (!tty)
		return;
	s->event.flags |= FLAG_HAS_TTY;
	add_string(s, SEG_TTY, tty->name);
}

static __always_inline u64 mixed(u64 hash, u64 value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 32;
}

/* One state of one file, as seen from one mount namespace. */
static __always_inline u64 file_key(struct exec_event *e)
{
	u64 key = mixed(secret, e->inode);

	key = mixed(key, e->dev);
	key = mixed(key, e->ctime);
	key = mixed(key, e->file_size);
	return mixed(key, e->mnt_ns_id) | 1ULL << 63;
}

/* Of a script the event has the interpreter's file, which says nothing of the script. */
static __always_inline void set_unfamiliar(struct exec_event *e)
{
	u64 key = file_key(e), *known;
	u32 place = key & (FAMILIAR - 1);

	known = bpf_map_lookup_elem(&familiar, &place);
	if (!known || *known != key || e->seg_len[SEG_INTERP])
		e->unfamiliar = key;
}

#define BACKLOG_INTERVAL 1000000 /* ns from one call for a backlog to the next */

/* How the reader is to be told of an event. */
static __always_inline u64 call_for(u64 now, bool unfamiliar)
{
	u64 since = now - last_call;

	if (since < BACKLOG_INTERVAL)
		return BPF_RB_NO_WAKEUP;
	if (!(unfamiliar && since >= call_interval) &&
	    bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) < wakeup_backlog)
		return BPF_RB_NO_WAKEUP;
	last_call = now;
	return BPF_RB_FORCE_WAKEUP;
}

static __always_inline bool is_listed(const void *str)
{
	struct name name = {};

	bpf_probe_read_kernel_str(name.text, sizeof(name.text), str);
	return bpf_map_lookup_elem(&precedence, &name);
}

/* Asked only of what has found the buffer full, so that it costs the others nothing. */
static __always_inline bool has_precedence(struct scratch *s)
{
	/* The executable's own name is the first of its path, which follows the ancestors. */
	u32 leaf = s->event.seg_len[SEG_ANCESTORS];

	if (leaf > ANCESTORS * sizeof(struct ancestor))
		return false;
	return is_listed(s->payload + leaf) || is_listed(s->event.comm);
}

static __always_inline void submit(struct scratch *s)
{
	u64 size = sizeof(s->event) + USED(s);
	u64 call = call_for(s->event.time, s->event.unfamiliar);

	CLAMP(size, sizeof(s->event) + PAYLOAD_MAX);
	if (!bpf_ringbuf_output(&events, &s->event, size, call) ||
	    (has_precedence(s) &&
	     !bpf_ringbuf_output(&reserve, &s->event, size, BPF_RB_NO_WAKEUP)))
		count(COUNT_EXECS);
	else
		count(LOST_EXEC_RING_FULL);
}

/* The scratch area of this CPU with a new event in it, or NULL. */
static __always_inline struct scratch *begin_event(enum event_kind kind, struct task_struct *task)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = bpf_map_lookup_elem(&scratch, &cpu);

	if (!s) {
		count(LOST_EXEC_NO_SCRATCH);
		return NULL;
	}
	__builtin_memset(&s->event, 0, sizeof(s->event));
	s->event.kind = kind;
	s->event.time = bpf_ktime_get_boot_ns();
	copy_comm(s->event.comm, task);
	return s;
}

/* Where the process stands, whatever it executes. */
static __always_inline void add_surroundings(struct scratch *s, struct task_struct *task)
{
	add_cwd(s, task);
	add_descriptors(s, task);
	add_cgroup_v2(s, task->cgroups);
	add_any_cgroup_v1(s, task->cgroups);
}

static __always_inline void report_exec(struct task_struct *task, int old_pid,
					struct linux_binprm *bprm)
{
	struct scratch *s = begin_event(EVENT_EXEC, task);

	if (!s)
		return;
	s->event.tid = old_pid;
	s->event.argc = bprm->argc;
	s->event.envc = bprm->envc;

	set_ids(&s->event, task);
	add_ancestors(s, task);
	add_executable(s, bprm->file);
	add_surroundings(s, task);
	add_string(s, SEG_FILENAME, bprm->filename);
	if (bprm->interp != bprm->filename)
		add_string(s, SEG_INTERP, bprm->interp);
	add_tty(s, task);
	add_strings(s, task->mm);
	set_unfamiliar(&s->event);
	submit(s);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(handle_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	hold_cpu();
	report_exec(task, old_pid, bprm);
	release_cpu();
	return 0;
}

/*
 * The children of a thread are moved to another of its process. Only when none
 * is left are they given to a stranger, and who started them is nowhere to be
 * found any more.
 */
static __always_inline void report_orphans(struct task_struct *task)
{
	u64 head = (u64)&task->children, at = (u64)task->children.next;
	struct orphans_event *e;
	u32 zero = 0, n = 0;
	u64 size;

	if (at == head)
		return;
	if (task->signal->live.counter && !(task->signal->flags & SIGNAL_GROUP_EXIT))
		return;
	e = bpf_map_lookup_elem(&orphans, &zero);
	if (!e)
		return;
	e->kind = EVENT_ORPHANS;
	set_ancestor(e->lineage, task->group_leader);
	e->lineages = 1 + trace_ancestors(e->lineage + 1, task->group_leader);
	for (; n < ORPHANS && at != head; n++) {
		u64 child = at - bpf_core_field_offset(struct task_struct, sibling);

		e->orphan[n].pid = READ(struct task_struct, child, tgid);
		e->orphan[n].start_boottime = READ(struct task_struct, child, start_boottime);
		at = (u64)READ(struct list_head, at, next);
	}
	e->count = n;
	size = offsetof(struct orphans_event, orphan) + n * sizeof(struct orphan);
	CLAMP(size, sizeof(*e));
	if (bpf_ringbuf_output(&events, e, size, BPF_RB_NO_WAKEUP))
		count(LOST_ORPHANS_RING_FULL);
}

/*
 * The end of a process, not of a thread, that ran an image of its own. What
 * wait(2) will report is the group's code where it was ended as a group, else
 * that of its leader (wait_task_zombie in kernel/exit.c).
 */
static __always_inline void report_exit(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;
	struct task_struct *leader = task->group_leader;
	struct exit_event e = { .kind = EVENT_EXIT };

	if (signal->live.counter || leader->flags & PF_FORKNOEXEC)
		return;
	e.time = bpf_ktime_get_boot_ns();
	e.pid = task->tgid;
	e.start_boottime = leader->start_boottime;
	e.code = signal->flags & SIGNAL_GROUP_EXIT ? signal->group_exit_code : leader->exit_code;
	if (bpf_ringbuf_output(&events, &e, sizeof(e), call_for(e.time, false)))
		count(LOST_EXIT_RING_FULL);
	else
		count(COUNT_EXITS);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(handle_exit, struct task_struct *task)
{
	hold_cpu();
	report_orphans(task);
	if (exits)
		report_exit(task);
	release_cpu();
	return 0;
}

struct exec_call {
	u64 filename, argv;
};

/* False where the system call that ends is neither execve nor execveat of a 64-bit program. */
static __always_inline bool read_exec_call(struct exec_call *call, void *registers,
					   struct task_struct *task)
{
	struct thread_info *info = &((struct task_struct___info *)task)->thread_info;
#if defined(__TARGET_ARCH_x86)
#define REG(name) READ(struct pt_regs___on_amd64, registers, name)
	u64 number = REG(orig_ax);

	if (number == 59) /* execve */
		*call = (struct exec_call){ REG(di), REG(si) };
	else if (number == 322) /* execveat */
		*call = (struct exec_call){ REG(si), REG(dx) };
	else
		return false;
	return !(info->status & TS_COMPAT);
#else
#define REG(name) READ(struct pt_regs___on_arm64, registers, name)
	s32 number = REG(syscallno);

	if (number == 221) /* execve */
		*call = (struct exec_call){ REG(orig_x0), REG(regs[1]) };
	else if (number == 281) /* execveat */
		*call = (struct exec_call){ REG(regs[1]), REG(regs[2]) };
	else
		return false;
	return !(info->flags & (1UL << TIF_32BIT));
#endif
}

#define FAILED_ARGS 256

/* Adds the arguments that were passed, from the caller's memory: they end with the first that cannot be read. */
static __always_inline void add_passed_args(struct scratch *s, u64 argv)
{
	u32 start = USED(s);

	for (int i = 0; i < FAILED_ARGS; i++) {
		u32 used = USED(s);
		u64 arg = 0;
		long n;

		if (bpf_probe_read_user(&arg, sizeof(arg), (void *)(argv + i * sizeof(arg))) || !arg)
			break;
		s->event.argc++;
		if (used > PAYLOAD_MAX - PATH_MAX || used - start > args_limit)
			continue;
		n = bpf_probe_read_user_str(s->payload + used, PATH_MAX, (void *)arg);
		if (n < 0)
			break;
		if (!n) { /* an empty string, as older kernels say it */
			s->payload[used] = 0;
			n = 1;
		}
		USED(s) = used + n;
	}
	s->event.args_size = USED(s) - start;
	s->event.seg_len[SEG_ARGS_HEAD] = USED(s) - start;
}

static __always_inline void report_failed(struct task_struct *task, struct exec_call *call,
					  long error)
{
	struct scratch *s = begin_event(EVENT_EXEC_FAILED, task);
	u32 used;
	long n;

	if (!s)
		return;
	s->event.error = -error;
	s->event.tid = task->pid;
	set_ids(&s->event, task);
	add_ancestors(s, task);
	if (task->mm && task->mm->exe_file)
		add_executable(s, task->mm->exe_file);
	add_surroundings(s, task);
	used = USED(s);
	if (used <= PAYLOAD_MAX - PATH_MAX) {
		n = bpf_probe_read_user_str(s->payload + used, PATH_MAX, (void *)call->filename);
		if (n > 1) {
			USED(s) = used + n - 1;
			s->event.seg_len[SEG_FILENAME] = n - 1;
		}
	}
	add_tty(s, task);
	add_passed_args(s, call->argv);
	submit(s);
}

/*
 * An execve that failed. There is no tracepoint of its own for it, and one at
 * the end of system calls costs every system call of the host: it is attached
 * only where someone wants it.
 */
SEC("tp_btf/sys_exit")
int BPF_PROG(handle_exec_failed, void *registers, long error)
{
	struct task_struct *task = (void *)bpf_get_current_task_btf();
	struct exec_call call;

	if (error >= 0 || !read_exec_call(&call, registers, task))
		return 0;
	hold_cpu();
	report_failed(task, &call, error);
	release_cpu();
	return 0;
}
