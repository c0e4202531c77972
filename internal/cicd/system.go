package cicd

import "strings"

// system is a CI system. Rules refer to variables by their place in its list,
// so that each is asked for once.
type system struct {
	id, title, docs string
	detect          [][]named // any of these, of which all must hold
	variables       []variable
	attributes      []rule // in the order of the keys; of those with one key, the first that yields a value counts
	trigger         []rule
	triggers        map[string]string // the system's word to the package's
	fork            []rule            // one that yields a value shows a fork
	eventFile       rule
}

// variable is a variable of the environment or a resource attribute.
type variable struct {
	name string
	// older is how a label of a pod is named by collectors that do not yet
	// follow the semantic conventions, which dropped a letter.
	older string
}

// The prefixes of labels and annotations of a pod as resource attributes: as
// in the semantic conventions, and as the k8sattributes processor named them
// before its feature gate k8sattr.labelsAnnotationsSingular.allow.
const (
	labelPrefix           = "k8s.pod.label."
	olderLabelPrefix      = "k8s.pod.labels."
	annotationPrefix      = "k8s.pod.annotation."
	olderAnnotationPrefix = "k8s.pod.annotations."
)

func newVariable(name string) variable {
	if label, ok := strings.CutPrefix(name, labelPrefix); ok {
		return variable{name: name, older: olderLabelPrefix + label}
	}
	if annotation, ok := strings.CutPrefix(name, annotationPrefix); ok {
		return variable{name: name, older: olderAnnotationPrefix + annotation}
	}
	return variable{name: name}
}

// names are all names by which it may be asked for.
func (v variable) names() []string {
	if v.older == "" {
		return []string{v.name}
	}
	return []string{v.name, v.older}
}

// maxValue is the longest value in bytes that is looked at. None that a CI
// system sets comes near; a job may set megabytes.
const maxValue = 1024

func (v variable) value(env func(string) string) string {
	value := env(v.name)
	if value == "" && v.older != "" {
		value = env(v.older)
	}
	if len(value) > maxValue {
		return ""
	}
	return value
}

// named is a condition on a variable that belongs to no system's list.
type named struct {
	variable variable
	condition
}

func (s *system) detected(env func(string) string) bool {
	for _, all := range s.detect {
		if holds(all, env) {
			return true
		}
	}
	return false
}

func holds(all []named, env func(string) string) bool {
	for i := range all {
		if !all[i].holds(all[i].variable.value(env)) {
			return false
		}
	}
	return true
}

func (s *system) describe(env func(string) string) Context {
	values := make([]string, len(s.variables))
	for i := range s.variables {
		values[i] = s.variables[i].value(env)
	}
	c := Context{System: s.id, Attributes: make([]Attribute, 0, len(keys))}
	last := ""
	for i := range s.attributes {
		r := &s.attributes[i]
		if r.key == last {
			continue
		}
		if value := r.value(values); value != "" && permits(r.key, value) {
			c.Attributes = append(c.Attributes, Attribute{Key: r.key, Value: value})
			last = r.key
		}
	}
	c.Trigger = first(s.trigger, values)
	if known, ok := s.triggers[c.Trigger]; ok {
		c.Trigger = known
	}
	c.Fork = first(s.fork, values) != ""
	c.EventFile = s.eventFile.value(values)
	return c
}

// first is the value of the first rule that yields one.
func first(rules []rule, values []string) string {
	for i := range rules {
		if value := rules[i].value(values); value != "" {
			return value
		}
	}
	return ""
}
