package deliveryguardextension

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// transport judges every answer of a destination. An answer after which an
// exporter would drop what it can keep becomes one after which it tries again.
type transport struct {
	guard *guard
	next  http.RoundTripper
}

// RoundTrip sends a request once.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if !isDelivery(request) {
		return t.next.RoundTrip(request)
	}
	response, v, err := t.attempt(request, 0)
	if err != nil || !v.keeps() {
		return response, err
	}
	return t.repeatable(response, v), nil
}

// isDelivery tells data from questions, such as of a destination's health.
func isDelivery(request *http.Request) bool {
	return request.Method == http.MethodPost || request.Method == http.MethodPut
}

// attempt sends a request and judges the outcome. With a timeout of 0 the
// request's own is all there is.
func (t *transport) attempt(request *http.Request, timeout time.Duration) (*http.Response, verdict, error) {
	ctx, cancel := bounded(request.Context(), timeout)
	if timeout > 0 { // it is held: the exporter gives it no end
		go t.guard.endSoon(ctx, cancel)
	}
	response, err := t.next.RoundTrip(request.WithContext(ctx))
	var v verdict
	if err != nil {
		cancel()
		v = judgeFault(err)
	} else {
		response.Body = &cancelling{ReadCloser: response.Body, cancel: cancel}
		v = judge(request, response, cancel)
	}
	if request.Context().Err() != context.Canceled { // the exporter gave up: nobody's fault
		t.guard.ledger.report(bare(request.URL), v)
	}
	return response, v, err
}

func bounded(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
}

func judge(request *http.Request, response *http.Response, abort func()) verdict {
	isBulk := strings.HasSuffix(request.URL.Path, "/_bulk")
	switch {
	case response.StatusCode >= 300:
		return judgeStatus(response, scrub(excerpt(response, maxExcerpt, readTimeout, abort), request.Header))
	case response.StatusCode == http.StatusOK && isBulk:
		return judgeBulk(excerpt(response, maxBulk, readTimeout, abort))
	}
	return judgeSuccess(response)
}

// repeatable makes of an answer one after which exporters try again, at the
// pace of their own retry_on_failure: 502. (After 503 the splunk_hec exporter
// would blame the health of the cluster.) What they understand already stays,
// but for a wait that is too long.
func (t *transport) repeatable(response *http.Response, v verdict) *http.Response {
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if wait, ok := retryAfter(response.Header, time.Now()); ok {
			response.Header.Set("Retry-After", seconds(min(wait, t.guard.cfg.MaxRetryAfter)))
		}
		return response
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return response
	}
	response.Body.Close()
	text := "delivery_guard: " + bare(response.Request.URL) + " " + v.problem
	return &http.Response{
		Status: "502 Bad Gateway", StatusCode: http.StatusBadGateway,
		Proto: response.Proto, ProtoMajor: response.ProtoMajor, ProtoMinor: response.ProtoMinor,
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
		Body:   io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)),
		Request: response.Request,
	}
}

// retryAfter reads the header in either of its forms.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := header.Get("Retry-After")
	if n, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(n) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// cancelling is a body at whose end the attempt's context ends.
type cancelling struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (c *cancelling) Close() error {
	defer c.cancel()
	return c.ReadCloser.Close()
}
