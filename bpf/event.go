package bpf

import (
	"bytes"
	"time"
)

// Event is what [Probe.Read] fills: an exec, the end of a process, or what else the lineage of processes needs.
//
// The byte slices are as the kernel had them, chosen by whoever ran the
// program: any byte but NUL may be in them. They are valid until the Event is
// filled again.
type Event struct {
	Kind    Kind
	Exec    Exec // also of one that failed
	Exit    Exit
	Orphans Orphans
}

// Kind tells which part of an [Event] is filled.
type Kind uint8

// The kinds of event.
const (
	KindExec       Kind = 1
	KindExit       Kind = 2
	KindOrphans    Kind = 3
	KindExecFailed Kind = 4
)

// ProcessKey identifies a process for as long as the host is up: pids are
// used again, pairs of pid and start time are not.
type ProcessKey struct {
	PID uint32
	// Start is when the process was forked, since boot.
	Start time.Duration
}

// Exit is the end of a process that had run an execve of its own.
type Exit struct {
	Process ProcessKey
	// Time of the exit since boot.
	Time time.Duration
	// Status as wait(2) reports it: the low seven bits are the signal, the
	// next byte above the low eight is the exit code.
	Status uint32
}

// Orphans are the children of a process that ended, for whom the kernel names
// another parent from then on.
type Orphans struct {
	// Lineage is the process that ended and then its ancestors, nearest first, at most 16 of them. It has at least one element.
	Lineage []Ancestor
	// Children are at most 64. Beyond that number they are not told of.
	Children []ProcessKey
}

// Exec is one successful execve. Of one that failed, Executable is the image
// that goes on running, Args and ArgsCount are what was passed, as far as the
// limit allows, and there is no environment.
type Exec struct {
	Process ProcessKey
	// ID grows with each exec of the process, and tells two of them apart.
	ID uint64
	// Errno is why it failed; 0 where it did not.
	Errno uint32
	// Time of the exec since boot, time in suspend included.
	Time time.Duration
	// TID is the thread that called execve. From then on the process has one thread, whose id is PID.
	TID uint32
	// VPID is the pid in the process's own pid namespace.
	VPID uint32
	// GroupLeader and SessionLeader are pids in the initial pid namespace, 0 where the leader is outside it.
	GroupLeader, SessionLeader uint32

	UID, EUID, SUID uint32
	GID, EGID, SGID uint32
	// HasAudit says that the kernel keeps LoginUID and AuditSession; each is Unset until a login sets it.
	HasAudit               bool
	LoginUID, AuditSession uint32

	// Ancestors are the parent, its parent and so on, at most 16, up to pid 1.
	Ancestors []Ancestor

	// Comm is the kernel's short name of the task, at most 15 bytes.
	Comm []byte
	// Args are the arguments, argv[0] first, as the new image has them. Where
	// they exceed the limit, CutMark stands for what is left out.
	Args [][]byte
	// ArgsCount and ArgsSize are true whatever was cut: argc, and bytes with a NUL for each argument.
	ArgsCount, ArgsSize int
	// ArgsCut says that Args is not complete; ArgsFault that a page of them was not in memory and Args is empty or lacks its end.
	ArgsCut, ArgsFault bool

	// Executable describes the file that the kernel mapped: for a script, its interpreter.
	Executable Executable
	// Filename is the path given to execve, or /dev/fd/N where a descriptor was.
	Filename []byte
	// Interpreter is what stands in the last #! line (or the binfmt_misc entry), empty where the exec was of a binary itself.
	Interpreter []byte
	// WorkingDirectory is absolute in the process's mount namespace.
	WorkingDirectory []byte
	// HasTTY says that the session has a controlling terminal; TTY is its name in the kernel, such as pts3.
	HasTTY bool
	TTY    []byte
	// Stdin and Stdout are what descriptors 0 and 1 are open on.
	Stdin, Stdout Descriptor

	// CgroupV2 is the path in the unified hierarchy, CgroupV1 in that of the
	// controller named (hierarchy number and name as in /proc/PID/cgroup),
	// empty where every v1 controller has the process at its root.
	CgroupV2, CgroupV1 []byte
	CgroupV1Hierarchy  uint32
	CgroupID           uint64

	// Namespaces are inode numbers, as in /proc/PID/ns.
	Namespaces Namespaces

	// Env is the start of the environment: NAME=value strings, a NUL after each. EnvSize is its true size in bytes.
	Env     []byte
	EnvSize int

	paths []byte // holds the assembled paths
	args  []byte // holds an argument that was cut in its middle
}

