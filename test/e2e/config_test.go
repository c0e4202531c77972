//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/copywatch/copywatch/internal/testprocess"
)

// pipeline is a configuration with the given settings of the two components, as YAML in one line.
func pipeline(receiver, processor string) string {
	return fmt.Sprintf(`
receivers: {ebpf_exec: %s}
processors: {net_filecopy: %s}
exporters: {debug: {}}
service:
  pipelines:
    logs: {receivers: [ebpf_exec], processors: [net_filecopy], exporters: [debug]}
  telemetry: {metrics: {level: none}}
`, receiver, processor)
}

// What cannot work is refused at the start, with the key and the reason, and without any privilege.
func TestBadConfiguration(t *testing.T) {
	binary := needCollector(t)
	for name, test := range map[string]struct {
		receiver, processor string
		says                []string
	}{
		"a buffer that is no power of two": {"{buffer_size: 12345}", "{}", []string{"ebpf_exec", "buffer_size", "12345", "power of two"}},
		"no room for arguments":            {"{args_limit: 1}", "{}", []string{"ebpf_exec", "args_limit", "1 is not between 64 and 65536"}},
		"too much environment":             {"{env_limit: 1000000}", "{}", []string{"env_limit", "1000000", "between"}},
		"an unknown key":                   {"{bufer_size: 1048576}", "{}", []string{"ebpf_exec", "bufer_size"}},
		"an unknown key below another":     {"{batch: {size: 1}}", "{}", []string{"batch", "size"}},
		"no pause":                         {"{poll_interval: 0s}", "{}", []string{"poll_interval", "0s", "1ms"}},
		"a duration without a unit":        {"{poll_interval: fast}", "{}", []string{"poll_interval", "invalid duration"}},
		"an unknown mode":                  {"{error_mode: x}", "{}", []string{"error_mode", `"x"`, "propagate", "ignore"}},
		"a variable with its value":        {"{environment_variables: [GOOD, A=b]}", "{}", []string{"environment_variables[1]", `"A=b"`}},
		"a variable without a name":        {`{environment_variables: [""]}`, "{}", []string{"environment_variables[0]"}},
		"variables that are not read":      {"{env_limit: 0, environment_variables: [CI]}", "{}", []string{"environment_variables", "env_limit"}},
		"a secret without a name":          {`{redaction: {names: [" "]}}`, "{}", []string{"redaction::names[0]"}},
		"several faults at once":           {"{args_limit: 1, loss_interval: 0s}", "{}", []string{"args_limit", "loss_interval"}},
		"an unknown key of the processor":  {"{}", "{match_only: true}", []string{"net_filecopy", "match_only"}},
		"a wrong type for the processor":   {"{}", "{matches_only: [1]}", []string{"net_filecopy", "matches_only"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := publicDir(t)
			config := filepath.Join(dir, "config.yaml")
			writeLines(t, config, pipeline(test.receiver, test.processor))
			d, err := testprocess.Start(exec.Command(binary, "--config", config), filepath.Join(dir, "log"))
			if err != nil {
				t.Fatal(err)
			}
			requireRefusal(t, d, test.says)
		})
	}
}

// requireRefusal wants a collector to end by itself, with failure, and to say why.
func requireRefusal(t *testing.T, d *testprocess.Daemon, says []string) {
	t.Helper()
	code, err := d.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if code <= 0 {
		t.Errorf("the collector ended with code %d, and should have failed", code)
	}
	output := d.Output()
	if strings.Contains(output, "panic") {
		t.Error("the collector panicked")
	}
	for _, text := range says {
		if !strings.Contains(output, text) {
			t.Errorf("%q is not in what the collector says:\n%s", text, clip(output))
		}
	}
}

// signalsTaken is when a collector handles signals, after it has said that it is
// ready. It says nothing then, so there is nothing else to wait for.
const signalsTaken = 500 * time.Millisecond

// A user without privileges is told which one is missing.
func TestMissingCapability(t *testing.T) {
	needHost(t)
	t.Run("is an error", func(t *testing.T) {
		requireRefusal(t, startAsNobody(t, "{}"), []string{"ebpf_exec", "CAP_BPF", "CAP_PERFMON"})
	})
	t.Run("can be ignored", func(t *testing.T) {
		d := startAsNobody(t, "{error_mode: ignore}")
		if err := d.Says(ready); err != nil {
			t.Fatal(err)
		}
		if output := d.Output(); !strings.Contains(output, "CAP_BPF") {
			t.Errorf("CAP_BPF is not in what the collector says:\n%s", clip(output))
		}
		time.Sleep(signalsTaken)
		if code, err := d.Stop(); code != 0 || err != nil {
			t.Errorf("the collector ended with code %d: %v\n%s", code, err, clip(d.Output()))
		}
	})
}

// startAsNobody starts the collector as a user who may do nothing.
func startAsNobody(t *testing.T, receiver string) *testprocess.Daemon {
	t.Helper()
	config := filepath.Join(publicDir(t), "config.yaml")
	writeLines(t, config, pipeline(receiver, "{}"))
	return startUnprivileged(t, config)
}

// startUnprivileged starts the collector as nobody, with just the given
// capabilities. It takes a copy: the tree that it was built in may be closed to
// that user.
func startUnprivileged(t *testing.T, config string, capabilities ...uintptr) *testprocess.Daemon {
	t.Helper()
	dir := publicDir(t)
	binary := filepath.Join(dir, "collector")
	copyFile(t, needCollector(t), binary)
	cmd := exec.Command(binary, "--config", config)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "E2E_FILE=" + filepath.Join(filepath.Dir(config), "events.json")}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: nobody, Gid: nobody},
		AmbientCaps: capabilities,
	}
	d, err := testprocess.Start(cmd, filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// nobody is the id of the user and the group that own nothing.
const nobody = 65534
