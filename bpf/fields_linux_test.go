//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Each field is compared with what the kernel says about it by another way:
// the fields move and change their names from one kernel to the next. One
// probe serves all, since the verifier takes its time under emulation.
func TestFieldsAreWhatTheKernelSays(t *testing.T) {
	p := open(t, Options{})
	for name, test := range map[string]func(*testing.T, *Probe){
		"executable":         testExecutable,
		"process":            testProcess,
		"cgroups":            testCgroups,
		"script":             testScript,
		"file in memory":     testFileInMemory,
		"working directory":  testWorkingDirectory,
		"terminal and files": testTerminalAndFiles,
		"long arguments":     testLongArguments,
		"short arguments":    testShortArguments,
		"names":              testNames,
		"many descriptors":   testManyDescriptors,
	} {
		t.Run(name, func(t *testing.T) { test(t, p) })
	}
}

// observe runs a command and hands its exec to check.
func observe(t *testing.T, p *Probe, cmd *exec.Cmd, check func(*Exec)) {
	require.NoError(t, cmd.Run())
	var ev Event
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		err := p.Read(&ev, pause)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			continue
		}
		require.NoError(t, err)
		if ev.Kind == KindExec && int(ev.Exec.Process.PID) == cmd.Process.Pid {
			check(&ev.Exec)
			return
		}
	}
	t.Error("no event of the command came")
}

// copyOfTrue is a program that everybody may run.
func copyOfTrue(t *testing.T) string {
	program, err := os.ReadFile("/bin/true")
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.WriteFile(path, program, 0o755))
	require.NoError(t, os.Chmod(filepath.Dir(filepath.Dir(path)), 0o755))
	return path
}

// namespaceInode is the inode number that a link of /proc/self/ns names.
func namespaceInode(t *testing.T, name string) (inode uint32) {
	link, err := os.Readlink("/proc/self/ns/" + name)
	require.NoError(t, err)
	_, err = fmt.Sscanf(link, name+":[%d]", &inode)
	require.NoError(t, err)
	return inode
}

func testExecutable(t *testing.T, p *Probe) {
	path := copyOfTrue(t)
	require.NoError(t, os.Chown(path, 1234, 2345))
	require.NoError(t, os.Link(path, path+"2"))
	var st unix.Stat_t
	require.NoError(t, unix.Stat(path, &st))
	var fs unix.Statfs_t
	require.NoError(t, unix.Statfs(path, &fs))

	observe(t, p, exec.Command(path), func(x *Exec) {
		e := &x.Executable
		assert.Equal(t, path, string(e.Path))
		assert.Equal(t, st.Ino, e.Inode)
		assert.EqualValues(t, 2, e.Links)
		assert.Equal(t, st.Mode, e.Mode)
		assert.Equal(t, []uint32{1234, 2345}, []uint32{e.Owner, e.Group})
		assert.Equal(t, st.Size, e.Size)
		assert.Equal(t, time.Unix(st.Ctim.Unix()).UTC(), e.Changed.UTC())
		assert.EqualValues(t, fs.Type, e.FileSystem)
		// Overlay and btrfs report a device of their own to stat(2).
		if fs.Type != unix.OVERLAYFS_SUPER_MAGIC && fs.Type != unix.BTRFS_SUPER_MAGIC {
			assert.Equal(t, unix.Major(st.Dev)<<20|unix.Minor(st.Dev), e.Device)
		}
		assert.False(t, e.Detached || e.Deleted)
	})
}

func testProcess(t *testing.T, p *Probe) {
	cmd := exec.Command(copyOfTrue(t))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: &syscall.Credential{Uid: 12345, Gid: 23456}}
	observe(t, p, cmd, func(x *Exec) {
		assert.Equal(t, [3]uint32{12345, 12345, 12345}, [3]uint32{x.UID, x.EUID, x.SUID})
		assert.Equal(t, [3]uint32{23456, 23456, 23456}, [3]uint32{x.GID, x.EGID, x.SGID})
		pid := uint32(cmd.Process.Pid)
		assert.Equal(t, [4]uint32{pid, pid, pid, pid}, [4]uint32{x.TID, x.VPID, x.GroupLeader, x.SessionLeader})
		assert.False(t, x.HasTTY)

		n := x.Namespaces
		for name, inode := range map[string]uint32{
			"mnt": n.Mount, "pid": n.PID, "net": n.Net, "user": n.User, "uts": n.UTS, "ipc": n.IPC, "cgroup": n.Cgroup,
		} {
			assert.Equal(t, namespaceInode(t, name), inode, name)
		}
		if id, ok := mountNamespaceID(t); ok {
			assert.Equal(t, id, n.MountID)
		}
		loginUID, err := os.ReadFile("/proc/self/loginuid")
		assert.Equal(t, err == nil, x.HasAudit)
		if err == nil {
			assert.Equal(t, string(loginUID), fmt.Sprint(x.LoginUID))
		}
	})
}

