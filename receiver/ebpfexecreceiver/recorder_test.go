package ebpfexecreceiver

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/recognise"
	"github.com/copywatch/copywatch/internal/schema"
)

var key = bpf.ProcessKey{PID: 4711, Start: 90 * time.Second}

// anExec is an exec as the kernel side tells it, of a program on the host.
func anExec(args ...string) bpf.Exec {
	x := bpf.Exec{
		Process: key, Time: 100 * time.Second,
		TID: 4711, VPID: 4711, GroupLeader: 4710, SessionLeader: 4000,
		HasAudit: true, LoginUID: bpf.Unset, AuditSession: bpf.Unset,
		Comm:             []byte("scp"),
		Executable:       bpf.Executable{Path: []byte("/usr/bin/scp"), Device: 8<<20 | 1, Inode: 42, Links: 1, Mode: 0o100755},
		Filename:         []byte("/usr/bin/scp"),
		WorkingDirectory: []byte("/srv"),
		CgroupV2:         []byte("/system.slice/cron.service"),
		ArgsCount:        len(args),
	}
	for _, arg := range args {
		x.Args = append(x.Args, []byte(arg))
		x.ArgsSize += len(arg) + 1
	}
	return x
}

// recordOf makes the record of an exec with a recorder that knows nothing of this host.
func recordOf(t *testing.T, x bpf.Exec, change func(*Config)) (plog.LogRecord, pcommon.Map) {
	cfg := defaultConfig()
	cfg.ProcPath, cfg.RootPath = t.TempDir(), t.TempDir()
	if change != nil {
		change(cfg)
	}
	r, err := newRecorder(cfg, "1.2.3")
	require.NoError(t, err)
	r.host = &hostResource{name: "web-1", id: "abc", osVersion: "12", kernel: "6.1.0"}
	r.clock = clock{boot: time.Unix(1_700_000_000, 0), checked: time.Unix(1_800_000_000, 0)}
	r.lineage.bootID = "b007"
	b := newBatch(r)
	r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: x}, time.Unix(1_800_000_000, 0))
	resource := b.logs.ResourceLogs().At(0)
	return resource.ScopeLogs().At(0).LogRecords().At(0), resource.Resource().Attributes()
}

func TestRecordOfAnExec(t *testing.T) {
	record, resource := recordOf(t, anExec("scp", "a b", "host:/in"), nil)

	assert.Equal(t, schema.EventExec, record.EventName())
	assert.Equal(t, time.Unix(1_700_000_100, 0).UTC(), record.Timestamp().AsTime())
	assert.Equal(t, time.Unix(1_800_000_000, 0).UTC(), record.ObservedTimestamp().AsTime())
	assert.Equal(t, plog.SeverityNumberInfo, record.SeverityNumber())
	assert.Equal(t, "INFO", record.SeverityText())
	assert.Equal(t, "scp 'a b' host:/in", record.Body().Str())
	assert.Equal(t, map[string]any{
		schema.ExecutableName: "scp", schema.EventAction: "exec",
		schema.ExecutablePath: "/usr/bin/scp", schema.ExecutableInode: int64(42), schema.ExecutableDevice: "8:1",
		schema.Command: "scp", schema.CommandArgs: []any{"scp", "a b", "host:/in"},
		schema.CommandLine: "scp 'a b' host:/in", schema.ArgsCount: int64(3), schema.ArgsSize: int64(17),
		schema.Title: "scp", schema.PID: int64(4711), schema.VPID: int64(4711),
		schema.GroupLeaderPID: int64(4710), schema.SessionLeaderPID: int64(4000),
		schema.EntityID: "b007-1267-14f46b0400", schema.CreationTime: "2023-11-14T22:14:50Z",
		schema.UserID: int64(0), schema.RealUserID: int64(0), schema.SavedUserID: int64(0),
		schema.GroupID: int64(0), schema.RealGroupID: int64(0), schema.SavedGroupID: int64(0),
		schema.WorkingDirectory: "/srv", schema.Interactive: false,
		schema.LinuxCgroup: "0::/system.slice/cron.service",
	}, record.Attributes().AsRaw(), "and no attribute for what is unknown")
	assert.Equal(t, map[string]any{
		"host.name": "web-1", "host.id": "abc", "os.type": "linux", "os.version": "12", "os.build_id": "6.1.0",
	}, resource.AsRaw())

	var first string
	for name := range record.Attributes().All() {
		first = name
		break
	}
	assert.Equal(t, schema.ExecutableName, first, "the processor looks it up in every record")
}

