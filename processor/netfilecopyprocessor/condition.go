package netfilecopyprocessor

import (
	"context"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
)

// condition is one that a user wrote in OTTL, about a record that is tagged.
type condition = ottl.Condition[*ottllog.TransformContext]

// parseCondition compiles a condition in the context of log records, with all standard converters.
func parseCondition(text string, set component.TelemetrySettings) (*condition, error) {
	parser, err := ottllog.NewParser(ottlfuncs.StandardConverters[*ottllog.TransformContext](), set, ottllog.EnablePathContextNames())
	if err != nil {
		return nil, fmt.Errorf("make an OTTL parser: %w", err)
	}
	return parser.ParseCondition(text)
}

// place is a record with what it lies in.
type place struct {
	resource plog.ResourceLogs
	scope    plog.ScopeLogs
	record   plog.LogRecord
}

// holds evaluates a condition. One that fails, for the record lacks what it is about, does not hold.
func (p *place) holds(ctx context.Context, c *condition) (bool, error) {
	t := ottllog.NewTransformContextPtr(p.resource, p.scope, p.record)
	defer t.Close()
	return c.Eval(ctx, t)
}
