package sensitive

import (
	"fmt"
	"strings"
)

// Markdown returns the documentation of the classes, the most severe first.
func (c *Classes) Markdown() string {
	var b strings.Builder
	b.WriteString("| class | is | paths | but not |\n| --- | --- | --- | --- |\n")
	for _, class := range c.classes {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", class.ID, class.Title, codes(class.Patterns), codes(class.Not))
	}
	return b.String()
}

func codes(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "`" + strings.Join(list, "` `") + "`"
}