func TestWhatChangesARecord(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*bpf.Exec)
		config func(*Config)
		want   map[string]any // nil: absent
		body   string
	}{
		{
			name:   "a script",
			change: func(x *bpf.Exec) { x.Filename, x.Interpreter = []byte("./deploy.sh"), []byte("/bin/bash") },
			want:   map[string]any{schema.ScriptPath: "/srv/deploy.sh", schema.ExecutableRequestedPath: "/srv/deploy.sh"},
		},
		{
			name:   "a symbolic link",
			change: func(x *bpf.Exec) { x.Filename = []byte("/tmp/link") },
			want:   map[string]any{schema.ExecutableRequestedPath: "/tmp/link", schema.ScriptPath: nil},
		},
		{
			name:   "asked for by a relative path",
			change: func(x *bpf.Exec) { x.WorkingDirectory, x.Filename = []byte("/usr"), []byte("./bin/../bin/scp") },
			want:   map[string]any{schema.ExecutableRequestedPath: nil},
		},
		{
			name:   "asked for from a directory that is too deep to be known",
			change: func(x *bpf.Exec) { x.WorkingDirectory, x.Filename = []byte(".../d/d"), []byte("./scp") },
			want:   map[string]any{schema.ExecutableRequestedPath: nil, schema.WorkingDirectory: ".../d/d"},
		},
		{
			name: "a memfd",
			change: func(x *bpf.Exec) {
				x.Executable.Path, x.Executable.Detached = []byte("memfd:x"), true
				x.Filename = []byte("/dev/fd/3")
			},
			want: map[string]any{schema.ExecutableMemfd: true, schema.ExecutableName: "memfd:x", schema.ExecutablePath: "memfd:x", schema.ExecutableDeleted: nil},
		},
		{
			name: "deleted, from the upper layer, writable",
			change: func(x *bpf.Exec) {
				x.Executable.Deleted, x.Executable.UpperLayer, x.Executable.Mode = true, true, 0o777
			},
			want: map[string]any{schema.ExecutableDeleted: true, schema.ExecutableUpperLayer: true, schema.ExecutableWritable: true},
		},
		{
			name: "bytes that are no text",
			change: func(x *bpf.Exec) {
				x.Args = [][]byte{{0xff}, []byte("a\nb"), []byte("\x1b[2J")}
				x.WorkingDirectory = []byte("/\xfe")
			},
			want: map[string]any{schema.Command: `\xff`, schema.WorkingDirectory: `/\xfe`, schema.CommandArgs: []any{`\xff`, "a\nb", "\x1b[2J"}},
		},
		{
			name:   "no arguments at all",
			change: func(x *bpf.Exec) { x.Args, x.ArgsCount, x.ArgsSize = nil, 0, 0 },
			want:   map[string]any{schema.CommandArgs: nil, schema.Command: nil, schema.ArgsCount: int64(0), schema.CommandLine: "/usr/bin/scp"},
			body:   "/usr/bin/scp",
		},
		{
			name:   "arguments that were cut",
			change: func(x *bpf.Exec) { x.ArgsCut, x.ArgsSize = true, 100_000 },
			want:   map[string]any{schema.ArgsTruncated: true, schema.ArgsSize: int64(100_000)},
		},
		{
			name:   "a secret",
			change: func(x *bpf.Exec) { x.Args = [][]byte{[]byte("x"), []byte("--password=hunter2")} },
			want:   map[string]any{schema.CommandLine: "x '--password=***'", schema.RedactedCount: int64(1)},
			body:   "x '--password=***'",
		},
		{
			name:   "a secret, and redaction switched off",
			change: func(x *bpf.Exec) { x.Args = [][]byte{[]byte("x"), []byte("--password=hunter2")} },
			config: func(c *Config) { c.Redaction.Enabled = false },
			want:   map[string]any{schema.CommandLine: "x --password=hunter2", schema.RedactedCount: nil},
		},
		{
			name:   "a login",
			change: func(x *bpf.Exec) { x.LoginUID, x.AuditSession = 1000, 7 },
			want:   map[string]any{schema.LoginUserID: int64(1000), schema.AuditSessionID: int64(7)},
		},
		{
			name:   "on a terminal",
			change: func(x *bpf.Exec) { x.HasTTY, x.TTY = true, []byte("pts3") },
			want:   map[string]any{schema.Interactive: true, schema.TTY: "pts/3"},
		},
		{
			name: "descriptors",
			change: func(x *bpf.Exec) {
				x.Stdin = bpf.Descriptor{Mode: 0o100644, Path: []byte("/etc/shadow")}
				x.Stdout = bpf.Descriptor{Mode: 0o010600}
			},
			want: map[string]any{schema.StdinType: "file", schema.StdinPath: "/etc/shadow", schema.StdoutType: "pipe", schema.StdoutPath: nil},
		},
		{
			name:   "variables that the configuration names, and no other",
			change: func(x *bpf.Exec) { x.Env = []byte("CI=true\x00SECRET=x\x00") },
			config: func(c *Config) { c.EnvironmentVariables = []string{"CI", "ABSENT"} },
			want: map[string]any{schema.EnvironmentPrefix + "CI": "true", schema.EnvironmentPrefix + "SECRET": nil,
				schema.EnvironmentPrefix + "ABSENT": nil},
		},
		{
			name: "ancestors that /proc does not know",
			change: func(x *bpf.Exec) {
				x.Ancestors = []bpf.Ancestor{
					{Process: bpf.ProcessKey{PID: 50, Start: 1}, Comm: [16]byte{'b', 'a', 's', 'h'}},
					{Process: bpf.ProcessKey{PID: 1, Start: 0}, Comm: [16]byte{'i', 'n', 'i', 't'}},
				}
			},
			want: map[string]any{
				schema.ParentPID: int64(50), schema.ParentProcessPID: int64(50), schema.ParentName: "bash",
				schema.ParentEntityID: "b007-32-1", schema.ParentExecutable: nil,
				schema.AncestorNames: []any{"bash", "init"}, schema.AncestorPIDs: []any{int64(50), int64(1)},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := anExec("scp", "x")
			test.change(&x)
			record, _ := recordOf(t, x, test.config)
			got := record.Attributes().AsRaw()
			for name, want := range test.want {
				assert.Equal(t, want, got[name], name)
			}
			if test.body != "" {
				assert.Equal(t, test.body, record.Body().Str())
			}
			assertPlainText(t, record)
		})
	}
}

