//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// The harness runs itself for what has to be a process of its own: bench
// as-child NAME TAG. The protocol is two lines of output: readyLine once it
// works, and JSON when it has been stopped.
const (
	childWord = "as-child"
	readyLine = "ready"
)

var children = map[string]func(tag string) error{
	floorName: runFloor,
	probeName: runProbe,
	sinkName:  runSink,
	auditName: runAudit,
	"getppid": runGetppid,
	coldName:  runCold,
	turnsName: runTurns,
}

// childCommand recognises the command line of a child.
func childCommand(args []string) (run func() error, ok bool) {
	if len(args) != 4 || args[1] != childWord {
		return nil, false
	}
	child, ok := children[args[2]]
	return func() error { return child(args[3]) }, ok
}

func commandOfChild(name, tag string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the own binary: %w", err)
	}
	return exec.Command(self, childWord, name, tag), nil
}

// childSensor is a sensor that is part of the harness.
func childSensor(name string) sensor {
	return sensor{
		name:     name,
		command:  func(_, tag string) (*exec.Cmd, error) { return commandOfChild(name, tag) },
		ready:    fileContains("stdout", readyLine+"\n"),
		captured: func(dir, _ string) (captured, error) { return readChildReport(dir) },
	}
}

func readChildReport(dir string) (captured, error) {
	var c captured
	output, err := os.ReadFile(filepath.Join(dir, "stdout"))
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(bytes.TrimPrefix(output, []byte(readyLine)), &c); err != nil {
		return c, fmt.Errorf("it ended without a report: %s", lastWords(dir))
	}
	return c, nil
}

// announce tells the harness that the sensor works, and returns a channel that tells when to stop.
func announce() <-chan os.Signal {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGINT)
	fmt.Println(readyLine)
	return stop
}

func reportToHarness(c captured) error {
	return json.NewEncoder(os.Stdout).Encode(c)
}
