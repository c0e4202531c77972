//go:build linux

package e2e

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// helperVariable makes the test binary one of the programs that tests watch.
const helperVariable = "COPYWATCH_HELPER"

// The helpers do what no ordinary program does. Most end in an exec; those that take a file take it as their descriptor 3.
var helpers = map[string]func() error{
	"leader":    endLeaderFirst,
	"thread":    execFromThread,
	"no-args":   execWithoutArgs,
	"by-handle": execByHandle,
	"by-link":   execByLink,
	"self-exe":  execSelf,
	"end":       func() error { return nil },
}

// helper is the program that execs in the way of that name.
func helper(t *testing.T, name string, args ...string) program {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return program{path: path, args: append([]string{"helper"}, args...), env: []string{helperVariable + "=" + name}}
}

// runHelper returns when there was no exec.
func runHelper(name string) int {
	f, ok := helpers[name]
	if !ok {
		f = func() error { return fmt.Errorf("there is no helper %q", name) }
	}
	if err := f(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 126
	}
	return 0
}

// execFromThread calls execve in a thread that is not the process's first.
func execFromThread() error {
	runtime.LockOSThread() // keeps the first thread for this function, so that the other is another
	failed := make(chan error)
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() == os.Getpid() {
			failed <- fmt.Errorf("this is the first thread")
			return
		}
		failed <- unix.Exec("/bin/true", []string{"true", "from a thread"}, os.Environ())
	}()
	return <-failed
}

// endLeaderFirst ends the process's first thread with code 1, and some time
// later, from another, the process with code 5.
func endLeaderFirst() error {
	runtime.LockOSThread()
	go func() {
		time.Sleep(100 * time.Millisecond)
		os.Exit(5)
	}()
	_, _, errno := unix.Syscall(unix.SYS_EXIT, 1, 0, 0)
	return errno
}

// execWithoutArgs calls execve with no argv at all.
func execWithoutArgs() error {
	return execve(unix.SYS_EXECVE, 0, "/bin/true", nil, 0)
}

// execByHandle runs the file that descriptor 3 is open on, whatever its name.
func execByHandle() error {
	return execve(unix.SYS_EXECVEAT, 3, "", os.Args, unix.AT_EMPTY_PATH)
}

// execSelf executes its own file again, by the link that every process has to it.
func execSelf() error {
	return unix.Exec("/proc/self/exe", os.Args, append(os.Environ(), helperVariable+"=end"))
}

func execByLink() error {
	return unix.Exec("/proc/self/fd/3", os.Args, os.Environ())
}

// execve calls the kernel as it is called by those who want something unusual of it.
func execve(call uintptr, dir uintptr, path string, args []string, flags uintptr) error {
	pathp, err := unix.BytePtrFromString(path)
	if err != nil {
		return err
	}
	env, err := pointers(os.Environ())
	if err != nil {
		return err
	}
	argv, err := pointers(args)
	if err != nil {
		return err
	}
	argvp := unsafe.Pointer(&argv[0])
	if args == nil {
		argvp = nil
	}
	var errno unix.Errno
	if call == unix.SYS_EXECVEAT {
		_, _, errno = unix.RawSyscall6(call, dir, uintptr(unsafe.Pointer(pathp)), uintptr(argvp), uintptr(unsafe.Pointer(&env[0])), flags, 0)
	} else {
		_, _, errno = unix.RawSyscall(call, uintptr(unsafe.Pointer(pathp)), uintptr(argvp), uintptr(unsafe.Pointer(&env[0])))
	}
	return errno
}

// pointers returns strings as execve takes them, with a null pointer at the end.
func pointers(texts []string) ([]*byte, error) {
	list := make([]*byte, len(texts)+1)
	for i, text := range texts {
		p, err := unix.BytePtrFromString(text)
		if err != nil {
			return nil, err
		}
		list[i] = p
	}
	return list, nil
}