// assertPlainText holds for every record, whatever it is about.
func assertPlainText(t *testing.T, record plog.LogRecord) {
	assert.NotEmpty(t, record.Body().Str(), "the Splunk exporter drops records without a body")
	assert.NotContains(t, record.Body().Str(), "\n")
	assert.NotEmpty(t, record.SeverityText())
	check := func(name, s string) { assert.True(t, utf8.ValidString(s), "%s: %q", name, s) }
	check("body", record.Body().Str())
	for name, value := range record.Attributes().All() {
		check(name, value.AsString())
	}
}

func TestRecordsOfOneContainerGoTogether(t *testing.T) {
	r, err := newRecorder(defaultConfig(), "")
	require.NoError(t, err)
	b := newBatch(r)
	id := strings.Repeat("0a", 32)
	for _, cgroup := range []string{"/", "/docker/" + id, "/docker/" + id + "/x", "/user.slice"} {
		x := anExec("true")
		x.CgroupV2 = []byte(cgroup)
		r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: x}, time.Now())
	}
	require.Equal(t, 2, b.logs.ResourceLogs().Len())
	inside := b.logs.ResourceLogs().At(1)
	assert.Equal(t, 2, inside.ScopeLogs().At(0).LogRecords().Len())
	got, _ := inside.Resource().Attributes().Get(schema.ContainerID)
	assert.Equal(t, id, got.Str())
	assert.Equal(t, scopeName, inside.ScopeLogs().At(0).Scope().Name())
}

