//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"fmt"
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// waiter waits for the kernel side to call, or for a call of our own.
type waiter struct {
	epoll, event int
}

func newWaiter(m *ebpf.Map) (*waiter, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create an epoll instance: %w", err)
	}
	event, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("create an event descriptor: %w", err), unix.Close(epoll))
	}
	w := &waiter{epoll: epoll, event: event}
	for fd, events := range map[int]uint32{
		event: unix.EPOLLIN,
		// Edge-triggered: what was read and not released yet is no reason to wake up.
		m.FD(): unix.EPOLLIN | unix.EPOLLET,
	} {
		if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)}); err != nil {
			return nil, errors.Join(fmt.Errorf("wait for the ring buffer: %w", err), w.close())
		}
	}
	return w, nil
}

// wait returns when the kernel side or call wakes it, or after the time given, in whole milliseconds.
func (w *waiter) wait(most time.Duration) error {
	var ready [2]unix.EpollEvent
	_, err := unix.EpollWait(w.epoll, ready[:], int(most.Milliseconds()))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("wait for the ring buffer: %w", err)
	}
	return nil
}

// call ends the wait, and every later one.
func (w *waiter) call() error {
	_, err := unix.Write(w.event, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	return err
}

func (w *waiter) close() error { return errors.Join(unix.Close(w.epoll), unix.Close(w.event)) }
