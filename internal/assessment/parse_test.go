package assessment

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	goodScore = `
bands:
  - {importance: high, from: 50, label: HIGH, severity_number: 17, severity_text: ERROR}
  - {importance: low, from: 0, label: LOW, severity_number: 9, severity_text: INFO}
terms:
  - {code: direction_upload, points: 60, group: direction, when: up}
  - {code: direction_unknown, points: 45, group: direction, when: unclear}
  - {code: lineage_shell, points: 5, group: lineage, when: a shell runs it}
  - {code: claim, points: 10, group: context, raises_only: true, at_least: high, when: claimed}
`
	goodLineage = `
lineage:
  - {code: lineage_shell, title: Shells, names: [bash, zsh]}
`
	goodGuidance = `
environments:
  - id: unknown
    title: not known
    aliases: [none]
    entries:
      - {for: [upload], implications: "{tool} ran.", actions: ["Look at {remote}."]}
      - {for: [unknown], implications: Something ran., actions: [Look.]}
`
)

func parseAll(score, lineage, guidance string) (*Table, error) {
	table, err := parseScore([]byte(score))
	if err != nil {
		return nil, err
	}
	if err := table.parseLineage([]byte(lineage)); err != nil {
		return nil, err
	}
	return table, table.parseGuidance([]byte(guidance))
}

// Each bad file is the good one with one thing changed, so this test vouches for them.
func TestParse(t *testing.T) {
	table, err := parseAll(goodScore, goodLineage, goodGuidance)
	require.NoError(t, err)
	sum := table.Start()
	sum.Add("lineage_shell", "zsh")
	sum.Add("claim", "")
	score, band, _ := sum.Result()
	assert.Equal(t, 50, score)
	assert.Equal(t, "high", band.Importance)
}

func TestBadFiles(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown field of a term", "group: lineage", "gruop: lineage", "field gruop not found"},
		{"unknown field of a class", "title: Shells", "titel: Shells", "field titel not found"},
		{"unknown field of guidance", "aliases:", "alias:", "field alias not found"},
		{"not YAML", "bands:", "bands: [", "yaml: "},
		{"two documents", "terms:", "---\nterms:", "has more than one document"},
		{"code with upper case", "code: claim", "code: Claim", `term "Claim": code is not lower-case words joined by underscores`},
		{"term twice", "code: claim", "code: lineage_shell", `term "lineage_shell": is there twice`},
		{"no points", "points: 10, ", "", `term "claim": has no points`},
		{"many points", "points: 10,", "points: 1000,", `term "claim": 1000 points are not between -100 and 100`},
		{"lowers", "points: 10,", "points: -10,", `term "claim": -10 points: what the process itself controls must not lower a score`},
		{"bounds from above", "at_least: high", "at_most: low", `term "claim": at_most: what the process itself controls must not lower a score`},
		{"unknown group", "group: context", "group: other", `term "claim": group "other" is not one of [direction`},
		{"no when", "when: claimed", "when: ''", `term "claim": does not say when`},
		{"unknown band", "at_least: high", "at_least: urgent", `term "claim": there is no band "urgent"`},
		{"bands out of order", "from: 50", "from: 0", `bands: low: from 0 is not between 0 and the band above`},
		{"severities out of order", "severity_number: 17", "severity_number: 5", `bands: low: severity_number 9 is not between 1 and that of the band above`},
		{"no severity text", "severity_text: ERROR", "severity_text: ''", `bands: "high": has no importance, label or severity_text`},
		{"no low band", "from: 0,", "from: 1,", `bands: low: from 1: the lowest band is from 0`},

		{"class of no term", "{code: lineage_shell, title: Shells", "{code: claim, title: Shells", `class "claim": is not the code of a term of the group lineage`},
		{"term without a class", "{code: lineage_shell, title: Shells", "{code: lineage_other, title: Shells", `term "lineage_shell": has no class`},
		{"no names", "names: [bash, zsh]", "names: []", `class "lineage_shell": has no title or no names`},
		{"name with a slash", "[bash, zsh]", "[/bin/bash]", `class "lineage_shell": "/bin/bash" is not the base name of a program`},
		{"name twice", "[bash, zsh]", "[bash, bash]", `class "lineage_shell": "bash" is already in class "lineage_shell"`},

		{"no unknown environment", "id: unknown", "id: nowhere", `there is no environment "unknown"`},
		{"no title", "title: not known", "title: ''", `environment "unknown": has no id or no title`},
		{"alias with upper case", "[none]", "[None]", `environment "unknown": alias "None" is not in lower case`},
		{"alias twice", "[none]", "[none, none]", `environment "unknown": "none" is already a name of environment "unknown"`},
		{"direction missing", "[upload]", "[]", `environment "unknown": has no entry for the direction "upload"`},
		{"unknown direction", "[upload]", "[upload, sideways]", `entry for [upload sideways]: there is no direction "sideways"`},
		{"direction twice", "[upload]", "[upload, unknown]", `entry for [unknown]: the direction "unknown" has an entry already`},
		{"no implications", "implications: Something ran.", "implications: ''", `entry for [unknown]: has no implications or no actions`},
		{"no actions", "[Look.]", "[]", `entry for [unknown]: has no implications or no actions`},
		{"unknown placeholder", "{remote}", "{host}", `has a placeholder that is none of {tool}, {remote} and {pipeline}`},
		{"open placeholder", "{remote}.", "{remote", `has a placeholder that is none of {tool}, {remote} and {pipeline}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			count := 0
			replace := func(file string) string {
				count += strings.Count(file, tt.old)
				return strings.Replace(file, tt.old, tt.new, 1)
			}
			_, err := parseAll(replace(goodScore), replace(goodLineage), replace(goodGuidance))
			require.Equal(t, 1, count, "%q must be in the good files once", tt.old)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestMissingParts(t *testing.T) {
	for _, tt := range []struct{ score, lineage, guidance, want string }{
		{"", goodLineage, goodGuidance, "is empty"},
		{goodScore, "", goodGuidance, "is empty"},
		{goodScore, goodLineage, "", "is empty"},
		{"terms: []", goodLineage, goodGuidance, "bands: there are none"},
		{goodScore, strings.Repeat(goodLineage[1:], 1) + goodLineage[len("\nlineage:\n"):], goodGuidance, `class "lineage_shell": is there twice`},
		{goodScore + strings.Repeat("  - {code: x, points: 1, group: noise, when: w}\n", maxTerms), goodLineage, goodGuidance, "has 132 terms; at most 128 can be"},
	} {
		_, err := parseAll(tt.score, tt.lineage, tt.guidance)
		assert.ErrorContains(t, err, tt.want)
	}
}
