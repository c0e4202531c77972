package ebpfexecreceiver

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/copywatch/copywatch/bpf"
)

// users knows the names of users, for each mount namespace from its own
// /etc/passwd: uid 1000 on the host and in a container are two people.
type users struct {
	proc, root string
	hostNS     uint32
	patience   *patience
	known      map[uint64]passwd // by the unique number of the mount namespace
}

// passwd is one namespace's database as it was read.
type passwd struct {
	names map[uint32]string
	read  time.Time
}

const (
	passwdFresh    = time.Minute // after which a database is read again
	passwdRetry    = time.Second // after which one that could not be read is tried again
	passwdSize     = 1 << 20     // bytes that are read of it
	namespacesMost = 1024        // that are remembered; all are forgotten when it is reached
	passwdPatience = 50 * time.Millisecond
	passwdAtOnce   = 4
)

func newUsers(proc, root string) *users {
	hostNS := mountNamespace(filepath.Join(proc, "1/ns/mnt"))
	if hostNS == 0 && root == "/" {
		// Without CAP_SYS_PTRACE that of init may not be read. A collector whose
		// host's root is its own is in the same.
		hostNS = mountNamespace(filepath.Join(proc, "self/ns/mnt"))
	}
	return &users{
		proc: proc, root: root,
		hostNS:   hostNS,
		patience: newPatience(passwdAtOnce, passwdPatience),
		known:    map[uint64]passwd{},
	}
}

// mountNamespace reads mnt:[4026531841], or 0 where that may not be read.
func mountNamespace(link string) uint32 {
	target, err := os.Readlink(link)
	if err != nil {
		return 0
	}
	number, _ := strconv.ParseUint(strings.Trim(target, "mnt:[]"), 10, 32)
	return uint32(number)
}

// of returns the names of users in the process's own world. It is nil where they are not known.
func (u *users) of(x *bpf.Exec, now time.Time) map[uint32]string {
	ns := x.Namespaces.MountID
	db, ok := u.known[ns]
	fresh := passwdFresh
	if db.names == nil {
		fresh = passwdRetry
	}
	if !ok || now.Sub(db.read) > fresh {
		db = u.load(x, db, now)
		if len(u.known) >= namespacesMost {
			clear(u.known)
		}
		u.known[ns] = db
	}
	return db.names
}

// load reads the database through the process, or through one of its
// ancestors in the same namespace when it has ended already.
func (u *users) load(x *bpf.Exec, old passwd, now time.Time) passwd {
	db := passwd{names: old.names, read: now}
	if x.Namespaces.Mount == u.hostNS {
		if names, ok := ask(u.patience, func() map[uint32]string { return readPasswd(u.root) }); ok && names != nil {
			db.names = names
		}
		return db
	}
	pids := make([]uint32, 0, 3)
	pids = append(pids, x.Process.PID)
	for _, a := range x.Ancestors[:min(2, len(x.Ancestors))] {
		pids = append(pids, a.Process.PID)
	}
	ns := x.Namespaces.Mount
	names, ok := ask(u.patience, func() map[uint32]string {
		for _, pid := range pids {
			dir := filepath.Join(u.proc, strconv.FormatUint(uint64(pid), 10))
			if mountNamespace(filepath.Join(dir, "ns/mnt")) != ns {
				continue
			}
			if names := readPasswd(filepath.Join(dir, "root")); names != nil {
				return names
			}
		}
		return nil
	})
	if ok && names != nil {
		db.names = names
	}
	return db
}

// readPasswd reads etc/passwd below root. It follows no link out of root, and opens nothing but a regular file.
func readPasswd(root string) map[uint32]string {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil
	}
	defer dir.Close()
	file, err := dir.OpenFile("etc/passwd", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return parsePasswd(io.LimitReader(file, passwdSize))
}

// parsePasswd reads passwd(5). Of several names of one uid the first counts, as for getpwuid(3).
func parsePasswd(r io.Reader) map[uint32]string {
	names := map[uint32]string{}
	for lines := bufio.NewScanner(r); lines.Scan(); {
		name, rest, _ := strings.Cut(lines.Text(), ":")
		_, rest, _ = strings.Cut(rest, ":")
		id, _, _ := strings.Cut(rest, ":")
		uid, err := strconv.ParseUint(id, 10, 32)
		if err != nil || name == "" {
			continue
		}
		if _, taken := names[uint32(uid)]; !taken {
			names[uint32(uid)] = strings.ToValidUTF8(name, "?")
		}
	}
	return names
}
