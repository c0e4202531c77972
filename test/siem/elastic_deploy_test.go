//go:build linux

package siem

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The key may write to the data streams of both configurations; the index
// template is for that of ECS, with the component template and those of
// Elasticsearch for logs and ECS.
func TestElasticKeyAndTemplate(t *testing.T) {
	var key struct {
		Roles map[string]struct {
			Indices []struct{ Names, Privileges []string }
		} `json:"role_descriptors"`
	}
	readJSON(t, "api-key.json", &key)
	require.Len(t, key.Roles, 1)
	for _, role := range key.Roles {
		require.Len(t, role.Indices, 1)
		assert.Equal(t, []string{"auto_configure", "create_doc"}, role.Indices[0].Privileges)
		for _, mode := range elasticModes {
			assert.True(t, matchesIndex(role.Indices[0].Names, "logs-"+mode.stream+"-default"), mode.stream)
		}
	}
	var template struct {
		Patterns   []string  `json:"index_patterns"`
		DataStream *struct{} `json:"data_stream"`
		ComposedOf []string  `json:"composed_of"`
		Priority   int
	}
	readJSON(t, "index-template.json", &template)
	require.NotNil(t, template.DataStream)
	assert.Equal(t, []string{"logs@mappings", "logs@settings", "copywatch@mappings", "ecs@mappings", "logs-copywatch@custom"}, template.ComposedOf)
	assert.Greater(t, template.Priority, 120, "Elasticsearch's own templates for logs have up to that")
	for _, mode := range elasticModes {
		assert.Equal(t, !mode.otel, matchesIndex(template.Patterns, "logs-"+mode.stream+"-default"), mode.stream)
	}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	content, err := os.ReadFile("../../deploy/elastic/" + name)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, into), name)
}
