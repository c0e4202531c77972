//go:build linux && (amd64 || arm64)

package bpf

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unsafe"
)

var errShort = errors.New("event is shorter than it says")

// decode fills ev from the bytes of one ring buffer record. The slices of ev point into raw and into buffers of ev.
func (ev *Event) decode(raw []byte) error {
	if len(raw) < 4 {
		return errShort
	}
	switch kind := *(*uint32)(unsafe.Pointer(unsafe.SliceData(raw[:4:4]))); probeEventKind(kind) {
	case probeEventKindEVENT_EXEC:
		ev.Kind = KindExec
		return ev.Exec.decode(raw)
	case probeEventKindEVENT_EXIT:
		ev.Kind = KindExit
		return ev.Exit.decode(raw)
	case probeEventKindEVENT_ORPHANS:
		ev.Kind = KindOrphans
		return ev.Orphans.decode(raw)
	case probeEventKindEVENT_EXEC_FAILED:
		ev.Kind = KindExecFailed
		return ev.Exec.decode(raw)
	default:
		return fmt.Errorf("event of unknown kind %d", kind)
	}
}

// load copies a struct that the kernel wrote out of raw, which need not be aligned.
func load[T any](raw []byte) (value T, rest []byte, err error) {
	size := int(unsafe.Sizeof(value))
	if len(raw) < size {
		return value, nil, errShort
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&value)), size), raw)
	return value, raw[size:], nil
}

func (x *Exit) decode(raw []byte) error {
	k, _, err := load[probeExitEvent](raw)
	if err != nil {
		return err
	}
	*x = Exit{
		Process: ProcessKey{PID: k.Pid, Start: time.Duration(k.StartBoottime)},
		Time:    time.Duration(k.Time),
		Status:  uint32(k.Code),
	}
	return nil
}

func (o *Orphans) decode(raw []byte) error {
	var whole probeOrphansEvent
	if len(raw) < int(unsafe.Offsetof(whole.Orphan)) || len(raw) > int(unsafe.Sizeof(whole)) {
		return errShort
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&whole)), unsafe.Sizeof(whole)), raw)
	count := (len(raw) - int(unsafe.Offsetof(whole.Orphan))) / int(unsafe.Sizeof(whole.Orphan[0]))
	if int(whole.Count) > count || whole.Lineages == 0 || int(whole.Lineages) > len(whole.Lineage) {
		return errShort
	}
	o.Lineage = o.Lineage[:0]
	for i := range whole.Lineage[:whole.Lineages] {
		o.Lineage = append(o.Lineage, whole.Lineage[i].decoded())
	}
	o.Children = o.Children[:0]
	for _, k := range whole.Orphan[:whole.Count] {
		o.Children = append(o.Children, ProcessKey{PID: k.Pid, Start: time.Duration(k.StartBoottime)})
	}
	return nil
}

func (k *probeAncestor) decoded() Ancestor {
	return Ancestor{
		Process: ProcessKey{PID: k.Pid, Start: time.Duration(k.StartBoottime)},
		Forked:  k.Flags&forkNoExec != 0,
		Comm:    *(*[16]byte)(unsafe.Pointer(&k.Comm)),
	}
}

func (x *Exec) decode(raw []byte) error {
	k, rest, err := load[probeExecEvent](raw)
	if err != nil {
		return err
	}
	var segments [probeSegmentSEG_COUNT][]byte
	for i, n := range k.SegLen {
		if uint64(n) > uint64(len(rest)) {
			return errShort
		}
		segments[i], rest = rest[:n:n], rest[n:]
	}
	x.setFixed(&k)
	x.setAncestors(segments[probeSegmentSEG_ANCESTORS])
	x.setPaths(&segments, probeEventFlag(k.Flags))
	x.Filename = segments[probeSegmentSEG_FILENAME]
	x.Interpreter = segments[probeSegmentSEG_INTERP]
	x.TTY = segments[probeSegmentSEG_TTY]
	x.Env = segments[probeSegmentSEG_ENV]
	x.setArgs(segments[probeSegmentSEG_ARGS_HEAD], segments[probeSegmentSEG_ARGS_TAIL])
	return nil
}

func (x *Exec) setFixed(k *probeExecEvent) {
	has := func(f probeEventFlag) bool { return probeEventFlag(k.Flags)&f != 0 }

	x.Process = ProcessKey{PID: k.Pid, Start: time.Duration(k.StartBoottime)}
	x.Time = time.Duration(k.Time)
	x.ID, x.Errno = k.ExecId, uint32(k.Error)
	x.TID, x.VPID, x.GroupLeader, x.SessionLeader = k.Tid, k.Vpid, k.Pgid, k.Sid
	x.UID, x.EUID, x.SUID = k.Uid, k.Euid, k.Suid
	x.GID, x.EGID, x.SGID = k.Gid, k.Egid, k.Sgid
	x.HasAudit = has(probeEventFlagFLAG_HAS_AUDIT)
	x.LoginUID, x.AuditSession = k.Loginuid, k.Sessionid
	x.HasTTY = has(probeEventFlagFLAG_HAS_TTY)
	x.ArgsCount, x.ArgsSize, x.EnvSize = int(k.Argc), int(k.ArgsSize), int(k.EnvSize)
	x.ArgsFault = has(probeEventFlagFLAG_ARGS_FAULT)
	x.CgroupID, x.CgroupV1Hierarchy = k.CgroupId, k.CgroupV1Hierarchy
	x.Namespaces = Namespaces{
		MountID: k.MntNsId,
		Mount:   k.MntNs, PID: k.PidNs, Net: k.NetNs, User: k.UserNs,
		UTS: k.UtsNs, IPC: k.IpcNs, Cgroup: k.CgroupNs,
	}
	x.Stdin = Descriptor{Mode: k.StdinMode, Device: k.StdinRdev}
	x.Stdout = Descriptor{Mode: k.StdoutMode, Device: k.StdoutRdev}
	x.Executable = Executable{
		Device: k.Dev, FileSystem: k.FsMagic, Inode: k.Inode, Links: k.Nlink, Mode: k.Mode, Owner: k.Owner, Group: k.Group,
		Changed: time.Unix(0, int64(k.Ctime)), Size: int64(k.FileSize),
		Detached:   has(probeEventFlagFLAG_DETACHED),
		Deleted:    has(probeEventFlagFLAG_UNLINKED) && !has(probeEventFlagFLAG_DETACHED),
		UpperLayer: has(probeEventFlagFLAG_UPPER_LAYER),
		ReadOnly:   has(probeEventFlagFLAG_READ_ONLY),
		Unfamiliar: k.Unfamiliar,
	}
	comm := unsafe.Slice((*byte)(unsafe.Pointer(&k.Comm)), len(k.Comm))
	name, _, _ := bytes.Cut(comm, []byte{0})
	x.Comm = append(x.Comm[:0], name...)
}

