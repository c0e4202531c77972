//go:build linux

package e2e

import (
	"os/user"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
)

// copied is what the processor must say of an execution beside what the receiver says of every program.
type copied struct {
	tool, family string
	match        string // empty: name
	direction    string
	more         want // further fields
}

// tagged returns what the record of a copy must say, from what it would say as
// any other program's. The parts of a rating are held by the tests of the
// processor; here they must be there, and of the right kind.
func (c copied) tagged(w want) want {
	match := c.match
	if match == "" {
		match = "name"
	}
	return w.with(want{
		fieldEventName:      "net_filecopy_tool_exec",
		schema.EventAction:  "net_filecopy_tool_exec",
		fieldSeverityNumber: number,
		fieldSeverityText:   like(`INFO2|WARN|ERROR|FATAL`),
		fieldBody:           like(`(LOW|MEDIUM|HIGH|CRITICAL) ` + c.tool + ` .*`),

		schema.RuleName:        "net_filecopy_tool_exec",
		schema.RuleUUID:        like(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`),
		schema.RuleVersion:     like(`\d+(\.\d+)*`),
		schema.RuleCategory:    "Exfiltration",
		schema.RuleDescription: "Network file copy tool execution",
		schema.RuleReference:   like(`https://.+`),
		schema.RulesetName:     "copywatch",
		schema.RecipeTechnique: "Exfiltration Over Other Network Medium",

		schema.ThreatFramework:             "MITRE ATT&CK",
		schema.ThreatFrameworkVersion:      like(`\d+(\.\d+)?`),
		schema.ThreatTacticID:              some,
		schema.ThreatTacticName:            some,
		schema.ThreatTacticReference:       some,
		schema.ThreatTechniqueID:           some,
		schema.ThreatTechniqueName:         some,
		schema.ThreatTechniqueReference:    some,
		schema.ThreatSubtechniqueID:        anything,
		schema.ThreatSubtechniqueName:      anything,
		schema.ThreatSubtechniqueReference: anything,

		schema.Importance:         like(`low|medium|high|critical`),
		schema.RiskScore:          number,
		schema.Reasons:            some,
		schema.Tool:               c.tool,
		schema.Family:             c.family,
		schema.Match:              match,
		schema.Direction:          c.direction,
		schema.Confidence:         like(`high|medium|low`),
		schema.Implications:       like(`.+`),
		schema.RecommendedActions: some,

		schema.Evasions:            anything,
		schema.LocalPaths:          anything,
		schema.RemotePaths:         anything,
		schema.RemoteUser:          anything,
		schema.Remotes:             anything,
		schema.DestinationClass:    anything,
		schema.SensitivePaths:      anything,
		schema.ServerAddress:       anything,
		schema.ServerPort:          anything,
		schema.URLFull:             anything,
		schema.NetworkProtocolName: anything,
		schema.Repeat:              anything,
	}).with(c.more)
}

// some accepts a list that is not empty.
var some check = func(got any) string {
	if list, ok := got.([]any); !ok || len(list) == 0 {
		return "is " + show(got) + ", and should be a list with something in it"
	}
	return ""
}

// number accepts a whole number.
var number check = func(got any) string {
	if _, ok := got.(int64); !ok {
		return "is " + show(got) + ", and should be a number"
	}
	return ""
}

// anything accepts every value, and none.
var anything check = func(any) string { return "" }

func currentUser(t *testing.T) string {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u.Username
}

func requireFile(t *testing.T, path, content string) {
	t.Helper()
	if got := mustRead(t, path); got != content {
		t.Fatalf("%s holds %s, and should hold %s", path, clip(got), clip(content))
	}
}
