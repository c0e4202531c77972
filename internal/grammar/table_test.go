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
)

// catalogueTables are the tables of the tools in the catalogue, by their names.
func catalogueTables(t testing.TB) map[string]Grammar {
	t.Helper()
	content, err := os.ReadFile("../catalogue/tools.yaml")
	require.NoError(t, err)
	var catalogue struct {
		Tools []struct {
			Name  string `yaml:"name"`
			Table *Table `yaml:"table"`
		} `yaml:"tools"`
	}
	require.NoError(t, yaml.Unmarshal(content, &catalogue))
	tables := make(map[string]Grammar)
	for _, tool := range catalogue.Tools {
		if tool.Table == nil {
			continue
		}
		tables[tool.Name], err = tool.Table.Grammar()
		require.NoError(t, err, tool.Name)
	}
	return tables
}

// Rows of tools that have a table in the catalogue, of the same form as those of all grammars.
func TestRowsOfTables(t *testing.T) {
	tables := catalogueTables(t)
	files, err := filepath.Glob("../../testdata/grammar/tables/*.yaml")
	require.NoError(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		decoder := yaml.NewDecoder(bytes.NewReader(content))
		decoder.KnownFields(true)
		var list []row
		require.NoError(t, decoder.Decode(&list), file)
		for _, r := range list {
			c := r.command()
			g, ok := tables[c.Tool]
			if !assert.True(t, ok, "there is no table of the tool %q for: %s", c.Tool, r.Line) {
				continue
			}
			got, want := g(c), r.transfer()
			assert.ElementsMatch(t, want.Signals, got.Signals, "signals of: %s", r.Line)
			got.Signals, want.Signals = nil, nil
			assert.Equal(t, want, emptyToNil(got), r.Line)
		}
	}
}

// All tables are read by the same code, so that one stands for them: what a
// hostile command line can cost is bounded by its length.
func TestLongArgumentsOfATable(t *testing.T) {
	g := catalogueTables(t)["croc"]
	for _, args := range [][]string{
		repeated(1<<20, "send"), repeated(1<<20, "-a"), repeated(1<<20, "--relay=h"), append([]string{"send"}, repeated(1<<20, "f")...),
		{"-" + strings.Repeat("a", 1<<20)}, {strings.Repeat(":", 1<<20)},
	} {
		requireLinear(t, 1<<20, func() { g(&Command{Tool: "croc", Args: args}) }, fmt.Sprintf("%.20s...", args[0]))
	}
}

// FuzzTables: no panic whatever the table and the arguments.
func FuzzTables(f *testing.F) {
	f.Add("a:b", "x= y", "path... url", "send", "send -ax f --x=y http://h")
	f.Fuzz(func(_ *testing.T, short, long, operands, subcommand, line string) {
		g, err := (&Table{
			Short: short, Long: long, Abbreviate: true,
			Subcommands: map[Direction][]string{Upload: {subcommand}},
			Options:     map[string][]string{"input": strings.Fields(long)},
			Operands:    Operands{AnyDirection: operands},
		}).Grammar()
		if err == nil {
			g(&Command{Args: strings.Split(line, " ")})
		}
	})
}

func parseTable(t *testing.T, text string) *Table {
	t.Helper()
	table := new(Table)
	require.NoError(t, yaml.Unmarshal([]byte(text), table))
	return table
}

