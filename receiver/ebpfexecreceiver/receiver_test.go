package ebpfexecreceiver

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/receiver/ebpfexecreceiver/internal/metadata"
	"github.com/copywatch/copywatch/receiver/ebpfexecreceiver/internal/metadatatest"
)

// script is a source that plays events, one for each call, and ends when it is detached.
type script struct {
	mu       sync.Mutex
	play     []func(*bpf.Event) error
	losses   bpf.Losses
	told     bpf.Losses
	handedOn atomic.Int32
	settled  atomic.Int32
	detached bool
	closed   bool
}

func (s *script) Read(ev *bpf.Event, _ time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.play) == 0 {
		if s.detached {
			return io.EOF
		}
		return os.ErrDeadlineExceeded
	}
	next := s.play[0]
	s.play = s.play[1:]
	return next(ev)
}

func (s *script) Losses() (bpf.Losses, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.losses, nil
}

func (s *script) Know(uint64) error { return nil }

func (s *script) Mark() bpf.Mark { return bpf.Mark{} }

func (s *script) HandOn(bpf.Mark) { s.handedOn.Add(1) }

func (s *script) Settle(bpf.Mark) { s.settled.Add(1) }

func (s *script) Lost(reason bpf.LossReason, events uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.losses[reason] += events
}

func (s *script) Told() bpf.Losses { return s.told }

func (s *script) Tell(losses bpf.Losses) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = losses
}

func (s *script) Detach() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.detached = true
	return nil
}

func (s *script) Close() error { s.closed = true; return nil }

func execOf(args ...string) func(*bpf.Event) error {
	return func(ev *bpf.Event) error {
		*ev = bpf.Event{Kind: bpf.KindExec, Exec: anExec(args...)}
		return nil
	}
}

// begin starts a receiver on a script. The returned function shuts it down.
func begin(t *testing.T, s *script, next consumer.Logs, change func(*Config)) (*componenttest.Telemetry, func(context.Context) error) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { _ = telemetry.Shutdown(context.Background()) })
	set := receivertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	cfg := defaultConfig()
	cfg.Batch.Timeout = time.Millisecond
	cfg.RetryOnFailure.InitialInterval = time.Millisecond
	cfg.RetryOnFailure.MaxInterval = time.Millisecond
	if change != nil {
		change(cfg)
	}
	r, err := newExecReceiver(cfg, set, next)
	require.NoError(t, err)
	r.open = func(bpf.Options) (source, error) { return s, nil }
	require.NoError(t, r.Start(context.Background(), componenttest.NewNopHost()))
	return telemetry, r.Shutdown
}

// records flattens what a sink got.
func records(sink *consumertest.LogsSink) (list []plog.LogRecord) {
	for _, logs := range sink.AllLogs() {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					list = append(list, record)
				}
			}
		}
	}
	return list
}

func TestShutdownHandsOnWhatIsThere(t *testing.T) {
	s := &script{}
	for range 25 {
		s.play = append(s.play, execOf("true"))
	}
	sink := new(consumertest.LogsSink)
	_, shutdown := begin(t, s, sink, func(c *Config) { c.Batch.Timeout = time.Hour; c.Batch.MaxSize = 10 })
	require.NoError(t, shutdown(context.Background()))
	assert.Equal(t, 25, sink.LogRecordCount())
	assert.Len(t, sink.AllLogs(), 3, "batches of at most 10")
	assert.True(t, s.closed)
}

// Whoever starts programs with long arguments must not make batches that a receiver refuses for their size.
func TestABatchIsBoundedInBytes(t *testing.T) {
	long := strings.Repeat("\xff'", bpf.MaxArgsLimit/2) // what takes most room when it is quoted
	s := &script{}
	for range 20 {
		s.play = append(s.play, execOf("x", long))
	}
	sink := new(consumertest.LogsSink)
	_, shutdown := begin(t, s, sink, func(c *Config) { c.Batch.Timeout = time.Hour })
	require.NoError(t, shutdown(context.Background()))
	assert.Equal(t, 20, sink.LogRecordCount())
	for _, logs := range sink.AllLogs() {
		size := new(plog.ProtoMarshaler).LogsSize(logs)
		assert.Less(t, size, 3<<20, "%d records", logs.LogRecordCount())
	}
}