// Unset is what the audit subsystem has for a login uid or session that no login has set.
const Unset = ^uint32(0)

// Ancestor is one process of a lineage.
type Ancestor struct {
	Process ProcessKey
	// Forked says that it was forked and has not called execve: it runs its parent's image.
	Forked bool
	// Comm is the kernel's short name of the task, at most 15 bytes, padded with NULs.
	Comm [16]byte
}

// Executable is the file behind a process.
type Executable struct {
	// Path is absolute in the process's mount namespace, or a bare name where
	// the file is on no mount (memfd:NAME). It begins with ".../" where the
	// path has more than 127 components or 4 KiB and its upper part is missing.
	Path []byte
	// Device is in the kernel's encoding: major in the bits above 20, minor below.
	Device uint32
	// FileSystem is the magic number of the file system, as in statfs(2).
	FileSystem   uint32
	Inode        uint64
	Links        uint32
	Mode         uint32
	Owner, Group uint32
	// Changed is the inode's time of change (ctime). With device and inode it
	// tells two files, or two states of one, apart.
	Changed time.Time
	// Size in bytes.
	Size int64
	// Detached: on no mount at all, as a memfd is.
	Detached bool
	// Deleted: it has no name any more.
	Deleted bool
	// UpperLayer: in the upper layer of an overlay file system, so written after its container started.
	UpperLayer bool
	// ReadOnly: on a mount or file system that cannot be written.
	ReadOnly bool
	// Unfamiliar is what [Probe.Know] takes, where the file is not known yet in
	// the state and the mount namespace that it was executed in, and of every script; else 0.
	Unfamiliar uint64
}

// Descriptor is what a file descriptor is open on.
type Descriptor struct {
	// Mode is the inode's, type and permissions; 0 where the descriptor is closed.
	Mode uint32
	// Device is that of a character or block special file, encoded as in [Executable].
	Device uint32
	// Path of a regular file, encoded as in [Executable].
	Path []byte
}

// Namespaces are the inode numbers of a process's namespaces.
type Namespaces struct {
	// MountID identifies the mount namespace for as long as the host is up: an
	// inode number is used again as soon as its namespace is gone.
	MountID                                 uint64
	Mount, PID, Net, User, UTS, IPC, Cgroup uint32
}

// Getenv returns the value of a variable of the new image's environment, as far as it was taken.
func (e *Exec) Getenv(name string) ([]byte, bool) {
	for env := e.Env; ; {
		end := bytes.IndexByte(env, 0)
		if end < 0 { // the last was cut
			return nil, false
		}
		if at := len(name); at < end && env[at] == '=' && string(env[:at]) == name {
			return env[at+1 : end], true
		}
		env = env[end+1:]
	}
}

// LossReason is why events were lost.
type LossReason int

// The reasons. The probe counts the first three, and [Interrupted]; the others are for its reader, by [Probe.Lost].
const (
	// RingBufferFull: the reader did not keep up, or there was none.
	RingBufferFull LossReason = iota
	// Recursion: the kernel did not run the program since it was running on that CPU.
	Recursion
	// NoScratch: the CPU was not among those possible when the probe was opened.
	NoScratch
	// Undecodable: the event is not one as this version knows it.
	Undecodable
	// Refused: nobody took them.
	Refused
	// Interrupted: a reader that had taken them was killed before they are known to have arrived.
	Interrupted
	// LossReasons is how many there are.
	LossReasons
)

// Losses are the events that happened and were not delivered, by reason.
type Losses [LossReasons]uint64

// Code is the exit code, 0 for a process that a signal ended.
func (x *Exit) Code() int { return int(x.Status >> 8 & 0xff) }

// Signal is what ended the process, or 0 where it exited by itself.
func (x *Exit) Signal() int { return int(x.Status & 0x7f) }
