package ebpfexecreceiver

import (
	"bufio"
	"bytes"
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
	host       passwd // the host's, as it was read last
	patience   *patience
	known      map[uint64]passwd // by the unique number of the mount namespace
	bytes      int               // that all of these take in memory, about
}

// passwd is one namespace's database as it was read.
type passwd struct {
	names map[uint32]string
	bytes int // that they take in memory, about
	read  time.Time
}

const (
	passwdFresh    = time.Minute // after which a database is read again
	passwdRetry    = time.Second // after which one that could not be read is tried again
	passwdSize     = 1 << 20     // bytes that are read of the host's
	foreignSize    = 256 << 10   // and of another's: each new namespace costs the reading
	passwdBytes    = 4 << 20     // that the names of one may take in memory; whoever may unshare(2) writes it
	nameLongest    = 256         // bytes, with the NUL that ends it (LOGIN_NAME_MAX)
	nameEntry      = 64          // bytes that a name takes in a map beside its text
	namespacesMost = 1024        // that are remembered
	knownBytes     = 8 << 20     // that their names may take in memory, and the host's
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
		host:     readPasswd(root, passwdSize), // a busy machine takes longer than the first exec is to wait
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
		db = u.keep(ns, u.load(x, db, now), x.Namespaces.Mount == u.hostNS)
	}
	return db.names
}

// keep remembers a database, and returns what is remembered. Where all of them take too much those go that were
// not read for a while; if that does not help, it is remembered without its
// names: to forget others for it would let a few large ones be read for each exec.
func (u *users) keep(ns uint64, db passwd, host bool) passwd {
	u.bytes -= u.known[ns].bytes
	if len(u.known) >= namespacesMost || u.bytes+db.bytes > knownBytes {
		for other, old := range u.known {
			if db.read.Sub(old.read) > passwdFresh {
				u.bytes -= old.bytes
				delete(u.known, other)
			}
		}
	}
	if u.bytes+db.bytes > knownBytes && !host {
		db.names, db.bytes = map[uint32]string{}, 0
	}
	if len(u.known) >= namespacesMost {
		clear(u.known)
		u.bytes = 0
	}
	u.known[ns] = db
	u.bytes += db.bytes
	return db
}

// load reads the database through the process, or through one of its
// ancestors in the same namespace when it has ended already.
func (u *users) load(x *bpf.Exec, old passwd, now time.Time) passwd {
	if x.Namespaces.Mount == u.hostNS {
		if found, ok := ask(u.patience, func() passwd { return readPasswd(u.root, passwdSize) }); ok && found.names != nil {
			u.host = found
		}
		return passwd{names: u.host.names, bytes: u.host.bytes, read: now}
	}
	db := passwd{names: old.names, bytes: old.bytes, read: now}
	pids := make([]uint32, 0, 3)
	pids = append(pids, x.Process.PID)
	for _, a := range x.Ancestors[:min(2, len(x.Ancestors))] {
		pids = append(pids, a.Process.PID)
	}
	ns := x.Namespaces.Mount
	found, ok := ask(u.patience, func() passwd {
		for _, pid := range pids {
			dir := filepath.Join(u.proc, strconv.FormatUint(uint64(pid), 10))
			if mountNamespace(filepath.Join(dir, "ns/mnt")) != ns {
				continue
			}
			if found := readPasswd(filepath.Join(dir, "root"), foreignSize); found.names != nil {
				return found
			}
		}
		return passwd{}
	})
	if ok && found.names != nil {
		db.names, db.bytes = found.names, found.bytes
	}
	return db
}

// readPasswd reads etc/passwd below root. It follows no link out of root, and opens nothing but a regular file.
func readPasswd(root string, most int64) passwd {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return passwd{}
	}
	defer dir.Close()
	file, err := dir.OpenFile("etc/passwd", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return passwd{}
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return passwd{}
	}
	return parsePasswd(io.LimitReader(file, most))
}

// parsePasswd reads passwd(5). Of several names of one uid the first counts, as for getpwuid(3).
func parsePasswd(r io.Reader) passwd {
	db := passwd{names: map[uint32]string{}}
	for lines := bufio.NewScanner(r); lines.Scan() && db.bytes < passwdBytes; {
		name, rest, _ := bytes.Cut(lines.Bytes(), []byte{':'})
		_, rest, _ = bytes.Cut(rest, []byte{':'})
		id, _, _ := bytes.Cut(rest, []byte{':'})
		uid, err := strconv.ParseUint(string(id), 10, 32)
		if err != nil || len(name) == 0 || len(name) >= nameLongest {
			continue
		}
		if _, taken := db.names[uint32(uid)]; !taken {
			text := strings.ToValidUTF8(string(name), "?")
			db.names[uint32(uid)] = text
			db.bytes += nameEntry + len(text)
		}
	}
	return db
}
