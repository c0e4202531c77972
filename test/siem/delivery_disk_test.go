//go:build linux

package siem

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// smallDisk mounts one for the time of a test.
func smallDisk(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("optional: mounting a small disk needs root: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(dir, 0)) })
	return dir
}

// fillDisk writes a file until nothing more fits.
func fillDisk(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	block := make([]byte, 4096)
	for err == nil {
		_, err = file.Write(block)
	}
	require.ErrorIs(t, err, unix.ENOSPC)
}

func TestAFullDiskIsToldAndNothingIsLost(t *testing.T) {
	dir := smallDisk(t)
	d := newDestination(t, nil)
	c := guardedCollector(t, d, "delivery.yaml", "COPYWATCH_STATE="+dir)
	c.start(t)
	r := newReplay(t, c)
	require.NoError(t, r.run(t.Context(), ratePerSecond, time.Second))
	c.requireWell(t)
	d.down()
	ballast := filepath.Join(dir, "ballast")
	fillDisk(t, ballast)
	c.says(t, "The queue takes no more; new data stays with the receivers")
	c.requireIll(t, "file://"+dir+"/queue", "disk", "is on a disk that is full: 0 MiB are left")

	// The queue has no room: what it refuses, whoever sends it offers again.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sent := make(chan error, 1)
	go func() { sent <- r.run(ctx, ratePerSecond, 3*time.Second) }()
	c.says(t, "the storage extension has run out of available space")
	require.NoError(t, os.Remove(ballast))
	require.NoError(t, <-sent)
	d.up(t)
	d.requireAll(t, r, 20*time.Second)
	c.requireWell(t)
	c.says(t, "The queue takes data again")
	c.requireNothingDropped(t)
}
