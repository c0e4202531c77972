package catalogue

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const goodAttack = `
framework: MITRE ATT&CK
version: "19"
tactics:
  - {id: TA0010, name: Exfiltration}
  - {id: TA0011, name: Command and Control}
techniques:
  - {id: T1048, name: Exfiltration Over Alternative Protocol, tactics: [TA0010]}
  - {id: T1048.002, name: Exfiltration Over Asymmetric Encrypted Non-C2 Protocol}
  - {id: T1048.003, name: Exfiltration Over Unencrypted Non-C2 Protocol}
  - {id: T1105, name: Ingress Tool Transfer, tactics: [TA0011]}
`

func TestEmbeddedAttack(t *testing.T) {
	attack := load(t).Attack
	assert.Equal(t, "MITRE ATT&CK", attack.Framework)
	assert.Equal(t, "19", attack.Version)
	threat, err := attack.Threat("T1567.002")
	require.NoError(t, err)
	assert.Equal(t, Threat{
		Tactics:    []Reference{{"TA0010", "Exfiltration", "https://attack.mitre.org/tactics/TA0010/"}},
		Techniques: []Reference{{"T1567", "Exfiltration Over Web Service", "https://attack.mitre.org/techniques/T1567/"}},
		Subtechniques: []Reference{
			{"T1567.002", "Exfiltration to Cloud Storage", "https://attack.mitre.org/techniques/T1567/002/"},
		},
	}, threat)
}

func TestThreat(t *testing.T) {
	tests := []struct {
		name                               string
		ids                                []string
		tactics, techniques, subtechniques []string
	}{
		{name: "none"},
		{"technique", []string{"T1105"}, []string{"TA0011"}, []string{"T1105"}, nil},
		{"sub-technique", []string{"T1048.002"}, []string{"TA0010"}, []string{"T1048"}, []string{"T1048.002"}},
		{"shared technique and tactic", []string{"T1048.003", "T1048.002"}, []string{"TA0010"}, []string{"T1048"}, []string{"T1048.003", "T1048.002"}},
		{"twice", []string{"T1105", "T1105"}, []string{"TA0011"}, []string{"T1105"}, nil},
		{"two tactics", []string{"T1105", "T1048"}, []string{"TA0011", "TA0010"}, []string{"T1105", "T1048"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			threat, err := testAttack(t).Threat(tt.ids...)
			require.NoError(t, err)
			assert.Equal(t, tt.tactics, ids(threat.Tactics))
			assert.Equal(t, tt.techniques, ids(threat.Techniques))
			assert.Equal(t, tt.subtechniques, ids(threat.Subtechniques))
		})
	}
}

func ids(entries []Reference) []string {
	var list []string
	for _, e := range entries {
		list = append(list, e.ID)
	}
	return list
}

func TestThreatNamesEveryUnknownID(t *testing.T) {
	_, err := testAttack(t).Threat("T1048", "T1", "T1048.009")
	assert.ErrorContains(t, err, `no technique "T1" in the ATT&CK table`)
	assert.ErrorContains(t, err, `no technique "T1048.009" in the ATT&CK table`)
}

func TestBadAttack(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           string
	}{
		{"unknown field", "framework:", "frame:", "field frame not found"},
		{"no framework", "framework: MITRE ATT&CK", "framework: ''", "framework or version is empty"},
		{"no version", `version: "19"`, `version: ""`, "framework or version is empty"},
		{"tactic id", "{id: TA0011,", "{id: T0011,", `tactic "T0011": id is not of the form TA0010`},
		{"tactic twice", "{id: TA0011,", "{id: TA0010,", "tactic TA0010: is there twice"},
		{"tactic without name", "name: Command and Control", "name: ''", "tactic TA0011: has no name"},
		{"technique id", "{id: T1105,", "{id: t1105,", `technique "t1105": id is not of the form T1048 or T1048.002`},
		{"technique twice", "{id: T1105,", "{id: T1048,", "technique T1048: is there twice"},
		{"technique without name", "name: Ingress Tool Transfer", "name: ''", "technique T1105: has no name"},
		{"technique without tactics", "name: Ingress Tool Transfer, tactics: [TA0011]", "name: Ingress Tool Transfer", "technique T1105: has no tactics"},
		{"unknown tactic", "Transfer, tactics: [TA0011]", "Transfer, tactics: [TA0012]", `technique T1105: there is no tactic "TA0012"`},
		{"sub-technique of nothing", "{id: T1048.002,", "{id: T1049.002,", "technique T1049.002: there is no technique T1049 above it"},
		{"sub-technique with tactics", "Asymmetric Encrypted Non-C2 Protocol", "X, tactics: [TA0011]", "technique T1048.002: has tactics of its own"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(goodAttack, tt.old), "%q must be in the good table once", tt.old)
			attack, err := parseAttack([]byte(strings.Replace(goodAttack, tt.old, tt.new, 1)))
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, attack)
		})
	}
}
