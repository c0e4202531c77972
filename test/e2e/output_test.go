//go:build linux

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/schema"
)

// output is a file that a collector writes: a batch as OTLP JSON on each line.
type output struct {
	path string

	mu      sync.Mutex
	offset  int64 // up to which the file is read
	batches []plog.Logs
	records []record
}

// mostBytes is several times what the tests cause. A host where more happens
// is too busy for them, and must not have its memory filled by them as well.
const mostBytes = 256 << 20

// record is a log record with what it stands below.
type record struct {
	plog.LogRecord
	resource pcommon.Map
	scope    pcommon.InstrumentationScope
}

// read returns all records that are in the file by now, in their order.
func (o *output) read() ([]record, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	file, err := os.Open(o.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.NewSectionReader(file, o.offset, mostBytes+1-o.offset))
	if err != nil {
		return nil, err
	}
	if o.offset+int64(len(content)) > mostBytes {
		return nil, fmt.Errorf("%s has more than %d bytes: other programs of this host start too many processes", o.path, mostBytes)
	}
	for {
		line, rest, whole := bytes.Cut(content, []byte("\n"))
		if !whole {
			return o.records, nil
		}
		if err := o.add(line); err != nil {
			return nil, fmt.Errorf("%s: at byte %d: %w", o.path, o.offset, err)
		}
		o.offset += int64(len(line)) + 1
		content = rest
	}
}

func (o *output) add(line []byte) error {
	var unmarshaler plog.JSONUnmarshaler
	logs, err := unmarshaler.UnmarshalLogs(line)
	if err != nil {
		return err
	}
	o.batches = append(o.batches, logs)
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, r := range scope.LogRecords().All() {
				o.records = append(o.records, record{r, resource.Resource().Attributes(), scope.Scope()})
			}
		}
	}
	return nil
}

// text returns an attribute that is a string, or "".
func (r record) text(key string) string {
	value, ok := r.Attributes().Get(key)
	if !ok {
		return ""
	}
	return value.Str()
}

// number returns an attribute that is an integer, or 0. JSON that is not OTLP turns integers into floats.
func (r record) number(key string) int64 {
	value, ok := r.Attributes().Get(key)
	switch {
	case !ok:
		return 0
	case value.Type() == pcommon.ValueTypeDouble:
		return int64(value.Double())
	default:
		return value.Int()
	}
}

func (r record) texts(key string) []string {
	value, ok := r.Attributes().Get(key)
	if !ok || value.Type() != pcommon.ValueTypeSlice {
		return nil
	}
	var texts []string
	for _, element := range value.Slice().All() {
		texts = append(texts, element.Str())
	}
	return texts
}

// isExec is true for every record that a program was started, recognised as a copy tool or not.
func (r record) isExec() bool {
	action := r.text(schema.EventAction)
	return action == schema.ActionExec || action == schema.ActionCopy
}

func (r record) isExit() bool { return r.text(schema.EventAction) == schema.ActionExit }
