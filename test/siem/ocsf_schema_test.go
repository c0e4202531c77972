//go:build linux

package siem

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// ocsfSchema is the part of the published schema that the configuration makes events of.
type ocsfSchema struct {
	Version string                 `yaml:"version"`
	Classes map[string]*ocsfObject `yaml:"classes"`
	Objects map[string]*ocsfObject `yaml:"objects"`
}

// ocsfObject is a class or an object.
type ocsfObject struct {
	UID        int64                     `yaml:"uid"`
	Category   int64                     `yaml:"category"`
	AtLeastOne []string                  `yaml:"at_least_one"`
	Open       bool                      `yaml:"open"` // any attribute is allowed
	Attributes map[string]*ocsfAttribute `yaml:"attributes"`
}

type ocsfAttribute struct {
	Type     string           `yaml:"type"` // or an object's name
	List     bool             `yaml:"list"`
	Required bool             `yaml:"required"`
	Profile  string           `yaml:"profile"` // without which it is not there
	Sibling  string           `yaml:"sibling"` // says the same in words
	Enum     map[int64]string `yaml:"enum"`    // values with their captions
}

func readOCSFSchema(t *testing.T) *ocsfSchema {
	t.Helper()
	content, err := os.ReadFile("../../testdata/ocsf/schema-1.1.0.yaml")
	require.NoError(t, err)
	schema := new(ocsfSchema)
	require.NoError(t, yaml.Unmarshal(content, schema))
	require.Len(t, schema.Classes, 3)
	return schema
}

// ocsfCheck collects what is wrong with one event.
type ocsfCheck struct {
	schema   *ocsfSchema
	profiles []string
	faults   []string
}

// faults returns everything about an event that is not as the schema wants it.
func (s *ocsfSchema) faults(event map[string]any) []string {
	c := &ocsfCheck{schema: s}
	uid, _ := ocsfInteger(event["class_uid"])
	var class *ocsfObject
	for _, candidate := range s.Classes {
		if candidate.UID == uid {
			class = candidate
		}
	}
	if class == nil {
		return []string{fmt.Sprintf("class_uid %v is none of the classes", event["class_uid"])}
	}
	metadata, _ := event["metadata"].(map[string]any)
	profiles, _ := metadata["profiles"].([]any)
	for _, profile := range profiles {
		c.profiles = append(c.profiles, fmt.Sprint(profile))
	}
	if metadata["version"] != s.Version {
		c.fault("metadata.version", "is %v", metadata["version"])
	}
	if category, _ := ocsfInteger(event["category_uid"]); category != class.Category {
		c.fault("category_uid", "is %d", category)
	}
	activity, _ := ocsfInteger(event["activity_id"])
	if kind, _ := ocsfInteger(event["type_uid"]); kind != class.UID*100+activity {
		c.fault("type_uid", "is %d", kind)
	}
	c.object("", class, event)
	return c.faults
}

func (c *ocsfCheck) fault(path, format string, args ...any) {
	c.faults = append(c.faults, path+": "+fmt.Sprintf(format, args...))
}

func (c *ocsfCheck) object(path string, object *ocsfObject, value map[string]any) {
	if object.Open {
		return
	}
	for name, element := range value {
		at := path + "." + name
		attribute := object.Attributes[name]
		switch {
		case attribute == nil:
			c.fault(at, "is not in the schema")
		case attribute.Profile != "" && !slices.Contains(c.profiles, attribute.Profile):
			c.fault(at, "is of the profile %s, which metadata.profiles does not have", attribute.Profile)
		case attribute.List:
			c.list(at, attribute, element)
		default:
			c.value(at, attribute, element)
			c.sibling(at, attribute, element, value)
		}
	}
	for name, attribute := range object.Attributes {
		if _, there := value[name]; attribute.Required && !there && (attribute.Profile == "" || slices.Contains(c.profiles, attribute.Profile)) {
			c.fault(path+"."+name, "is required")
		}
	}
	if len(object.AtLeastOne) > 0 && !slices.ContainsFunc(object.AtLeastOne, func(name string) bool { return value[name] != nil }) {
		c.fault(path, "has none of %v", object.AtLeastOne)
	}
}

func (c *ocsfCheck) list(path string, attribute *ocsfAttribute, value any) {
	elements, ok := value.([]any)
	if !ok {
		c.fault(path, "is no list")
	}
	for i, element := range elements {
		c.value(path+"["+strconv.Itoa(i)+"]", attribute, element)
	}
}

// sibling wants the words beside an id, and those that the schema has for it.
func (c *ocsfCheck) sibling(path string, attribute *ocsfAttribute, value any, beside map[string]any) {
	id, isID := ocsfInteger(value)
	if attribute.Sibling == "" || !isID {
		return
	}
	words, ok := beside[attribute.Sibling].(string)
	if !ok || words == "" {
		c.fault(path, "has no %s", attribute.Sibling)
	}
	if caption := attribute.Enum[id]; caption != "" && caption != "Other" && words != caption {
		c.fault(path, "is %d, %s, and %s is %q", id, caption, attribute.Sibling, words)
	}
}

func (c *ocsfCheck) value(path string, attribute *ocsfAttribute, value any) {
	if check := ocsfTypes[attribute.Type]; check != nil {
		if !check(value) {
			c.fault(path, "%#v is no %s", value, attribute.Type)
		}
		if id, ok := ocsfInteger(value); ok && attribute.Enum != nil && attribute.Enum[id] == "" {
			c.fault(path, "%d is not in the enumeration", id)
		}
		return
	}
	object := c.schema.Objects[attribute.Type]
	if object == nil {
		c.fault(path, "is a %s, of which the test knows nothing: add it to testdata/ocsf", attribute.Type)
		return
	}
	fields, ok := value.(map[string]any)
	if !ok {
		c.fault(path, "%#v is no %s", value, attribute.Type)
		return
	}
	c.object(path, object, fields)
}

var (
	ocsfHostname = regexp.MustCompile(`^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])$`)
	ocsfUUID     = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
)

// ocsfTypes says which values a type has.
var ocsfTypes = map[string]func(any) bool{
	"boolean_t":   func(v any) bool { _, ok := v.(bool); return ok },
	"string_t":    func(v any) bool { _, ok := v.(string); return ok },
	"json_t":      func(v any) bool { return v != nil },
	"integer_t":   isOCSFInteger,
	"long_t":      isOCSFInteger,
	"timestamp_t": func(v any) bool { n, ok := ocsfInteger(v); return ok && 1e12 < n && n < 1e13 }, // ms, of the years 2001 to 2286
	"port_t":      func(v any) bool { n, ok := ocsfInteger(v); return ok && 0 <= n && n <= math.MaxUint16 },
	"hostname_t":  func(v any) bool { return ocsfHostname.MatchString(ocsfText(v)) },
	"uuid_t":      func(v any) bool { return ocsfUUID.MatchString(ocsfText(v)) },
	"ip_t":        func(v any) bool { _, err := netip.ParseAddr(ocsfText(v)); return err == nil },
	"url_t":       func(v any) bool { u, err := url.Parse(ocsfText(v)); return err == nil && u.Scheme != "" },
}

func ocsfText(v any) string { s, _ := v.(string); return s }

func isOCSFInteger(v any) bool { _, ok := ocsfInteger(v); return ok }

// ocsfInteger reads a number that is written without a fraction.
func ocsfInteger(v any) (int64, bool) {
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := number.Int64()
	return n, err == nil
}
