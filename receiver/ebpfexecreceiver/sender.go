package ebpfexecreceiver

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/receiver/ebpfexecreceiver/internal/metadata"
)

// sender hands batches on, one after the other, and offers a refused one again.
type sender struct {
	next    consumer.Logs
	obs     *receiverhelper.ObsReport
	logger  *zap.Logger
	retry   configretry.BackOffConfig
	probe   source
	queue   chan *batch
	ctx     context.Context // ends when waiting for the pipeline is given up
	abort   context.CancelFunc
	done    chan struct{} // closed when the queue is closed and empty
	refused atomic.Uint64 // records given up
	refusal refusal
}

func newSender(cfg *Config, set receiver.Settings, next consumer.Logs) (*sender, error) {
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID:             set.ID,
		Transport:              "bpf",
		ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	return &sender{
		next: next, obs: obs, logger: set.Logger, retry: cfg.RetryOnFailure,
		queue:   make(chan *batch, cfg.Batch.QueueSize),
		done:    make(chan struct{}),
		refusal: refusal{logger: set.Logger},
	}, nil
}

func (s *sender) start(probe source, host component.Host) {
	s.probe, s.refusal.host = probe, host
	s.ctx, s.abort = context.WithCancel(context.Background())
	go func() {
		defer close(s.done)
		for b := range s.queue {
			s.probe.HandOn(b.mark)
			s.deliver(b)
			s.probe.Settle(b.mark)
		}
	}()
}

// send queues a batch. It waits for room, and counts the batch as refused if waiting was given up.
func (s *sender) send(b *batch) {
	if b.size() == 0 {
		return
	}
	select {
	case s.queue <- b:
	case <-s.ctx.Done():
		s.refuse(b.size())
	}
}

// finish waits until everything queued is handed on, or ctx ends. No send may come after it.
func (s *sender) finish(ctx context.Context) {
	close(s.queue)
	select {
	case <-s.done:
	case <-ctx.Done():
		s.abort()
		<-s.done
	}
	s.abort()
}

// refuse counts records that nobody took.
func (s *sender) refuse(records int) {
	s.refused.Add(uint64(records))
	s.probe.Lost(bpf.Refused, uint64(records))
}

// deliver offers a batch until it is taken, is refused for good, or the time for retries is over.
func (s *sender) deliver(b *batch) {
	logs := b.logs
	wait := backoff.ExponentialBackOff{
		InitialInterval:     s.retry.InitialInterval,
		RandomizationFactor: s.retry.RandomizationFactor,
		Multiplier:          s.retry.Multiplier,
		MaxInterval:         s.retry.MaxInterval,
	}
	wait.Reset()
	for begin := time.Now(); ; {
		err := s.offer(logs)
		if err == nil {
			s.refusal.taken()
			if b.tells != nil {
				s.probe.Tell(*b.tells)
			}
			return
		}
		var partial consumererror.Logs
		if errors.As(err, &partial) {
			logs = partial.Data()
		}
		pause := wait.NextBackOff()
		if consumererror.IsPermanent(err) || !s.retry.Enabled || s.ctx.Err() != nil ||
			s.retry.MaxElapsedTime > 0 && time.Since(begin)+pause > s.retry.MaxElapsedTime {
			s.refuse(logs.LogRecordCount())
			s.logger.Error("The pipeline refused records for good; they are lost",
				zap.Error(err), zap.Int("dropped_items", logs.LogRecordCount()))
			return
		}
		s.refusal.refused(err, time.Now())
		select {
		case <-time.After(pause):
		case <-s.ctx.Done():
		}
	}
}

func (s *sender) offer(logs plog.Logs) error {
	count := logs.LogRecordCount() // the consumer may take the data
	ctx := s.obs.StartLogsOp(s.ctx)
	err := s.next.ConsumeLogs(ctx, logs)
	s.obs.EndLogsOp(ctx, metadata.Type.String(), count, err)
	return err
}
