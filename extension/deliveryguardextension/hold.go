package deliveryguardextension

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// holder repeats a request until the destination takes it. The elasticsearch
// exporter does not do that: after a few attempts it drops what its queue has kept.
type holder struct{ transport *transport }

const (
	firstWait = 500 * time.Millisecond // between two attempts, and doubled after each
	maxWait   = 15 * time.Second
	maxHeld   = 16 << 20 // bytes of a request that must be copied to be repeated
)

// RoundTrip sends a request until it is taken or refused for its content, the
// exporter gives up, or the collector stops.
func (h *holder) RoundTrip(request *http.Request) (*http.Response, error) {
	t := h.transport
	if !isDelivery(request) {
		return t.next.RoundTrip(request)
	}
	next, err := repetitions(request)
	if err != nil {
		return nil, err
	}
	for wait := firstWait; ; wait = min(2*wait, maxWait) {
		response, v, err := t.attempt(request, t.guard.cfg.Hold.Timeout)
		if err != nil && t.guard.isStopping() && request.Context().Err() == nil {
			return nil, t.guard.kept
		}
		if !v.keeps() || next == nil {
			return response, err
		}
		pause := wait/2 + rand.N(wait/2)
		if err == nil {
			if asked, ok := retryAfter(response.Header, time.Now()); ok {
				pause = max(pause, min(asked, t.guard.cfg.MaxRetryAfter))
			}
			response.Body.Close()
		}
		select {
		case <-time.After(pause):
		case <-request.Context().Done():
			return nil, request.Context().Err()
		case <-t.guard.stopping:
			return nil, t.guard.kept
		}
		if request, err = next(); err != nil {
			return nil, err
		}
	}
}

// stopGrace is how long an attempt may still take when the collector is about to stop.
const stopGrace = 5 * time.Second

// endSoon ends an attempt that is still under way then.
func (g *guard) endSoon(attempt context.Context, cancel context.CancelFunc) {
	select {
	case <-g.stopping:
	case <-attempt.Done():
		return
	}
	select {
	case <-time.After(stopGrace):
		cancel()
	case <-attempt.Done():
	}
}

func (g *guard) isStopping() bool {
	select {
	case <-g.stopping:
		return true
	default:
		return false
	}
}

// repetitions returns what makes the next copy of a request; nil for one that
// is too large to be copied.
func repetitions(request *http.Request) (func() (*http.Request, error), error) {
	getBody := request.GetBody
	if getBody == nil && request.Body != nil && request.Body != http.NoBody {
		content, err := io.ReadAll(io.LimitReader(request.Body, maxHeld+1))
		if err != nil {
			request.Body.Close()
			return nil, err
		}
		rest := request.Body
		request.Body = &rejoined{Reader: io.MultiReader(bytes.NewReader(content), rest), Closer: rest}
		if len(content) > maxHeld {
			return nil, nil
		}
		getBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	}
	return func() (*http.Request, error) {
		again := request.Clone(request.Context())
		if getBody == nil {
			return again, nil
		}
		body, err := getBody()
		again.Body = body
		return again, err
	}, nil
}
