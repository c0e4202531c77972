package netfilecopyprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/schema"
)

// identify returns the tool whose execution the record reports, and under
// which name; nil for any other record. The name comes first: it is the
// cheapest question that nearly all records answer with no.
func (p *filecopyProcessor) identify(record plog.LogRecord) (*catalogue.Tool, string) {
	attrs := record.Attributes()
	name := executableName(attrs)
	tool, ok := p.catalogue.Lookup(name)
	if !ok || !isExec(record.EventName(), attrs) {
		return nil, ""
	}
	return tool, name
}

// executableName returns the base name of the executed file, or "" where the record has none.
func executableName(attrs pcommon.Map) string {
	if name := text(attrs, schema.ExecutableName); name != "" {
		return name
	}
	path := text(attrs, schema.ExecutablePath)
	return path[strings.LastIndexByte(path, '/')+1:]
}

// isExec says whether a record is of an exec. Records lose their event name
// on the way through some exporters and receivers, which event.action outlives.
// A record that has neither is taken for an exec if it names an executable.
func isExec(eventName string, attrs pcommon.Map) bool {
	if eventName == schema.EventExec {
		return true
	}
	if action, ok := attrs.Get(schema.EventAction); ok {
		return action.Str() == schema.ActionExec
	}
	return eventName == "" && text(attrs, schema.ExecutableName) != ""
}

// isTagged says that the record is a match already, by a processor nearer to its origin.
func isTagged(record plog.LogRecord) bool {
	return record.EventName() == schema.EventCopy || text(record.Attributes(), schema.EventAction) == schema.ActionCopy
}

// text returns an attribute that is a string, or "" where it is absent or of another type.
func text(attrs pcommon.Map, key string) string {
	value, ok := attrs.Get(key)
	if !ok {
		return ""
	}
	return value.Str()
}
