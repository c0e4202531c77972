package netfilecopyprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/schema"
)

// finding is a tool whose execution a record reports, and how it was recognised.
type finding struct {
	tool  *catalogue.Tool
	name  string // of the executable
	match string // value of filecopy.match
}

// identify returns the tool whose execution the record reports; a nil one for
// any other record. The name comes first: it is the cheapest question that
// nearly all records answer with no. A sensor that looks into files says what
// the content of one shows, and a copy under another name is known by that.
func (p *filecopyProcessor) identify(record plog.LogRecord) finding {
	attrs := record.Attributes()
	f := finding{name: executableName(attrs), match: matchName}
	var ok bool
	if f.tool, ok = p.catalogue.Lookup(f.name); !ok {
		f.match = matchContent
		f.tool, ok = p.catalogue.Lookup(text(attrs, schema.ExecutableOriginalName))
	}
	if !ok || !isExec(record.EventName(), attrs) {
		return finding{}
	}
	return f
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
