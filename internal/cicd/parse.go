package cicd

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/internal/strict"
)

// The forms of ci.yaml, whose head describes the fields.
type (
	fileForm struct {
		Systems []systemForm `yaml:"systems"`
	}
	systemForm struct {
		ID         string                 `yaml:"id"`
		Title      string                 `yaml:"title"`
		Docs       string                 `yaml:"docs"`
		Detect     []map[string]string    `yaml:"detect"`
		Inherits   string                 `yaml:"inherits"`
		Attributes map[string]sourcesForm `yaml:"attributes"`
		Trigger    sourcesForm            `yaml:"trigger"`
		Triggers   map[string]string      `yaml:"triggers"`
		Fork       sourcesForm            `yaml:"fork"`
		EventFile  sourceForm             `yaml:"event_file"`
	}
	sourcesForm []sourceForm
	sourceForm  struct {
		From   string            `yaml:"from"`
		Differ []string          `yaml:"differ"`
		If     map[string]string `yaml:"if"`
		Within string            `yaml:"within"`
		As     form              `yaml:"as"`
	}
)

// UnmarshalYAML reads a list of sources, or one, which may be only its template.
func (s *sourcesForm) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return node.Decode((*[]sourceForm)(s))
	}
	*s = make(sourcesForm, 1)
	return (*s)[0].UnmarshalYAML(node)
}

// UnmarshalYAML reads a source, or its template alone. Decode of a node knows no strict mode, so fields are checked here.
func (s *sourceForm) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&s.From)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if field := node.Content[i]; !slices.Contains(sourceFields, field.Value) {
			return fmt.Errorf("line %d: field %s not found in a source", field.Line, field.Value)
		}
	}
	type plain sourceForm
	return node.Decode((*plain)(s))
}

var sourceFields = []string{"from", "differ", "if", "within", "as"}

var (
	systemID = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	// environmentName is that of a variable; resourceName, of a resource attribute, has a dot.
	environmentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	resourceName    = regexp.MustCompile(`^k8s\.[A-Za-z0-9_./-]+$`)
	// secretName is how variables are named that hold one. What they hold must not be read, let alone sent.
	secretName = regexp.MustCompile(`TOKEN|SECRET|PASS|CREDENTIAL|KEY|CI_REPOSITORY_URL`)
	// harmlessName has those that are named so and hold none: the name that the author of a pipeline gave to a step.
	harmlessName = regexp.MustCompile(`_STEP_KEY$`)
)

// parser collects the systems, and every fault of the file rather than the first.
type parser struct {
	forms   map[string]*systemForm
	systems []*system
	faults  []error
}

func (p *parser) faultf(format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf(format, args...))
}

func parse(data []byte) (*Systems, error) {
	var file fileForm
	if err := strict.Decode(data, &file); err != nil {
		return nil, err
	}
	p := parser{forms: make(map[string]*systemForm)}
	for i := range file.Systems {
		p.addSystem(&file.Systems[i])
	}
	if len(p.systems) == 0 {
		p.faultf("has no systems")
	}
	if err := errors.Join(p.faults...); err != nil {
		return nil, err
	}
	s := &Systems{systems: p.systems}
	s.variables, s.resource = names(p.systems)
	return s, nil
}

