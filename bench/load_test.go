//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoadShape(t *testing.T) {
	usual := loadShape{workers: 2, arguments: 1, argumentSize: 16}
	tests := []struct {
		name   string
		change func(*loadShape)
		ok     bool
	}{
		{"usual", func(*loadShape) {}, true},
		{"no argument but the serial number", func(l *loadShape) { l.arguments = 0 }, true},
		{"64 KiB", func(l *loadShape) { l.argumentSize = 64 << 10 }, true},
		{"many", func(l *loadShape) { l.arguments = 10_000 }, true},
		{"no worker", func(l *loadShape) { l.workers = 0 }, false},
		{"negative rate", func(l *loadShape) { l.rate = -1 }, false},
		{"small arguments", func(l *loadShape) { l.argumentSize = 15 }, false},
		{"large arguments", func(l *loadShape) { l.argumentSize = 64<<10 + 1 }, false},
		{"more than the kernel takes", func(l *loadShape) { l.argumentSize, l.arguments = 64<<10, 32 }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := usual
			tt.change(&l)
			if err := l.validate(); (err == nil) != tt.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestParseLoad(t *testing.T) {
	r, err := parseLoad([]byte(`{"execs":100,"fails":0,"seconds":2.5,"user_seconds":0.5,"system_seconds":1.25}` + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if r.cpuSeconds() != 1.75 || r.wallMicros() != 25_000 {
		t.Errorf("got %v s of CPU and %v µs each", r.cpuSeconds(), r.wallMicros())
	}
	for _, bad := range []string{"", "killed", `{"execs":0}`, `{"execs":9,"fails":1}`} {
		if _, err := parseLoad([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestLoadEnvironmentIsOneKiB(t *testing.T) {
	if size := len(strings.Join(loadEnvironment(), "\x00")) + 1; size != 1024 {
		t.Errorf("got %d bytes", size)
	}
}

// The generator is built and run for a moment: it needs a C compiler, but neither root nor BPF.
func TestLoadMakesWhatItSays(t *testing.T) {
	l, err := buildLoad(t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	l.shape, l.seconds = loadShape{workers: 2, rate: 200, arguments: 3, argumentSize: 1000}, 0.1
	r, err := l.run(t.Context(), "tag")
	if err != nil {
		t.Fatal(err)
	}
	if r.Execs > 22 || r.Seconds < 0.05 { // each worker may begin one more in the last moment
		t.Errorf("20 execs in 0.1 s are due, got %d in %v s", r.Execs, r.Seconds)
	}
}

// Each exec runs the next program, with a serial number that goes on from the one before.
func TestLoadTakesProgramsInTurn(t *testing.T) {
	dir := t.TempDir()
	l, err := buildLoad(dir)
	if err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"one", "two"} {
		script := "#!/bin/sh\necho " + name + " $1 >> " + dir + "/said\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	l.programs = []string{filepath.Join(dir, "one"), filepath.Join(dir, "two")}
	l.shape, l.seconds = loadShape{workers: 1, rate: 100, first: 7, argumentSize: 16}, 0.05
	if _, err := l.run(t.Context(), "tag"); err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(filepath.Join(dir, "said"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "two tag-0-7\none tag-0-8\n"; !strings.HasPrefix(string(said), want) {
		t.Errorf("got %q, want %q first", said, want)
	}
}