func TestLineageFollowsWhatWasSeen(t *testing.T) {
	cfg := defaultConfig()
	cfg.ProcPath = t.TempDir()
	r, err := newRecorder(cfg, "")
	require.NoError(t, err)
	b := newBatch(r)
	parent := anExec("make", "deploy", "--token=abc")
	parent.Process, parent.Time = bpf.ProcessKey{PID: 7, Start: 1}, 2
	parent.Executable.Path, parent.Filename = []byte("/usr/bin/make"), []byte("/usr/bin/make")
	child := anExec("scp", "f", "h:")
	child.Ancestors = []bpf.Ancestor{
		{Process: bpf.ProcessKey{PID: 8, Start: 2}, Forked: true}, // a subshell: it runs what its parent runs
		{Process: parent.Process},
		{Process: bpf.ProcessKey{PID: 7, Start: 0}, Comm: [16]byte{'o', 'l', 'd'}}, // the same pid, another process
	}
	for _, x := range []bpf.Exec{parent, child} {
		r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: x}, time.Now())
	}
	got := b.logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(1).Attributes().AsRaw()
	assert.Equal(t, []any{"make", "make", "old"}, got[schema.AncestorNames])
	assert.Equal(t, "/usr/bin/make", got[schema.ParentExecutable])
	assert.Equal(t, "make deploy '--token=***'", got[schema.ParentCommandLine])
}

func TestExitOfWhatWasEmitted(t *testing.T) {
	r, err := newRecorder(defaultConfig(), "")
	require.NoError(t, err)
	r.clock = clock{boot: time.Unix(1_700_000_000, 0), checked: time.Unix(1_800_000_000, 0)}
	r.lineage.bootID = "b007"
	now := time.Unix(1_800_000_000, 0)
	b := newBatch(r)
	exit := bpf.Event{Kind: bpf.KindExit, Exit: bpf.Exit{Process: key, Time: 105 * time.Second, Status: 3 << 8}}
	r.add(b, &exit, now)
	assert.Zero(t, b.size(), "its exec was not emitted")

	r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: anExec("scp")}, now)
	r.add(b, &exit, now)
	r.add(b, &exit, now)
	require.Equal(t, 2, b.size(), "one exit for one process")
	record := b.logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(1)
	assert.Equal(t, schema.EventExit, record.EventName())
	assert.Equal(t, "scp exited with code 3", record.Body().Str())
	assert.Equal(t, map[string]any{
		schema.ExecutableName: "scp", schema.ExecutablePath: "/usr/bin/scp", schema.EventAction: "exit",
		schema.PID: int64(4711), schema.EntityID: "b007-1267-14f46b0400",
		schema.ExitCode: int64(3), schema.ExitTime: "2023-11-14T22:15:05Z", schema.Duration: 15.0,
	}, record.Attributes().AsRaw())
}

