//go:build linux

package siem

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// savedObject is a line of an export of Kibana.
type savedObject struct {
	ID, Type             string
	Attributes           map[string]any
	References           []reference
	CoreMigrationVersion string
	TypeMigrationVersion string
}

type reference struct{ ID, Type, Name string }

// What the dashboard shows and what the rules look for is in the documents of
// both mapping modes: a name that no document has shows nothing, and says nothing.
func TestKibanaNamesWhatDocumentsHave(t *testing.T) {
	used := map[string]string{} // field, and where it is named
	for _, object := range readObjects(t) {
		for _, field := range fieldsOf(object) {
			used[field] = object.Type + " " + object.ID
		}
	}
	for _, rule := range readLines[detectionRule](t, "detection-rules.ndjson") {
		for _, field := range append(queriedFields(rule.Query), rule.fields()...) {
			used[field] = "rule " + rule.Name
		}
	}
	require.Greater(t, len(used), 15)
	for _, mode := range elasticModes {
		known := documentFields(t, mode.config, mode.otel)
		require.Greater(t, len(known), 100)
		for field, where := range used {
			assert.True(t, known[field], "%s names %s, which documents of %s do not have", where, field, mode.config)
		}
	}
}

// documentFields are the names of all fields that documents have, as queries name them.
func documentFields(t *testing.T, config string, otel bool) map[string]bool {
	t.Helper()
	server := newElasticServer(t, otel)
	c := newCollector(t, distribution, []string{config}, server.variables("COPYWATCH_MATCHES_ONLY=false")...)
	c.start(t)
	logs := everyRecord(t)
	sent := stampTimes(logs, time.Now())
	sendLogs(t, c, logs)
	server.requireArrival(t, server.byTime, sent)
	fields := map[string]bool{}
	for _, document := range server.all() {
		addFields(fields, "", document)
	}
	if otel { // attributes are pass-through fields: their names stand for themselves
		for name := range fields {
			short := strings.TrimPrefix(strings.TrimPrefix(name, "resource."), "attributes.")
			fields[short] = true
		}
	}
	return fields
}

func addFields(fields map[string]bool, prefix string, object map[string]any) {
	for name, value := range object {
		if inner, ok := value.(map[string]any); ok {
			addFields(fields, prefix+name+".", inner)
			continue
		}
		fields[prefix+name] = true
	}
}

// What is on the dashboard is in the file, and each object is of a form that Kibana 8 imports.
func TestKibanaObjectsAreComplete(t *testing.T) {
	objects := readObjects(t)
	byID := map[string]bool{}
	for _, object := range objects {
		require.False(t, byID[object.Type+"/"+object.ID], "%s is there twice", object.ID)
		byID[object.Type+"/"+object.ID] = true
		assert.NotEmpty(t, object.Attributes["title"], object.ID)
		assert.NotEmpty(t, object.CoreMigrationVersion, object.ID)
		assert.NotEmpty(t, object.TypeMigrationVersion, object.ID)
	}
	shown := 0
	for _, object := range objects {
		names := map[string]bool{}
		for _, r := range object.References {
			assert.True(t, byID[r.Type+"/"+r.ID], "%s refers to %s %s", object.ID, r.Type, r.ID)
			names[r.Name] = true
		}
		for _, name := range referenceNames(t, object) {
			assert.True(t, names[name], "%s has no reference %s", object.ID, name)
			delete(names, name)
		}
		assert.Empty(t, names, "%s does not use", object.ID)
		if object.Type == "dashboard" {
			shown = len(object.References)
		}
	}
	assert.Equal(t, len(objects)-2, shown, "all but the dashboard and the data view are shown")
	for _, mode := range elasticModes {
		assert.True(t, matchesIndex(dataView(t, objects), "logs-"+mode.stream+"-default"), mode.stream)
	}
}

// referenceNames are the references that the state of an object wants.
func referenceNames(t *testing.T, object savedObject) (names []string) {
	t.Helper()
	if source, ok := object.Attributes["kibanaSavedObjectMeta"].(map[string]any); ok {
		var search struct{ IndexRefName string }
		require.NoError(t, json.Unmarshal([]byte(source["searchSourceJSON"].(string)), &search), object.ID)
		if search.IndexRefName != "" {
			names = append(names, search.IndexRefName)
		}
	}
	layers, _ := at(object.Attributes, "state.datasourceStates.formBased.layers").(map[string]any)
	for id := range layers {
		names = append(names, "indexpattern-datasource-layer-"+id)
	}
	if text, ok := object.Attributes["panelsJSON"].(string); ok {
		var panels []struct{ PanelIndex, PanelRefName string }
		require.NoError(t, json.Unmarshal([]byte(text), &panels))
		for _, panel := range panels {
			names = append(names, panel.PanelIndex+":"+panel.PanelRefName)
		}
	}
	return names
}

func dataView(t *testing.T, objects []savedObject) []string {
	t.Helper()
	for _, object := range objects {
		if object.Type == "index-pattern" {
			return strings.Split(object.Attributes["title"].(string), ",")
		}
	}
	require.FailNow(t, "no data view")
	return nil
}

func matchesIndex(patterns []string, index string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		return strings.HasSuffix(pattern, "*") && strings.HasPrefix(index, strings.TrimSuffix(pattern, "*"))
	})
}

