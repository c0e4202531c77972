package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const documentHead = `# Tools

<!-- Printed by internal/reference from internal/catalogue/tools.yaml. Do not edit. -->

What the %s processor knows: %d tools under %d names, in %d families. The
techniques are of %s, version %s.

- **Tier**: an execution of a *dedicated* tool always matches; a *general* one matches only where its arguments or
  descriptors show that something is copied, or a file was given that may hide it.
- **Direction**: what tells upload from download: the *arguments*, the *name* alone, or nothing (*unknown*).
- **Upload**, **download**: techniques of a copy in that direction. Where an upload's depends on whether the channel is
  encrypted, both are given.
- A name with an asterisk is also that of another program, or of one that does much else, and needs evidence.

A configuration may add tools, and change or disable these: see the processor's ` + "`tools`" + ` setting.
`

// Document returns docs/tools.md: the catalogue for people, in Markdown.
func (c *Catalogue) Document() string {
	var b strings.Builder
	fmt.Fprintf(&b, documentHead, "`net_filecopy`", len(c.Tools), len(c.byName), len(c.Families), c.Attack.Framework, c.Attack.Version)
	used := make(map[string]Reference)
	for _, family := range c.Families {
		c.documentFamily(&b, family, used)
	}
	b.WriteString("\n## Techniques\n\n| id | name | tactics |\n| --- | --- | --- |\n")
	for _, id := range slices.Sorted(maps.Keys(used)) {
		threat, _ := c.Attack.Threat(id)
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s |\n", id, used[id].URL, used[id].Name,
			join(threat.Tactics, func(r Reference) string { return r.Name }))
	}
	return b.String()
}

func (c *Catalogue) documentFamily(b *strings.Builder, family *Family, used map[string]Reference) {
	fmt.Fprintf(b, "\n## %s (`%s`)\n\n", family.Title, family.ID)
	heading := "| tool | also | tier | protocol | upload | download | direction | |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n"
	for _, tool := range c.Tools {
		if tool.Family != family {
			continue
		}
		b.WriteString(heading)
		heading = ""
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", documentName(tool, tool.Name),
			join(tool.Aliases, func(name string) string { return documentName(tool, name) }),
			tool.Tier, tool.Protocol, documentUpload(tool, used), documentThreat(&tool.Download, used), tool.Known,
			strings.ReplaceAll(tool.About, "|", `\|`))
	}
	if heading != "" {
		b.WriteString("Tools of the configuration, where it names no other family.\n")
	}
}

func documentName(tool *Tool, name string) string {
	if _, ambiguous := tool.Ambiguous[name]; ambiguous {
		return "`" + name + "`*"
	}
	return "`" + name + "`"
}

func documentUpload(tool *Tool, used map[string]Reference) string {
	upload := documentThreat(&tool.Upload, used)
	documentThreat(&tool.threats.listen, used)
	documentThreat(&tool.threats.remoteToRemote, used)
	variants := []string{}
	for _, variant := range []struct {
		channel string
		threat  *Threat
	}{{"clear", &tool.threats.uploadClear}, {"encrypted", &tool.threats.uploadEncrypted}} {
		if !variant.threat.empty() {
			variants = append(variants, variant.channel+": "+documentThreat(variant.threat, used))
		}
	}
	if len(variants) == 0 {
		return upload
	}
	return upload + "; " + strings.Join(variants, "; ")
}

// documentThreat lists sub-techniques, and techniques of which none is there.
func documentThreat(threat *Threat, used map[string]Reference) string {
	var ids []Reference
	for _, technique := range threat.Techniques {
		isParent := func(sub Reference) bool { return strings.HasPrefix(sub.ID, technique.ID+".") }
		if slices.ContainsFunc(threat.Subtechniques, isParent) {
			for _, sub := range threat.Subtechniques {
				if isParent(sub) {
					ids = append(ids, sub)
				}
			}
			continue
		}
		ids = append(ids, technique)
	}
	for _, reference := range ids {
		used[reference.ID] = reference
	}
	return join(ids, func(r Reference) string { return r.ID })
}

func join[T any](list []T, text func(T) string) string {
	words := make([]string, len(list))
	for i, item := range list {
		words[i] = text(item)
	}
	return strings.Join(words, ", ")
}
