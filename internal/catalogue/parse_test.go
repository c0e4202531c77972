package catalogue

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const goodTools = `
families:
  - id: ssh-copy
    title: SSH copy clients
    tier: dedicated
    protocol: ssh
    techniques: {upload: [T1048.002], download: [T1105]}
  - id: other-medium
    title: Other media
    tier: dedicated
    protocol: varies
    techniques: {upload: [T1048]}
tools:
  - name: scp
    family: ssh-copy
    about: OpenSSH secure copy
    aliases: [hpnscp]
    ambiguous: {hpnscp: another program}
`

func testAttack(t *testing.T) *Attack {
	t.Helper()
	attack, err := parseAttack([]byte(goodAttack))
	require.NoError(t, err)
	return attack
}

// Each bad catalogue is the good one with one thing changed, so this test vouches for them.
func TestParseTools(t *testing.T) {
	c, err := parseTools([]byte(goodTools), testAttack(t))
	require.NoError(t, err)
	require.Len(t, c.Tools, 1)
	tool := c.Tools[0]
	assert.Equal(t, "ssh", tool.Protocol)
	assert.Equal(t, "SSH copy clients", tool.Family.Title)
	assert.Equal(t, map[string]string{"hpnscp": "another program"}, tool.Ambiguous)
	for _, name := range []string{"scp", "hpnscp"} {
		found, _ := c.Lookup(name)
		assert.Same(t, tool, found, name)
	}
}

func TestToolOverridesFamily(t *testing.T) {
	data := goodTools + "    protocol: varies\n    techniques: {upload: [T1105]}\n"
	c, err := parseTools([]byte(data), testAttack(t))
	require.NoError(t, err)
	tool := c.Tools[0]
	assert.Empty(t, tool.Protocol)
	assert.Equal(t, "T1105", tool.Upload.Techniques[0].ID)
	assert.Empty(t, tool.Download, "the family's download techniques must not be mixed in")
}