func TestBadTables(t *testing.T) {
	tests := []struct{ name, table, want string }{
		{"short without letter", "short: ':a'", `short: ":a" has a colon after no option`},
		{"short with three colons", "short: 'a:::'", `short: "a:::" has a colon after no option`},
		{"short twice", "short: aba", `short: 'a' is there twice`},
		{"short with space", "short: a b", `short: ' ' is not the letter of an option`},
		{"short with dash", "short: -a", `short: '-' is not the letter of an option`},
		{"long with dashes", "long: --out", `long: "--out" is not an option of the form name, name= or name=?, without dashes`},
		{"long with value", "long: out=x", `long: "out=x" is not an option of the form`},
		{"long with question mark", "long: out?", `long: "out?" is not an option of the form`},
		{"long twice", "long: out out=", `long: "out" is there twice`},
		{"unknown role", "options: {outptu: [o]}", `options: there is no role "outptu"`},
		{"option with dash", "options: {output: [--out]}", `options.output: "--out" is not the name of an option; write it without dashes`},
		{"empty option", "options: {output: ['']}", `options.output: "" is not the name of an option`},
		{"option with equals sign", "options: {output: [out=]}", `options.output: "out=" is not the name of an option`},
		{"value of a short switch", "{short: o, options: {output: [o]}}", `options: "o" takes no value by short or long, and its role needs one`},
		{"value of a long switch", "{long: out, options: {output: [out]}}", `options: "out" takes no value by short or long, and its role needs one`},
		{"option of two directions", "options: {upload: [x], download: [x]}", `options.upload: "x" has another direction already`},
		{"unknown direction of a subcommand", "subcommands: {uplaod: [send]}", `subcommands: there is no direction "uplaod"`},
		{"empty subcommand", "subcommands: {upload: ['']}", `subcommands.upload: "" is empty`},
		{"option as subcommand", "subcommands: {upload: [-s]}", `subcommands.upload: "-s" is an option, not a subcommand`},
		{"subcommand twice", "subcommands: {upload: [send], none: [send]}", `subcommands.upload: "send" is there twice`},
		{"unknown direction of operands", "operands: {up: path}", `operands: there is no direction "up"`},
		{"unknown role of an operand", "operands: paths", `operands.any: there is no role "paths"`},
		{"two repeated operands", "operands: path... url...", `operands.any: "path... url...": only one role may be repeated`},
		{"unknown direction", "direction: up", `direction: there is no direction "up"`},
		{"unknown signal", "signals: [tunel]", `signals: there is no signal "tunel"`},
		{"unknown channel", "channel: tls", `channel: "tls" is neither clear nor encrypted`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, err := parseTable(t, tt.table).Grammar()
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, g)
		})
	}
}

func TestEveryFaultOfATableIsNamed(t *testing.T) {
	_, err := parseTable(t, "{short: aa, long: --b, direction: up}").Grammar()
	assert.ErrorContains(t, err, "short: 'a' is there twice")
	assert.ErrorContains(t, err, `long: "--b"`)
	assert.ErrorContains(t, err, "direction: there is no")
}

