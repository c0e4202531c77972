/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The few kernel types that the probe reads, with just the fields that it
 * reads. CO-RE relocates each access against the BTF of the running kernel, so
 * neither order nor completeness matters here; a full vmlinux.h would be
 * megabytes of text that nobody reviews.
 */
#ifndef COPYWATCH_KERNEL_H
#define COPYWATCH_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	unsigned int val;
} kuid_t;

typedef struct {
	unsigned int val;
} kgid_t;

typedef struct {
	int counter;
} atomic_t;

struct ns_common {
	unsigned int inum;
};

/* From 6.18 on every namespace has a number that is not used again. */
struct ns_common___id {
	u64 ns_id;
};

struct user_namespace {
	struct ns_common ns;
};

struct pid_namespace {
	struct ns_common ns;
};

struct mnt_namespace {
	struct ns_common ns;
};

/* Before that, mount namespaces had one of their own. */
struct mnt_namespace___seq {
	u64 seq;
};

struct net {
	struct ns_common ns;
};

struct uts_namespace {
	struct ns_common ns;
};

struct ipc_namespace {
	struct ns_common ns;
};

struct cgroup_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct uts_namespace *uts_ns;
	struct ipc_namespace *ipc_ns;
	struct mnt_namespace *mnt_ns;
	struct net *net_ns;
	struct cgroup_namespace *cgroup_ns;
};

struct cred {
	kuid_t uid, suid, euid, fsuid;
	kgid_t gid, sgid, egid, fsgid;
	struct user_namespace *user_ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID };

struct tty_struct {
	char name[64];
};

struct list_head {
	struct list_head *next, *prev;
};

struct signal_struct {
	atomic_t live;
	struct pid *pids[4];
	struct tty_struct *tty;
	unsigned int flags;
	int group_exit_code;
};

struct super_block {
	u32 s_dev;
	unsigned long s_flags;
	unsigned long s_magic;
};

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	struct super_block *i_sb;
	unsigned long i_ino;
	unsigned int i_nlink;
	u32 i_rdev;
	s64 i_size;
	struct timespec64 i_ctime;
};

/* The time of change was renamed in 6.6, and taken apart in 6.11. */
struct inode___renamed {
	struct timespec64 __i_ctime;
};

struct inode___apart {
	s64 i_ctime_sec;
	u32 i_ctime_nsec;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct qstr {
	u32 len;
	const unsigned char *name;
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	unsigned char d_iname[32];
};

/* Short names were renamed in 6.14. */
union shortname_store {
	unsigned char string[32];
};

struct dentry___shortname {
	union shortname_store d_shortname;
};

struct vfsmount {
	struct dentry *mnt_root;
	int mnt_flags;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
	struct file *fd_array[64];
};

struct fs_struct {
	struct path pwd;
};

struct mm_struct {
	unsigned long arg_start, arg_end, env_start, env_end;
	struct file *exe_file;
};

struct kernfs_node {
	struct kernfs_node *parent;
	const char *name;
	u64 id;
};

/* The parent was renamed in 6.15, when it became an RCU pointer. */
struct kernfs_node___rcu {
	struct kernfs_node *__parent;
};

struct cgroup_root {
	int hierarchy_id;
};

struct cgroup {
	int level; /* 0 at the root of its hierarchy */
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[4];
	struct cgroup *dfl_cgrp;
	struct list_head cgrp_links;
};

/* The place of a css_set in one hierarchy. */
struct cgrp_cset_link {
	struct cgroup *cgrp;
	struct list_head cgrp_link;
};

enum cgroup_subsys_id {
	cpuset_cgrp_id,
	cpu_cgrp_id,
	io_cgrp_id,
	memory_cgrp_id,
	devices_cgrp_id,
	freezer_cgrp_id,
	pids_cgrp_id,
};

struct task_struct {
	unsigned int flags;
	int pid, tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	u64 start_boottime;
	int exit_code;
	const struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct mm_struct *mm;
	struct css_set *cgroups;
	u64 self_exec_id;
	struct list_head children; /* through their sibling */
	struct list_head sibling;
};

struct thread_info {
	unsigned long flags;
	u32 status; /* on x86 */
};

struct task_struct___info {
	struct thread_info thread_info;
};

/* The registers of a task in a system call. */
struct pt_regs___on_amd64 {
	unsigned long orig_ax, di, si, dx, r10;
};

struct pt_regs___on_arm64 {
	u64 regs[31];
	u64 orig_x0;
	s32 syscallno;
};

/* Only with CONFIG_AUDIT. */
struct task_struct___audit {
	kuid_t loginuid;
	unsigned int sessionid;
};

struct linux_binprm {
	struct file *file;
	int argc, envc;
	const char *filename;
	const char *interp;
};

#pragma clang attribute pop

/* include/linux/sched.h: forked but never exec'ed since. */
#define PF_FORKNOEXEC 0x00000040
/* include/linux/sched/signal.h: the group exits with group_exit_code. */
#define SIGNAL_GROUP_EXIT 0x00000004

/* include/uapi/linux/stat.h */
#define S_IFMT 00170000
#define S_IFREG 0100000

/* include/uapi/linux/magic.h, include/linux/fs.h, include/linux/mount.h */
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define I_CTIME_QUERIED 0x80000000 /* in i_ctime_nsec */
#define SB_RDONLY 0x1
#define MNT_READONLY 0x40

/* arch/x86/include/asm/thread_info.h, arch/arm64/include/asm/thread_info.h: a 32-bit system call. */
#define TS_COMPAT 0x0002
#define TIF_32BIT 22

#endif
