//go:build linux

package siem

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// sigmaRule is a rule of deploy/sigma/rules, with the fields of the Sigma specification 2.0 that are used.
type sigmaRule struct {
	Title          string            `yaml:"title"`
	ID             string            `yaml:"id"`
	Status         string            `yaml:"status"`
	Description    string            `yaml:"description"`
	References     []string          `yaml:"references"`
	Author         string            `yaml:"author"`
	Date           string            `yaml:"date"`
	Tags           []string          `yaml:"tags"`
	Logsource      map[string]string `yaml:"logsource"`
	Detection      map[string]any    `yaml:"detection"`
	FalsePositives []string          `yaml:"falsepositives"`
	Level          string            `yaml:"level"`

	name      string // of the file, without .yml
	condition sigmaCondition
}

// readSigmaRules reads all rules; a key that the specification does not have is a fault.
func readSigmaRules(t *testing.T) []*sigmaRule {
	t.Helper()
	files, err := filepath.Glob("../../deploy/sigma/rules/*.yml")
	require.NoError(t, err)
	require.Greater(t, len(files), 10)
	var rules []*sigmaRule
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		rule := &sigmaRule{name: strings.TrimSuffix(filepath.Base(file), ".yml")}
		decoder := yaml.NewDecoder(bytes.NewReader(content))
		decoder.KnownFields(true)
		require.NoError(t, decoder.Decode(rule), file)
		condition, _ := rule.Detection["condition"].(string)
		rule.condition, err = parseSigmaCondition(condition, rule.selections())
		require.NoError(t, err, file)
		rules = append(rules, rule)
	}
	return rules
}

// selections are the parts of the detection that a condition speaks of.
func (r *sigmaRule) selections() (names []string) {
	for name := range r.Detection {
		if name != "condition" {
			names = append(names, name)
		}
	}
	return names
}

// sigmaField is a key of a selection: the field, and the modifiers behind it.
type sigmaField struct {
	name      string
	modifiers []string
	values    []any
}

// fields are those of a selection, all of which must match.
func (r *sigmaRule) fields(t *testing.T, selection string) (fields []sigmaField) {
	t.Helper()
	keys, ok := r.Detection[selection].(map[string]any)
	require.True(t, ok, "%s: the selection %s is no map", r.name, selection)
	for key, value := range keys {
		parts := strings.Split(key, "|")
		values, isList := value.([]any)
		if !isList {
			values = []any{value}
		}
		fields = append(fields, sigmaField{name: parts[0], modifiers: parts[1:], values: values})
	}
	return fields
}
