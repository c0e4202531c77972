package recognise

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/cmdline"
)

// table is testdata/recognise/cases.yaml, whose head describes it.
type table struct {
	Tools []struct {
		Name      string   `yaml:"name"`
		Aliases   []string `yaml:"aliases"`
		Ambiguous []string `yaml:"ambiguous"`
	} `yaml:"tools"`
	Cases []row `yaml:"cases"`
}

type row struct {
	Line      string   `yaml:"line"`
	Args      []string `yaml:"args"`
	Exe       *string  `yaml:"exe"`
	Path      string   `yaml:"path"`
	Requested string   `yaml:"requested"`
	Script    string   `yaml:"script"`
	Original  string   `yaml:"original"`
	Want      *struct {
		Tool      string   `yaml:"tool"`
		Name      string   `yaml:"name"`
		Match     string   `yaml:"match"`
		Args      string   `yaml:"args"`
		Evasions  []string `yaml:"evasions"`
		Ambiguous bool     `yaml:"ambiguous"`
	} `yaml:"want"`
}

func (r *row) exec() *Exec {
	x := &Exec{
		ExecutablePath: r.Path, RequestedPath: r.Requested, ScriptPath: r.Script, OriginalName: r.Original, Args: r.Args,
	}
	if x.Args == nil {
		x.Args = cmdline.Split(r.Line)
	}
	if r.Exe != nil {
		x.ExecutableName = *r.Exe
	} else {
		x.ExecutableName = base(x.Args[0])
	}
	return x
}

func (r *row) finding(tools map[string]*catalogue.Tool, x *Exec) Finding {
	w := r.Want
	f := Finding{Tool: tools[w.Tool], Name: w.Name, Match: w.Match, Args: cmdline.Split(w.Args), Evasions: w.Evasions, Ambiguous: w.Ambiguous}
	if f.Name == "" {
		f.Name = x.ExecutableName
	}
	return f
}

func readTable(tb testing.TB) (*Recogniser, map[string]*catalogue.Tool, []row) {
	tb.Helper()
	content, err := os.ReadFile("../../testdata/recognise/cases.yaml")
	require.NoError(tb, err)
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	var t table
	require.NoError(tb, decoder.Decode(&t))
	tools := make(map[string]*catalogue.Tool)
	for _, entry := range t.Tools {
		tool := &catalogue.Tool{Name: entry.Name, Aliases: entry.Aliases, Ambiguous: make(map[string]string)}
		for _, name := range entry.Ambiguous {
			tool.Ambiguous[name] = "something else"
		}
		for _, name := range append(entry.Aliases, entry.Name) {
			tools[name] = tool
		}
	}
	r, err := build(rolesYAML, tools)
	require.NoError(tb, err)
	return r, tools, t.Cases
}

func TestFind(t *testing.T) {
	r, tools, rows := readTable(t)
	for i := range rows {
		x := rows[i].exec()
		got, found := r.Find(x)
		if len(got.Args) == 0 {
			got.Args = nil
		}
		if rows[i].Want == nil {
			assert.False(t, found, "%+v\nfound %+v", x, got)
			assert.Zero(t, got)
			continue
		}
		assert.True(t, found, "%+v", x)
		want := rows[i].finding(tools, x)
		assert.NotNil(t, want.Tool, "tool of %+v", x)
		assert.Equal(t, want, got, "%+v", x)
	}
}

// TestHasShape: whatever is found by its arguments, the hint must not have kept from being looked at.
func TestHasShape(t *testing.T) {
	r, _, rows := readTable(t)
	for i := range rows {
		x := rows[i].exec()
		if f, _ := r.Find(x); f.Match == Arguments && r.Role(x.ExecutableName) == None {
			assert.True(t, r.HasShape(commandLine(x.Args)), "%q", x.Args)
		}
	}
	assert.True(t, r.HasShape(`'/tmp/a b' --server -se.iLsfxCIvu`))
	for _, remote := range []string{"u@[0000]:", "u@[fe80%1]:f"} { // no colon in the brackets
		x := &Exec{ExecutableName: "x", Args: []string{"x", "/f", remote}}
		f, _ := r.Find(x)
		assert.Equal(t, Arguments, f.Match, remote)
		assert.True(t, r.HasShape(commandLine(x.Args)), remote)
	}
	for _, line := range []string{
		"", " ", " :", "a:b", "x u@h", "x a@b/c:d", "x http://h/", "x -T 3", "ls --server", "systemd-run --on-calendar=12:00 x", "x @:", "x :@",
	} {
		assert.False(t, r.HasShape(line), line)
	}
}

