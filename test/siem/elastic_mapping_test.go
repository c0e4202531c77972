//go:build linux

package siem

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// elasticMapping is the types of the fields of an index: those of ECS
// (testdata/ecs/fields.csv) and those of the component template in
// deploy/elastic. What neither has is refused, unless it is below openPrefixes.
type elasticMapping struct {
	fields  map[string]elasticField
	objects map[string]bool // what is above a field
	coerces bool            // a number or a boolean is text where a keyword is wanted, as Elasticsearch has it
}

type elasticField struct {
	kind  string
	array bool // ECS: several values, always a list
	own   bool // of the component template: one value or a list
}

// Below these, texts may come under any name: attributes of the semantic
// conventions (CI systems, repositories) and what Elastic's own integration
// for Kubernetes uses.
var openPrefixes = []string{"cicd.", "vcs.", "kubernetes.", "deployment.environment."}

func newElasticMapping(t *testing.T) *elasticMapping {
	t.Helper()
	m := &elasticMapping{fields: map[string]elasticField{}, objects: map[string]bool{}}
	content, err := os.ReadFile("../../testdata/ecs/fields.csv")
	require.NoError(t, err)
	for line := range strings.Lines(string(content)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(strings.TrimSpace(line), ",")
		m.add(parts[0], elasticField{kind: parts[1], array: len(parts) == 3})
	}
	var template struct {
		Template struct{ Mappings map[string]any }
	}
	content, err = os.ReadFile("../../deploy/elastic/component-template.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &template))
	m.addProperties("", template.Template.Mappings)
	require.Greater(t, len(m.fields), 500)
	return m
}

func (m *elasticMapping) addProperties(prefix string, mapping map[string]any) {
	properties, _ := mapping["properties"].(map[string]any)
	for name, value := range properties {
		field := value.(map[string]any)
		if kind, ok := field["type"].(string); ok {
			m.add(prefix+name, elasticField{kind: kind, own: true})
		} else {
			m.addProperties(prefix+name+".", field)
		}
	}
}

func (m *elasticMapping) add(name string, field elasticField) {
	m.fields[name] = field
	for i := range len(name) {
		if name[i] == '.' {
			m.objects[name[:i]] = true
		}
	}
}

// has says whether documents may have a field.
func (m *elasticMapping) has(name string) bool {
	_, ok := m.fields[name]
	return ok || slices.ContainsFunc(openPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// check refuses what Elasticsearch would, and what is no ECS.
func (m *elasticMapping) check(document map[string]any) error {
	if _, ok := document["@timestamp"]; !ok {
		return fmt.Errorf("data stream timestamp field [@timestamp] is missing")
	}
	if err := checkCategories(document); err != nil {
		return err
	}
	return m.checkObject("", document)
}

func (m *elasticMapping) checkObject(prefix string, object map[string]any) error {
	for name, value := range object {
		if err := m.checkField(prefix+name, value); err != nil {
			return err
		}
	}
	return nil
}

func (m *elasticMapping) checkField(name string, value any) error {
	field, known := m.fields[name]
	object, isObject := value.(map[string]any)
	switch {
	case isObject && known && !slices.Contains([]string{"object", "nested", "flattened"}, field.kind):
		return fmt.Errorf("object mapping for [%s] tried to parse field as object, but it is %s", name, field.kind)
	case isObject && known && field.kind == "flattened":
		return nil
	case isObject:
		return m.checkObject(name+".", object)
	case !known && m.objects[name]:
		return fmt.Errorf("[%s] is an object, but found a concrete value", name)
	case !known && m.has(name):
		field = elasticField{kind: "keyword"}
	case !known:
		return fmt.Errorf("[%s] is neither of ECS nor of the template", name)
	}
	list, isList := value.([]any)
	switch {
	case isList && !field.array && !field.own:
		return fmt.Errorf("[%s] has one value in ECS, here a list", name)
	case !isList && field.array:
		return fmt.Errorf("[%s] is a list in ECS, here one value", name)
	case !isList:
		list = []any{value}
	}
	for _, element := range list {
		if !m.isOf(field.kind, element) {
			return fmt.Errorf("failed to parse field [%s] of type [%s]: %v", name, field.kind, element)
		}
	}
	return nil
}

func (m *elasticMapping) isOf(kind string, value any) bool {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	_, isBool := value.(bool)
	switch kind {
	case "keyword", "constant_keyword", "wildcard", "match_only_text", "text":
		return isText || m.coerces && (isNumber || isBool || value == nil)
	case "long", "integer":
		_, err := strconv.ParseInt(number.String(), 10, 64)
		return isNumber && err == nil
	case "float", "scaled_float":
		return isNumber
	case "boolean":
		return isBool
	case "date":
		_, err := time.Parse(time.RFC3339Nano, text)
		return isText && err == nil
	case "ip":
		address, err := netip.ParseAddr(text)
		return isText && err == nil && address.Zone() == ""
	}
	return false
}

// What ECS allows in the fields by which events are sorted.
var (
	ecsKinds    = []string{"alert", "asset", "enrichment", "event", "metric", "state", "pipeline_error", "signal"}
	ecsOutcomes = []any{"failure", "success", "unknown", nil}
	ecsTypes    = map[string][]any{ // by category
		"process": {"access", "change", "end", "info", "start"},
		"host":    {"access", "change", "end", "info", "start"},
	}
)

func checkCategories(document map[string]any) error {
	kind, _ := at(document, "event.kind").(string)
	if !slices.Contains(ecsKinds, kind) {
		return fmt.Errorf("event.kind %q", kind)
	}
	if outcome := at(document, "event.outcome"); !slices.Contains(ecsOutcomes, outcome) {
		return fmt.Errorf("event.outcome %v", outcome)
	}
	categories, _ := at(document, "event.category").([]any)
	types, _ := at(document, "event.type").([]any)
	if len(categories) == 0 || len(types) == 0 {
		return fmt.Errorf("event.category %v, event.type %v", categories, types)
	}
	for _, category := range categories {
		name, _ := category.(string)
		for _, of := range types {
			if !slices.Contains(ecsTypes[name], of) {
				return fmt.Errorf("event.type %v of category %q", of, name)
			}
		}
	}
	return nil
}

// checkOTel checks the form that a document has in the otel mapping mode.
// Attributes are pass-through fields: their names have dots, and their values
// are no objects.
func checkOTel(document map[string]any) error {
	for _, name := range []string{"@timestamp", "observed_timestamp"} {
		if _, err := elasticTime(document[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if body, ok := document["body"].(map[string]any); ok {
		if text, ok := body["text"].(string); (!ok || text == "") && body["structured"] == nil {
			return fmt.Errorf("body: %v", body)
		}
	}
	for name, value := range document {
		switch name {
		case "@timestamp", "observed_timestamp", "body", "data_stream":
		case "severity_text", "event_name", "trace_id", "span_id":
			if _, ok := value.(string); !ok {
				return fmt.Errorf("%s: %v", name, value)
			}
		case "severity_number":
			if _, ok := value.(json.Number); !ok {
				return fmt.Errorf("%s: %v", name, value)
			}
		case "attributes":
			if err := checkAttributes(value); err != nil {
				return err
			}
		case "resource", "scope":
			object, _ := value.(map[string]any)
			if err := checkAttributes(object["attributes"]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		default:
			return fmt.Errorf("%s is not of the form of OpenTelemetry data", name)
		}
	}
	return nil
}

func checkAttributes(value any) error {
	if value == nil {
		return nil
	}
	attributes, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("attributes: %v", value)
	}
	for name, attribute := range attributes {
		if strings.HasPrefix(name, "elastic") || strings.HasPrefix(name, "data_stream.") {
			return fmt.Errorf("attribute %s is for the exporter, not for the document", name)
		}
		list, isList := attribute.([]any)
		if !isList {
			list = []any{attribute}
		}
		for _, element := range list {
			if _, isObject := element.(map[string]any); isObject {
				return fmt.Errorf("attribute %s is an object", name)
			}
		}
	}
	return nil
}

// elasticTime reads the two forms in which the exporter writes times: RFC 3339,
// and milliseconds since 1970. Behind the point of those is the number of
// nanoseconds, without leading zeros: as a fraction it is up to a millisecond wrong.
func elasticTime(value any) (time.Time, error) {
	text, ok := value.(string)
	if !ok {
		return time.Time{}, fmt.Errorf("no time: %v", value)
	}
	if moment, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return moment, nil
	}
	millis, fraction, _ := strings.Cut(text, ".")
	ms, err := strconv.ParseInt(millis, 10, 64)
	if err != nil {
		return time.Time{}, err
	}
	ns, err := strconv.ParseInt(fraction, 10, 64)
	return time.UnixMilli(ms).Add(time.Duration(ns)).UTC(), err
}