func TestAReaderThatFailsLosesNothingBefore(t *testing.T) {
	s := &script{play: []func(*bpf.Event) error{execOf("a"), func(*bpf.Event) error { return errors.New("broken") }, execOf("never read")}}
	sink := new(consumertest.LogsSink)
	_, shutdown := begin(t, s, sink, func(c *Config) { c.Batch.Timeout = time.Hour })
	assert.Eventually(t, func() bool { return sink.LogRecordCount() == 1 }, 5*time.Second, time.Millisecond)
	require.NoError(t, shutdown(context.Background()))
	assert.Equal(t, 1, sink.LogRecordCount())
}

func TestABatchIsHandedOnInTime(t *testing.T) {
	sink := new(consumertest.LogsSink)
	_, shutdown := begin(t, &script{play: []func(*bpf.Event) error{execOf("true")}}, sink, nil)
	assert.Eventually(t, func() bool { return sink.LogRecordCount() == 1 }, 5*time.Second, time.Millisecond)
	require.NoError(t, shutdown(context.Background()))
}

// A batch is due by the age of what is in it, which may have been in the buffer for long.
func TestPause(t *testing.T) {
	r := execReceiver{cfg: defaultConfig()}
	r.cfg.PollInterval, r.cfg.Batch.Timeout = 500*time.Millisecond, 200*time.Millisecond
	for _, tt := range []struct {
		batch   bool
		age     time.Duration
		answers bool
		want    time.Duration
	}{
		{false, 0, false, 500 * time.Millisecond},
		{true, 50 * time.Millisecond, false, 150 * time.Millisecond},
		{true, 200 * time.Millisecond, false, time.Millisecond},
		{true, 50 * time.Millisecond, true, answersEvery},
		{false, 0, true, answersEvery},
	} {
		assert.Equal(t, tt.want, r.pause(tt.batch, tt.age, tt.answers), "%+v", tt)
	}
}

// pausing plays a script after the first pause that the reader may make, as the buffer does.
type pausing struct {
	script
	pauses int
}

func (p *pausing) Read(ev *bpf.Event, pause time.Duration) error {
	if pause > 0 {
		p.pauses++
		time.Sleep(pause)
	}
	if p.pauses == 0 {
		return os.ErrDeadlineExceeded
	}
	return p.script.Read(ev, pause)
}

// What has waited in the buffer is handed on together, and as soon as all of it is read.
func TestWhatWaitedInTheBufferWaitsNoLonger(t *testing.T) {
	p := &pausing{}
	for range 30 {
		p.play = append(p.play, execOf("true"))
	}
	sink := new(consumertest.LogsSink)
	r, err := newExecReceiver(defaultConfig(), receivertest.NewNopSettings(metadata.Type), sink)
	require.NoError(t, err)
	r.cfg.Identify, r.recorder.identity = false, nil
	r.cfg.PollInterval, r.cfg.Batch.Timeout = 50*time.Millisecond, 50*time.Millisecond
	r.open = func(bpf.Options) (source, error) { return p, nil }
	require.NoError(t, r.Start(context.Background(), componenttest.NewNopHost()))
	assert.Eventually(t, func() bool { return sink.LogRecordCount() == 30 }, 5*time.Second, time.Millisecond)
	require.NoError(t, r.Shutdown(context.Background()))
	assert.Len(t, sink.AllLogs(), 1)
}

// refusing refuses the first times that it is asked.
type refusing struct {
	consumertest.LogsSink
	times int
	err   error
}

func (r *refusing) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	if r.times > 0 {
		r.times--
		return r.err
	}
	return r.LogsSink.ConsumeLogs(ctx, logs)
}

func TestARefusedBatchIsOfferedAgain(t *testing.T) {
	next := &refusing{times: 3, err: errors.New("data refused due to high memory usage")}
	_, shutdown := begin(t, &script{play: []func(*bpf.Event) error{execOf("a"), execOf("b")}}, next, nil)
	require.NoError(t, shutdown(context.Background()))
	assert.Equal(t, 2, next.LogRecordCount())
}

