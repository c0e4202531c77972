package ebpfexecreceiver

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/bpf"
)

// benchmarkRecorder makes a recorder that knows nothing of this host.
func benchmarkRecorder(b *testing.B) *recorder {
	b.Helper()
	cfg := defaultConfig()
	cfg.ProcPath, cfg.RootPath = b.TempDir(), b.TempDir()
	r, err := newRecorder(cfg, "")
	require.NoError(b, err)
	return r
}

// BenchmarkLocate is a cgroup path to a container, of so many that execs come from in turn.
func BenchmarkLocate(b *testing.B) {
	for _, count := range []int{1, 500, 4000} {
		b.Run(fmt.Sprintf("containers=%d", count), func(b *testing.B) {
			r := benchmarkRecorder(b)
			execs := make([]bpf.Exec, count)
			for i := range execs {
				execs[i] = anExec("gcc")
				execs[i].CgroupV2 = fmt.Appendf(nil, "/system.slice/docker-%064x.scope", i)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if r.cgroups.locate(&execs[i%count]).container == nil {
					b.Fatal("no container found")
				}
			}
		})
	}
}

// BenchmarkNewContainer is what the first exec of each container costs.
func BenchmarkNewContainer(b *testing.B) {
	r, x := benchmarkRecorder(b), anExec("gcc")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		x.CgroupV2 = fmt.Appendf(x.CgroupV2[:0], "/system.slice/docker-%064x.scope", i)
		if r.cgroups.locate(&x).container == nil {
			b.Fatal("no container found")
		}
	}
}

// BenchmarkUsers names the three users of a process, which a database has.
func BenchmarkUsers(b *testing.B) {
	r, x := benchmarkRecorder(b), anExec("gcc")
	db := parsePasswd(strings.NewReader("ana:x:1000:1000::/home/ana:/bin/sh\n"))
	r.users.known[x.Namespaces.MountID] = passwd{names: db.names, read: time.Now().Add(time.Hour)}
	x.UID, x.EUID, x.SUID = 1000, 1000, 1000
	attrs := pcommon.NewMap()
	b.ReportAllocs()
	for b.Loop() {
		r.attrs.Grow()
		r.setUsers(&r.attrs, &x, time.Now())
		r.attrs.Into(attrs)
	}
	require.Equal(b, "ana", attrs.AsRaw()["process.user.name"])
}

// nextProcess is the key of a process that starts a little after another, as the kernel gives out pids.
func nextProcess(key *bpf.ProcessKey) {
	key.PID = key.PID%(1<<22) + 1
	key.Start += 50 * time.Microsecond
}

// BenchmarkLineage looks up eight ancestors of a new process, with so many processes remembered.
func BenchmarkLineage(b *testing.B) {
	for _, remembered := range []int{0, 8000} {
		b.Run(fmt.Sprintf("remembered=%d", remembered), func(b *testing.B) {
			r, x := benchmarkRecorder(b), anExec("gcc", "-c", "main.c")
			for i := range remembered {
				r.lineage.at(bpf.ProcessKey{PID: uint32(i + 1), Start: time.Hour}).name = "sleep"
			}
			for pid := range uint32(8) {
				x.Ancestors = append(x.Ancestors, bpf.Ancestor{Process: bpf.ProcessKey{PID: 1<<30 + pid, Start: time.Second}, Comm: [16]byte{'s', 'h'}})
			}
			attrs := pcommon.NewMap()
			b.ReportAllocs()
			for b.Loop() {
				nextProcess(&x.Process)
				r.attrs.Grow()
				r.lineage.set(&r.attrs, &x)
				r.attrs.Into(attrs)
				r.lineage.begin(&x, running{path: "/usr/bin/gcc", name: "gcc", commandLine: "gcc -c main.c"}, nil)
			}
		})
	}
}

// BenchmarkArguments masks and joins eight arguments and lists them.
func BenchmarkArguments(b *testing.B) {
	r := benchmarkRecorder(b)
	x := anExec("gcc", "-O2", "-Wall", "-c", "src/main.c", "-o", "build/main.o", "-Iinclude")
	attrs := pcommon.NewMap()
	b.ReportAllocs()
	for b.Loop() {
		r.attrs.Grow()
		r.setArgs(&r.attrs, &x, "gcc")
		r.attrs.Into(attrs)
	}
}
