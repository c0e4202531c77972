package assessment

import (
	"fmt"
	"strings"
)

// Markdown returns the documentation of the table: bands, terms by group, lineage, guidance.
func (t *Table) Markdown() string {
	var b strings.Builder
	t.writeBands(&b)
	for _, group := range groups {
		t.writeTerms(&b, group)
	}
	t.writeLineage(&b)
	t.writeGuidance(&b)
	return b.String()
}

func (t *Table) writeBands(b *strings.Builder) {
	b.WriteString("### Bands\n\n| importance | score | severity |\n| --- | --- | --- |\n")
	for i := range t.Bands {
		band := &t.Bands[i]
		fmt.Fprintf(b, "| `%s` | %d to %d | %d `%s` |\n", band.Importance, band.From, t.top(band), band.Number, band.Text)
	}
}

func (t *Table) writeTerms(b *strings.Builder, group string) {
	fmt.Fprintf(b, "\n### Terms: %s\n\n| reason | points | when |\n| --- | --- | --- |\n", group)
	for i := range t.Terms {
		term := &t.Terms[i]
		if term.Group != group {
			continue
		}
		fmt.Fprintf(b, "| `%s` | %+d | %s |\n", term.Code, term.Points, term.describe())
	}
}

func (t *Term) describe() string {
	s := t.When
	if t.Value != "" {
		s += "; after the colon, " + t.Value
	}
	if t.Each {
		s += "; for each"
	}
	if t.AtLeast != nil {
		s += "; at least " + t.AtLeast.Importance
	}
	if t.AtMost != nil {
		s += "; at most " + t.AtMost.Importance
	}
	if t.RaisesOnly {
		s += "; never lowers"
	}
	return s
}

func (t *Table) writeLineage(b *strings.Builder) {
	b.WriteString("\n### Lineage\n\n| reason | programs | names |\n| --- | --- | --- |\n")
	for _, class := range t.classes {
		fmt.Fprintf(b, "| `%s` | %s | `%s` |\n", class.Code, class.Title, strings.Join(class.Names, "` `"))
	}
}

func (t *Table) writeGuidance(b *strings.Builder) {
	for _, env := range t.environments {
		fmt.Fprintf(b, "\n### Guidance: %s\n\n", env.form.Title)
		for _, entry := range env.form.Entries {
			fmt.Fprintf(b, "**%s**: %s\n\n", strings.Join(entry.For, ", "), entry.Implications)
			for i, action := range entry.Actions {
				fmt.Fprintf(b, "%d. %s\n", i+1, action)
			}
			b.WriteString("\n")
		}
	}
}
