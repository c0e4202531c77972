package ebpfexecreceiver

import (
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
)

// refusal tells of a pipeline that refuses records for some time: in the log,
// and as the component's status, of which a health check may know.
type refusal struct {
	host   component.Host // nil: nobody wants to know
	logger *zap.Logger
	since  time.Time // of the first in a row; zero: the last was taken
	told   bool
}

// refusedLong is for how long records are refused before that is told. What
// lasts no longer is usual: a batch that comes while others are on their way.
const refusedLong = 5 * time.Second

var errRefused = errors.New("the pipeline refuses records")

func (r *refusal) refused(err error, now time.Time) {
	if r.since.IsZero() {
		r.since = now
	}
	if r.told || now.Sub(r.since) < refusedLong {
		return
	}
	r.told = true
	r.logger.Warn("The pipeline refuses records; they are offered again, and meanwhile the ring buffer holds what comes", zap.Error(err))
	r.report(componentstatus.NewRecoverableErrorEvent(errors.Join(errRefused, err)))
}

func (r *refusal) taken() {
	if r.told {
		r.logger.Info("The pipeline takes records again")
		r.report(componentstatus.NewEvent(componentstatus.StatusOK))
	}
	r.since, r.told = time.Time{}, false
}

func (r *refusal) report(event *componentstatus.Event) {
	if r.host != nil {
		componentstatus.ReportStatus(r.host, event)
	}
}
