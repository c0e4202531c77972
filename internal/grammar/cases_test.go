package grammar

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/internal/cmdline"
)

// row is one command line in testdata/grammar, with all that its grammar should say of it.
type row struct {
	Line    string            `yaml:"line"`    // as typed; operators are not interpreted
	Grammar string            `yaml:"grammar"` // default: the tool
	Tool    string            `yaml:"tool"`    // default: the base name of the first word
	Stdin   string            `yaml:"stdin"`   // a type, or file:PATH
	Stdout  string            `yaml:"stdout"`
	Env     map[string]string `yaml:"env"`
	About   string            `yaml:"about"` // for the reader
	Want    struct {
		Direction  Direction  `yaml:"direction"`
		Confidence Confidence `yaml:"confidence"`
		Remotes    []Remote   `yaml:"remotes"`
		Local      []string   `yaml:"local"`
		Opaque     []string   `yaml:"opaque"`
		Signals    []Signal   `yaml:"signals"` // in any order
		Protocol   string     `yaml:"protocol"`
		Channel    Channel    `yaml:"channel"`
	} `yaml:"want"`
}

func (r *row) command() *Command {
	words := cmdline.Split(r.Line)
	tool := r.Tool
	if tool == "" {
		tool = filepath.Base(words[0])
	}
	return &Command{
		Tool: tool, Args: words[1:], Stdin: stream(r.Stdin), Stdout: stream(r.Stdout),
		Directory: "/work", Env: func(name string) string { return r.Env[name] },
	}
}

func stream(s string) Stream {
	kind, path, _ := strings.Cut(s, ":")
	return Stream{Type: kind, Path: path}
}

func (r *row) transfer() Transfer {
	w := &r.Want
	return Transfer{
		Direction: w.Direction, Confidence: w.Confidence, Remotes: w.Remotes, LocalPaths: w.Local,
		Opaque: w.Opaque, Signals: w.Signals, Protocol: w.Protocol, Channel: w.Channel,
	}
}

func rows(t testing.TB) map[string][]row {
	t.Helper()
	files, err := filepath.Glob("../../testdata/grammar/*.yaml")
	require.NoError(t, err)
	all := make(map[string][]row)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		decoder := yaml.NewDecoder(bytes.NewReader(content))
		decoder.KnownFields(true)
		var list []row
		require.NoError(t, decoder.Decode(&list), file)
		all[strings.TrimSuffix(filepath.Base(file), ".yaml")] = list
	}
	return all
}

func TestRows(t *testing.T) {
	for file, list := range rows(t) {
		t.Run(file, func(t *testing.T) {
			for i, r := range list {
				t.Run(fmt.Sprint(i+1), func(t *testing.T) { requireRow(t, &r) })
			}
		})
	}
}

func requireRow(t *testing.T, r *row) {
	t.Helper()
	c := r.command()
	name := r.Grammar
	if name == "" {
		name = c.Tool
	}
	g, ok := Find(name)
	require.True(t, ok, "there is no grammar %q for: %s", name, r.Line)
	got, want := g(c), r.transfer()
	assert.ElementsMatch(t, want.Signals, got.Signals, "signals of: %s", r.Line)
	got.Signals, want.Signals = nil, nil
	if got.Confidence == High {
		got.Confidence = ""
	}
	assert.Equal(t, want, emptyToNil(got), r.Line)
}

func emptyToNil(t Transfer) Transfer {
	if len(t.LocalPaths) == 0 {
		t.LocalPaths = nil
	}
	if len(t.Remotes) == 0 {
		t.Remotes = nil
	}
	if len(t.Opaque) == 0 {
		t.Opaque = nil
	}
	return t
}

// TestLongArguments holds every grammar to linear time: what a hostile command
// line can cost is bounded by its length.
func TestLongArguments(t *testing.T) {
	const size = 1 << 20
	for _, name := range Names() {
		g, _ := Find(name)
		for shape, args := range map[string][]string{
			"one operand":     {strings.Repeat("a", size)},
			"one option":      {"-" + strings.Repeat("a", size)},
			"many operands":   many("h:x", size),
			"many options":    many("--aa", size),
			"many URLs":       many("http://h/", size),
			"different ends":  different(size),
			"an open script":  append(many("put", 64), strings.Repeat(`put "a;`, size/8)),
			"colons":          {strings.Repeat(":", size), strings.Repeat("@", size)},
			"a value at last": append(many("-x", size/2), "-o"),
		} {
			requireLinear(t, func() { g(&Command{Tool: name, Args: args}) }, name+": "+shape)
		}
	}
}

// slowest is many times what a grammar takes for 1 MiB, and far less than what
// quadratic time would be.
const slowest = 500 * time.Millisecond

// requireLinear wants 1 MiB to be read in no time; something else may run on the machine.
func requireLinear(t *testing.T, read func(), what string) {
	t.Helper()
	took := time.Hour
	for try := 0; try < 4 && took > slowest; try++ {
		start := time.Now()
		read()
		took = min(took, time.Since(start))
	}
	if took > slowest {
		t.Errorf("%v for 1 MiB: %s", took, what)
	}
	if took > 50*time.Millisecond {
		t.Logf("%v for 1 MiB: %s", took, what)
	}
}

func different(size int) []string {
	args := make([]string, size/10)
	for i := range args {
		args[i] = fmt.Sprintf("%d:x", i)
	}
	return args
}

func many(arg string, size int) []string {
	args := make([]string, size/(len(arg)+1))
	for i := range args {
		args[i] = arg
	}
	return args
}

// FuzzGrammars: no panic whatever the arguments.
func FuzzGrammars(f *testing.F) {
	for _, list := range rows(f) {
		for _, r := range list {
			f.Add(r.Line)
		}
	}
	f.Fuzz(func(t *testing.T, line string) {
		words := strings.Split(line, " ")
		for _, name := range Names() {
			g, _ := Find(name)
			g(&Command{Tool: name, Args: words})
			if len(words) > 1 {
				g(&Command{Tool: words[0], Args: words[1:], Stdin: Stream{Type: StreamFile, Path: line}})
			}
		}
	})
}