// forkNoExec is PF_FORKNOEXEC of include/linux/sched.h.
const forkNoExec = 0x40

func (x *Exec) setAncestors(segment []byte) {
	x.Ancestors = x.Ancestors[:0]
	for {
		k, rest, err := load[probeAncestor](segment)
		if err != nil {
			return
		}
		x.Ancestors = append(x.Ancestors, k.decoded())
		segment = rest
	}
}

// setPaths turns the paths, which come as names with the leaf first, into what a user knows as paths.
func (x *Exec) setPaths(segments *[probeSegmentSEG_COUNT][]byte, flags probeEventFlag) {
	paths := [...]struct {
		dst      *[]byte
		segment  probeSegment
		cut      probeEventFlag
		detached bool
	}{
		{&x.Executable.Path, probeSegmentSEG_EXE, probeEventFlagFLAG_EXE_CUT, x.Executable.Detached},
		{&x.WorkingDirectory, probeSegmentSEG_CWD, probeEventFlagFLAG_CWD_CUT, false},
		{&x.Stdin.Path, probeSegmentSEG_STDIN, probeEventFlagFLAG_STDIN_CUT, false},
		{&x.Stdout.Path, probeSegmentSEG_STDOUT, probeEventFlagFLAG_STDOUT_CUT, false},
		{&x.CgroupV2, probeSegmentSEG_CGROUP_V2, probeEventFlagFLAG_CGROUP_CUT, false},
		{&x.CgroupV1, probeSegmentSEG_CGROUP_V1, probeEventFlagFLAG_CGROUP_CUT, false},
	}
	need := 0
	for _, p := range paths {
		need += len(segments[p.segment]) + len(cutPrefix) + 1
	}
	if cap(x.paths) < need {
		x.paths = make([]byte, 0, 2*need)
	}
	x.paths = x.paths[:0] // never grows below: what was assembled stays where it is
	for _, p := range paths {
		start := len(x.paths)
		if flags&p.cut != 0 {
			x.paths = append(x.paths, cutPrefix...)
		}
		x.paths = appendPath(x.paths, segments[p.segment])
		path := x.paths[start:len(x.paths):len(x.paths)]
		if p.detached && len(path) > 0 {
			path = path[1:]
		}
		*p.dst = path
	}
	x.fixEmptyPaths()
}

// cutPrefix begins a path whose upper part is missing, so that it does not look absolute.
const cutPrefix = "..."

// appendPath appends /a/b/c for the names c, b, a, each ended by NUL.
func appendPath(dst, names []byte) []byte {
	for len(names) > 0 {
		end := len(names) - 1 // of the last name's NUL
		start := bytes.LastIndexByte(names[:end], 0) + 1
		dst = append(dst, '/')
		dst = append(dst, names[start:end]...)
		names = names[:start]
	}
	return dst
}

var root = []byte("/")

// fixEmptyPaths names the root directory, whose path has no components.
func (x *Exec) fixEmptyPaths() {
	if len(x.WorkingDirectory) == 0 {
		x.WorkingDirectory = root
	}
	if len(x.CgroupV2) == 0 {
		x.CgroupV2 = root
	}
}

// setArgs splits what was taken of the arguments. Where the middle is
// missing, the argument in which the cut fell ends with a mark, and the rest
// of the same argument follows the mark if no whole argument fell into the gap.
func (x *Exec) setArgs(head, tail []byte) {
	x.ArgsCut = len(head)+len(tail) < x.ArgsSize
	x.Args = appendStrings(x.Args[:0], head)
	if !x.ArgsCut {
		return
	}
	mark := "[..." + strconv.Itoa(x.ArgsSize-len(head)-len(tail)) + " bytes cut...]"
	x.args = x.args[:0]
	ended := bytes.Count(head, []byte{0}) // arguments that are whole in the head
	if ended < len(x.Args) {
		x.args = append(x.args, x.Args[ended]...)
		x.Args = x.Args[:ended]
	}
	x.args = append(x.args, mark...)
	rest := appendStrings(nil, tail)
	if ended+len(rest) == x.ArgsCount && len(rest) > 0 {
		x.args = append(x.args, rest[0]...)
		rest = rest[1:]
	}
	x.Args = append(append(x.Args, x.args), rest...)
}

// appendStrings appends the strings of s, each ended by NUL; the last may lack it.
func appendStrings(dst [][]byte, s []byte) [][]byte {
	for len(s) > 0 {
		arg, rest, _ := bytes.Cut(s, []byte{0})
		dst = append(dst, arg)
		s = rest
	}
	return dst
}
