//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Everything that a test waits for has this long. Nothing needs it on a machine that works.
const patience = 20 * time.Second

// pollEvery is how often a test looks again at what it waits for.
const pollEvery = 10 * time.Millisecond

// await calls done until it is true or patience is at its end.
func await(done func() bool) bool {
	for end := time.Now().Add(patience); ; time.Sleep(pollEvery) {
		if done() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// daemon is a server that a test started. What it prints goes into a file.
type daemon struct {
	cmd   *exec.Cmd
	log   string
	ended chan struct{} // closed when it has ended
}

// spawner starts all daemons from one thread that never ends: Pdeathsig, by
// which none outlives the tests, is sent at the death of the starting thread.
var spawner = func() chan<- func() {
	jobs := make(chan func())
	go func() {
		runtime.LockOSThread()
		for job := range jobs {
			job()
		}
	}()
	return jobs
}()

func startDaemon(cmd *exec.Cmd, log string) (*daemon, error) {
	file, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	cmd.Stdout, cmd.Stderr = file, file
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	started := make(chan error)
	spawner <- func() { started <- cmd.Start() }
	if err := <-started; err != nil {
		return nil, err
	}
	d := &daemon{cmd: cmd, log: log, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // its state says how it ended
		close(d.ended)
	}()
	return d, nil
}

// output is what the daemon has printed so far.
func (d *daemon) output() string {
	content, _ := os.ReadFile(d.log)
	return string(content)
}

func (d *daemon) alive() bool {
	select {
	case <-d.ended:
		return false
	default:
		return true
	}
}

// says waits until the daemon prints a text.
func (d *daemon) says(text string) error {
	found := false
	await(func() bool {
		running := d.alive() // asked first: what it printed last counts
		content, _ := os.ReadFile(d.log)
		found = bytes.Contains(content, []byte(text))
		return found || !running
	})
	if !found {
		return fmt.Errorf("%s does not say %q:\n%s", d.cmd.Path, text, d.output())
	}
	return nil
}

// stop asks the daemon to end and returns its exit code.
func (d *daemon) stop() (int, error) {
	_ = d.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	return d.wait()
}

// wait waits for the daemon's end, which it forces when it takes too long.
func (d *daemon) wait() (int, error) {
	select {
	case <-d.ended:
	case <-time.After(patience):
		_ = d.cmd.Process.Kill()
		<-d.ended
		return -1, fmt.Errorf("%s did not end within %v:\n%s", d.cmd.Path, patience, d.output())
	}
	return d.cmd.ProcessState.ExitCode(), nil
}

// serve runs a daemon for the time of a test.
func serve(t *testing.T, log string, name string, args ...string) *daemon {
	t.Helper()
	d, err := startDaemon(exec.Command(name, args...), log)
	if err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(func() {
		if _, err := d.stop(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// accepts waits until the daemon answers at an address.
func (d *daemon) accepts(t *testing.T, address string) {
	t.Helper()
	open := await(func() bool {
		conn, err := net.DialTimeout("tcp", address, patience)
		if err != nil {
			return !d.alive()
		}
		conn.Close()
		return true
	})
	if !open || !d.alive() {
		t.Fatalf("%s does not answer at %s:\n%s", d.cmd.Path, address, d.output())
	}
}

// freeAddresses returns n addresses of the loopback interface that nobody listens at.
func freeAddresses(n int) ([]string, error) {
	var addresses []string
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close() // all are held until all are found, so that no two are one
		addresses = append(addresses, listener.Addr().String())
	}
	return addresses, nil
}

func freePort(t *testing.T) (port string) {
	t.Helper()
	addresses, err := freeAddresses(1)
	if err != nil {
		t.Fatal(err)
	}
	_, port, err = net.SplitHostPort(addresses[0])
	if err != nil {
		t.Fatal(err)
	}
	return port
}
