//go:build linux

package siem

import (
	"os"
	"testing"
)

// needTime skips a test that takes minutes, unless they are asked for.
func needTime(t *testing.T) {
	t.Helper()
	if os.Getenv("COPYWATCH_SIEM") == "" {
		t.Skip("optional: takes minutes, run make test-siem")
	}
}