func TestWhatIsRefusedForGoodIsCounted(t *testing.T) {
	next := &refusing{times: 1, err: consumererror.NewPermanent(errors.New("no"))}
	s := &script{play: []func(*bpf.Event) error{execOf("a")}}
	telemetry, shutdown := begin(t, s, next, func(c *Config) { c.LossInterval = time.Millisecond })
	assert.Eventually(t, func() bool { return next.LogRecordCount() == 1 }, 5*time.Second, time.Millisecond)
	assert.NoError(t, shutdown(context.Background()), "what was told of is no error of the shutdown")

	loss := records(&next.LogsSink)[0]
	assert.Equal(t, schema.EventLoss, loss.EventName())
	assert.Equal(t, map[string]any{
		schema.EventAction: schema.ActionLoss, schema.LostEvents: int64(1),
		schema.LostReason: schema.ReasonConsumerRefused, schema.LostSince: loss.Attributes().AsRaw()[schema.LostSince],
	}, loss.Attributes().AsRaw())
	assert.NotEmpty(t, loss.Body().Str())
	var points []metricdata.DataPoint[int64] // of all reasons, so that a first loss is seen as a change
	for _, reason := range lossReasons {
		point := metricdata.DataPoint[int64]{Attributes: attribute.NewSet(attribute.String("reason", reason))}
		if reason == schema.ReasonConsumerRefused {
			point.Value = 1
		}
		points = append(points, point)
	}
	metadatatest.AssertEqualReceiverEbpfExecLostEvents(t, telemetry, points, metricdatatest.IgnoreTimestamp())
}

func TestLossesOfTheKernelAreToldOnce(t *testing.T) {
	s := &script{
		losses: bpf.Losses{bpf.RingBufferFull: 7, bpf.Recursion: 1},
		play: []func(*bpf.Event) error{
			func(*bpf.Event) error { return &bpf.DecodeError{Size: 3, Err: errors.New("short")} },
			execOf("after"),
		},
	}
	sink := new(consumertest.LogsSink)
	_, shutdown := begin(t, s, sink, func(c *Config) { c.LossInterval = time.Millisecond })
	assert.Eventually(t, func() bool { return sink.LogRecordCount() >= 4 }, 5*time.Second, time.Millisecond)
	require.NoError(t, shutdown(context.Background()))

	lost := map[string]int64{}
	execs := 0
	for _, r := range records(sink) {
		attrs := r.Attributes().AsRaw()
		if r.EventName() == schema.EventExec {
			execs++
			continue
		}
		lost[attrs[schema.LostReason].(string)] += attrs[schema.LostEvents].(int64)
	}
	assert.Equal(t, map[string]int64{schema.ReasonRingBufferFull: 7, schema.ReasonRecursion: 1, schema.ReasonUndecodable: 1}, lost)
	assert.Equal(t, 1, execs, "an event that cannot be decoded costs no other")
	assert.Equal(t, s.losses, s.told)
	assert.Equal(t, s.handedOn.Load(), s.settled.Load(), "each batch is settled once it was handed on")
}

// A pipeline that never answers must not hold the shutdown.
func TestShutdownGivesUpWithItsContext(t *testing.T) {
	next := &refusing{times: 1 << 30, err: errors.New("busy")}
	s := &script{}
	for range 100 {
		s.play = append(s.play, execOf("x"))
	}
	_, shutdown := begin(t, s, next, func(c *Config) { c.Batch.MaxSize = 1; c.Batch.QueueSize = 1 })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	assert.ErrorContains(t, shutdown(ctx), "the pipeline refused the last")
	assert.Less(t, time.Since(begun), 5*time.Second)
}

func TestAProbeThatCannotStart(t *testing.T) {
	fail := func(bpf.Options) (source, error) { return nil, bpf.ErrPlatform }
	for mode, want := range map[ErrorMode]error{ErrorModePropagate: bpf.ErrPlatform, ErrorModeIgnore: nil} {
		cfg := defaultConfig()
		cfg.ErrorMode = mode
		r, err := newExecReceiver(cfg, receivertest.NewNopSettings(metadata.Type), consumertest.NewNop())
		require.NoError(t, err)
		r.open = fail
		assert.ErrorIs(t, r.Start(context.Background(), componenttest.NewNopHost()), want)
		assert.NoError(t, r.Shutdown(context.Background()))
	}
}
