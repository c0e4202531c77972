package netfilecopyprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/schema"
)

// environmentCI is the environment of what a CI system runs.
const environmentCI = "ci"

// environmentOf returns deployment.environment.name: what the resource says,
// what the configuration says, or what the evidence of a CI system shows.
func (p *filecopyProcessor) environmentOf(resource pcommon.Map, ci *ciContext) string {
	if name := text(resource, schema.DeploymentEnvironment); name != "" {
		return name
	}
	if p.cfg.Environment != "" {
		return p.cfg.Environment
	}
	if ci != nil {
		return environmentCI
	}
	return ""
}
