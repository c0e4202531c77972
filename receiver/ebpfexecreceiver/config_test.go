package ebpfexecreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"

	"github.com/copywatch/copywatch/bpf"
)

func TestDefaultConfigIsValid(t *testing.T) {
	require.NoError(t, componenttest.CheckConfigStruct(NewFactory().CreateDefaultConfig()))
	require.NoError(t, xconfmap.Validate(NewFactory().CreateDefaultConfig()))
}

func TestConfigIsRead(t *testing.T) {
	cfg := defaultConfig()
	require.NoError(t, confmap.NewFromStringMap(map[string]any{
		"buffer_size":           1 << 20,
		"poll_interval":         "10ms",
		"exit_events":           true,
		"environment_variables": []any{"CI"},
		"redaction":             map[string]any{"names": []any{"pin"}},
		"batch":                 map[string]any{"max_size": 10},
		"error_mode":            "ignore",
	}).Unmarshal(cfg))
	require.NoError(t, xconfmap.Validate(cfg))

	want := defaultConfig()
	want.BufferSize = 1 << 20
	want.PollInterval = 10 * time.Millisecond
	want.ExitEvents = true
	want.EnvironmentVariables = []string{"CI"}
	want.Redaction.Names = []string{"pin"}
	want.Batch.MaxSize = 10
	want.ErrorMode = ErrorModeIgnore
	assert.Equal(t, want, cfg)
}

func TestConfigIsRefusedWithKeyAndReason(t *testing.T) {
	for _, test := range []struct {
		name string
		keys map[string]any
		want string
	}{
		{"a key that there is not", map[string]any{"bufer_size": 1}, "bufer_size"},
		{"no power of two", map[string]any{"buffer_size": 12345}, "buffer_size: 12345 is not a power of two"},
		{"no power of two either", map[string]any{"reserve_size": 1}, "reserve_size: 1 is not a power of two"},
		{"polling without a pause", map[string]any{"poll_interval": "0s"}, "poll_interval: 0s is not between"},
		{"too few arguments", map[string]any{"args_limit": 1}, "args_limit: 1 is not between 64 and 65536"},
		{"too much environment", map[string]any{"env_limit": 1 << 20}, "env_limit: 1048576"},
		{"variables from nowhere", map[string]any{"env_limit": 0, "environment_variables": []any{"A"}}, "environment_variables: nothing is read"},
		{"no variable's name", map[string]any{"environment_variables": []any{"A=b"}}, `environment_variables[0]: "A=b"`},
		{"an empty name", map[string]any{"redaction": map[string]any{"names": []any{" "}}}, "redaction::names[0]"},
		{"an empty batch", map[string]any{"batch": map[string]any{"max_size": 0}}, "batch::max_size: 0"},
		{"a batch that never ends", map[string]any{"batch": map[string]any{"timeout": "0s"}}, "batch::timeout: 0s"},
		{"an unknown mode", map[string]any{"error_mode": "x"}, `error_mode: "x" is neither`},
		{"a negative interval", map[string]any{"loss_interval": "-1s"}, "loss_interval: -1s"},
		{"no memory of processes", map[string]any{"process_cache_size": 0}, "process_cache_size: 0"},
		{"retries with a bad interval", map[string]any{"retry_on_failure": map[string]any{"initial_interval": "-1s"}}, "initial_interval"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := defaultConfig()
			err := confmap.NewFromStringMap(test.keys).Unmarshal(cfg)
			if err == nil {
				err = xconfmap.Validate(cfg)
			}
			assert.ErrorContains(t, err, test.want)
		})
	}
}

func TestProbeOptions(t *testing.T) {
	cfg := defaultConfig()
	cfg.EnvLimit = 0
	cfg.ExitEvents = true
	assert.Equal(t, bpf.Options{
		BufferSize: bpf.DefaultBufferSize, ReserveSize: bpf.DefaultReserveSize, Precedence: []string{"scp"},
		ArgsLimit: bpf.DefaultArgsLimit, EnvLimit: -1, Exits: true,
	}, cfg.probeOptions([]string{"scp"}), "no limit of the environment is not its default")
}
