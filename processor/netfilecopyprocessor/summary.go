package netfilecopyprocessor

import (
	"iter"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/schema"
)

// Bounds of what goes into the body, which has to be read at a glance. The attributes have everything.
const (
	commandLineLimit = 1024 // bytes
	nameLimit        = 64   // bytes, of a user or an executable
	lineageLimit     = 16   // names
)

// summary returns the record's body, one line for an analyst:
//
//	MEDIUM scp build.tgz deploy@203.0.113.7:/in by alice (make < bash)
func (v *verdict) summary(attrs pcommon.Map) string {
	line := make([]byte, 0, 256)
	line = append(line, v.band.label...)
	line = append(line, ' ')
	if v.direction != directionUnknown {
		line = append(line, v.direction...)
		line = append(line, ' ')
	}
	if v.match != matchName {
		line = append(line, v.tool.Name...) // which the command line does not show
		line = append(line, " as "...)
	}
	line = cmdline.AppendLine(line, v.commandLine(attrs), commandLineLimit)
	line = appendUser(line, attrs)
	line = appendLineage(line, attrs)
	return string(line)
}

// commandLine returns the command line as the record has it, else made from the arguments, else the executable's name.
func (v *verdict) commandLine(attrs pcommon.Map) string {
	if line := text(attrs, schema.CommandLine); line != "" {
		return line
	}
	if line := joinArgs(texts(attrs, schema.CommandArgs)); line != "" {
		return line
	}
	return v.name
}

func appendUser(line []byte, attrs pcommon.Map) []byte {
	if name := text(attrs, schema.UserName); name != "" {
		return cmdline.AppendLine(append(line, " by "...), name, nameLimit)
	}
	if id, ok := attrs.Get(schema.UserID); ok && id.Type() == pcommon.ValueTypeInt {
		return strconv.AppendInt(append(line, " by uid "...), id.Int(), 10)
	}
	return line
}

// appendLineage adds the executables that led here, nearest first. The list of ancestors begins with the parent.
func appendLineage(line []byte, attrs pcommon.Map) []byte {
	names := 0
	for name := range texts(attrs, schema.AncestorNames) {
		if names == lineageLimit {
			break
		}
		line = appendAncestor(line, name, names == 0)
		names++
	}
	if parent := text(attrs, schema.ParentName); names == 0 && parent != "" {
		line = appendAncestor(line, parent, true)
		names++
	}
	if names == 0 {
		return line
	}
	return append(line, ')')
}

func appendAncestor(line []byte, name string, nearest bool) []byte {
	if nearest {
		return cmdline.AppendLine(append(line, " ("...), name, nameLimit)
	}
	return cmdline.AppendLine(append(line, " < "...), name, nameLimit)
}

// texts yields the strings of an attribute that is an array; none where it is absent or of another type.
func texts(attrs pcommon.Map, key string) iter.Seq[string] {
	return func(yield func(string) bool) {
		value, ok := attrs.Get(key)
		if !ok || value.Type() != pcommon.ValueTypeSlice {
			return
		}
		for _, element := range value.Slice().All() {
			if element.Type() == pcommon.ValueTypeStr && !yield(element.Str()) {
				return
			}
		}
	}
}