func TestTable(t *testing.T) {
	const tool = `
short: 'vz:'
long: level=
subcommands: {upload: [send, store put], download: [store], none: [store list], listen: [serve]}
options: {host: [to], port: [p], user: [user], output: [o], data: [text], opaque: [config], proxy: [via], none: [h], unverified: [k], listen: [wait]}
operands: {upload: path..., any: ignore path}
stdin: true
signals: [relay]
protocol: foo
channel: encrypted
`
	tests := []struct {
		name  string
		args  []string
		stdin Stream
		want  Transfer
	}{
		{name: "no arguments are a call for help", want: Transfer{Direction: Informative}},
		{name: "an unknown subcommand is not known", args: []string{"frob"},
			want: Transfer{Direction: Unknown, Signals: []Signal{Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "options before and after the subcommand", args: []string{"-v", "-p", "9", "send", "--to", "ana@h", "a", "-z", "8", "b"},
			want: Transfer{Direction: Upload, Remotes: []Remote{{User: "ana", Host: "h", Port: 9}}, LocalPaths: []string{"a", "b"},
				Signals: []Signal{Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "the longest subcommand", args: []string{"store", "put", "a"},
			want: Transfer{Direction: Upload, LocalPaths: []string{"a"}, Signals: []Signal{Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "and a shorter one where it goes no further", args: []string{"store", "key", "to"},
			want: Transfer{Direction: Download, LocalPaths: []string{"to"}, Signals: []Signal{Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "a listing has nothing else", args: []string{"store", "list", "--to", "h"}, want: Transfer{Direction: Informative}},
		{name: "help wins", args: []string{"send", "-h", "--wait", "f"}, want: Transfer{Direction: Informative}},
		{name: "--help is known", args: []string{"--help"}, want: Transfer{Direction: Informative}},
		{name: "a server names no other end", args: []string{"serve", "--to", "h", "x", "dir"},
			want: Transfer{Direction: Listen, LocalPaths: []string{"dir"}, Signals: []Signal{Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "an option decides over the subcommand", args: []string{"--wait", "send"},
			want: Transfer{Direction: Listen, Signals: []Signal{Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "data and signals", args: []string{"send", "--text=x", "-k", "--via", "p", "--config", "c", "-"},
			want: Transfer{Direction: Upload, LocalPaths: []string{"-"}, Opaque: []string{"c"},
				Signals: []Signal{InlineData, Unverified, ViaProxy, OpaqueConfig, StdinData, Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "standard input where there is no file", args: []string{"send"}, stdin: Stream{StreamFile, "/f"},
			want: Transfer{Direction: Upload, LocalPaths: []string{"/f"}, Signals: []Signal{StdinData, Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "but not a terminal", args: []string{"send"}, stdin: Stream{Type: StreamTTY},
			want: Transfer{Direction: Upload, Signals: []Signal{Relay}, Protocol: "foo", Channel: Encrypted}},
		{name: "operands after --", args: []string{"send", "--", "-k"},
			want: Transfer{Direction: Upload, LocalPaths: []string{"-k"}, Signals: []Signal{Relay}, Protocol: "foo", Channel: Encrypted}},
	}
	g, err := parseTable(t, tool).Grammar()
	require.NoError(t, err)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := g(&Command{Args: tt.args, Stdin: tt.stdin})
			assert.Equal(t, tt.want, emptyToNil(got))
		})
	}
}

func TestOperandsOfATable(t *testing.T) {
	remote := func(host string) []Remote { return []Remote{{Host: host}} }
	tests := []struct {
		operands, direction string
		args                []string
		want                Transfer
	}{
		{"path host", "upload", []string{"f", "h"}, Transfer{Direction: Upload, LocalPaths: []string{"f"}, Remotes: remote("h")}},
		{"path host", "upload", []string{"f"}, Transfer{Direction: Upload, LocalPaths: []string{"f"}}},
		{"path host", "upload", []string{"f", "h", "more"}, Transfer{Direction: Upload, LocalPaths: []string{"f"}, Remotes: remote("h")}},
		{"path... host", "upload", []string{"f", "g", "h"}, Transfer{Direction: Upload, LocalPaths: []string{"f", "g"}, Remotes: remote("h")}},
		{"path... host", "upload", []string{"h"}, Transfer{Direction: Upload, Remotes: remote("h")}},
		{"host path... port", "upload", []string{"h", "f", "9"}, Transfer{Direction: Upload, LocalPaths: []string{"f"}, Remotes: []Remote{{Host: "h", Port: 9}}}},
		{"host port", "download", []string{"h", "x"}, Transfer{Direction: Download, Remotes: remote("h")}},
		{"host remote_path path", "download", []string{"h", "/r", "-"},
			Transfer{Direction: Download, Remotes: []Remote{{Host: "h", Path: "/r"}}, LocalPaths: []string{"-"}, Signals: []Signal{StdoutData}}},
		{"url", "download", []string{"https://h:8/p"}, Transfer{Direction: Download, Protocol: "http", Channel: Encrypted,
			Remotes: []Remote{{Scheme: "https", Host: "h", Port: 8, Path: "/p", URL: "https://h:8/p"}}}},
		{"url", "download", []string{"h:8/p"}, Transfer{Direction: Download, Remotes: []Remote{{Host: "h", Port: 8, Path: "/p", URL: "h:8/p"}}}},
		{"endpoint...", "", []string{"f", "u@h:/p"}, Transfer{Direction: Upload, LocalPaths: []string{"f"}, Remotes: []Remote{{User: "u", Host: "h", Path: "/p"}}}},
		{"endpoint...", "", []string{"h:/p", "f"}, Transfer{Direction: Download, LocalPaths: []string{"f"}, Remotes: []Remote{{Host: "h", Path: "/p"}}}},
		{"endpoint...", "", []string{"h:p", "i:q"}, Transfer{Direction: RemoteToRemote, Remotes: []Remote{{Host: "h", Path: "p"}, {Host: "i", Path: "q"}}}},
		{"endpoint...", "", []string{"./a:b", "c"}, Transfer{Direction: Local, LocalPaths: []string{"./a:b", "c"}}},
		{"endpoint...", "", []string{"file:///a", "sftp://h/b"}, Transfer{Direction: Upload, LocalPaths: []string{"/a"}, Protocol: "sftp", Channel: Encrypted,
			Remotes: []Remote{{Scheme: "sftp", Host: "h", Path: "/b", URL: "sftp://h/b"}}}},
		{"endpoint...", "", []string{"h:/p"}, Transfer{Direction: Unknown, Remotes: []Remote{{Host: "h", Path: "/p"}}}},
		{"input output", "unknown", []string{"-", "-"}, Transfer{Direction: Unknown, LocalPaths: []string{"-", "-"}, Signals: []Signal{StdinData, StdoutData}}},
		{"ignore name", "bidirectional", []string{"x", "a:b"}, Transfer{Direction: Bidirectional, Remotes: remote("a:b")}},
		{"", "upload", []string{"f"}, Transfer{Direction: Upload}},
	}
	for _, tt := range tests {
		g, err := (&Table{Direction: Direction(tt.direction), Operands: Operands{AnyDirection: tt.operands}}).Grammar()
		require.NoError(t, err)
		assert.Equal(t, tt.want, emptyToNil(g(&Command{Args: tt.args})), "%s: %q", tt.operands, tt.args)
	}
}

func TestOptionsOfATable(t *testing.T) {
	t.Run("abbreviated", func(t *testing.T) {
		g, err := (&Table{Abbreviate: true, Permute: true, Options: map[string][]string{"upload": {"send-file"}, "input": {"send-file"}}}).Grammar()
		require.NoError(t, err)
		assert.Equal(t, Transfer{Direction: Upload, LocalPaths: []string{"f"}, Signals: []Signal{OptionAbbreviated}}, g(&Command{Args: []string{"x", "--send=f"}}))
	})
	t.Run("with one dash", func(t *testing.T) {
		g, err := (&Table{SingleDash: true, Options: map[string][]string{"upload": {"send"}, "input": {"f"}}}).Grammar()
		require.NoError(t, err)
		assert.Equal(t, Transfer{Direction: Upload, LocalPaths: []string{"x"}}, g(&Command{Args: []string{"-send", "-f", "x"}}))
	})
	t.Run("the last direction holds", func(t *testing.T) {
		g, err := (&Table{Options: map[string][]string{"upload": {"p"}, "download": {"g"}}}).Grammar()
		require.NoError(t, err)
		assert.Equal(t, Download, g(&Command{Args: []string{"-pg"}}).Direction)
	})
	t.Run("no copy", func(t *testing.T) {
		g, err := (&Table{Direction: "no_copy", Options: map[string][]string{"host": {"to"}}}).Grammar()
		require.NoError(t, err)
		assert.Equal(t, Transfer{}, g(&Command{Args: []string{"--to", "h"}}))
	})
	t.Run("a remote end is needed", func(t *testing.T) {
		g, err := (&Table{Direction: Upload, NeedsRemote: true, Options: map[string][]string{"endpoint": {"r"}}, Operands: Operands{AnyDirection: "path"}}).Grammar()
		require.NoError(t, err)
		assert.Equal(t, Local, g(&Command{Args: []string{"f"}}).Direction)
		assert.Equal(t, Upload, g(&Command{Args: []string{"-r", "h:d", "f"}}).Direction)
	})
}
