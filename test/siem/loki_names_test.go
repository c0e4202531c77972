//go:build linux

package siem

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/schema"
)

// The dashboard and the alerts name only fields that records have: a query for
// another finds nothing, for ever, and says so to nobody.
func TestLokiQueriesNameFieldsThatExist(t *testing.T) {
	known := knownToLoki(t)
	for _, panel := range readLokiDashboard(t).Panels {
		for _, target := range panel.Targets {
			require.NoError(t, known.checkQuery(target.query()), panel.Title)
			require.NoError(t, known.checkTemplate(target.LegendFormat, target.Expr), panel.Title)
		}
		for _, column := range panel.columns() {
			require.True(t, column == "Time" || known[column], "%s: %s", panel.Title, column)
		}
	}
	for name, alert := range readLokiAlerts(t) {
		require.NoError(t, known.checkQuery(alert.Expr), name)
		for _, text := range alert.Annotations {
			require.NoError(t, known.checkTemplate(text, alert.Expr), name)
		}
	}
}

// The check finds what it is for.
func TestLokiQueriesOfUnknownFieldsAreFound(t *testing.T) {
	known := knownToLoki(t)
	for _, query := range []string{
		`{service="copywatch"}`,
		`{service_name="copywatch"} | filecopy_tol="scp"`,
		`{service_name="copywatch"} | event_action="net_filecopy"`,
		`{service_name="copywatch"} | filecopy_importance="severe"`,
		`sum by (host) (count_over_time({service_name="copywatch"}[5m]))`,
		`sum(sum_over_time({service_name="copywatch"} | unwrap sensor_lost [5m]))`,
		`{service_name="copywatch"} | process_parent_command_lin=~"x"`,
	} {
		require.Error(t, known.checkQuery(query), query)
	}
	require.NoError(t, known.checkQuery(`topk(10, sum by (server_address) (count_over_time({service_name="copywatch"} | event_action="loss" [1h]))) > 0`))
	require.Error(t, known.checkTemplate("{{ $labels.server_address }}", `sum by (filecopy_tool) (x)`))
	require.Error(t, known.checkTemplate("{{server_adress}}", `sum by (server_adress) (x)`))
}

// lokiFieldNames are the names under which Loki has what our records say.
type lokiFieldNames map[string]bool

func knownToLoki(t *testing.T) lokiFieldNames {
	known := lokiFieldNames{"service_name": true, "service_instance_id": true, "detected_level": true, "severity_text": true, "severity_number": true}
	for _, name := range slices.Concat(lokiRecordFields(t), lokiResourceFields(), lokiPipelineFields(t)) {
		known[lokiName(name)] = true
	}
	// config/loki.yaml leaves these out.
	for _, name := range []string{schema.CommandArgs, schema.RuleDescription, schema.RuleReference,
		schema.ThreatTacticReference, schema.ThreatTechniqueReference, schema.ThreatSubtechniqueReference} {
		delete(known, lokiName(name))
	}
	return known
}

var (
	lokiQuoted     = regexp.MustCompile("\"[^\"]*\"|`[^`]*`")
	lokiDuration   = regexp.MustCompile(`\[[0-9a-z]+\]`)
	lokiIdentifier = regexp.MustCompile(`[a-zA-Z_][a-zA-Z0-9_]*`)
	lokiMatcher    = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"`)
	lokiGrouping   = regexp.MustCompile(`by \(([^)]*)\)`)
	lokiLabel      = regexp.MustCompile(`\{\{\s*(?:\$labels\.)?([a-z_]+)\s*\}\}`)
)

// lokiWords are the words of the query language that the queries use.
var lokiWords = []string{"sum", "count", "topk", "by", "unless", "count_over_time", "sum_over_time", "absent_over_time", "unwrap"}

// lokiValues are those that a field may be compared with, where it has few.
var lokiValues = map[string][]string{
	"service_name":        {"copywatch"},
	"event_action":        {schema.ActionExec, schema.ActionExit, schema.ActionExecError, schema.ActionLoss, schema.ActionCopy},
	"filecopy_importance": {"low", "medium", "high", "critical"},
}

// checkQuery says which word of a query is no field, or which value a field never has.
func (known lokiFieldNames) checkQuery(query string) error {
	rest := lokiDuration.ReplaceAllString(lokiQuoted.ReplaceAllString(query, ""), "")
	for _, word := range lokiIdentifier.FindAllString(rest, -1) {
		if !slices.Contains(lokiWords, word) && !known[word] {
			return fmt.Errorf("%s is no field: %s", word, query)
		}
	}
	for _, match := range lokiMatcher.FindAllStringSubmatch(query, -1) {
		for value := range strings.SplitSeq(match[2], "|") {
			few, ok := lokiValues[match[1]]
			if ok && value != ".+" && !slices.Contains(few, value) {
				return fmt.Errorf("%s is never %s: %s", match[1], value, query)
			}
		}
	}
	return nil
}

// checkTemplate says which label of a text its query does not return.
func (known lokiFieldNames) checkTemplate(text, query string) error {
	var returned []string
	for _, group := range lokiGrouping.FindAllStringSubmatch(query, -1) {
		for name := range strings.SplitSeq(group[1], ",") {
			returned = append(returned, strings.TrimSpace(name))
		}
	}
	for _, name := range lokiLabel.FindAllStringSubmatch(text, -1) {
		if !known[name[1]] || !slices.Contains(returned, name[1]) {
			return fmt.Errorf("{{%s}} is no label of %s", name[1], query)
		}
	}
	return nil
}
