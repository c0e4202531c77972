package netfilecopyprocessor

import "go.opentelemetry.io/collector/component"

// Config of the net_filecopy processor.
type Config struct {
	// MatchesOnly drops records that are not of a file copy tool, and the
	// scopes and resources that are empty without them.
	MatchesOnly bool `mapstructure:"matches_only"`

	// prevent unkeyed literal initialization
	_ struct{}
}

func defaultConfig() component.Config {
	return &Config{}
}

// Validate accepts every configuration: no value of a switch is wrong.
func (*Config) Validate() error {
	return nil
}