// The kernel gives an orphan another parent; its lineage stays what it was.
func TestLineageOfAnOrphan(t *testing.T) {
	cfg := defaultConfig()
	cfg.ProcPath = t.TempDir()
	r, err := newRecorder(cfg, "")
	require.NoError(t, err)
	b := newBatch(r)
	add := func(kind bpf.Kind, x bpf.Exec) { r.add(b, &bpf.Event{Kind: kind, Exec: x}, time.Now()) }
	systemd := bpf.Ancestor{Process: bpf.ProcessKey{PID: 1, Start: 1}, Comm: [16]byte{'s', 'y', 's'}}
	web := bpf.Ancestor{Process: bpf.ProcessKey{PID: 80, Start: 10 * time.Second}}
	shell := bpf.Ancestor{Process: bpf.ProcessKey{PID: 90, Start: 80 * time.Second}, Forked: true}

	server := anExec("nginx")
	server.Process, server.Time = web.Process, 11*time.Second
	server.Executable.Path = []byte("/usr/sbin/nginx")
	server.Ancestors = []bpf.Ancestor{systemd}
	add(bpf.KindExec, server)
	// A fork of the server, of which no exec was seen, forks again and ends.
	r.add(b, &bpf.Event{Kind: bpf.KindOrphans, Orphans: bpf.Orphans{
		Lineage:  []bpf.Ancestor{shell, web, systemd},
		Children: []bpf.ProcessKey{key},
	}}, time.Now())
	orphan := anExec("scp", "f", "h:")
	orphan.Ancestors = []bpf.Ancestor{systemd}
	add(bpf.KindExec, orphan)
	grandchild := anExec("ssh", "h")
	grandchild.Process = bpf.ProcessKey{PID: 5000, Start: 200 * time.Second}
	grandchild.Ancestors = []bpf.Ancestor{{Process: key}, systemd}
	add(bpf.KindExec, grandchild)

	log := b.logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	got := log.At(1).Attributes().AsRaw()
	assert.Equal(t, []any{"nginx", "nginx", "sys"}, got[schema.AncestorNames])
	assert.Equal(t, []any{int64(90), int64(80), int64(1)}, got[schema.AncestorPIDs])
	assert.Equal(t, int64(90), got[schema.ParentPID])
	got = log.At(2).Attributes().AsRaw()
	assert.Equal(t, []any{int64(4711), int64(90), int64(80), int64(1)}, got[schema.AncestorPIDs])
}

// What runs when the receiver starts may be gone by the time when it matters.
func TestLineageRecallsWhatRan(t *testing.T) {
	programs, err := recognise.Default()
	require.NoError(t, err)
	l := newLineage(1<<20, "/proc", nil, programs)
	own := bpf.ProcessKey{PID: uint32(os.Getpid())}
	image, started := readImageOf("/proc", own.PID)
	require.NotEmpty(t, image.path)
	l.before.Store(l.snap())
	l.proc = t.TempDir() // all have ended
	for _, start := range []time.Duration{started + 3*time.Millisecond, started + clockTick} {
		own.Start = start
		l.trace([]bpf.Ancestor{{Process: own, Comm: [16]byte{'c'}}}, own, nil)
		l.resolve()
		want := image.path
		if start >= started+clockTick {
			want = "" // the pid of another
		}
		assert.Equal(t, want, l.chain[0].path)
	}
}

