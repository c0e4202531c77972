//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// waiter waits for the kernel side to call, or for a call of our own.
//
// It is the runtime's poller that waits: a system call that blocks would wake
// two more of the runtime's threads each time it returns.
type waiter struct {
	ring   *os.File
	conn   syscall.RawConn
	called atomic.Bool
}

func newWaiter(m *ebpf.Map) (*waiter, error) {
	fd, err := unix.FcntlInt(uintptr(m.FD()), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("duplicate the descriptor of the ring buffer: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // the poller has no others
		return nil, errors.Join(fmt.Errorf("wait for the ring buffer: %w", err), unix.Close(fd))
	}
	w := &waiter{ring: os.NewFile(uintptr(fd), "ring buffer")}
	if err := w.ring.SetReadDeadline(time.Time{}); err != nil { // not in the poller
		return nil, errors.Join(fmt.Errorf("wait for the ring buffer: %w", err), w.close())
	}
	if w.conn, err = w.ring.SyscallConn(); err != nil {
		return nil, errors.Join(fmt.Errorf("wait for the ring buffer: %w", err), w.close())
	}
	return w, nil
}

// wait returns when the kernel side or call wakes it, or after the time given. A
// call of the kernel side before it does not count: whether there is something
// by then is asked when none can be missed any more. woken says that it was the
// kernel side that ended the wait.
func (w *waiter) wait(most time.Duration, something func() bool) (woken bool, err error) {
	if err := w.ring.SetReadDeadline(time.Now().Add(most)); err != nil {
		return false, fmt.Errorf("wait for the ring buffer: %w", err)
	}
	if w.called.Load() {
		return false, nil
	}
	waited := false
	err = w.conn.Read(func(uintptr) bool {
		before := waited
		waited = true
		return before || something()
	})
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return false, nil
	}
	return false, fmt.Errorf("wait for the ring buffer: %w", err)
}

// call ends the wait, and every later one.
func (w *waiter) call() error {
	w.called.Store(true) // before the deadline, which a wait that has not seen it sets earlier
	return w.ring.SetReadDeadline(time.Unix(1, 0))
}

func (w *waiter) close() error { return w.ring.Close() }
