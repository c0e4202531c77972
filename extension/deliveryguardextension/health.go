package deliveryguardextension

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// health is the health check: / says whether everything arrives, /live that
// the collector runs, whatever its destinations do.
type health struct {
	cfg        *Config
	ledger     *ledger
	components *components
	ready      atomic.Bool
	server     *http.Server
	done       chan struct{}
}

func newHealth(cfg *Config, ledger *ledger) *health {
	return &health{cfg: cfg, ledger: ledger, components: newComponents(cfg.GracePeriod)}
}

func (h *health) setReady(ready bool) { h.ready.Store(ready) }

func (h *health) start() error {
	if h.cfg.Endpoint == "" {
		return nil
	}
	listener, err := net.Listen("tcp", h.cfg.Endpoint)
	if err != nil {
		return fmt.Errorf("delivery_guard: serve the health check: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", h.answer)
	mux.HandleFunc("/live", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	h.server = &http.Server{
		Handler:     mux,
		ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10,
	}
	h.done = make(chan struct{})
	go func() {
		defer close(h.done)
		_ = h.server.Serve(listener) // ends when it is closed
	}()
	return nil
}

func (h *health) stop() error {
	if h.server == nil {
		return nil
	}
	err := h.server.Close()
	<-h.done
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// report is the body of an answer.
type report struct {
	Status   string    `json:"status"` // ok, failing, or starting (and stopping)
	Problems []problem `json:"problems,omitempty"`
}

func (h *health) answer(w http.ResponseWriter, _ *http.Request) {
	r := report{Status: "ok", Problems: append(h.ledger.problems(), h.components.problems(time.Now())...)}
	status := http.StatusOK
	switch {
	case !h.ready.Load():
		r.Status, status = "starting", http.StatusServiceUnavailable
	case len(r.Problems) > 0:
		r.Status, status = "failing", http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(r) // whoever asked has gone
}
