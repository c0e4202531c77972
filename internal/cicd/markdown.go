package cicd

import (
	"fmt"
	"strings"
)

// Markdown returns the documentation of the systems: how each is told, and
// which variables give which attribute.
func (s *Systems) Markdown() string {
	var b strings.Builder
	for i, system := range s.systems {
		if i > 0 {
			b.WriteString("\n")
		}
		system.write(&b)
	}
	return b.String()
}

func (s *system) write(b *strings.Builder) {
	fmt.Fprintf(b, "### [%s](%s)\n\n`%s`, told by %s.\n\n", s.title, s.docs, s.id, s.detection())
	b.WriteString("| attribute | from |\n| --- | --- |\n")
	last := ""
	for i := range s.attributes {
		r := &s.attributes[i]
		if r.key == last {
			fmt.Fprintf(b, ", else %s", s.describeRule(r))
			continue
		}
		if last != "" {
			b.WriteString(" |\n")
		}
		fmt.Fprintf(b, "| `%s` | %s", r.key, s.describeRule(r))
		last = r.key
	}
	b.WriteString(" |\n")
	s.writeFact(b, "what started it", s.trigger)
	s.writeFact(b, "fork", s.fork)
}

func (s *system) writeFact(b *strings.Builder, title string, rules []rule) {
	if len(rules) == 0 {
		return
	}
	texts := make([]string, len(rules))
	for i := range rules {
		texts[i] = s.describeRule(&rules[i])
	}
	fmt.Fprintf(b, "| %s | %s |\n", title, strings.Join(texts, ", else "))
}

func (s *system) detection() string {
	ways := make([]string, len(s.detect))
	for i, all := range s.detect {
		conditions := make([]string, len(all))
		for j := range all {
			conditions[j] = all[j].describe(all[j].variable.name)
		}
		ways[i] = strings.Join(conditions, " and ")
	}
	return strings.Join(ways, ", or ")
}

func (c condition) describe(name string) string {
	switch c.kind {
	case isUnset:
		return "no `" + name + "`"
	case isSet:
		return "`" + name + "`"
	case isSetElse:
		return "`" + name + "` other than `" + c.value + "`"
	}
	return "`" + name + "=" + c.value + "`"
}

func (s *system) describeRule(r *rule) string {
	text := s.describeTemplate(r)
	if r.within {
		text += " within `" + r.prefix + "…" + r.suffix + "`"
	}
	if r.as != asIs {
		text += " (" + strings.ReplaceAll(string(r.as), "_", " ") + ")"
	}
	for i, c := range r.conditions {
		joint := " if "
		if i > 0 {
			joint = " and "
		}
		text += joint + c.describe(s.variables[c.variable].name)
	}
	return text
}

func (s *system) describeTemplate(r *rule) string {
	if r.differ {
		return "`" + s.variables[r.template[0].variable].name + "` differs from `" + s.variables[r.template[1].variable].name + "`"
	}
	if len(r.template) == 1 && r.template[0].variable >= 0 {
		return "`" + s.variables[r.template[0].variable].name + "`"
	}
	var b strings.Builder
	for _, p := range r.template {
		if p.variable < 0 {
			b.WriteString(p.text)
		} else {
			b.WriteString("{" + s.variables[p.variable].name + "}")
		}
	}
	return "`" + b.String() + "`"
}
