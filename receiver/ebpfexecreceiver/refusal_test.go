package ebpfexecreceiver

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// statusHost remembers what was reported to it.
type statusHost struct {
	component.Host
	reported []*componentstatus.Event
}

func (h *statusHost) Report(e *componentstatus.Event) { h.reported = append(h.reported, e) }

func TestRefusalIsToldOnceItLasts(t *testing.T) {
	host := &statusHost{}
	core, logs := observer.New(zap.InfoLevel)
	r := refusal{host: host, logger: zap.New(core)}
	full, now := errors.New("sending queue is full"), time.Now()
	for _, after := range []time.Duration{0, 4 * time.Second} {
		r.refused(full, now.Add(after))
	}
	r.taken()
	assert.Zero(t, logs.Len(), "it did not last")
	assert.Empty(t, host.reported)

	for _, after := range []time.Duration{10 * time.Second, 14 * time.Second, 16 * time.Second, 60 * time.Second} {
		r.refused(full, now.Add(after))
	}
	r.taken()
	r.taken()
	if assert.Len(t, host.reported, 2) {
		assert.Equal(t, componentstatus.StatusRecoverableError, host.reported[0].Status())
		assert.ErrorIs(t, host.reported[0].Err(), full)
		assert.Equal(t, componentstatus.StatusOK, host.reported[1].Status())
	}
	assert.Equal(t, 1, logs.FilterLevelExact(zap.WarnLevel).Len())
	assert.Equal(t, 1, logs.FilterLevelExact(zap.InfoLevel).Len())
}
