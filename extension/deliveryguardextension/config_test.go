package deliveryguardextension

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
)

func TestConfigIsRead(t *testing.T) {
	cfg := defaultConfig()
	require.NoError(t, xconfmap.Validate(cfg))
	require.NoError(t, confmap.NewFromStringMap(map[string]any{
		"endpoint": "",
		"hold":     map[string]any{"enabled": true},
		"queue":    map[string]any{"storage": "file_storage/q", "directory": "/q", "min_free_mib": 1},
	}).Unmarshal(cfg))
	require.NoError(t, xconfmap.Validate(cfg))
	want := defaultConfig()
	storage := component.MustNewIDWithName("file_storage", "q")
	want.Endpoint, want.Hold.Enabled = "", true
	want.Queue = QueueConfig{Storage: &storage, Directory: "/q", MinFreeMiB: 1}
	assert.Equal(t, want, cfg)
}

func TestConfigIsRefusedWithKeyAndReason(t *testing.T) {
	for _, test := range []struct {
		name string
		keys map[string]any
		want string
	}{
		{"a key that there is not", map[string]any{"endpiont": ""}, "endpiont"},
		{"no port", map[string]any{"endpoint": "localhost"}, "endpoint: \"localhost\" is not an address"},
		{"negative patience", map[string]any{"grace_period": "-1s"}, "grace_period: -1s is below 0"},
		{"a flood of lines", map[string]any{"remind_interval": "0s"}, "remind_interval: 0s is below 1s"},
		{"no wait", map[string]any{"max_retry_after": "0s"}, "max_retry_after: 0s is below 1s"},
		{"no time", map[string]any{"hold": map[string]any{"timeout": "0s"}}, "hold::timeout: 0s is not above 0"},
		{"a relative directory", map[string]any{"queue": map[string]any{"directory": "q"}}, "queue::directory: \"q\" is not an absolute path"},
		{"any space will do", map[string]any{"queue": map[string]any{"min_free_mib": 0}}, "queue::min_free_mib: 0 is not above 0"},
		{"a storage nobody looks at", map[string]any{"queue": map[string]any{"storage": "file_storage"}}, "queue::directory: is needed"},
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
