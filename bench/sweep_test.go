//go:build linux

package main

import (
	"errors"
	"testing"
	"time"
)

func TestFindCgroup2(t *testing.T) {
	const mounts = "tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n"
	if root, ok := findCgroup2(mounts); !ok || root != "/sys/fs/cgroup/unified" {
		t.Errorf("got %q, %v", root, ok)
	}
	if _, ok := findCgroup2("proc /proc proc rw 0 0\n"); ok {
		t.Error("found one where there is none")
	}
}

func TestSecondsOfASweptRun(t *testing.T) {
	o := options{seconds: 2}
	for rate, want := range map[float64]float64{0: 2, 500: 10, 2000: 5, 5000: 2, 20000: 2} {
		if got := o.secondsAt(rate); got != want {
			t.Errorf("%g per second: got %g s, not %g", rate, got, want)
		}
	}
	if got := (options{seconds: 1, quick: true}).secondsAt(500); got != 1 {
		t.Errorf("got %g s", got)
	}
}

func TestCollectedSeries(t *testing.T) {
	b := &bencher{options: options{sweeps: 2}, load: loader{seconds: 2}}
	setups := []setup{{of: ofTools, at: 0}, {of: ofTools, at: 5000}, {of: ofProcesses, at: 9}}
	made := func(micros int) run {
		return run{
			load: loadResult{Execs: 1000, Seconds: 2}, cpu: time.Duration(1000*micros) * time.Microsecond,
			captured: captured{Execs: count(1000), Lost: count(0)}, maxRSS: uint64(micros),
		}
	}
	failed := map[string]string{ofProcesses: errors.New("no crowd").Error()}
	all := b.collect(setups, [][]run{{made(20), made(30)}, {made(22), made(24)}, nil}, failed)
	if len(all) != 2 || all[0].Of != ofTools || len(all[0].Points) != 2 || all[1].Failed != "no crowd" || len(all[1].Points) != 0 {
		t.Fatalf("got %+v", all)
	}
	p := all[0].Points[0]
	if p.At != 0 || p.Rate != 500 || p.Seconds != 2 || !near(p.SensorCPU, summary{25, 20, 30}) || p.MaxRSS != 30 || p.Made != 2000 || *p.Execs != 2000 {
		t.Errorf("got %+v", p)
	}
}
