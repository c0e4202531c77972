package ebpfexecreceiver

import (
	"bytes"
	"encoding/hex"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/attributes"
	"github.com/copywatch/copywatch/internal/cicd"
	"github.com/copywatch/copywatch/internal/cmdline"
	"github.com/copywatch/copywatch/internal/schema"
)

// variable is one whose value goes into the record.
type variable struct{ name, key string }

func variables(names []string) []variable {
	list := make([]variable, 0, len(names))
	for i, name := range names {
		if !slices.Contains(names[:i], name) {
			list = append(list, variable{name: name, key: schema.EnvironmentPrefix + name})
		}
	}
	return list
}

// setVariables copies the variables that the configuration names. No other leaves the receiver.
func (r *recorder) setVariables(attrs *attributes.Builder, x *bpf.Exec) {
	for _, v := range r.variables {
		if value, ok := x.Getenv(v.name); ok {
			attrs.PutStr(v.key, cmdline.Text(value))
		}
	}
}

// ciVariables returns the names of the variables by which CI systems tell a job
// about itself, without those that are taken anyway. None is a secret.
func ciVariables(taken []string) (map[string]bool, error) {
	systems, err := cicd.Load()
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool)
	for _, name := range systems.Variables() {
		if !slices.Contains(taken, name) {
			names[name] = true
		}
	}
	return names, nil
}

// isTool says that the executable or script has the name of a file copy tool.
// Other records do without what only the records of these are read for.
func (r *recorder) isTool(x *bpf.Exec, name string) bool {
	if _, ok := r.tools.Lookup(name); ok {
		return true
	}
	if len(x.Interpreter) == 0 {
		return false
	}
	_, ok := r.tools.Lookup(string(x.Filename[bytes.LastIndexByte(x.Filename, '/')+1:]))
	return ok
}

// setCIVariables copies those of a CI system. URLs in them may have
// credentials. An environment may have a name several times; the first counts,
// as for getenv(3).
func (r *recorder) setCIVariables(attrs *attributes.Builder, x *bpf.Exec) {
	r.taken = r.taken[:0]
	for env := x.Env; len(env) > 0; {
		entry, rest, whole := bytes.Cut(env, []byte{0})
		env = rest
		name, value, ok := bytes.Cut(entry, []byte{'='})
		if !ok || !whole || len(value) == 0 || !r.ci[string(name)] || slices.Contains(r.taken, string(name)) {
			continue
		}
		r.taken = append(r.taken, string(name))
		if r.redactor != nil {
			masked, _ := r.redactor.Args(nil, "", [][]byte{value})
			value = masked[0]
		}
		attrs.PutStr(schema.EnvironmentPrefix+string(name), cmdline.Text(value))
	}
}

// setTrace joins the record to the trace that the process says it runs in.
func setTrace(record plog.LogRecord, x *bpf.Exec) {
	if !mayHaveTrace(x.Env) {
		return
	}
	value, ok := x.Getenv(traceVariable)
	if !ok {
		return
	}
	if trace, span, flags, ok := parseTraceparent(value); ok {
		record.SetTraceID(trace)
		record.SetSpanID(span)
		record.SetFlags(plog.DefaultLogRecordFlags.WithIsSampled(flags&1 != 0))
	}
}

const (
	traceVariable = "TRACEPARENT"
	traceShortest = len("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
)

// traceBytes are those of the variable's name and of what a valid value begins with.
var traceBytes = func() (set [256]bool) {
	for _, c := range traceVariable + "=0123456789abcdef-" {
		set[c] = true
	}
	return set
}()

// mayHaveTrace says that a valid traceparent may be in an environment. Such a
// long run of so few characters is seen without reading all of it: every exec has an environment.
func mayHaveTrace(env []byte) bool {
	const sample = 8
	const stride = len(traceVariable+"=") + traceShortest - sample + 1 // so that a run has a sample wholly in it
samples:
	for at := 0; at+sample <= len(env); at += stride {
		for _, c := range env[at : at+sample] {
			if !traceBytes[c] {
				continue samples
			}
		}
		return true
	}
	return false
}

// parseTraceparent reads version-trace-span-flags as W3C Trace Context has it:
// lower-case hex; version ff and ids of zeros are invalid; a version above 00
// may have more fields.
func parseTraceparent(v []byte) (trace pcommon.TraceID, span pcommon.SpanID, flags byte, ok bool) {
	const whole = traceShortest
	if len(v) < whole || v[2] != '-' || v[35] != '-' || v[52] != '-' {
		return trace, span, 0, false
	}
	for _, c := range v[:whole] {
		if c >= 'A' && c <= 'F' {
			return trace, span, 0, false
		}
	}
	var version, flag [1]byte
	_, err1 := hex.Decode(version[:], v[:2])
	_, err2 := hex.Decode(trace[:], v[3:35])
	_, err3 := hex.Decode(span[:], v[36:52])
	_, err4 := hex.Decode(flag[:], v[53:55])
	valid := err1 == nil && err2 == nil && err3 == nil && err4 == nil &&
		version[0] != 0xff && !trace.IsEmpty() && !span.IsEmpty() &&
		(len(v) == whole || version[0] > 0 && v[whole] == '-')
	return trace, span, flag[0], valid
}