// detectionRule is a line of an export of detection rules.
type detectionRule struct {
	RuleID      string `json:"rule_id"`
	Name        string
	Description string
	Type        string
	Language    string
	Query       string
	Index       []string
	Interval    string
	From, To    string
	Severity    string
	RiskScore   int `json:"risk_score"`
	RiskMapping []struct {
		Field, Operator string
	} `json:"risk_score_mapping"`
	Threat []struct {
		Framework string
		Tactic    attackEntry
		Technique []attackEntry
	}
}

type attackEntry struct{ ID, Name, Reference string }

func (r detectionRule) fields() (fields []string) {
	for _, m := range r.RiskMapping {
		fields = append(fields, m.Field)
	}
	return fields
}

// Every importance above low has a rule, the loss of events has one, and they
// speak of ATT&CK as the catalogue does.
func TestDetectionRules(t *testing.T) {
	names := attackNames(t)
	ids, queries := map[string]bool{}, ""
	for _, rule := range readLines[detectionRule](t, "detection-rules.ndjson") {
		assert.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, rule.RuleID)
		assert.False(t, ids[rule.RuleID], "%s has the id of another", rule.Name)
		ids[rule.RuleID] = true
		queries += rule.Query + "\n"
		assert.NotEmpty(t, rule.Description, rule.Name)
		assert.Equal(t, []string{"query", "kuery", "5m", "now-24h", "now"}, []string{rule.Type, rule.Language, rule.Interval, rule.From, rule.To})
		assert.Contains(t, []string{"low", "medium", "high", "critical"}, rule.Severity)
		assert.True(t, rule.RiskScore > 0 && rule.RiskScore <= 100)
		for _, mode := range elasticModes {
			assert.True(t, matchesIndex(rule.Index, "logs-"+mode.stream+"-default"), mode.stream)
		}
		for _, threat := range rule.Threat {
			assert.Equal(t, "MITRE ATT&CK", threat.Framework)
			for _, entry := range append(threat.Technique, threat.Tactic) {
				assert.Equal(t, names[entry.ID], entry.Name, "%s of %s", entry.ID, rule.Name)
				assert.True(t, strings.HasSuffix(entry.Reference, "/"+entry.ID+"/"), entry.Reference)
			}
		}
	}
	for _, want := range []string{`filecopy.importance : "critical"`, `filecopy.importance : "high"`, `filecopy.importance : "medium"`, `event.action : "loss"`} {
		assert.Contains(t, queries, want)
	}
}

func attackNames(t *testing.T) map[string]string {
	t.Helper()
	content, err := os.ReadFile("../../internal/catalogue/attack.yaml")
	require.NoError(t, err)
	var attack struct{ Tactics, Techniques []struct{ ID, Name string } }
	require.NoError(t, yaml.Unmarshal(content, &attack))
	names := map[string]string{}
	for _, entry := range append(attack.Tactics, attack.Techniques...) {
		names[entry.ID] = entry.Name
	}
	require.NotEmpty(t, names)
	return names
}

func readObjects(t *testing.T) []savedObject {
	t.Helper()
	return readLines[savedObject](t, "dashboard.ndjson")
}

// readLines reads JSON lines of deploy/elastic.
func readLines[T any](t *testing.T, name string) (lines []T) {
	t.Helper()
	content, err := os.ReadFile("../../deploy/elastic/" + name)
	require.NoError(t, err)
	for line := range strings.Lines(string(content)) {
		var one T
		require.NoError(t, json.Unmarshal([]byte(line), &one), "%s: %s", name, line)
		lines = append(lines, one)
	}
	require.NotEmpty(t, lines)
	return lines
}

// fieldsOf are the fields that an object names: in columns, in what it sorts by, and in queries.
func fieldsOf(object savedObject) (fields []string) {
	for _, column := range asList(object.Attributes["columns"]) {
		fields = append(fields, column.(string))
	}
	for _, by := range asList(object.Attributes["sort"]) {
		fields = append(fields, asList(by)[0].(string))
	}
	if name, ok := object.Attributes["timeFieldName"].(string); ok {
		fields = append(fields, name)
	}
	if source, ok := object.Attributes["kibanaSavedObjectMeta"].(map[string]any); ok {
		var search map[string]any
		if json.Unmarshal([]byte(source["searchSourceJSON"].(string)), &search) == nil {
			fields = append(fields, fieldsBelow(search)...)
		}
	}
	return append(fields, fieldsBelow(object.Attributes["state"])...)
}

// fieldsBelow finds source fields and queries wherever they are in a state.
func fieldsBelow(state any) (fields []string) {
	switch value := state.(type) {
	case map[string]any:
		for name, inner := range value {
			text, isText := inner.(string)
			switch {
			case name == "sourceField" && text != "___records___":
				fields = append(fields, text)
			case name == "query" && isText:
				fields = append(fields, queriedFields(text)...)
			}
			fields = append(fields, fieldsBelow(inner)...)
		}
	case []any:
		for _, inner := range value {
			fields = append(fields, fieldsBelow(inner)...)
		}
	}
	return fields
}

func asList(value any) []any {
	list, _ := value.([]any)
	return list
}

var (
	quotedText   = regexp.MustCompile(`"[^"]*"`)
	queriedField = regexp.MustCompile(`([A-Za-z@_][\w@.-]*)\s*(?::|[<>]=?)`)
)

// queriedFields are the names on the left of what a query in Kibana's language compares.
func queriedFields(query string) (fields []string) {
	for _, match := range queriedField.FindAllStringSubmatch(quotedText.ReplaceAllString(query, `""`), -1) {
		fields = append(fields, match[1])
	}
	return fields
}
