package deliveryguardextension

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/copywatch/copywatch/extension/deliveryguardextension/internal/metadata"
)

// ledger knows of each destination whether it takes what is sent, and tells
// when that changes.
type ledger struct {
	cfg       *Config
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	now       func() time.Time

	mu           sync.Mutex
	destinations map[string]*destination
}

// destination is what the ledger knows of one.
type destination struct {
	failing  bool
	verdict  verdict // the last one while it fails
	since    time.Time
	kept     int       // answers after which data was kept, since then
	told     bool      // the failure is in the log
	toldOf   reason    // what the log says is wrong
	toldAt   time.Time // when it was logged last, also of a failure before
	refused  int       // requests refused for their content that are not in the log
	refusals time.Time // when they were logged last
}

const (
	maxDestinations = 64 // addresses come from configurations, but redirections may vary them
	otherwise       = "others"
	shortestRemark  = 5 * time.Second // between two lines of the log about a destination that changes its mind
)

func newLedger(cfg *Config, logger *zap.Logger, telemetry *metadata.TelemetryBuilder) *ledger {
	return &ledger{cfg: cfg, logger: logger, telemetry: telemetry, now: time.Now, destinations: map[string]*destination{}}
}

// report notes a verdict on a destination.
func (l *ledger) report(name string, v verdict) {
	if v.class == ignored {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.destinations[name]
	if d == nil && len(l.destinations) >= maxDestinations {
		name, d = otherwise, l.destinations[otherwise]
	}
	if d == nil {
		d = &destination{}
		l.destinations[name] = d
	}
	switch v.class {
	case accepted:
		l.recovered(name, d)
	case content:
		l.recovered(name, d) // it reads what it refuses
		l.rejected(name, d, v)
	default:
		l.failed(name, d, v)
	}
}

func (l *ledger) failed(name string, d *destination, v verdict) {
	now := l.now()
	if !d.failing {
		d.failing, d.since, d.kept, d.told = true, now, 0, false
	}
	isNew := !d.told || d.toldOf != v.reason
	d.verdict = v
	if v.reason != reasonDisk { // a disk answers no requests
		d.kept++
		l.telemetry.ExtensionDeliveryGuardKeptRequests.Add(context.Background(), 1, attributes(name, v))
	}
	quiet := l.cfg.RemindInterval
	if isNew {
		quiet = shortestRemark
	}
	if !l.isSerious(d, now) || !d.toldAt.IsZero() && now.Sub(d.toldAt) < quiet {
		return
	}
	d.told, d.toldOf, d.toldAt = true, v.reason, now
	message := "Delivery fails; the data is kept and sent again"
	if v.reason == reasonDisk {
		message = "The queue takes no more; new data stays with the receivers"
	}
	l.logger.Error(message,
		zap.String("destination", name), zap.String("reason", string(v.reason)), zap.String("problem", v.problem),
		zap.String("cure", v.cure), zap.Time("since", d.since), zap.Int("kept_requests", d.kept))
}

// isSerious says whether a failure is one that somebody should know of.
func (l *ledger) isSerious(d *destination, now time.Time) bool {
	return d.failing && (d.verdict.class == mendable || now.Sub(d.since) >= l.cfg.GracePeriod)
}

func (l *ledger) recovered(name string, d *destination) {
	if d.failing && d.told {
		message := "Delivery works again"
		if d.toldOf == reasonDisk {
			message = "The queue takes data again"
		}
		l.logger.Info(message,
			zap.String("destination", name), zap.Duration("after", l.now().Sub(d.since)), zap.Int("kept_requests", d.kept))
	}
	d.failing = false
}

func (l *ledger) rejected(name string, d *destination, v verdict) {
	l.telemetry.ExtensionDeliveryGuardRejectedRequests.Add(context.Background(), 1, attributes(name, v))
	d.refused++
	if now := l.now(); d.refusals.IsZero() || now.Sub(d.refusals) >= l.cfg.RemindInterval {
		l.logger.Error("A destination refuses data for its content; it is not sent again",
			zap.String("destination", name), zap.String("reason", string(v.reason)), zap.String("problem", v.problem),
			zap.String("cure", v.cure), zap.Int("requests", d.refused))
		d.refused, d.refusals = 0, now
	}
}

func attributes(name string, v verdict) metric.MeasurementOption {
	return metric.WithAttributes(attribute.String("destination", name), attribute.String("reason", string(v.reason)))
}

// problem is what the health check says of a destination or a component.
type problem struct {
	Source  string    `json:"source"`
	Reason  string    `json:"reason,omitempty"`
	Problem string    `json:"problem"`
	Cure    string    `json:"cure,omitempty"`
	Since   time.Time `json:"since"`
	Kept    int       `json:"kept_requests,omitempty"`
}

// problems returns what fails, in the order of the names.
func (l *ledger) problems() (found []problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, name := range slices.Sorted(maps.Keys(l.destinations)) {
		if d := l.destinations[name]; l.isSerious(d, now) {
			found = append(found, problem{name, string(d.verdict.reason), d.verdict.problem, d.verdict.cure, d.since.UTC(), d.kept})
		}
	}
	return found
}

// observe gives each destination's state to the metric.
func (l *ledger) observe(_ context.Context, observer metric.Int64Observer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for name, d := range l.destinations {
		value := int64(0)
		if l.isSerious(d, now) {
			value = 1
		}
		observer.Observe(value, metric.WithAttributes(attribute.String("destination", name)))
	}
	return nil
}
