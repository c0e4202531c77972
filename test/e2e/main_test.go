//go:build linux

package e2e

import (
	"fmt"
	"os"
	"testing"
)

// TestMain runs the tests, or is a program that one of them watches. When all
// have run it stops the sensor, and what that shows (a record that did not
// arrive everywhere, an error in a log) fails the run as a test would.
func TestMain(m *testing.M) {
	if name := os.Getenv(helperVariable); name != "" {
		os.Exit(runHelper(name))
	}
	code := m.Run()
	if err := stopSensor(); err != nil {
		fmt.Fprintf(os.Stderr, "--- FAIL: the end of the sensor\n%v\n", err)
		code = max(code, 1)
	}
	os.Exit(code)
}
