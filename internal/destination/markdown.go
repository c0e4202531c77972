package destination

import (
	"fmt"
	"strings"
)

// Markdown returns the documentation of the classes: their schemes and hosts.
func (c *Classes) Markdown() string {
	var b strings.Builder
	b.WriteString("| class | is | schemes | hosts |\n| --- | --- | --- | --- |\n")
	for i := range c.forms.Classes {
		form := &c.forms.Classes[i]
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", form.ID, form.Title, codes(form.Schemes), codes(form.Hosts))
	}
	b.WriteString("\n| fact | is | hosts |\n| --- | --- | --- |\n")
	for i := range c.forms.Facts {
		form := &c.forms.Facts[i]
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", form.ID, form.Title, codes(form.Hosts))
	}
	return b.String()
}

func codes(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "`" + strings.Join(list, "` `") + "`"
}