// names are those of all variables and of all resource attributes.
func names(systems []*system) (environment, resource []string) {
	all := make(map[string]struct{})
	for _, s := range systems {
		for _, v := range s.variables {
			for _, name := range v.names() {
				all[name] = struct{}{}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if strings.Contains(name, ".") {
			resource = append(resource, name)
		} else {
			environment = append(environment, name)
		}
	}
	return environment, resource
}

func (p *parser) addSystem(form *systemForm) {
	where := fmt.Sprintf("system %q", form.ID)
	if !systemID.MatchString(form.ID) {
		p.faultf("%s: id is not lower-case words joined by underscores", where)
	}
	if _, twice := p.forms[form.ID]; twice {
		p.faultf("%s: is there twice", where)
	}
	if form.Title == "" || form.Docs == "" {
		p.faultf("%s: has no title or no docs", where)
	}
	if len(form.Detect) == 0 {
		p.faultf("%s: has no detect", where)
	}
	p.forms[form.ID] = form
	if form.Inherits != "" {
		p.inherit(where, form)
	}
	b := builder{parser: p, where: where, system: &system{id: form.ID, title: form.Title, docs: form.Docs, triggers: form.Triggers}}
	b.build(form)
	p.systems = append(p.systems, b.system)
}

// inherit gives a system what it does not say itself as the other has it.
func (p *parser) inherit(where string, form *systemForm) {
	from, ok := p.forms[form.Inherits]
	if !ok || from == form {
		p.faultf("%s: inherits %q, which is not a system before it", where, form.Inherits)
		return
	}
	attributes := maps.Clone(from.Attributes)
	maps.Copy(attributes, form.Attributes)
	form.Attributes = attributes
	if form.Trigger == nil {
		form.Trigger, form.Triggers = from.Trigger, from.Triggers
	}
	if form.Fork == nil {
		form.Fork = from.Fork
	}
	if form.EventFile.From == "" {
		form.EventFile = from.EventFile
	}
}

// builder turns the form of one system into rules.
type builder struct {
	*parser
	where  string
	system *system
}

func (b *builder) build(form *systemForm) {
	for _, all := range form.Detect {
		b.addDetect(all)
	}
	for _, key := range slices.Sorted(maps.Keys(form.Attributes)) {
		if !slices.Contains(keys, key) {
			b.faultf("%s: %q is not one of the attributes in keys.go", b.where, key)
		}
	}
	for _, key := range keys {
		b.system.attributes = append(b.system.attributes, b.rules(key, form.Attributes[key])...)
	}
	b.system.trigger = b.rules("trigger", form.Trigger)
	b.system.fork = b.rules("fork", form.Fork)
	if form.EventFile.From != "" {
		b.system.eventFile = b.rule("event_file", &form.EventFile)
	} else {
		b.system.eventFile.template = []part{{variable: -1}}
	}
}

func (b *builder) addDetect(all map[string]string) {
	var conditions []named
	set := false
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c := named{variable: newVariable(name), condition: parseCondition(all[name])}
		set = set || c.kind != isUnset
		b.variable("detect", name)
		conditions = append(conditions, c)
	}
	if !set {
		b.faultf("%s: detect: an entry holds where nothing is set", b.where)
	}
	b.system.detect = append(b.system.detect, conditions)
}

func (b *builder) rules(key string, sources sourcesForm) []rule {
	rules := make([]rule, 0, len(sources))
	for i := range sources {
		rules = append(rules, b.rule(key, &sources[i]))
	}
	return rules
}

func (b *builder) rule(key string, source *sourceForm) rule {
	r := rule{key: key, as: source.As, url: strings.HasSuffix(key, ".url.full")}
	if !slices.Contains(forms, source.As) {
		b.faultf("%s: %s: there is no form %q", b.where, key, source.As)
	}
	for _, name := range slices.Sorted(maps.Keys(source.If)) {
		r.conditions = append(r.conditions, indexed{b.variable(key, name), parseCondition(source.If[name])})
	}
	switch {
	case (source.From == "") == (len(source.Differ) == 0):
		b.faultf("%s: %s: needs either from or differ", b.where, key)
	case len(source.Differ) == 0:
		r.template = b.template(key, source.From)
	case len(source.Differ) != 2:
		b.faultf("%s: %s: differ takes two variables", b.where, key)
	default:
		r.differ = true
		r.template = []part{{variable: b.variable(key, source.Differ[0])}, {variable: b.variable(key, source.Differ[1])}}
	}
	if source.Within != "" {
		r.prefix, r.suffix, r.within = strings.Cut(source.Within, "{}")
		if !r.within {
			b.faultf("%s: %s: within %q has no {}", b.where, key, source.Within)
		}
	}
	if len(r.template) == 1 && r.template[0].variable < 0 && !permits(key, source.From) {
		b.faultf("%s: %s: cannot be %q", b.where, key, source.From)
	}
	return r
}

// template splits text with {VARIABLES} into its parts.
func (b *builder) template(key, text string) []part {
	var parts []part
	for text != "" {
		literal, rest, ok := strings.Cut(text, "{")
		if literal != "" {
			parts = append(parts, part{text: literal, variable: -1})
		}
		if !ok {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.faultf("%s: %s: %q has a { without }", b.where, key, text)
			break
		}
		parts = append(parts, part{variable: b.variable(key, name)})
		text = after
	}
	return parts
}

// variable is the place of a variable in the system's list, which it is added to.
func (b *builder) variable(key, name string) int {
	switch {
	case !environmentName.MatchString(name) && !resourceName.MatchString(name):
		b.faultf("%s: %s: %q is not a name of a variable", b.where, key, name)
	case secretName.MatchString(strings.ToUpper(name)) && !harmlessName.MatchString(name):
		b.faultf("%s: %s: %s is named as if it held a secret", b.where, key, name)
	}
	i := slices.IndexFunc(b.system.variables, func(v variable) bool { return v.name == name })
	if i >= 0 {
		return i
	}
	b.system.variables = append(b.system.variables, newVariable(name))
	return len(b.system.variables) - 1
}
