//go:build linux

package main

import (
	"errors"
	"io"
	"os"
	"time"

	"github.com/copywatch/copywatch/bpf"
)

// probeSensor is our probe with its defaults and a reader that decodes each event, counts it and drops it.
func probeSensor() sensor { return childSensor(probeName) }

const probeName = "probe"

func runProbe(tag string) error {
	probe, err := bpf.Open(bpf.Options{})
	if err != nil {
		return err
	}
	seen := newSerials(tag)
	ended := make(chan error, 1)
	go func() { ended <- drain(probe, seen) }()

	select {
	case err := <-ended:
		return errors.Join(err, probe.Close())
	case <-announce():
	}
	err = errors.Join(probe.Detach(), <-ended)
	lost, lossErr := lostBy(probe)
	if err := errors.Join(err, lossErr, probe.Close()); err != nil {
		return err
	}
	n := seen.count()
	return reportToHarness(captured{Execs: &n, Repeated: &seen.repeated, Lost: &lost})
}

// lostBy is how many events the kernel side lost.
func lostBy(probe *bpf.Probe) (uint64, error) {
	losses, err := probe.Losses()
	return losses[bpf.RingBufferFull] + losses[bpf.Recursion] + losses[bpf.NoScratch], err
}

// drain reads events until the probe is detached and its buffer empty.
func drain(probe *bpf.Probe, seen *serials) error {
	var event bpf.Event
	for {
		switch err := probe.Read(&event, time.Second); {
		case errors.Is(err, os.ErrDeadlineExceeded):
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case event.Kind == bpf.KindExec && len(event.Exec.Args) > 1:
			seen.addArgument(event.Exec.Args[1])
		}
	}
}
