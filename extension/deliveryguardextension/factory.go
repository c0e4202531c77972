package deliveryguardextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/copywatch/copywatch/extension/deliveryguardextension/internal/metadata"
)

// NewFactory returns the factory of the delivery_guard extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(
		metadata.Type,
		func() component.Config { return defaultConfig() },
		func(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
			return newGuard(cfg.(*Config), set)
		},
		metadata.ExtensionStability,
	)
}
