package netfilecopyprocessor

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/xconfmap"

	"github.com/copywatch/copywatch/internal/catalogue"
)

func TestConfig(t *testing.T) {
	tests := []struct {
		id      string
		want    func(*Config) // changes of the defaults
		wantErr string
		invalid string // what Validate says
	}{
		{id: "net_filecopy", want: func(*Config) {}},
		{id: "net_filecopy/matches_only", want: func(c *Config) { c.MatchesOnly = true }},
		{id: "net_filecopy/everything", want: func(c *Config) {
			c.GeneralDownloads, c.Environment, c.EventFileRoot, c.Guidance, c.DropApproved = true, "staging", "", false, true
			c.Tools.Add = []catalogue.ToolForm{{
				Name: "acme-push", Family: "other", About: "our uploader", Tier: "dedicated", Direction: "upload",
				Techniques: &catalogue.TechniquesForm{Upload: []string{"T1567.002"}},
			}}
			c.Tools.Disable = []string{"wormhole"}
			c.Score = ScoreConfig{Points: map[string]int{"raw_ip": 0}, Bands: map[string]int{"critical": 90}}
			c.SensitivePaths = []SensitivePathsConfig{{ID: "designs", Title: "our designs", Patterns: []string{"/srv/designs/"}}}
			c.Destinations = map[string][]string{"private": {"acme.example.org"}}
			c.Overrides = []OverrideConfig{{Condition: `log.attributes["filecopy.tool"] == "scp"`, Importance: "low", Reason: "ours"}}
			c.Approvals = []ApprovalConfig{{ID: "a", Reason: "b", ApprovedBy: "c", Expires: "2030-01-01", Condition: `resource.attributes["host.name"] == "backup"`}}
			c.Repeats = RepeatsConfig{Window: time.Minute, Hold: true, MaxTracked: 5}
			c.Redaction.Names = []string{"passcode"}
		}},
		{id: "net_filecopy/bad_approval", invalid: "approvals[0]: "},
		{id: "net_filecopy/bad_override", invalid: "overrides[0]: importance: \"urgent\""},
		{id: "net_filecopy/bad_tool", invalid: "tools: "},
		{id: "net_filecopy/bad_points", invalid: "score: "},
		{id: "net_filecopy/bad_class", invalid: "destinations: "},
		{id: "net_filecopy/bad_repeats", invalid: "repeats::hold: needs a window"},
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
			if tt.invalid != "" {
				assert.ErrorContains(t, xconfmap.Validate(cfg), tt.invalid)
				return
			}
			require.NoError(t, xconfmap.Validate(cfg))
			want := defaultConfig().(*Config)
			tt.want(want)
			assert.Equal(t, want, cfg)
		})
	}
}