func TestBadTools(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           string
	}{
		{"unknown field", "about:", "abuot:", "field abuot not found"},
		{"not YAML", "tools:", "tools: [", "yaml: "},
		{"wrong type", "aliases: [hpnscp]", "aliases: {a: b}", "cannot unmarshal"},
		{"two documents", "tools:", "---\ntools:", "has more than one document"},
		{"family id with upper case", "id: ssh-copy", "id: SSH-copy", `family "SSH-copy": id is not lower-case words joined by hyphens`},
		{"family without id", "id: ssh-copy\n    title", "title", `family "": id is not lower-case words joined by hyphens`},
		{"family twice", "id: other-medium", "id: ssh-copy", `family "ssh-copy": is there twice`},
		{"family without title", "title: Other media", "title: ''", `family "other-medium": has no title`},
		{"family without protocol", "protocol: varies", "protocol: ''", `family "other-medium": has no protocol; where it is not one for all tools, write "varies"`},
		{"protocol with upper case", "protocol: ssh", "protocol: SSH", `family "ssh-copy": protocol "SSH" is not a lower-case name`},
		{"no upload techniques", "{upload: [T1048]}", "{download: [T1105]}", `family "other-medium": has no techniques for upload`},
		{"unknown upload technique", "upload: [T1048]", "upload: [T1048, T9999]", `family "other-medium": upload: no technique "T9999" in the ATT&CK table`},
		{"unknown download technique", "download: [T1105]", "download: [T1105.001]", `family "ssh-copy": download: no technique "T1105.001" in the ATT&CK table`},
		{"unknown family", "family: ssh-copy", "family: scp", `tool "scp": there is no family "scp"`},
		{"no family", "    family: ssh-copy\n", "", `tool "scp": there is no family ""`},
		{"no about", "    about: OpenSSH secure copy\n", "", `tool "scp": has no about`},
		{"no name", "name: scp", "name: ''", `tool "": name "" is not a base name in lower case`},
		{"name with slash", "name: scp", "name: bin/scp", `tool "bin/scp": name "bin/scp" is not a base name in lower case`},
		{"alias with upper case", "aliases: [hpnscp]", "aliases: [hpnscp, HPNSCP]", `tool "scp": name "HPNSCP" is not a base name in lower case`},
		{"name with space", "aliases: [hpnscp]", "aliases: [hpnscp, 'scp ']", `tool "scp": name "scp " is not a base name in lower case`},
		{"name twice in a tool", "aliases: [hpnscp]", "aliases: [hpnscp, scp]", `tool "scp": name "scp" is already one of tool "scp"`},
		{"name of another tool", "tools:", "tools:\n  - {name: rcp, family: ssh-copy, about: r, aliases: [hpnscp]}", `tool "scp": name "hpnscp" is already one of tool "rcp"`},
		{"family without tier", "tier: dedicated\n    protocol: varies", "protocol: varies", `family "other-medium": tier "" is neither dedicated nor general`},
		{"unknown tier", "aliases: [hpnscp]", "aliases: [hpnscp]\n    tier: core", `tool "scp": tier "core" is neither dedicated nor general`},
		{"general without grammar", "aliases: [hpnscp]", "aliases: [hpnscp]\n    tier: general", `tool "scp": is general and has no grammar or table, so that nothing would show a copy`},
		{"general with a direction", "aliases: [hpnscp]", "aliases: [hpnscp]\n    tier: general\n    direction: upload", `tool "scp": is general and has no grammar or table`},
		{"unknown grammar", "aliases: [hpnscp]", "aliases: [hpnscp]\n    grammar: scpp", `tool "scp": grammar: there is none of the name "scpp"`},
		{"two ways to the direction", "aliases: [hpnscp]", "aliases: [hpnscp]\n    direction: upload\n    table: {}", `tool "scp": has more than one of grammar, table and direction`},
		{"unknown direction", "aliases: [hpnscp]", "aliases: [hpnscp]\n    direction: up", `tool "scp": direction: there is no direction "up"`},
		{"fault of a table", "aliases: [hpnscp]", "aliases: [hpnscp]\n    table: {operands: file}", `tool "scp": table: operands.any: there is no role "file"`},
		{"unknown field of a table", "aliases: [hpnscp]", "aliases: [hpnscp]\n    table: {shorts: ab}", "field shorts not found"},
		{"long name", "aliases: [hpnscp]", "aliases: [hpnscp, " + strings.Repeat("a", 64) + "]", "has more than 63 bytes"},
		{"unknown technique over TLS", "upload: [T1048]", "upload: [T1048], upload_encrypted: [T9999]", `family "other-medium": upload_encrypted: no technique "T9999" in the ATT&CK table`},
		{"unknown technique in the clear", "upload: [T1048]", "upload: [T1048], upload_clear: [T9999]", `family "other-medium": upload_clear: no technique "T9999" in the ATT&CK table`},
		{"unknown technique of a server", "upload: [T1048]", "upload: [T1048], listen: [T9999]", `family "other-medium": listen: no technique "T9999" in the ATT&CK table`},
		{"unknown technique between clouds", "upload: [T1048]", "upload: [T1048], remote_to_remote: [T9999]", `family "other-medium": remote_to_remote: no technique "T9999" in the ATT&CK table`},
		{"ambiguous name of no tool", "ambiguous: {hpnscp:", "ambiguous: {mc:", `tool "scp": ambiguous "mc" is not one of its names`},
		{"ambiguous without reason", "{hpnscp: another program}", "{hpnscp: ''}", `tool "scp": ambiguous "hpnscp" does not say what else it is`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(goodTools, tt.old), "%q must be in the good catalogue once", tt.old)
			c, err := parseTools([]byte(strings.Replace(goodTools, tt.old, tt.new, 1)), testAttack(t))
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, c)
		})
	}
}

func TestEmptyTools(t *testing.T) {
	for data, want := range map[string]string{"": "is empty", "families: []": "has no tools"} {
		_, err := parseTools([]byte(data), testAttack(t))
		assert.ErrorContains(t, err, want)
	}
}

func TestEveryFaultIsNamed(t *testing.T) {
	_, err := parseTools([]byte("tools: [{name: A}, {name: b}]"), testAttack(t))
	assert.ErrorContains(t, err, `tool "A": name "A"`)
	assert.ErrorContains(t, err, `tool "b": has no about`)
}
