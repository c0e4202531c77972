package netfilecopyprocessor

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/assessment"
	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/schema"
)

// The rule, in the values of security_rule.*. Its UUID never changes; its
// version does whenever it may rate the same record differently.
const (
	ruleUUID        = "7920ca83-c9c8-4077-b5bf-db5f6f0a3668"
	ruleVersion     = "3"
	ruleCategory    = "Exfiltration"
	ruleDescription = "Network file copy tool execution"
	ruleReference   = "https://github.com/copywatch/copywatch/blob/main/processor/netfilecopyprocessor/README.md"
	ruleset         = "copywatch"

	// recipeTechnique is how the recipe that the rule is named after labels
	// itself. ATT&CK means other media by it; threat.* has what applies.
	recipeTechnique = "Exfiltration Over Other Network Medium"
)

// Bounds of the lists that a record gets, not of what is looked at: whoever runs a tool chooses how many operands it has. The arguments have them all.
const (
	remotesMost = 32
	pathsMost   = 64
)

// tag makes the tags of a net_filecopy_tool_exec event. What they do not name stays.
func (v *verdict) tag(t *tags, attack *catalogue.Attack) {
	t.PutStr(schema.EventAction, schema.ActionCopy)
	putRule(t)
	putThreat(t, attack, v.threat)
	v.putFindings(t)
	v.putEnds(t)
	t.PutStr(schema.Importance, v.band.Importance)
	t.PutInt(schema.RiskScore, int64(v.score))
	t.putTexts(schema.Reasons, v.reasons)
}

// rate sets what follows from the score, beside the attributes.
func (v *verdict) rate(record plog.LogRecord, e *execution) {
	record.SetEventName(schema.EventCopy)
	record.SetSeverityNumber(v.band.Number)
	record.SetSeverityText(v.band.Text)
	record.Body().SetStr(v.summary(e))
}

// rateAnew changes a record that is tagged to another score.
func (v *verdict) rateAnew(record plog.LogRecord, e *execution) {
	v.rate(record, e)
	attrs := record.Attributes()
	attrs.PutStr(schema.Importance, v.band.Importance)
	attrs.PutInt(schema.RiskScore, int64(v.score))
	reasons := attrs.PutEmptySlice(schema.Reasons)
	reasons.EnsureCapacity(len(v.reasons))
	appendAll(reasons, v.reasons)
}

func putRule(t *tags) {
	t.PutStr(schema.RuleName, schema.EventCopy)
	t.PutStr(schema.RuleUUID, ruleUUID)
	t.PutStr(schema.RuleVersion, ruleVersion)
	t.PutStr(schema.RuleCategory, ruleCategory)
	t.PutStr(schema.RuleDescription, ruleDescription)
	t.PutStr(schema.RuleReference, ruleReference)
	t.PutStr(schema.RulesetName, ruleset)
	t.PutStr(schema.RecipeTechnique, recipeTechnique)
}

// putThreat says what the copy means in ATT&CK.
func putThreat(t *tags, attack *catalogue.Attack, threat *catalogue.Threat) {
	t.PutStr(schema.ThreatFramework, attack.Framework)
	t.PutStr(schema.ThreatFrameworkVersion, attack.Version)
	putReferences(t, threat.Tactics,
		schema.ThreatTacticID, schema.ThreatTacticName, schema.ThreatTacticReference)
	putReferences(t, threat.Techniques,
		schema.ThreatTechniqueID, schema.ThreatTechniqueName, schema.ThreatTechniqueReference)
	putReferences(t, threat.Subtechniques,
		schema.ThreatSubtechniqueID, schema.ThreatSubtechniqueName, schema.ThreatSubtechniqueReference)
}

// putReferences writes ids, names and URLs as three parallel arrays.
func putReferences(t *tags, references []catalogue.Reference, idKey, nameKey, urlKey string) {
	if len(references) == 0 {
		return
	}
	ids := t.PutSlice(idKey, len(references))
	names := t.PutSlice(nameKey, len(references))
	urls := t.PutSlice(urlKey, len(references))
	for i := range references {
		r := &references[i]
		ids.AppendEmpty().SetStr(r.ID)
		names.AppendEmpty().SetStr(r.Name)
		urls.AppendEmpty().SetStr(r.URL)
	}
}

