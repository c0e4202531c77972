package catalogue

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/internal/grammar"
)

// A user's configuration, as the collector reads it.
func options(t *testing.T, text string) Options {
	t.Helper()
	var raw map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
	var o Options
	require.NoError(t, confmap.NewFromStringMap(raw).Unmarshal(&o))
	return o
}

func TestAddTool(t *testing.T) {
	c, err := LoadWith(options(t, `
add:
  - name: outbox
    aliases: [outbox-cli]
    protocol: http
    table:
      subcommands: {upload: [put], none: [list]}
      options: {url: [to], unverified: [k]}
      operands: path...
      channel: encrypted
  - name: pipeline-sync
    family: cloud
    about: our own
    direction: upload
    techniques: {upload: [T1567.002], download: [T1105]}
  - name: outcopy
    tier: general
    grammar: restic
`))
	require.NoError(t, err)
	tool, ok := c.Lookup("outbox-cli")
	require.True(t, ok)
	assert.Equal(t, "outbox", tool.Name)
	assert.Equal(t, "other", tool.Family.ID)
	assert.Equal(t, "added by the configuration", tool.About)
	assert.Equal(t, Dedicated, tool.Tier)
	assert.Equal(t, "http", tool.Protocol)
	got := tool.Transfer(&grammar.Command{Args: []string{"put", "-k", "--to=https://h/x", "a", "b"}})
	assert.Equal(t, grammar.Transfer{
		Direction: grammar.Upload, LocalPaths: []string{"a", "b"}, Signals: []grammar.Signal{grammar.Unverified},
		Remotes:  []grammar.Remote{{Scheme: "https", Host: "h", Path: "/x", URL: "https://h/x"}},
		Protocol: "http", Channel: grammar.Encrypted,
	}, got)

	tool, _ = c.Lookup("pipeline-sync")
	assert.Equal(t, ByName, tool.Known)
	assert.Equal(t, "cloud", tool.Family.ID)
	tool, _ = c.Lookup("outcopy")
	assert.Equal(t, General, tool.Tier)
	assert.Equal(t, grammar.Upload, tool.Transfer(&grammar.Command{Args: []string{"-r", "sftp:h:/r", "backup", "/d"}}).Direction)
}

func TestChangeTool(t *testing.T) {
	c, err := LoadWith(options(t, `
change:
  - name: mc
    ambiguous: {}
    aliases: [mcli, minio]
  - name: croc
    direction: bidirectional
    techniques: {upload: [T1048.001]}
  - name: nc
    tier: dedicated
`))
	require.NoError(t, err)
	mc, ok := c.Lookup("minio")
	require.True(t, ok)
	assert.Empty(t, mc.Ambiguous)
	assert.Equal(t, "MinIO client", mc.About, "what is not given stays")
	_, ok = c.Lookup("minio-client")
	assert.False(t, ok, "aliases are replaced")

	croc, _ := c.Lookup("croc")
	assert.Equal(t, ByName, croc.Known, "a direction replaces the table")
	assert.Equal(t, grammar.Bidirectional, croc.Transfer(&grammar.Command{Args: []string{"send", "f"}}).Direction)
	assert.Equal(t, "T1048.001", croc.Upload.Subtechniques[0].ID)
	assert.Empty(t, croc.Download.Techniques)

	nc, _ := c.Lookup("nc")
	assert.Equal(t, Dedicated, nc.Tier)
}

func TestDisableTool(t *testing.T) {
	c, err := LoadWith(options(t, `
disable: [bash, sx, tnftp]
add:
  - {name: sx, about: ours, direction: upload}
`))
	require.NoError(t, err)
	for _, name := range []string{"bash", "rbash", "tnftp", "lsx"} {
		_, ok := c.Lookup(name)
		assert.False(t, ok, name)
	}
	ftp, ok := c.Lookup("ftp")
	require.True(t, ok, "only one of its names is disabled")
	assert.NotContains(t, ftp.Aliases, "tnftp")
	sx, ok := c.Lookup("sx")
	require.True(t, ok, "a disabled name is free")
	assert.Equal(t, "ours", sx.About)
}

// The catalogue that is built in is not changed by one that a user changes.
func TestLoadWithLeavesLoadAlone(t *testing.T) {
	before := load(t).Document()
	_, err := LoadWith(options(t, "{disable: [scp, mcli], change: [{name: sftp, aliases: []}]}"))
	require.NoError(t, err)
	assert.Equal(t, before, load(t).Document())
}

func TestBadOptions(t *testing.T) {
	tests := []struct{ name, options, want string }{
		{"disable of no tool", "disable: [scpp]", `disable: there is no tool "scpp"`},
		{"change of no tool", "change: [{name: scpp}]", `change: there is no tool "scpp"`},
		{"change by another name", "change: [{name: mcli}]", `change: tool "mcli": that is a name of tool "mc"; change that one`},
		{"change of what is disabled", "{disable: [scp], change: [{name: scp}]}", `change: there is no tool "scp"`},
		{"change to a bad tier", "change: [{name: scp, tier: core}]", `change: tool "scp": tier "core" is neither dedicated nor general`},
		{"change to a taken name", "change: [{name: scp, aliases: [sftp]}]", `name "sftp" is already one of tool "scp"`},
		{"add of a name that is there", "add: [{name: scp}]", `add: tool "scp": name "scp" is already one of tool "scp"`},
		{"add without name", "add: [{about: x}]", `add: tool "": name "" is not a base name in lower case`},
		{"add with a bad table", "add: [{name: x1, table: {operands: paths}}]", `add: tool "x1": table: operands.any: there is no role "paths"`},
		{"add with a bad direction", "add: [{name: x1, direction: up}]", `add: tool "x1": direction: there is no direction "up"`},
		{"add with no such grammar", "add: [{name: x1, grammar: resticc}]", `add: tool "x1": grammar: there is none of the name "resticc"`},
		{"add to no family", "add: [{name: x1, family: mine}]", `add: tool "x1": there is no family "mine"`},
		{"add with unknown technique", "add: [{name: x1, techniques: {upload: [T1]}}]", `add: tool "x1": upload: no technique "T1" in the ATT&CK table`},
		{"add of a general tool that nothing reads", "add: [{name: x1, tier: general}]", `add: tool "x1": is general and has no grammar or table`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := LoadWith(options(t, tt.options))
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, c)
		})
	}
}