// The record of a tool says which script called it, through whatever stands between.
func TestScriptThatCalledATool(t *testing.T) {
	for name, test := range map[string]struct {
		caller []string
		script bool // a #! file
		want   any
	}{
		"a #! script":                  {[]string{"bash", "./deploy.sh", "now"}, true, "/src/deploy.sh"},
		"a script of a shell":          {[]string{"bash", "-eux", "scripts/deploy.sh", "now"}, false, "/src/scripts/deploy.sh"},
		"by its whole path":            {[]string{"python3", "-W", "ignore", "/opt/publish.py"}, false, "/opt/publish.py"},
		"a name that has to be quoted": {[]string{"sh", "a b.sh"}, false, "/src/a b.sh"},
		"no script":                    {[]string{"bash", "-c", "scp x h:"}, false, nil},
		"no interpreter":               {[]string{"make", "deploy"}, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := newRecorder(defaultConfig(), "")
			require.NoError(t, err)
			b := newBatch(r)
			caller := anExec(test.caller...)
			caller.Executable.Path = []byte("/usr/bin/" + test.caller[0])
			caller.WorkingDirectory = []byte("/src")
			caller.Process = bpf.ProcessKey{PID: 50, Start: time.Second}
			if test.script {
				caller.Filename, caller.Interpreter = []byte("./deploy.sh"), []byte("/bin/bash")
			}
			make := anExec("make")
			make.Process = bpf.ProcessKey{PID: 51, Start: 2 * time.Second}
			make.Executable.Path = []byte("/usr/bin/make")
			make.Ancestors = []bpf.Ancestor{{Process: caller.Process}}
			for _, called := range []string{"scp", "gcc"} {
				tool := anExec(called, "x")
				tool.Executable.Path = []byte("/usr/bin/" + called)
				tool.Process = bpf.ProcessKey{PID: 52, Start: 3 * time.Second}
				tool.Ancestors = []bpf.Ancestor{{Process: make.Process}, {Process: caller.Process}}
				for _, x := range []bpf.Exec{caller, make, tool} {
					r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: x}, time.Now())
				}
				all := b.records[nil]
				got := all.At(all.Len() - 1).Attributes().AsRaw()[schema.AncestorScript]
				if called == "gcc" {
					test.want = nil
				}
				assert.Equal(t, test.want, got, called)
			}
		})
	}
}

// A record has each key once, whatever the environment and the configuration repeat: no destination may refuse it for that.
func TestEveryKeyIsThereOnce(t *testing.T) {
	cfg := defaultConfig()
	cfg.EnvironmentVariables = []string{"A", "B", "A"}
	r, err := newRecorder(cfg, "")
	require.NoError(t, err)
	x := anExec("scp", "f", "h:")
	x.Executable.Path = []byte("/usr/bin/scp")
	x.Env = []byte("A=1\x00GITHUB_RUN_ID=7\x00A=2\x00GITHUB_RUN_ID=8\x00B=3\x00GITHUB_RUN_ID=\x00")
	b := newBatch(r)
	r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: x}, time.Now())
	attrs := b.records[nil].At(0).Attributes()
	assert.Len(t, attrs.AsRaw(), attrs.Len())
	got := attrs.AsRaw()
	assert.Equal(t, "1", got[schema.EnvironmentPrefix+"A"])
	assert.Equal(t, "7", got[schema.EnvironmentPrefix+"GITHUB_RUN_ID"])
}

// The next exec of a copy tool, of a script, and of what was not looked into is to be read at once.
func TestWhatNeedsNoHaste(t *testing.T) {
	for name, tt := range map[string]struct {
		change   func(*bpf.Exec)
		identify bool
		want     bool
	}{
		"what is no tool":           {func(*bpf.Exec) {}, false, true},
		"known to the probe":        {func(x *bpf.Exec) { x.Executable.Unfamiliar = 0 }, false, false},
		"a tool":                    {func(x *bpf.Exec) { x.Executable.Path = []byte("/opt/scp") }, false, false},
		"a script":                  {func(x *bpf.Exec) { x.Interpreter = []byte("/bin/sh") }, false, false},
		"not looked into yet":       {func(x *bpf.Exec) { x.Executable.Size = 1000 }, true, false},
		"nothing to be looked into": {func(x *bpf.Exec) { x.Executable.Size = 0 }, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := defaultConfig()
			cfg.Identify = tt.identify
			r, err := newRecorder(cfg, "")
			require.NoError(t, err)
			var known []uint64
			r.know = func(x *bpf.Exec) { known = append(known, x.Executable.Unfamiliar) }
			x := anExec("x", "y")
			x.Executable.Path = []byte("/opt/x")
			x.Executable.Unfamiliar = 7
			tt.change(&x)
			r.add(newBatch(r), &bpf.Event{Kind: bpf.KindExec, Exec: x}, time.Now())
			if tt.want {
				assert.Equal(t, []uint64{7}, known)
			} else {
				assert.Empty(t, known)
			}
		})
	}
}

