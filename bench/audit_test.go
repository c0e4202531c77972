//go:build linux

package main

import "testing"

func TestParseAuditState(t *testing.T) {
	state := parseAuditState("enabled 1\nfailure 1\npid 0\nlost 17\nloginuid_immutable 0 unlocked\n\nnonsense\n")
	if state["enabled"] != 1 || state["pid"] != 0 || state["lost"] != 17 || len(state) != 5 {
		t.Errorf("got %v", state)
	}
}
