package deliveryguardextension

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/copywatch/copywatch/extension/deliveryguardextension/internal/metadatatest"
)

var (
	denied  = verdict{mendable, reasonCredentials, "refuses the credentials (401)", cureCredentials}
	noIndex = verdict{mendable, reasonIndex, "does not know the index", cureIndex}
	busy    = verdict{passing, reasonBusy, "is too busy (503)", cureWait}
	poison  = verdict{content, reasonContent, "refuses a request for its content (400)", cureContent}
	taken   = verdict{class: accepted}
	said    = "Delivery fails; the data is kept and sent again: "
)

func TestAFailureIsLoggedOnceAndThenAtAnInterval(t *testing.T) {
	g := newTestGuard(t, nil)
	for range 100 {
		g.ledger.report("a", denied)
	}
	assert.Equal(t, []string{said + "credentials"}, g.lines())
	g.clock = g.clock.Add(g.cfg.RemindInterval)
	for range 100 {
		g.ledger.report("a", denied)
	}
	assert.Equal(t, []string{said + "credentials"}, g.lines())
	g.ledger.report("a", noIndex)
	assert.Empty(t, g.lines(), "too soon after the last line")
	g.clock = g.clock.Add(shortestRemark)
	g.ledger.report("a", noIndex)
	g.ledger.report("a", taken)
	g.ledger.report("a", taken)
	assert.Equal(t, []string{said + "index", "Delivery works again"}, g.lines())
	assert.Empty(t, g.ledger.problems())
}

func TestWhatPassesByItselfIsToldWhenItLasts(t *testing.T) {
	g := newTestGuard(t, nil)
	g.ledger.report("a", busy)
	g.clock = g.clock.Add(g.cfg.GracePeriod - 1)
	g.ledger.report("a", busy)
	assert.Empty(t, g.lines())
	assert.Empty(t, g.ledger.problems())
	g.ledger.report("a", taken)
	assert.Empty(t, g.lines(), "nobody heard of it")

	g.ledger.report("a", busy)
	g.clock = g.clock.Add(g.cfg.GracePeriod)
	assert.Len(t, g.ledger.problems(), 1)
	g.ledger.report("a", busy)
	assert.Equal(t, []string{said + "busy"}, g.lines())
}

func TestADestinationThatChangesItsMindDoesNotFloodTheLog(t *testing.T) {
	g := newTestGuard(t, nil)
	for range 1000 {
		g.ledger.report("a", denied)
		g.ledger.report("a", taken)
	}
	assert.Len(t, g.lines(), 2)
}

func TestPoisonIsCountedAndLoggedAtAnInterval(t *testing.T) {
	g := newTestGuard(t, nil)
	g.ledger.report("a", denied)
	for range 10 {
		g.ledger.report("a", poison)
	}
	assert.Equal(t, []string{said + "credentials", "Delivery works again",
		"A destination refuses data for its content; it is not sent again: content"}, g.lines())
	metadatatest.AssertEqualExtensionDeliveryGuardRejectedRequests(t, g.telemetry, []metricdata.DataPoint[int64]{
		{Value: 10, Attributes: attribute.NewSet(attribute.String("destination", "a"), attribute.String("reason", "content"))},
	}, metricdatatest.IgnoreTimestamp())
}

func TestTheMetricsSayWhatFails(t *testing.T) {
	g := newTestGuard(t, nil)
	g.ledger.report("a", denied)
	g.ledger.report("a", denied)
	g.ledger.report("b", taken)
	metadatatest.AssertEqualExtensionDeliveryGuardFailing(t, g.telemetry, []metricdata.DataPoint[int64]{
		{Value: 1, Attributes: attribute.NewSet(attribute.String("destination", "a"))},
		{Value: 0, Attributes: attribute.NewSet(attribute.String("destination", "b"))},
	}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualExtensionDeliveryGuardKeptRequests(t, g.telemetry, []metricdata.DataPoint[int64]{
		{Value: 2, Attributes: attribute.NewSet(attribute.String("destination", "a"), attribute.String("reason", "credentials"))},
	}, metricdatatest.IgnoreTimestamp())
}

func TestTheNumberOfDestinationsIsBounded(t *testing.T) {
	g := newTestGuard(t, nil)
	for i := range 10 * maxDestinations {
		g.ledger.report(fmt.Sprint(i), denied)
		g.clock = g.clock.Add(time.Millisecond)
	}
	assert.Len(t, g.ledger.destinations, maxDestinations+1)
	assert.Contains(t, g.ledger.destinations, otherwise)
}