// What a CI system tells a job goes into the records of copy tools, and no secret with it.
func TestCIVariables(t *testing.T) {
	r, err := newRecorder(defaultConfig(), "")
	require.NoError(t, err)
	for name, want := range map[string]map[string]any{
		"scp": {
			"process.environment_variable.GITHUB_RUN_ID": "7", "process.environment_variable.GIT_URL": "https://ana:***@git.example.org/r",
		},
		"true": {},
	} {
		x := anExec(name)
		x.Executable.Path = []byte("/usr/bin/" + name)
		x.Env = []byte("GITHUB_RUN_ID=7\x00GITHUB_TOKEN=ghs_abc\x00GIT_URL=https://ana:abc@git.example.org/r\x00EMPTY=\x00CI_JOB_TOKEN=x\x00GITHUB_REPOSIT")
		b := newBatch(r)
		r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: x}, time.Now())
		got := map[string]any{}
		for key, value := range b.logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().AsRaw() {
			if strings.HasPrefix(key, schema.EnvironmentPrefix) {
				got[key] = value
			}
		}
		assert.Equal(t, want, got, name)
	}
}

func TestExecError(t *testing.T) {
	x := anExec("no such", "--password=abc")
	x.Errno, x.Filename, x.Interpreter = 2, []byte("/opt/no such"), nil
	r, err := newRecorder(defaultConfig(), "")
	require.NoError(t, err)
	b := newBatch(r)
	r.add(b, &bpf.Event{Kind: bpf.KindExecFailed, Exec: x}, time.Now())
	record := b.logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	got := record.Attributes().AsRaw()
	assert.Equal(t, schema.EventExecError, record.EventName())
	assert.Equal(t, "'no such' '--password=***': ENOENT", record.Body().Str())
	assert.Equal(t, "ENOENT", got[schema.ErrorType])
	assert.Equal(t, "/opt/no such", got[schema.ExecutableRequestedPath])
	assert.Equal(t, "scp", got[schema.ExecutableName], "the image that goes on running")
	assert.NotContains(t, got, schema.ScriptPath)
}

// What a batch may take is bounded, whatever makes records large: an estimate
// that is below the half of what they are in protobuf would bound little.
func TestBatchesAreBoundedByWhatRecordsTake(t *testing.T) {
	deep := bytes.Repeat(append([]byte{'/'}, bytes.Repeat([]byte{0xff}, 200)...), 20)
	for name, change := range map[string]func(*bpf.Exec){
		"usual":           func(*bpf.Exec) {},
		"deep directory":  func(x *bpf.Exec) { x.WorkingDirectory = deep },
		"deep executable": func(x *bpf.Exec) { x.Executable.Path = append(deep, "/x"...) },
		"deep cgroup":     func(x *bpf.Exec) { x.CgroupV2 = deep },
		"redirected to depth": func(x *bpf.Exec) {
			x.Stdin, x.Stdout = bpf.Descriptor{Mode: 0o100600, Path: deep}, bpf.Descriptor{Mode: 0o100600, Path: deep}
		},
		"long arguments": func(x *bpf.Exec) { x.Args = append(x.Args, bytes.Repeat([]byte("x"), 60_000)) },
		"many arguments": func(x *bpf.Exec) {
			x.Args = append(x.Args, bytes.Split(bytes.Repeat([]byte("x,"), 20_000), []byte(","))...)
		},
	} {
		cfg := defaultConfig()
		cfg.ProcPath, cfg.RootPath, cfg.Identify = t.TempDir(), t.TempDir(), false
		r, err := newRecorder(cfg, "")
		require.NoError(t, err)
		b := newBatch(r)
		for pid := uint32(1); !b.isFull(&cfg.Batch); pid++ {
			x := anExec("true")
			x.Process.PID = pid
			change(&x)
			r.add(b, &bpf.Event{Kind: bpf.KindExec, Exec: x}, time.Now())
		}
		size := new(plog.ProtoMarshaler).LogsSize(b.logs)
		assert.Less(t, size, 2*cfg.Batch.MaxBytes, "%s: %d records", name, b.count)
	}
}
