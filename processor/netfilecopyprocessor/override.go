package netfilecopyprocessor

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"
)

// OverrideConfig rates copies in another way than the score does.
type OverrideConfig struct {
	// Condition is in OTTL, about the record as it is tagged.
	Condition string `mapstructure:"condition"`
	// Importance is what a record has for which it holds: low, medium, high or critical.
	Importance string `mapstructure:"importance"`
	// Reason goes into filecopy.reasons, as override:REASON.
	Reason string `mapstructure:"reason"`

	_ struct{}
}

func (o *OverrideConfig) validate() error {
	var errs []error
	if o.Condition == "" {
		errs = append(errs, errors.New("condition: is empty"))
	} else if _, err := parseCondition(o.Condition, component.TelemetrySettings{Logger: zap.NewNop()}); err != nil {
		errs = append(errs, fmt.Errorf("condition: %w", err))
	}
	if !isImportance(o.Importance) {
		errs = append(errs, fmt.Errorf("importance: %q is none of low, medium, high, critical", o.Importance))
	}
	if o.Reason == "" {
		errs = append(errs, errors.New("reason: is empty"))
	}
	return errors.Join(errs...)
}

type override struct {
	*OverrideConfig
	condition *condition
}

// overrides are all, in the order of the configuration: the first that holds counts.
type overrides struct {
	list   []override
	logger *zap.Logger
}

func newOverrides(configs []OverrideConfig, set component.TelemetrySettings) (*overrides, error) {
	all := &overrides{logger: set.Logger}
	for i := range configs {
		compiled, err := parseCondition(configs[i].Condition, set)
		if err != nil {
			return nil, fmt.Errorf("overrides[%d]: condition: %w", i, err)
		}
		all.list = append(all.list, override{&configs[i], compiled})
	}
	return all, nil
}

func (all *overrides) find(ctx context.Context, p *place) *override {
	for i := range all.list {
		holds, err := p.holds(ctx, all.list[i].condition)
		if err != nil {
			all.logger.Debug("The condition of an override could not be evaluated", zap.Int("override", i), zap.Error(err))
		}
		if holds {
			return &all.list[i]
		}
	}
	return nil
}