func TestScriptOf(t *testing.T) {
	r, err := Default()
	require.NoError(t, err)
	for line, want := range map[string]string{
		"bash deploy.sh": "deploy.sh", "bash -eux -o pipefail a/b.sh x": "a/b.sh", "sh -c deploy.sh": "", "bash": "", "bash -": "",
		"python3.11 -m http.server": "", "python3 -u /x.py": "/x.py", "node --require ./a b.js": "b.js", "npx x": "", "make -f x.mk": "",
		"java -jar x.jar": "x.jar", "": "",
	} {
		argv := strings.Fields(line)
		name := ""
		if len(argv) > 0 {
			name = argv[0]
		}
		assert.Equal(t, want, r.ScriptOf(name, argv), line)
	}
}

func TestRole(t *testing.T) {
	r, _, _ := readTable(t)
	for name, want := range map[string]Role{
		"": None, "ls": None, "scp": Tool, "SCP": Tool, "nc.openbsd": Tool, "python3": Interpreter, "python3.11": Interpreter, "dash": Interpreter,
		"busybox": Box, "busybox-static": Box, "toybox": Box, "ld-linux-x86-64.so.2": LoaderRole, "ld-linux-riscv64-lp64d.so.1": LoaderRole,
		"ld64.so.2": LoaderRole, "ld-2.31.so": LoaderRole, "ld-uClibc.so.0": LoaderRole, "libc.so": LoaderRole, "libc.so.6": None, "ld-linux.so.8.gz": None, "ld": None,
		"sudo": None, "slogin": None, strings.Repeat("a", 200): None, "memfd:": None, "memfd:curl": Tool, "Xorg": None, "systemd-journald": None,
	} {
		assert.Equal(t, want, r.Role(name), name)
	}
}

func TestWrappers(t *testing.T) {
	r, _, _ := readTable(t)
	assert.Equal(t, "via_sshpass", r.AncestorReason("sshpass"))
	assert.Equal(t, "via_proxy", r.AncestorReason("proxychains4"))
	assert.Empty(t, r.AncestorReason("bash"))
}

// TestCatalogue: each name of a tool is recognised, but for what is a tool only by what it runs.
func TestCatalogue(t *testing.T) {
	c, err := catalogue.Load()
	require.NoError(t, err)
	r, err := New(c)
	require.NoError(t, err)
	for _, name := range c.Names() {
		role := r.Role(name)
		if role == Box || role == LoaderRole {
			continue
		}
		tool, _ := c.Lookup(name)
		f, found := r.Find(&Exec{ExecutableName: name, Args: []string{name, "x"}})
		require.True(t, found, name)
		_, ambiguous := tool.Ambiguous[name]
		assert.Equal(t, Finding{Tool: tool, Name: name, Match: Name, Args: []string{"x"}, Ambiguous: ambiguous}, f)
	}
}

func TestFaultyTables(t *testing.T) {
	for fault, data := range map[string]string{
		"is empty":            "",
		"not found":           "boxen: []",
		"no names":            "interpreters: [{operand: none}]",
		"no operand":          "interpreters: [{names: [a], operand: b}]",
		"-x is there twice":   "interpreters: [{names: [a], letters: {value: x, code: x}}]",
		"--x is there twice":  "interpreters: [{names: [a], words: {value: [--x], code: [--x]}}]",
		"is no option":        "interpreters: [{names: [a], words: {value: [x]}}]",
		"no applets":          "boxes: [{name: a}]",
		"two roles":           "boxes: [{name: a, applets: [x]}]\nloaders: [a]",
		"two groups":          "alternatives: [[a, b], [b, c]]",
		"is no wrapper":       "ancestors: {a: via_a}",
		"does not begin with": "ancestors: {a: x}\nwrappers: [a]",
	} {
		_, err := build([]byte(data), nil)
		assert.ErrorContains(t, err, fault, data)
	}
}

func TestNothingFoundDoesNotAllocate(t *testing.T) {
	r, _, rows := readTable(t)
	for i := range rows {
		x := rows[i].exec()
		if _, found := r.Find(x); found {
			continue
		}
		line := commandLine(x.Args)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			r.Find(x)
			r.Role(x.ExecutableName)
			r.HasShape(line)
		}), "%+v", x)
	}
}

// TestLongArguments holds Find and HasShape to linear time.
func TestLongArguments(t *testing.T) {
	const size = 1 << 17
	r, _, _ := readTable(t)
	for _, word := range []string{"-a", "--", "--argv0", "busybox", "ld.so", "-m", "u@h:x", "u@", "[:", "s3://b", "://", "-T ", "TTTT", "@", ":", "-o", "a.b", "x T "} {
		glued, many := strings.Repeat(word, size/len(word)), make([]string, size/(len(word)+1))
		for i := range many {
			many[i] = word
		}
		for _, name := range []string{"x", "scp", "python3", "npx", "bash", "java", "busybox", "ld.so"} {
			for _, args := range [][]string{append([]string{name}, many...), {name, glued}, {glued, glued}} {
				line := commandLine(args)
				start := time.Now()
				r.Find(&Exec{ExecutableName: name, Args: args})
				r.Find(&Exec{ExecutableName: name, Args: args, ScriptPath: glued, RequestedPath: glued})
				r.HasShape(line)
				if took := time.Since(start); took > 2*time.Second {
					t.Errorf("%s %q takes %v", name, word, took)
				}
			}
		}
	}
}

