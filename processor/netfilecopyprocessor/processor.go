package netfilecopyprocessor

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/copywatch/copywatch/internal/assessment"
	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/destination"
	"github.com/copywatch/copywatch/internal/recognise"
	"github.com/copywatch/copywatch/internal/redact"
	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/sensitive"
	"github.com/copywatch/copywatch/processor/netfilecopyprocessor/internal/metadata"
)

type filecopyProcessor struct {
	cfg          *Config
	catalogue    *catalogue.Catalogue
	recogniser   *recognise.Recogniser
	scores       *assessment.Table
	destinations *destination.Classes
	sensitive    *sensitive.Classes
	redactor     *redact.Redactor // nil: nothing is masked
	ci           *ciReader
	transfers    *transfers
	repeats      *repeats
	held         *held // nil: repeats are not held back
	overrides    *overrides
	approvals    *approvals
	telemetry    *metadata.TelemetryBuilder
	logger       *zap.Logger
	executions   sync.Pool // of *execution
}

func newFilecopyProcessor(set processor.Settings, cfg *Config, next consumer.Logs) (*filecopyProcessor, error) {
	p := &filecopyProcessor{cfg: cfg, logger: set.Logger, executions: sync.Pool{New: func() any { return newExecution() }}}
	for _, load := range []func() error{
		func() (err error) { p.catalogue, err = cfg.catalogue(); return err },
		func() (err error) { p.recogniser, err = cfg.recogniser(p.catalogue); return err },
		func() (err error) { p.scores, err = cfg.scores(); return err },
		func() (err error) { p.destinations, err = cfg.destinations(); return err },
		func() (err error) { p.sensitive, err = cfg.sensitive(); return err },
		func() (err error) { p.ci, err = newCIReader(cfg.EventFileRoot); return err },
		func() (err error) { p.transfers, err = newTransfers(); return err },
		func() (err error) { p.repeats, err = newRepeats(&cfg.Repeats); return err },
		func() (err error) { p.overrides, err = newOverrides(cfg.Overrides, set.TelemetrySettings); return err },
		func() (err error) { p.approvals, err = newApprovals(cfg.Approvals, set.TelemetrySettings); return err },
		func() (err error) { p.telemetry, err = metadata.NewTelemetryBuilder(set.TelemetrySettings); return err },
	} {
		if err := load(); err != nil {
			return nil, fmt.Errorf("net_filecopy: %w", err)
		}
	}
	if cfg.Redaction.Enabled {
		var err error
		if p.redactor, err = cfg.redactor(); err != nil {
			return nil, fmt.Errorf("net_filecopy: %w", err)
		}
	}
	if cfg.Repeats.Hold {
		p.held = newHeld(&cfg.Repeats, next, set.Logger)
	}
	return p, nil
}

func (p *filecopyProcessor) start(context.Context, component.Host) error {
	p.held.start()
	return nil
}

func (p *filecopyProcessor) shutdown(ctx context.Context) error {
	p.held.stop(ctx)
	p.telemetry.Shutdown()
	return nil
}

// processLogs tags the records of copy tools and, where only they are wanted, removes the rest.
func (p *filecopyProcessor) processLogs(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	var found tally
	removed := false
	now := time.Now()
	logs.ResourceLogs().RemoveIf(func(resource plog.ResourceLogs) bool {
		resource.ScopeLogs().RemoveIf(func(scope plog.ScopeLogs) bool {
			own := scope.Scope().Name() == ownScope
			ahead := ahead{records: scope.LogRecords()}
			scope.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
				ahead.next()
				at := place{resource, scope, record}
				outcome := p.processRecord(ctx, &at, own, now, &found)
				remove := outcome == dropped || outcome == unmatched && p.cfg.MatchesOnly && !isOfCopies(record)
				removed = removed || remove
				return remove
			})
			return removed && scope.LogRecords().Len() == 0
		})
		return removed && resource.ScopeLogs().Len() == 0
	})
	p.report(ctx, found)
	if removed && logs.ResourceLogs().Len() == 0 {
		return logs, processorhelper.ErrSkipProcessingData
	}
	return logs, nil
}

