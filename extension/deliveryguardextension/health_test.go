package deliveryguardextension

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
)

func TestTheHealthCheckSaysWhatIsWrong(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	listener.Close()
	g := newTestGuard(t, func(cfg *Config) { cfg.Endpoint = address })
	require.NoError(t, g.Start(t.Context(), componenttest.NewNopHost()))
	ask := func(path string) (int, report) {
		response, err := http.Get("http://" + address + path)
		require.NoError(t, err)
		defer response.Body.Close()
		var r report
		_ = json.NewDecoder(response.Body).Decode(&r)
		return response.StatusCode, r
	}
	status, r := ask("/")
	assert.Equal(t, 503, status)
	assert.Equal(t, "starting", r.Status)

	require.NoError(t, g.Ready())
	status, r = ask("/")
	assert.Equal(t, 200, status)
	assert.Equal(t, report{Status: "ok"}, r)

	g.ledger.report("https://h/path", denied)
	status, r = ask("/")
	assert.Equal(t, 503, status)
	assert.Equal(t, report{"failing", []problem{
		{"https://h/path", "credentials", denied.problem, denied.cure, g.clock.UTC(), 1},
	}}, r)
	status, _ = ask("/live")
	assert.Equal(t, 200, status, "a destination is no reason to restart the collector")
	status, _ = ask("/other")
	assert.Equal(t, 404, status)

	second := newTestGuard(t, func(cfg *Config) { cfg.Endpoint = address })
	require.ErrorContains(t, second.Start(t.Context(), componenttest.NewNopHost()), "delivery_guard: serve the health check")
	http.DefaultClient.CloseIdleConnections()
}

func TestWhatComponentsSayIsInTheHealthCheck(t *testing.T) {
	g := newTestGuard(t, nil)
	now := time.Now()
	probe := componentstatus.NewInstanceID(component.MustNewID("ebpf_exec"), component.KindReceiver)
	limiter := componentstatus.NewInstanceID(component.MustNewID("memory_limiter"), component.KindProcessor)
	g.ComponentStatusChanged(probe, componentstatus.NewPermanentErrorEvent(errors.New("no BTF")))
	g.ComponentStatusChanged(limiter, componentstatus.NewRecoverableErrorEvent(errors.New("memory is short")))
	problems := g.health.components.problems(now)
	require.Len(t, problems, 1, "the other may pass")
	assert.Equal(t, "receiver ebpf_exec", problems[0].Source)
	assert.Equal(t, "no BTF", problems[0].Problem)
	assert.Len(t, g.health.components.problems(now.Add(time.Hour)), 2)
	g.ComponentStatusChanged(limiter, componentstatus.NewEvent(componentstatus.StatusOK))
	g.ComponentStatusChanged(probe, componentstatus.NewEvent(componentstatus.StatusStopping))
	assert.Empty(t, g.health.components.problems(now.Add(time.Hour)))
}