func commandLine(args []string) string {
	raw := make([][]byte, len(args))
	for i, arg := range args {
		raw[i] = []byte(arg)
	}
	return string(cmdline.AppendJoined(nil, raw))
}

// FuzzFind: no panic, the arguments are the end of those given, and the hint does not hide what is found.
func FuzzFind(f *testing.F) {
	r, _, rows := readTable(f)
	for i := range rows {
		x := rows[i].exec()
		f.Add(x.ExecutableName, x.RequestedPath, x.ScriptPath, x.OriginalName, strings.Join(x.Args, "\n"))
	}
	f.Fuzz(func(t *testing.T, name, requested, script, original, args string) {
		x := &Exec{ExecutableName: name, RequestedPath: requested, ScriptPath: script, OriginalName: original, Args: strings.Split(args, "\n")}
		found, ok := r.Find(x)
		if !ok {
			if found.Tool != nil || found.Args != nil {
				t.Errorf("nothing found, and yet %+v", found)
			}
			return
		}
		if n := len(found.Args); found.Tool == nil || n > len(x.Args) || n > 0 && &found.Args[n-1] != &x.Args[len(x.Args)-1] {
			t.Errorf("%+v in %+v", found, x)
		}
		if found.Match == Arguments && r.Role(name) == None && name != "" && !r.HasShape(commandLine(x.Args)) {
			t.Errorf("no hint at %+v in %q", found, commandLine(x.Args))
		}
	})
}

const (
	plainLine = "/usr/lib/systemd/systemd-executor --deserialize 64 --log-level info --log-target auto --property Restart=no --unit run-r0123456789.service -x -y -z /usr/share/application/component/module/entry-point"
	colonLine = "/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only --print-address 1 --session-id 0123456789abcdef0123456789abcdef --config /etc/dbus-1/x.conf --a --b"
	urlLine   = "/usr/lib/chromium/chromium --type=renderer --crashpad-handler-pid=1234 --enable-crash-reporter=,Built --display-capture-permissions-policy-allowed --url https://example.org/a/b/c?d=e&f=g --lang=en-US --x"
)

func BenchmarkMiss(b *testing.B) {
	r, _, _ := readTable(b)
	for name, record := range map[string][2]string{
		"plain": {"systemd-executor", plainLine}, "colon": {"dbus-daemon", colonLine}, "url": {"chromium", urlLine}, "short": {"ls", "ls -l"},
		"dotted": {"entry.sh", "entry.sh"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r.Role(record[0]) != None || r.HasShape(record[1]) {
					b.Fatal("is no miss")
				}
			}
		})
	}
}

func BenchmarkHasShape(b *testing.B) {
	r, _, _ := readTable(b)
	for name, line := range map[string]string{"plain": plainLine, "colon": colonLine, "url": urlLine} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r.HasShape(line)
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	r, _, _ := readTable(b)
	for name, x := range map[string]Exec{
		"name":      {ExecutableName: "scp", ExecutablePath: "/usr/bin/scp", Args: strings.Fields("scp -P 22 f u@h:/d")},
		"version":   {ExecutableName: "curl-8.5.0", Args: strings.Fields("curl-8.5.0 -T f http://h/")},
		"content":   {ExecutableName: "kworker", OriginalName: "scp", Args: strings.Fields("kworker -P 22 f u@h:/d")},
		"script":    {ExecutableName: "python3.11", ScriptPath: "/usr/bin/s3cmd", RequestedPath: "/usr/bin/s3cmd", Args: strings.Fields("/usr/bin/python3 /usr/bin/s3cmd put f s3://b")},
		"operand":   {ExecutableName: "python3.11", RequestedPath: "/usr/bin/python3", Args: strings.Fields("python3 -Es /usr/bin/s3cmd put f s3://b")},
		"module":    {ExecutableName: "python3.11", RequestedPath: "/usr/bin/python3", Args: strings.Fields("python3 -m awscli s3 cp f s3://b")},
		"applet":    {ExecutableName: "busybox", RequestedPath: "/bin/wget", Args: strings.Fields("wget -O f http://h/")},
		"loader":    {ExecutableName: "ld-linux-x86-64.so.2", Args: strings.Fields("/lib64/ld-linux-x86-64.so.2 --library-path /l /usr/bin/scp f h:")},
		"arguments": {ExecutableName: "kworker", Args: strings.Fields("kworker -P 22 -r secret u@h:/x")},
		"disguised": {ExecutableName: "scp", RequestedPath: "/tmp/x", Args: []string{"[kworker/0:1]", "f", "h:"}},
		"nothing":   {ExecutableName: "kworker", Args: strings.Fields("kworker -a -b c d e f http://h/ g")},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Find(&x)
			}
		})
	}
}
