//go:build linux

package siem

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// outage is how long a destination is away or in a mood, and how long all may
// take to arrive after it.
type outage struct{ lasts, within time.Duration }

var (
	shortOutage = outage{2 * time.Second, 20 * time.Second}
	longOutage  = outage{2 * time.Minute, 2 * time.Minute}
)

const ratePerSecond = 500

// forBoth runs a test with a short outage, and where there is time with one of two minutes.
func forBoth(t *testing.T, test func(t *testing.T, o outage)) {
	t.Run("seconds", func(t *testing.T) { test(t, shortOutage) })
	t.Run("minutes", func(t *testing.T) {
		needTime(t)
		test(t, longOutage)
	})
}

func (d *destination) requireAll(t *testing.T, r *replay, within time.Duration) {
	t.Helper()
	d.matches.requireAll(t, r.matches, within)
	d.events.requireAll(t, r.events, within)
}

func TestNothingIsLostWhileADestinationIsDown(t *testing.T) {
	forBoth(t, func(t *testing.T, o outage) {
		d := newDestination(t, nil)
		c := guardedCollector(t, d, "delivery.yaml")
		c.start(t)
		r := newReplay(t, c)
		require.NoError(t, r.run(t.Context(), ratePerSecond, time.Second))
		d.requireAll(t, r, o.within)
		c.requireWell(t)
		d.down()
		require.NoError(t, r.run(t.Context(), ratePerSecond, o.lasts))
		c.requireIll(t, d.url, "refused", "refuses connections")
		d.up(t)
		require.NoError(t, r.run(t.Context(), ratePerSecond, time.Second))
		d.requireAll(t, r, o.within)
		c.requireWell(t)
		c.says(t, "Delivery works again")
		c.requireNothingDropped(t)
	})
}

func TestNothingIsLostWhenTheCollectorIsKilledWhileADestinationIsDown(t *testing.T) {
	forBoth(t, func(t *testing.T, o outage) {
		d := newDestination(t, nil)
		c := guardedCollector(t, d, "delivery.yaml")
		c.start(t)
		r := newReplay(t, c)
		d.down()
		require.NoError(t, r.run(t.Context(), ratePerSecond, o.lasts/2))
		c.daemon.Kill()
		c.start(t)
		require.NoError(t, r.run(t.Context(), ratePerSecond, o.lasts/2))
		c.daemon.Kill()
		d.up(t)
		c.start(t)
		d.requireAll(t, r, o.within)
		c.requireWell(t)
		c.requireNothingDropped(t)
	})
}

func TestNothingIsLostWhateverADestinationAnswers(t *testing.T) {
	moods := []struct {
		name string
		mood mood
	}{
		{"429 with Retry-After", answers(http.StatusTooManyRequests, "", "Retry-After", "1")},
		{"429 with a Retry-After of a year", answers(http.StatusTooManyRequests, "", "Retry-After", "31536000")},
		{"503", answers(http.StatusServiceUnavailable, `{"text":"Server is busy","code":9}`)},
		{"500", answers(http.StatusInternalServerError, "")},
		{"resets", resets},
		{"slow", slow(500 * time.Millisecond)},
		{"too slow", slow(3 * time.Second)},
		{"401", answers(http.StatusUnauthorized, "")},
		{"403", answers(http.StatusForbidden, "")},
		{"404", answers(http.StatusNotFound, "")},
		{"a redirection", answers(http.StatusFound, "", "Location", "/login")},
		{"a web page", answers(http.StatusOK, "<html>welcome</html>", "Content-Type", "text/html")},
	}
	var mixed []mood
	for _, m := range moods {
		mixed = append(mixed, m.mood, takes)
	}
	forBoth(t, func(t *testing.T, o outage) {
		d := newDestination(t, nil)
		c := guardedCollector(t, d, "delivery.yaml")
		c.start(t)
		r := newReplay(t, c)
		each := o.lasts / time.Duration(len(moods))
		for _, m := range moods {
			d.be(m.mood)
			asked := d.requests()
			require.NoError(t, r.run(t.Context(), ratePerSecond, max(each, 200*time.Millisecond)), m.name)
			require.Eventually(t, func() bool { return d.requests() > asked }, 10*time.Second, 10*time.Millisecond, m.name)
		}
		d.be(inTurn(mixed...))
		require.NoError(t, r.run(t.Context(), ratePerSecond, o.lasts))
		d.be(takes)
		d.requireAll(t, r, o.within)
		c.requireWell(t)
		c.requireNothingDropped(t)
	})
}

func TestElasticsearchLosesNothing(t *testing.T) {
	forBoth(t, func(t *testing.T, o outage) {
		d := newDestination(t, nil)
		c := guardedCollector(t, d, "delivery-elastic.yaml")
		c.start(t)
		r := newReplay(t, c)
		run := func(m mood) {
			d.be(m)
			asked := d.requests()
			require.NoError(t, r.run(t.Context(), ratePerSecond, o.lasts/4))
			require.Eventually(t, func() bool { return d.requests() > asked }, 20*time.Second, 10*time.Millisecond)
		}
		run(answers(http.StatusServiceUnavailable, ""))
		run(resets)
		run(refusesDocuments(http.StatusForbidden, "security_exception"))
		c.requireIll(t, d.url, "credentials", "security_exception")
		d.down()
		require.NoError(t, r.run(t.Context(), ratePerSecond, o.lasts/4))

		// A stop while requests are held must neither wait for the destination nor lose them.
		code, err := c.daemon.Stop()
		require.NoError(t, err)
		require.Zero(t, code)
		d.be(takes)
		d.up(t)
		c.start(t)
		d.matches.requireAll(t, r.matches, o.within)
		c.requireWell(t)
		c.requireNothingDropped(t)
	})
}

// refusesDocuments refuses each document in an answer that is a success as a whole.
func refusesDocuments(status int, kind string) mood {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		item := fmt.Sprintf(`{"create":{"_index":"logs","status":%d,"error":{"type":%q}}}`, status, kind)
		_ = answerBulk(w, []string{item, item})
		return false
	}
}
