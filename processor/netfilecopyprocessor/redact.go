package netfilecopyprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/schema"
)

// ownScope is that of records whose secrets the receiver has masked already.
const ownScope = "github.com/copywatch/copywatch/receiver/ebpfexecreceiver"

// redact masks secrets in an exec record that another sensor wrote: in its
// arguments, its command line, that of its parent, and a body that is one.
func (p *filecopyProcessor) redact(record plog.LogRecord) {
	attrs := record.Attributes()
	name := executableName(attrs)
	masked := 0
	if value, ok := attrs.Get(schema.CommandArgs); ok && value.Type() == pcommon.ValueTypeSlice {
		masked += p.redactList(name, value.Slice())
	}
	inLine := 0
	if value, ok := attrs.Get(schema.CommandLine); ok {
		inLine = p.redactLine(name, value)
	}
	body := record.Body()
	inBody := p.redactLine(name, body)
	if value, ok := attrs.Get(schema.ParentCommandLine); ok {
		p.redactLine(text(attrs, schema.ParentName), value)
	}
	if masked = max(masked, inLine, inBody); masked > 0 {
		attrs.PutInt(schema.RedactedCount, int64(masked))
	}
}

func executableName(attrs pcommon.Map) string {
	if name := text(attrs, schema.ExecutableName); name != "" {
		return name
	}
	return baseName(text(attrs, schema.ExecutablePath))
}

// redactList masks in an array of arguments, and returns how many values.
func (p *filecopyProcessor) redactList(name string, list pcommon.Slice) int {
	args := make([][]byte, 0, list.Len())
	for _, element := range list.All() {
		args = append(args, []byte(element.Str())) // "" for what is no string, which stays as it is
	}
	out, masked := p.redactor.Args(nil, name, args)
	if masked > 0 {
		for i, element := range list.All() {
			if element.Type() == pcommon.ValueTypeStr {
				element.SetStr(cmdline.Text(out[i]))
			}
		}
	}
	return masked
}

// redactLine masks in a command line, which is written anew where something was masked.
func (p *filecopyProcessor) redactLine(name string, value pcommon.Value) int {
	if value.Type() != pcommon.ValueTypeStr || !strings.ContainsAny(value.Str(), " =:") {
		return 0
	}
	words := cmdline.Split(value.Str())
	args := make([][]byte, len(words))
	for i := range words {
		args[i] = []byte(words[i])
	}
	out, masked := p.redactor.Args(nil, name, args)
	if masked > 0 {
		value.SetStr(string(cmdline.AppendJoined(nil, out)))
	}
	return masked
}