// mountNamespaceID asks for what ioctl_nsfs(2) calls NS_GET_MNTNS_ID, which kernels have from 6.11 on.
func mountNamespaceID(t *testing.T) (id uint64, ok bool) {
	f, err := os.Open("/proc/self/ns/mnt")
	require.NoError(t, err)
	defer f.Close()
	const nsGetMountNamespaceID = 0x8008b705
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), nsGetMountNamespaceID, uintptr(unsafe.Pointer(&id)))
	return id, errno == 0
}

func testCgroups(t *testing.T, p *Probe) {
	const initialCgroupNamespace = 0xEFFFFFFB // include/linux/proc_ns.h
	if namespaceInode(t, "cgroup") != initialCgroupNamespace {
		t.Skip("optional: needs the initial cgroup namespace; in another, /proc shows other paths")
	}
	cgroups, err := os.ReadFile("/proc/self/cgroup")
	require.NoError(t, err)
	observe(t, p, exec.Command("/bin/true"), func(x *Exec) {
		for line := range strings.Lines(string(cgroups)) {
			field := strings.SplitN(strings.TrimSpace(line), ":", 3)
			switch {
			case field[0] == "0":
				assert.Equal(t, field[2], string(x.CgroupV2))
			case field[1] == "pids" && field[2] != "/":
				assert.Equal(t, field[2], string(x.CgroupV1))
				assert.Equal(t, field[0], fmt.Sprint(x.CgroupV1Hierarchy))
			}
		}
	})
}

func testScript(t *testing.T, p *Probe) {
	script := filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(script, []byte("#!/bin/sh\n:\n"), 0o700))
	shell, err := filepath.EvalSymlinks("/bin/sh")
	require.NoError(t, err)
	observe(t, p, exec.Command(script), func(x *Exec) {
		assert.Equal(t, script, string(x.Filename))
		assert.Equal(t, "/bin/sh", string(x.Interpreter))
		assert.Equal(t, shell, string(x.Executable.Path))
		assert.Equal(t, []string{"/bin/sh", script}, texts(x.Args))
	})
}

func testFileInMemory(t *testing.T, p *Probe) {
	fd, err := unix.MemfdCreate("hidden", 0)
	require.NoError(t, err)
	file := os.NewFile(uintptr(fd), "hidden")
	defer file.Close()
	program, err := os.Open("/bin/true")
	require.NoError(t, err)
	defer program.Close()
	_, err = io.Copy(file, program)
	require.NoError(t, err)

	cmd := exec.Command(fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), fd))
	observe(t, p, cmd, func(x *Exec) {
		assert.Equal(t, "memfd:hidden", string(x.Executable.Path))
		assert.True(t, x.Executable.Detached)
		assert.False(t, x.Executable.Deleted, "it never had a name")
	})
}

func testWorkingDirectory(t *testing.T, p *Probe) {
	cmd := exec.Command("/bin/true")
	cmd.Dir = "/proc/sys/kernel"
	observe(t, p, cmd, func(x *Exec) {
		assert.Equal(t, "/proc/sys/kernel", string(x.WorkingDirectory))
	})
	cmd = exec.Command("/bin/true")
	cmd.Dir = filepath.Join(t.TempDir(), strings.Repeat("d/", 200))
	require.NoError(t, os.MkdirAll(cmd.Dir, 0o700))
	observe(t, p, cmd, func(x *Exec) {
		assert.Equal(t, ".../d/d/", string(x.WorkingDirectory[:8]))
	})
}