// outcome is what becomes of a record.
type outcome int

const (
	unmatched outcome = iota
	tagged
	dropped // it is held back, or approved and not wanted
)

func (p *filecopyProcessor) processRecord(ctx context.Context, at *place, own bool, now time.Time, found *tally) outcome {
	attrs := at.record.Attributes()
	foreign := p.redactor != nil && !own
	g := glance(attrs, own)
	candidate := p.mayMatch(&g)
	if !candidate && !foreign || !isExec(at.record.EventName(), attrs) {
		return unmatched
	}
	if foreign {
		p.redact(at.record)
	}
	if !candidate {
		return unmatched
	}
	e := p.executions.Get().(*execution)
	defer p.executions.Put(e)
	e.read(attrs)
	m, ok := p.match(e)
	if !ok {
		return unmatched
	}
	return p.processMatch(ctx, at, &m, e, now, found)
}

// processMatch rates and tags a copy.
func (p *filecopyProcessor) processMatch(ctx context.Context, at *place, m *match, e *execution, now time.Time, found *tally) outcome {
	resource, attrs := at.resource.Resource().Attributes(), at.record.Attributes()
	s := setting{container: text(resource, schema.ContainerID), ci: p.ci.read(e, resource, now)}
	s.environment = p.environmentOf(resource, s.ci)

	v := p.assess(m, e, &s)
	before, series := p.repeats.count(&v, e, s.container, now)
	t := e.tags
	t.begin(attrs)
	v.tag(t, p.catalogue.Attack)
	t.putShared(schema.DeploymentEnvironment, s.environment)
	if s.ci != nil {
		s.ci.tag(t)
	}
	if p.cfg.Guidance {
		v.guide(t, p.scores, &s)
	}
	if before > 0 {
		t.PutInt(schema.Repeat, int64(before))
	}
	t.end(attrs)
	v.rate(at.record, e)
	approved := p.reconsider(ctx, at, &v, e, now)
	found.add(&v)
	switch {
	case approved && p.cfg.DropApproved:
		return dropped
	case p.held != nil && !p.repeats.tellsMore(series, v.score) && before > 0 && p.held.keep(series, at):
		return dropped
	}
	return tagged
}

// reconsider applies what the user says about a record that is tagged. An override is stronger than an approval.
func (p *filecopyProcessor) reconsider(ctx context.Context, at *place, v *verdict, e *execution, now time.Time) (approved bool) {
	if a := p.approvals.find(ctx, at, now); a != nil {
		approved = true
		a.tag(at.record.Attributes())
		v.bound(p.scores, "low")
		v.reasons = append(v.reasons, assessment.Approved+":"+a.ID)
	}
	o := p.overrides.find(ctx, at)
	if o != nil {
		v.bound(p.scores, o.Importance)
		v.reasons = append(v.reasons, "override:"+o.Reason)
	}
	if approved || o != nil {
		v.rateAnew(at.record, e)
	}
	return approved
}

// bound moves the score into the band of that importance, by as little as that takes.
func (v *verdict) bound(table *assessment.Table, importance string) {
	top := 100
	for i := range table.Bands { // the highest first
		band := &table.Bands[i]
		if band.Importance == importance {
			v.score = max(band.From, min(v.score, top))
			v.band = band
			return
		}
		top = band.From - 1
	}
}

// tally counts the matches of a batch, so that the metric is written once for each combination and not for each record.
type tally map[tallyKey]int64

type tallyKey struct{ family, importance string }

func (t *tally) add(v *verdict) {
	if *t == nil {
		*t = make(tally)
	}
	(*t)[tallyKey{family: v.Tool.Family.ID, importance: v.band.Importance}]++
}

func (p *filecopyProcessor) report(ctx context.Context, found tally) {
	for key, n := range found {
		p.telemetry.ProcessorNetFilecopyMatches.Add(ctx, n, metric.WithAttributeSet(attribute.NewSet(
			attribute.String("family", key.family),
			attribute.String("importance", key.importance),
		)))
	}
}
