//go:build !linux

package e2e

import (
	"testing"

	"github.com/copywatch/copywatch/internal/testhost"
)

// TestElsewhere exists so that a run on another platform says what it left out.
func TestElsewhere(t *testing.T) {
	testhost.NeedBPF(t)
}
