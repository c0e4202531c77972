//go:build linux

package siem

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
)

// replay sends records of a recorded build to a collector, each with an
// entity of its own by which it is known where it arrives. Every tenth is an
// scp, a match; the others are no copies.
type replay struct {
	address  string
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
	match    plog.LogRecord
	others   []plog.LogRecord
	sent     int
	matches  []string // entities of the copies that the collector accepted
	events   []string // entities of all that it accepted
}

const matchEvery = 10

func newReplay(t *testing.T, c *collector) *replay {
	t.Helper()
	content, err := os.ReadFile("../../testdata/demo/build.json")
	require.NoError(t, err)
	logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(bytes.TrimSpace(content))
	require.NoError(t, err)
	resource := logs.ResourceLogs().At(0)
	r := &replay{address: c.replay, resource: resource.Resource(), scope: resource.ScopeLogs().At(0).Scope()}
	for _, record := range resource.ScopeLogs().At(0).LogRecords().All() {
		name, _ := record.Attributes().Get(schema.ExecutableName)
		switch {
		case record.EventName() != schema.EventExec:
		case name.Str() == "scp":
			r.match = record
		case slices.Contains([]string{"make", "mkdir", "tar", "gzip", "ls", "cat"}, name.Str()):
			r.others = append(r.others, record)
		}
	}
	require.NotEmpty(t, r.others)
	return r
}

// batch makes the next n records.
func (r *replay) batch(n int) (logs plog.Logs, matches, events []string) {
	logs = plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	r.resource.CopyTo(resource.Resource())
	scope := resource.ScopeLogs().AppendEmpty()
	r.scope.CopyTo(scope.Scope())
	for range n {
		entity := fmt.Sprintf("replayed-%09d", r.sent)
		from := r.others[r.sent%len(r.others)]
		if r.sent%matchEvery == 0 {
			from = r.match
			matches = append(matches, entity)
		}
		events = append(events, entity)
		r.sent++
		record := scope.LogRecords().AppendEmpty()
		from.CopyTo(record)
		now := pcommon.NewTimestampFromTime(time.Now())
		record.SetTimestamp(now)
		record.SetObservedTimestamp(now)
		record.Attributes().PutStr(schema.EntityID, entity)
		record.Attributes().PutInt(schema.PID, int64(1000+r.sent))
	}
	return logs, matches, events
}

// send sends n records in one request, and repeats it until the collector accepts it.
func (r *replay) send(ctx context.Context, n int) error {
	logs, matches, events := r.batch(n)
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return err
	}
	for {
		err := r.post(ctx, body)
		if err == nil {
			r.matches, r.events = append(r.matches, matches...), append(r.events, events...)
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the collector does not accept what is replayed: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (r *replay) post(ctx context.Context, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+r.address+"/v1/logs", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, answer)
	}
	return err
}

// run sends rate records a second for a time, in requests of a tenth of a second.
func (r *replay) run(ctx context.Context, rate int, duration time.Duration) error {
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for range int(duration / (100 * time.Millisecond)) {
		if err := r.send(ctx, rate/10); err != nil {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// arrivals counts what arrived at a destination, by process.entity_id. The
// destinations of the tests write to it at once.
type arrivals struct {
	mu     sync.Mutex
	counts map[string]int
}

func newArrivals() *arrivals { return &arrivals{counts: map[string]int{}} }

func (a *arrivals) add(entity string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts[entity]++
}

// missing returns those of the entities that have not arrived.
func (a *arrivals) missing(entities []string) (missing []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, entity := range entities {
		if a.counts[entity] == 0 {
			missing = append(missing, entity)
		}
	}
	return missing
}

// requireAll waits until each of the entities has arrived at least once.
func (a *arrivals) requireAll(t *testing.T, entities []string, within time.Duration) {
	t.Helper()
	require.NotEmpty(t, entities)
	var missing []string
	for end := time.Now().Add(within); ; time.Sleep(50 * time.Millisecond) {
		missing = a.missing(entities)
		if len(missing) == 0 {
			return
		}
		if time.Now().After(end) {
			break
		}
	}
	t.Fatalf("%d of %d have not arrived, the first: %v", len(missing), len(entities), missing[:min(5, len(missing))])
}
