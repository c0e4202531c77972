package netfilecopyprocessor

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/xconfmap"
)

func TestConfig(t *testing.T) {
	tests := []struct {
		id      string
		want    *Config
		wantErr string
	}{
		{id: "net_filecopy", want: &Config{MatchesOnly: false}},
		{id: "net_filecopy/matches_only", want: &Config{MatchesOnly: true}},
		{id: "net_filecopy/wrong_key", wantErr: "has invalid keys: match_only"},
		{id: "net_filecopy/wrong_type", wantErr: "matches_only"},
	}
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			require.True(t, all.IsSet(tt.id))
			conf, err := all.Sub(tt.id)
			require.NoError(t, err)
			cfg := NewFactory().CreateDefaultConfig()
			err = conf.Unmarshal(cfg)
			if tt.wantErr != "" {
				assert.ErrorContains(t, err, tt.wantErr)
				return
			}
			require.NoError(t, err)
			require.NoError(t, xconfmap.Validate(cfg))
			assert.Equal(t, tt.want, cfg)
		})
	}
}
