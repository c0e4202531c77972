package netfilecopyprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/schema"
)

// The rule, in the values of security_rule.*. Its UUID never changes; its
// version does whenever it may rate the same record differently.
const (
	ruleUUID        = "7920ca83-c9c8-4077-b5bf-db5f6f0a3668"
	ruleVersion     = "1"
	ruleCategory    = "Exfiltration"
	ruleDescription = "Network file copy tool execution"
	ruleReference   = "https://github.com/copywatch/copywatch/blob/main/processor/netfilecopyprocessor/README.md"
	ruleset         = "copywatch"

	// recipeTechnique is how the recipe that the rule is named after labels
	// itself. ATT&CK means other media by it; threat.* has what applies.
	recipeTechnique = "Exfiltration Over Other Network Medium"
)

// tagAttributes is how many attributes tag may add; they are made room for at once.
const tagAttributes = 29

// tag turns the record into a net_filecopy_tool_exec event. What it does not set stays.
func (v *verdict) tag(record plog.LogRecord, attack *catalogue.Attack) {
	attrs := record.Attributes()
	record.SetEventName(schema.EventCopy)
	record.SetSeverityNumber(v.band.number)
	record.SetSeverityText(v.band.text)
	record.Body().SetStr(v.summary(attrs))

	attrs.EnsureCapacity(attrs.Len() + tagAttributes)
	attrs.PutStr(schema.EventAction, schema.ActionCopy)
	putRule(attrs)
	putThreat(attrs, attack, &v.tool.Upload)
	v.putFindings(attrs)
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

// putThreat says what the copy means in ATT&CK. While the direction is not
// known, that is what it would mean as an upload, which the rule looks for.
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
		values.AppendEmpty().SetStr(str(element))
	}
}

func (v *verdict) putFindings(attrs pcommon.Map) {
	attrs.PutStr(schema.Importance, v.importance())
	attrs.PutInt(schema.RiskScore, int64(v.score))
	putArray(attrs, schema.Reasons, v.reasons, func(reason string) string { return reason })
	attrs.PutStr(schema.Tool, v.tool.Name)
	attrs.PutStr(schema.Family, v.tool.Family.ID)
	attrs.PutStr(schema.Match, v.match)
	attrs.PutStr(schema.Direction, v.direction)
	attrs.PutStr(schema.Confidence, v.confidence)
	if len(v.evasions) > 0 {
		putArray(attrs, schema.Evasions, v.evasions, func(evasion string) string { return evasion })
	}
	// An ambiguous name may be that of a program without any protocol.
	if v.tool.Protocol != "" && !v.ambiguous {
		attrs.PutStr(schema.NetworkProtocolName, v.tool.Protocol)
	}
}
