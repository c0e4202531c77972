//go:build linux && (amd64 || arm64)

package bpf

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"
)

// pins is a directory in a BPF file system, with a directory in it for each
// generation that is kept. While it is open no other process can have it.
type pins struct {
	dir  string
	lock *os.File
}

// Names of pins: a map has its own.
const (
	programPin = "program_"
	linkPin    = "link_"
)

func openPins(dir string) (*pins, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("pin_path: %w; it is to be in a BPF file system (mount -t bpf bpf /sys/fs/bpf)", err)
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return nil, fmt.Errorf("pin_path: %s: %w", dir, err)
	}
	if fs.Type != unix.BPF_FS_MAGIC {
		return nil, fmt.Errorf("pin_path: %s is not in a BPF file system; mount one there (mount -t bpf bpf /sys/fs/bpf)", dir)
	}
	lock, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("pin_path: %w", err)
	}
	if err := acquire(lock); err != nil {
		return nil, errors.Join(fmt.Errorf("pin_path: %s is used by another collector: %w", dir, err), lock.Close())
	}
	return &pins{dir: dir, lock: lock}, nil
}

// acquire waits for a moment: a predecessor may be on its last legs.
func acquire(lock *os.File) (err error) {
	for range 20 {
		if err = unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// close gives the lock back before the descriptor: a child that has not called execve yet has the same.
func (p *pins) close() error {
	return errors.Join(unix.Flock(int(p.lock.Fd()), unix.LOCK_UN), p.lock.Close())
}

// names of the generations that are kept, of one kind the oldest first.
func (p *pins) names() ([]string, error) {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return nil, fmt.Errorf("pin_path: %w", err)
	}
	var names []string
	for _, entry := range entries { // sorted, and a name ends with its time
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

//go:embed event.h
var eventFormat []byte

// formatName is equal where events are: what else has changed does not matter to who reads them.
func formatName() string { return digest(eventFormat) }

// kindName is equal where the same programs do the same.
func kindName(o *Options) string {
	return formatName() + "-" + digest(_ProbeBytes, fmt.Append(nil,
		o.BufferSize, o.ReserveSize, o.ArgsLimit, o.EnvLimit, o.Exits, o.Failed))
}

func digest(parts ...[]byte) string {
	sum := sha256.Sum256(bytes.Join(parts, []byte{0}))
	return hex.EncodeToString(sum[:6])
}

func newName(o *Options) string {
	return kindName(o) + "-" + strconv.FormatInt(time.Now().UnixNano(), 16)
}

func isOfKind(name, kind string) bool { return strings.HasPrefix(name, kind+"-") }

// save pins everything of a generation, and the links last: with them it is complete.
func (p *pins) save(g *generation, name string) error {
	dir := filepath.Join(p.dir, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("pin_path: %w", err)
	}
	g.name = name
	for name, m := range g.maps.byName() {
		if err := (*m).Pin(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("pin_path: pin a map: %w", err)
		}
	}
	for tracepoint, program := range g.programs {
		if err := program.Pin(filepath.Join(dir, programPin+tracepoint)); err != nil {
			return fmt.Errorf("pin_path: pin a program: %w", err)
		}
	}
	for tracepoint, l := range g.links {
		if err := l.Pin(filepath.Join(dir, linkPin+tracepoint)); err != nil {
			return fmt.Errorf("pin_path: pin a link: %w", err)
		}
	}
	return nil
}

// load opens what is pinned. What was being pinned when its owner was killed lacks some, which is an error.
func (p *pins) load(name string) (_ *generation, err error) {
	dir := filepath.Join(p.dir, name)
	g := &generation{name: name, programs: map[string]*ebpf.Program{}, links: map[string]link.Link{}}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("pin_path: %s: %w", dir, err), g.close())
		}
	}()
	for name, m := range g.maps.byName() {
		*m, err = ebpf.LoadPinnedMap(filepath.Join(dir, name), nil)
		if errors.Is(err, os.ErrNotExist) && m == &g.maps.Familiar {
			err = nil // of an older version, which has events nevertheless
		}
		if err != nil {
			return nil, err
		}
	}
	for tracepoint := range programNames {
		program, err := ebpf.LoadPinnedProgram(filepath.Join(dir, programPin+tracepoint), nil)
		if err == nil {
			g.programs[tracepoint] = program
		} else if !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return g, g.open()
}

// isAttached says that the generation is complete and at work.
func (p *pins) isAttached(g *generation) bool {
	for tracepoint := range g.programs {
		if _, err := os.Stat(filepath.Join(p.dir, g.name, linkPin+tracepoint)); err != nil {
			return false
		}
	}
	return len(g.programs) > 0
}

// detach ends the taking of events of a generation that others attached.
func (p *pins) detach(name string) error {
	var errs []error
	for tracepoint := range programNames {
		path := filepath.Join(p.dir, name, linkPin+tracepoint)
		l, err := link.LoadPinnedLink(path, nil)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		// The last reference is ours, so that the program is detached when this returns.
		errs = append(errs, os.Remove(path), l.Close())
	}
	return errors.Join(errs...)
}

// remove unpins what is left of a generation.
func (p *pins) remove(name string) error { return os.RemoveAll(filepath.Join(p.dir, name)) }
