package ebpfexecreceiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/footprint"
)

// source is where events come from: a [bpf.Probe], or a test's own.
type source interface {
	Read(*bpf.Event, time.Duration) error
	Know(file uint64) error
	Mark() bpf.Mark
	HandOn(bpf.Mark)
	Settle(bpf.Mark)
	Losses() (bpf.Losses, error)
	Lost(bpf.LossReason, uint64)
	Told() bpf.Losses
	Tell(bpf.Losses)
	Detach() error
	Close() error
}

// execReceiver reads the probe in one goroutine, which makes batches of
// records, and hands those on in another. When the pipeline is slow the first
// waits for the second, and the ring buffer holds what comes meanwhile: memory
// is bounded, and what no longer fits is counted by the kernel side.
type execReceiver struct {
	cfg    *Config
	logger *zap.Logger
	open   func(bpf.Options) (source, error)

	probe    source
	recorder *recorder
	sender   *sender
	losses   *lossReporter
	done     chan struct{} // closed when the reading goroutine has ended
	trim     *time.Timer
	pauses   *footprint.Pauses
}

// know spares an exec of the same file the call that this one was.
func (r *execReceiver) know(x *bpf.Exec) {
	if err := r.probe.Know(x.Executable.Unfamiliar); err != nil {
		r.logger.Warn("The exec probe cannot be told of a familiar file; its execs go on waking the receiver", zap.Error(err))
	}
}

// startLasts is how long after the receiver the rest of the collector may need to start.
const startLasts = time.Second

func newExecReceiver(cfg *Config, set receiver.Settings, next consumer.Logs) (*execReceiver, error) {
	sender, err := newSender(cfg, set, next)
	if err != nil {
		return nil, err
	}
	recorder, err := newRecorder(cfg, set.BuildInfo.Version)
	if err != nil {
		return nil, err
	}
	losses, err := newLossReporter(cfg.LossInterval, set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &execReceiver{
		cfg: cfg, logger: set.Logger,
		open:     func(o bpf.Options) (source, error) { return bpf.Open(o) },
		recorder: recorder, sender: sender, losses: losses,
	}, nil
}

// Start attaches the probe. From its return on, every exec of the host is emitted or counted as lost.
func (r *execReceiver) Start(_ context.Context, host component.Host) error {
	probe, err := r.open(r.cfg.probeOptions(r.recorder.tools.Telling()))
	if err != nil {
		err = fmt.Errorf("ebpf_exec: %w", err)
		if r.cfg.ErrorMode == ErrorModePropagate {
			return err
		}
		r.logger.Error("The exec probe did not start; the receiver emits nothing", zap.Error(err))
		componentstatus.ReportStatus(host, componentstatus.NewPermanentErrorEvent(err))
		return nil
	}
	r.probe = probe
	r.done = make(chan struct{})
	r.losses.begin(probe)
	r.recorder.know = r.know
	r.recorder.lineage.recall()
	r.sender.start(probe, host)
	r.pauses = footprint.NewPauses()
	go r.run()
	r.trim = time.AfterFunc(startLasts, footprint.Trim)
	r.logger.Info("The exec probe is attached",
		zap.Int("buffer_size", r.cfg.BufferSize), zap.Bool("exit_events", r.cfg.ExitEvents), zap.String("pin_path", r.cfg.PinPath))
	return nil
}

// Shutdown detaches the probe, unless it is to outlive the collector, hands on
// what was taken, and waits for that as long as ctx allows.
func (r *execReceiver) Shutdown(ctx context.Context) error {
	if r.probe == nil {
		return nil
	}
	r.trim.Stop()
	refused := r.sender.refused.Load() // and told of
	err := r.probe.Detach()
	select {
	case <-r.done:
	case <-ctx.Done():
		r.sender.abort() // the reading goroutine may be waiting for room in the queue
		<-r.done
	}
	r.sender.finish(ctx)
	if lost := r.sender.refused.Load() - refused; lost > 0 {
		err = errors.Join(err, fmt.Errorf("ebpf_exec: the pipeline refused the last %d records; they are lost", lost))
	}
	return errors.Join(err, r.probe.Close())
}

// run turns events into records until the probe is detached and its buffer empty.
func (r *execReceiver) run() {
	defer close(r.done)
	defer r.pauses.Stop()
	var (
		event bpf.Event
		batch = newBatch(r.recorder)
		out   = outbox{identity: r.recorder.identity, sender: r.sender}
		since = time.Now()  // nothing in the batch is older
		burst bool          // something was read since the last pause
		pause time.Duration // that Read may make
	)
	handOn := func(now time.Time) {
		batch.mark = r.probe.Mark()
		out.add(batch)
		batch, since = newBatch(r.recorder), now
		r.pauses.Within(now)
	}
	for {
		err := r.probe.Read(&event, pause)
		now := time.Now()
		drained := false
		pause = 0
		switch {
		case err == nil:
			r.recorder.add(batch, &event, now)
			if !burst {
				r.pauses.End(now)
				burst = true
			}
		case errors.Is(err, os.ErrDeadlineExceeded):
			drained = true
		case r.isLast(err):
			r.losses.report(batch, r.probe, r.logger, now)
			handOn(now)
			out.finish()
			return
		}
		if r.losses.due(now) {
			r.losses.report(batch, r.probe, r.logger, now)
		}
		switch {
		case batch.isFull(&r.cfg.Batch), drained && batch.size() > 0 && now.Sub(since) >= r.cfg.Batch.Timeout:
			handOn(now)
		case batch.size() == 0:
			since = now
		}
		out.flush(now)
		if drained {
			pause = r.pause(batch.size() > 0, now.Sub(since), out.isWaiting())
			if burst {
				r.pauses.Begin()
				burst = false
			}
		}
	}
}

// answersEvery is how often batches that wait for answers are looked after.
const answersEvery = 20 * time.Millisecond

// pause is for how long nothing has to be done unless the probe calls, when all
// is read that there was: until a batch of that age, or what waits for answers, is due.
func (r *execReceiver) pause(batch bool, age time.Duration, answers bool) time.Duration {
	pause := r.cfg.PollInterval
	if batch {
		pause = min(pause, r.cfg.Batch.Timeout-age)
	}
	if answers {
		pause = min(pause, answersEvery)
	}
	return max(pause, time.Millisecond)
}

// isLast says whether an error ends the reading: the probe is detached and its
// buffer empty, or something is wrong with more than one event.
func (r *execReceiver) isLast(err error) bool {
	var undecodable *bpf.DecodeError
	switch {
	case errors.As(err, &undecodable):
		r.probe.Lost(bpf.Undecodable, 1)
		return false
	case !errors.Is(err, io.EOF):
		r.logger.Error("Reading the ring buffer failed; no more events will come", zap.Error(err))
	}
	return true
}