func testTerminalAndFiles(t *testing.T, p *Probe) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	defer master.Close()
	require.NoError(t, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	defer slave.Close()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer out.Close()

	cmd := exec.Command("/bin/true")
	cmd.Stdin, cmd.Stdout = slave, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	observe(t, p, cmd, func(x *Exec) {
		assert.True(t, x.HasTTY)
		assert.Equal(t, fmt.Sprintf("pts%d", number), string(x.TTY))
		assert.EqualValues(t, unix.S_IFCHR, x.Stdin.Mode&unix.S_IFMT)
		assert.EqualValues(t, 136<<20|number, x.Stdin.Device) // Documentation/admin-guide/devices.txt
		assert.EqualValues(t, unix.S_IFREG, x.Stdout.Mode&unix.S_IFMT)
		assert.Equal(t, out.Name(), string(x.Stdout.Path))
	})
}

func testLongArguments(t *testing.T, p *Probe) {
	cmd := exec.Command("/bin/true", strings.Repeat("a", 100_000), "the end")
	cmd.Env = []string{"MARK=" + strings.Repeat("e", 50_000)}
	observe(t, p, cmd, func(x *Exec) {
		assert.True(t, x.ArgsCut)
		assert.Equal(t, len("/bin/true ")+100_001+len("the end "), x.ArgsSize)
		assert.Equal(t, "/bin/true", string(x.Args[0]))
		assert.Equal(t, "the end", string(x.Args[len(x.Args)-1]))
		assert.Equal(t, len("MARK= ")+50_000, x.EnvSize)
		assert.True(t, strings.HasPrefix(string(x.Env), "MARK=eee"))
	})
}

func testShortArguments(t *testing.T, p *Probe) {
	for _, arguments := range [][]string{{"/bin/true"}, {"/bin/true", "", "b"}, {""}} {
		for _, environment := range [][]string{{}, {"A=1"}, {"A=1", "B=" + strings.Repeat("b", 20_000)}} {
			cmd := exec.Command("/bin/true")
			cmd.Args, cmd.Env = arguments, environment
			observe(t, p, cmd, func(x *Exec) {
				assert.Equal(t, arguments, texts(x.Args))
				assert.False(t, x.ArgsCut || x.ArgsFault)
				whole := strings.Join(append(environment, ""), "\x00")
				assert.Equal(t, len(whole), x.EnvSize)
				assert.Equal(t, whole[:min(len(whole), 8<<10)], string(x.Env))
			})
		}
	}
}

// testNames: the kernel keeps short names in another place than long ones.
func testNames(t *testing.T, p *Probe) {
	program, err := os.ReadFile("/bin/true")
	require.NoError(t, err)
	for _, length := range []int{1, 7, 8, 9, 23, 24, 25, 31, 32, 33, 39, 40, 41, 255} {
		dir := filepath.Join(t.TempDir(), strings.Repeat("d", length), "e")
		require.NoError(t, os.MkdirAll(dir, 0o700))
		path := filepath.Join(dir, strings.Repeat("n", length))
		require.NoError(t, os.WriteFile(path, program, 0o700))
		cmd := exec.Command(path)
		cmd.Dir = filepath.Dir(dir)
		observe(t, p, cmd, func(x *Exec) {
			assert.Equal(t, path, string(x.Executable.Path))
			assert.Equal(t, cmd.Dir, string(x.WorkingDirectory))
		})
	}
}

// testManyDescriptors: nor are the files of a process with many where those of one with few are.
func testManyDescriptors(t *testing.T, p *Probe) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer out.Close()
	for _, count := range []int{0, 100, 1000} {
		cmd := exec.Command("/bin/true")
		cmd.Stdout = out
		for range count {
			cmd.ExtraFiles = append(cmd.ExtraFiles, out)
		}
		observe(t, p, cmd, func(x *Exec) {
			assert.EqualValues(t, unix.S_IFCHR, x.Stdin.Mode&unix.S_IFMT)
			assert.EqualValues(t, unix.S_IFREG, x.Stdout.Mode&unix.S_IFMT)
			assert.Equal(t, out.Name(), string(x.Stdout.Path))
		})
	}
}

func TestExitBySignal(t *testing.T) {
	p := open(t, Options{Exits: true})
	cmd := exec.Command("/bin/sh", "-c", "kill -9 $$")
	require.Error(t, cmd.Run())
	exits := 0
	drain(t, p, func(ev *Event) {
		if ev.Kind == KindExit && int(ev.Exit.Process.PID) == cmd.Process.Pid {
			exits++
			assert.Equal(t, 9, ev.Exit.Signal())
		}
	})
	assert.Equal(t, 1, exits)
}
