//go:build linux

package e2e

import (
	"os/user"
	"strings"
	"testing"

	"github.com/copywatch/copywatch/internal/schema"
)

// copyTool is what the processor says of a tool beside what the receiver says of every program.
type copyTool struct {
	name, family, protocol      string
	technique, subtechnique     string // names, of the ids below
	techniqueID, subtechniqueID string
}

// overSSH is for the tools whose copies are hidden in SSH.
func overSSH(name string) copyTool {
	return copyTool{
		name: name, family: "ssh-copy", protocol: "ssh",
		techniqueID: "T1048", technique: "Exfiltration Over Alternative Protocol",
		subtechniqueID: "T1048.002", subtechnique: "Exfiltration Over Asymmetric Encrypted Non-C2 Protocol",
	}
}

// tagged returns what the record of a copy tool must say, from what it would say as any other program's.
func (tool copyTool) tagged(w want) want {
	w = w.with(want{
		fieldEventName:      "net_filecopy_tool_exec",
		schema.EventAction:  "net_filecopy_tool_exec",
		fieldSeverityNumber: 13,
		fieldSeverityText:   "WARN",

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
		schema.ThreatTacticID:              []string{"TA0010"},
		schema.ThreatTacticName:            []string{"Exfiltration"},
		schema.ThreatTacticReference:       []string{"https://attack.mitre.org/tactics/TA0010/"},
		schema.ThreatTechniqueID:           []string{tool.techniqueID},
		schema.ThreatTechniqueName:         []string{tool.technique},
		schema.ThreatTechniqueReference:    []string{"https://attack.mitre.org/techniques/" + tool.techniqueID + "/"},
		schema.ThreatSubtechniqueID:        []string{tool.subtechniqueID},
		schema.ThreatSubtechniqueName:      []string{tool.subtechnique},
		schema.ThreatSubtechniqueReference: []string{"https://attack.mitre.org/techniques/" + strings.Replace(tool.subtechniqueID, ".", "/", 1) + "/"},

		schema.Importance: "medium",
		schema.RiskScore:  45,
		schema.Reasons:    []string{"direction_unknown"},
		schema.Tool:       tool.name,
		schema.Family:     tool.family,
		schema.Match:      "name",
		schema.Direction:  "unknown",
		schema.Confidence: "high",
	})
	if tool.protocol != "" {
		w[schema.NetworkProtocolName] = tool.protocol
	}
	w[fieldBody] = tool.body(w)
	return w
}

// body accepts one line for an analyst: how grave, the command line, by whom, below what.
func (tool copyTool) body(w want) check {
	args, lineage := w[fieldBody].(check), strings.Join(w[schema.AncestorNames].([]string), " < ")
	end := " by " + w[schema.UserName].(string) + " (" + lineage + ")"
	return func(got any) string {
		line, _ := got.(string)
		rest, graded := strings.CutPrefix(line, "MEDIUM ")
		command, named := strings.CutSuffix(rest, end)
		if !graded || !named {
			return "is " + show(got) + ", and should be MEDIUM, the command line and " + end
		}
		return args(command)
	}
}

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
