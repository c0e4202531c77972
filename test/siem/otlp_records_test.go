//go:build linux

package siem

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// freeAddress is an address of the loopback interface that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	addresses, err := testprocess.FreeAddresses(1)
	require.NoError(t, err)
	return addresses[0]
}

// replayLogs sends records that a test made to the collector.
func replayLogs(t *testing.T, r *replay, logs plog.Logs) {
	t.Helper()
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	require.NoError(t, r.post(t.Context(), body))
}

func severityNumber(number int) plog.SeverityNumber { return plog.SeverityNumber(number) }

func keys[V any](m map[string]V) []string { return slices.Collect(maps.Keys(m)) }
