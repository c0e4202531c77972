package netfilecopyprocessor

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
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
	ruleVersion     = "2"
	ruleCategory    = "Exfiltration"
	ruleDescription = "Network file copy tool execution"
	ruleReference   = "https://github.com/copywatch/copywatch/blob/main/processor/netfilecopyprocessor/README.md"
	ruleset         = "copywatch"

	// recipeTechnique is how the recipe that the rule is named after labels
	// itself. ATT&CK means other media by it; threat.* has what applies.
	recipeTechnique = "Exfiltration Over Other Network Medium"
)

// Bounds of lists: whoever runs a tool chooses how many operands it has. The arguments have them all.
const (
	remotesMost = 32
	pathsMost   = 64
)

// tagAttributes is how many attributes tag usually adds; they are made room for at once.
const tagAttributes = 48

// tag turns the record into a net_filecopy_tool_exec event. What it does not set stays.
func (v *verdict) tag(record plog.LogRecord, e *execution, attack *catalogue.Attack) {
	attrs := record.Attributes()
	attrs.EnsureCapacity(attrs.Len() + tagAttributes)
	record.SetEventName(schema.EventCopy)
	attrs.PutStr(schema.EventAction, schema.ActionCopy)
	putRule(attrs)
	putThreat(attrs, attack, v.threat)
	v.putFindings(attrs)
	v.putEnds(attrs)
	v.rate(record, e)
}

// rate sets what follows from the score: it may be changed after the record is tagged.
func (v *verdict) rate(record plog.LogRecord, e *execution) {
	attrs := record.Attributes()
	record.SetSeverityNumber(v.band.Number)
	record.SetSeverityText(v.band.Text)
	attrs.PutStr(schema.Importance, v.band.Importance)
	attrs.PutInt(schema.RiskScore, int64(v.score))
	putTexts(attrs, schema.Reasons, v.reasons)
	record.Body().SetStr(v.summary(e))
}

func putRule(attrs pcommon.Map) {
	attrs.PutStr(schema.RuleName, schema.EventCopy)
	attrs.PutStr(schema.RuleUUID, ruleUUID)
	attrs.PutStr(schema.RuleVersion, ruleVersion)
	attrs.PutStr(schema.RuleCategory, ruleCategory)
	attrs.PutStr(schema.RuleDescription, ruleDescription)
	attrs.PutStr(schema.RuleReference, ruleReference)
	attrs.PutStr(schema.RulesetName, ruleset)
	attrs.PutStr(schema.RecipeTechnique, recipeTechnique)
}

// putThreat says what the copy means in ATT&CK.
func putThreat(attrs pcommon.Map, attack *catalogue.Attack, threat *catalogue.Threat) {
	attrs.PutStr(schema.ThreatFramework, attack.Framework)
	attrs.PutStr(schema.ThreatFrameworkVersion, attack.Version)
	putReferences(attrs, threat.Tactics,
		schema.ThreatTacticID, schema.ThreatTacticName, schema.ThreatTacticReference)
	putReferences(attrs, threat.Techniques,
		schema.ThreatTechniqueID, schema.ThreatTechniqueName, schema.ThreatTechniqueReference)
	putReferences(attrs, threat.Subtechniques,
		schema.ThreatSubtechniqueID, schema.ThreatSubtechniqueName, schema.ThreatSubtechniqueReference)
}

// putReferences writes ids, names and URLs as three parallel arrays. Without
// references it removes what another rule may have left there: the arrays of
// tactics, techniques and sub-techniques must be of one rule.
func putReferences(attrs pcommon.Map, references []catalogue.Reference, idKey, nameKey, urlKey string) {
	if len(references) == 0 {
		attrs.Remove(idKey)
		attrs.Remove(nameKey)
		attrs.Remove(urlKey)
		return
	}
	putArray(attrs, idKey, references, func(r catalogue.Reference) string { return r.ID })
	putArray(attrs, nameKey, references, func(r catalogue.Reference) string { return r.Name })
	putArray(attrs, urlKey, references, func(r catalogue.Reference) string { return r.URL })
}

func putArray[T any](attrs pcommon.Map, key string, list []T, str func(T) string) {
	values := attrs.PutEmptySlice(key)
	values.EnsureCapacity(len(list))
	for _, element := range list {
		values.AppendEmpty().SetStr(valid(str(element)))
	}
}

// valid writes bytes that are no UTF-8 as \xNN: what another sensor let pass no exporter should choke on.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return cmdline.Text([]byte(s))
}

// putTexts writes a list; an empty one is absent.
func putTexts(attrs pcommon.Map, key string, list []string) {
	if len(list) > 0 {
		putArray(attrs, key, list, func(s string) string { return s })
	}
}

func putKnown(attrs pcommon.Map, key, value string) {
	if value != "" {
		attrs.PutStr(key, valid(value))
	}
}

func (v *verdict) putFindings(attrs pcommon.Map) {
	attrs.PutStr(schema.Tool, v.Tool.Name)
	attrs.PutStr(schema.Family, v.Tool.Family.ID)
	attrs.PutStr(schema.Match, v.Match)
	attrs.PutStr(schema.Direction, string(v.transfer.Direction))
	attrs.PutStr(schema.Confidence, string(v.confidence))
	putTexts(attrs, schema.Evasions, v.evasions)
	putKnown(attrs, schema.ParentTransfer, v.transferOf)
	protocol := v.transfer.Protocol
	if protocol == "" && !v.Ambiguous { // an ambiguous name may be that of a program without any
		protocol = v.Tool.Protocol
	}
	putKnown(attrs, schema.NetworkProtocolName, protocol)
}

// putEnds says what is copied, and where to or from.
func (v *verdict) putEnds(attrs pcommon.Map) {
	paths := v.transfer.LocalPaths
	putTexts(attrs, schema.LocalPaths, paths[:min(len(paths), pathsMost)])
	putTexts(attrs, schema.SensitivePaths, v.sensitive)
	if v.remote < 0 {
		return
	}
	r := &v.transfer.Remotes[v.remote]
	putKnown(attrs, schema.ServerAddress, r.Host)
	if r.Port != 0 {
		attrs.PutInt(schema.ServerPort, int64(r.Port))
	}
	putKnown(attrs, schema.RemoteUser, r.User)
	putKnown(attrs, schema.URLFull, r.URL)
	putKnown(attrs, schema.DestinationClass, string(v.class))
	remotes := v.transfer.Remotes[:min(len(v.transfer.Remotes), remotesMost)]
	if len(remotes) > 1 {
		putArray(attrs, schema.Remotes, remotes, func(r grammar.Remote) string { return string(appendRemote(nil, &r)) })
	}
	var remotePaths []string
	for i := range remotes {
		if path := remotes[i].Path; path != "" && !slices.Contains(remotePaths, path) {
			remotePaths = append(remotePaths, path)
		}
	}
	putTexts(attrs, schema.RemotePaths, remotePaths)
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
func (v *verdict) guide(attrs pcommon.Map, table *assessment.Table, s *setting) {
	values := assessment.Values{Tool: v.Tool.Name}
	if v.remote >= 0 {
		values.Remote = v.transfer.Remotes[v.remote].Host
	}
	if s.ci != nil {
		values.Pipeline = s.ci.Get("cicd.pipeline.name")
	}
	implications, actions := table.Guidance(s.environment, string(v.transfer.Direction)).Fill(values)
	putKnown(attrs, schema.Implications, implications)
	putTexts(attrs, schema.RecommendedActions, actions)
}