// valid writes bytes that are no UTF-8 as \xNN: what another sensor let pass no exporter should choke on.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return cmdline.Text([]byte(s))
}

func (v *verdict) putFindings(t *tags) {
	t.PutStr(schema.Tool, v.Tool.Name)
	t.PutStr(schema.Family, v.Tool.Family.ID)
	t.PutStr(schema.Match, v.Match)
	t.PutStr(schema.Direction, string(v.transfer.Direction))
	t.PutStr(schema.Confidence, string(v.confidence))
	t.putTexts(schema.Evasions, v.evasions)
	t.putKnown(schema.ParentTransfer, v.transferOf)
	protocol := v.transfer.Protocol
	if protocol == "" && !v.Ambiguous { // an ambiguous name may be that of a program without any
		protocol = v.Tool.Protocol
	}
	t.putShared(schema.NetworkProtocolName, protocol)
}

// putEnds says what is copied, and where to or from.
func (v *verdict) putEnds(t *tags) {
	paths := v.transfer.LocalPaths
	t.putTexts(schema.LocalPaths, paths[:min(len(paths), pathsMost)])
	t.putTexts(schema.SensitivePaths, v.sensitive)
	if v.remote < 0 {
		return
	}
	r := &v.transfer.Remotes[v.remote]
	t.putShared(schema.ServerAddress, r.Host)
	if r.Port != 0 {
		t.putSharedInt(schema.ServerPort, int64(r.Port))
	}
	t.putKnown(schema.RemoteUser, r.User)
	t.putShared(schema.URLFull, r.URL)
	t.putKnown(schema.DestinationClass, string(v.class))
	v.putRemotes(t, v.listedRemotes())
}

// listedRemotes are the first of the remote ends, and the one that the rating goes by.
func (v *verdict) listedRemotes() []grammar.Remote {
	all := v.transfer.Remotes
	if v.remote < remotesMost {
		return all[:min(len(all), remotesMost)]
	}
	return append(slices.Clone(all[:remotesMost-1]), all[v.remote])
}

// putRemotes lists all ends where there are several, and the different paths there.
func (v *verdict) putRemotes(t *tags, remotes []grammar.Remote) {
	if len(remotes) > 1 {
		values := t.PutSlice(schema.Remotes, len(remotes))
		for i := range remotes {
			values.AppendEmpty().SetStr(valid(string(appendRemote(nil, &remotes[i]))))
		}
	}
	var buffer [4]string
	paths := buffer[:0]
	for i := range remotes {
		if path := remotes[i].Path; path != "" && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	t.putTexts(schema.RemotePaths, paths)
}

// appendRemote writes a remote end for a reader: its URL, or [user@]host[:port][:path].
func appendRemote(line []byte, r *grammar.Remote) []byte {
	if r.URL != "" {
		return append(line, r.URL...)
	}
	if r.Scheme != "" {
		line = append(append(line, r.Scheme...), "://"...)
	}
	if r.User != "" {
		line = append(append(line, r.User...), '@')
	}
	if strings.Contains(r.Host, ":") {
		line = append(append(append(line, '['), r.Host...), ']')
	} else {
		line = append(line, r.Host...)
	}
	if r.Port != 0 {
		line = strconv.AppendInt(append(line, ':'), int64(r.Port), 10)
	}
	if r.Path != "" {
		if r.Scheme == "" {
			line = append(line, ':')
		}
		line = append(line, r.Path...)
	}
	return line
}

// guide adds what the copy may mean in its environment, and what to do.
func (v *verdict) guide(t *tags, table *assessment.Table, s *setting) {
	values := assessment.Values{Tool: v.Tool.Name}
	if v.remote >= 0 {
		values.Remote = v.transfer.Remotes[v.remote].Host
	}
	if s.ci != nil {
		values.Pipeline = s.ci.Get("cicd.pipeline.name")
	}
	implications, actions := table.Guidance(s.environment, string(v.transfer.Direction)).Fill(values)
	t.putKnown(schema.Implications, implications)
	t.putTexts(schema.RecommendedActions, actions)
}
