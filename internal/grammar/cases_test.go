package grammar

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
