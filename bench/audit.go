//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// auditName is auditd with one rule: each successful or failed execve and
// execveat. The kernel has one audit daemon, so a host whose audit is in use is
// left alone; what is changed is put back at the end.
const auditName = "auditd"

func auditSensor() sensor {
	s := childSensor(auditName)
	s.skip = auditIsInUse()
	s.captured = func(dir, tag string) (captured, error) {
		said, err := readChildReport(dir)
		if err != nil {
			return said, err
		}
		seen, err := scanFiles(dir, tag)
		seen.Lost = said.Lost
		return seen, err
	}
	return s
}

// auditIsInUse says why audit cannot be measured, or nothing.
func auditIsInUse() string {
	if absent := missing([]string{"auditd", "auditctl"}); absent != "" {
		return absent
	}
	state, err := auditState()
	if err != nil {
		return fmt.Sprintf("the kernel's audit does not answer: %v", err)
	}
	rules, err := exec.Command("auditctl", "-l").Output()
	switch {
	case err != nil:
		return fmt.Sprintf("auditctl -l: %v", err)
	case state["pid"] != 0 || state["enabled"] != 0 || !bytes.HasPrefix(rules, []byte("No rules")):
		return "audit is in use on this host, which is left as it is"
	}
	return ""
}

// auditState is what auditctl -s says.
func auditState() (map[string]uint64, error) {
	said, err := exec.Command("auditctl", "-s").Output()
	if err != nil {
		return nil, fmt.Errorf("auditctl -s: %w", err)
	}
	return parseAuditState(string(said)), nil
}

func parseAuditState(said string) map[string]uint64 {
	state := map[string]uint64{}
	for line := range strings.Lines(said) {
		if fields := strings.Fields(line); len(fields) >= 2 {
			if n, err := strconv.ParseUint(fields[1], 10, 64); err == nil {
				state[fields[0]] = n
			}
		}
	}
	return state
}

// The daemon's configuration is Debian's but for the log, which is kept whole.
const auditConfig = `local_events = yes
write_logs = yes
log_file = %s/audit.log
log_format = ENRICHED
flush = INCREMENTAL_ASYNC
freq = 50
max_log_file_action = IGNORE
space_left = 75
space_left_action = IGNORE
admin_space_left = 50
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
priority_boost = 4
name_format = NONE
q_depth = 2000
overflow_action = IGNORE
plugin_dir = %[1]s/plugins.d
`

func runAudit(string) (err error) {
	if reason := auditIsInUse(); reason != "" {
		return errors.New(reason)
	}
	before, err := auditState()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, restoreAudit(before)) }()
	daemon, err := startAudit(os.Getenv("OUT"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, endAudit(daemon)) }()
	const rule = "-b 8192 --backlog_wait_time 60000 -a always,exit -F arch=b64 -S execve,execveat -k copywatch-bench"
	if err := auditctl(strings.Fields(rule)...); err != nil {
		return err
	}
	<-announce()
	after, err := auditState()
	if err != nil {
		return err
	}
	lost := after["lost"] - before["lost"]
	return reportToHarness(captured{Lost: &lost})
}

func startAudit(dir string) (*exec.Cmd, error) {
	err := errors.Join(
		os.Mkdir(filepath.Join(dir, "plugins.d"), 0o750),
		os.WriteFile(filepath.Join(dir, "auditd.conf"), fmt.Appendf(nil, auditConfig, dir), 0o640),
	)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("auditd", "-n", "-c", dir)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &unix.SysProcAttr{Pdeathsig: unix.SIGTERM}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		if state, err := auditState(); err == nil && state["pid"] == uint64(cmd.Process.Pid) {
			return cmd, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, errors.Join(errors.New("auditd did not start within 5 s"), endAudit(cmd))
}

func endAudit(daemon *exec.Cmd) error {
	return errors.Join(daemon.Process.Signal(unix.SIGTERM), daemon.Wait())
}

// restoreAudit removes the rule, and puts back what audit was set to.
func restoreAudit(before map[string]uint64) error {
	set := func(option, name string) error { return auditctl(option, strconv.FormatUint(before[name], 10)) }
	return errors.Join(
		auditctl("-D", "-k", "copywatch-bench"),
		set("-e", "enabled"),
		set("-b", "backlog_limit"),
		set("--backlog_wait_time", "backlog_wait_time"),
	)
}

func auditctl(args ...string) error {
	if said, err := exec.Command("auditctl", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("auditctl %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(said))
	}
	return nil
}
