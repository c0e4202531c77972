//go:build linux

// Package testprocess starts the programs that end-to-end tests talk to, and
// makes sure that none outlives them.
package testprocess

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
const Patience = 20 * time.Second

// pollEvery is how often a test looks again at what it waits for.
const pollEvery = 10 * time.Millisecond

// Await calls done until it is true or Patience is at its end.
func Await(done func() bool) bool {
	for end := time.Now().Add(Patience); ; time.Sleep(pollEvery) {
		if done() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// Daemon is a server that a test started. What it prints goes into a file.
type Daemon struct {
	Cmd   *exec.Cmd
	Log   string
	Ended chan struct{} // closed when it has ended
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

// Start starts a program, whose output goes to the file log.
func Start(cmd *exec.Cmd, log string) (*Daemon, error) {
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
	d := &Daemon{Cmd: cmd, Log: log, Ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // its state says how it ended
		close(d.Ended)
	}()
	return d, nil
}

// Output is what the daemon has printed so far.
func (d *Daemon) Output() string {
	content, _ := os.ReadFile(d.Log)
	return string(content)
}

// Alive says whether the daemon runs.
func (d *Daemon) Alive() bool {
	select {
	case <-d.Ended:
		return false
	default:
		return true
	}
}

// Says waits until the daemon prints a text.
func (d *Daemon) Says(text string) error {
	found := false
	Await(func() bool {
		running := d.Alive() // asked first: what it printed last counts
		content, _ := os.ReadFile(d.Log)
		found = bytes.Contains(content, []byte(text))
		return found || !running
	})
	if !found {
		return fmt.Errorf("%s does not say %q:\n%s", d.Cmd.Path, text, d.Output())
	}
	return nil
}

// Kill ends the daemon at once, as a host that fails would.
func (d *Daemon) Kill() {
	_ = d.Cmd.Process.Kill() // it may have ended by itself
	<-d.Ended
}

// Stop asks the daemon to end and returns its exit code.
func (d *Daemon) Stop() (int, error) {
	_ = d.Cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	return d.Wait()
}

// Wait waits for the daemon's end, which it forces when it takes too long.
func (d *Daemon) Wait() (int, error) {
	select {
	case <-d.Ended:
	case <-time.After(Patience):
		_ = d.Cmd.Process.Kill()
		<-d.Ended
		return -1, fmt.Errorf("%s did not end within %v:\n%s", d.Cmd.Path, Patience, d.Output())
	}
	return d.Cmd.ProcessState.ExitCode(), nil
}

// Serve runs a daemon for the time of a test.
func Serve(t testing.TB, log string, name string, args ...string) *Daemon {
	t.Helper()
	d, err := Start(exec.Command(name, args...), log)
	if err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(func() {
		if _, err := d.Stop(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// Accepts waits until the daemon answers at an address.
func (d *Daemon) Accepts(t testing.TB, address string) {
	t.Helper()
	open := Await(func() bool {
		conn, err := net.DialTimeout("tcp", address, Patience)
		if err != nil {
			return !d.Alive()
		}
		conn.Close()
		return true
	})
	if !open || !d.Alive() {
		t.Fatalf("%s does not answer at %s:\n%s", d.Cmd.Path, address, d.Output())
	}
}

// FreeAddresses returns n addresses of the loopback interface that nobody listens at.
func FreeAddresses(n int) ([]string, error) {
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

// FreePort returns a port of the loopback interface that nobody listens at.
func FreePort(t testing.TB) (port string) {
	t.Helper()
	addresses, err := FreeAddresses(1)
	if err != nil {
		t.Fatal(err)
	}
	_, port, err = net.SplitHostPort(addresses[0])
	if err != nil {
		t.Fatal(err)
	}
	return port
}
