package catalogue

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/strict"
)

// protocolVaries says that the name of a tool does not tell its protocol. An
// empty protocol would do, but could as well be a field that was forgotten.
const protocolVaries = "varies"

var (
	familyID     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	toolName     = regexp.MustCompile(`^[a-z0-9][a-z0-9._+-]*$`)
	protocolName = regexp.MustCompile(`^[a-z][a-z0-9.+-]*$`)
)

// maxName is how long a name may be that the sensor gives precedence to (bpf.Options).
const maxName = 63

// parser collects the catalogue, and every fault of the file rather than the first.
type parser struct {
	*Catalogue
	defaults map[*Family]Tool                      // what a tool of the family has, where its entry says nothing
	named    map[grammar.Direction]grammar.Grammar // of tools whose name says all
	faults   []error
}

func (p *parser) faultf(format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf(format, args...))
}

func parseTools(data []byte, attack *Attack) (*Catalogue, error) {
	var form toolsForm
	if err := strict.Decode(data, &form); err != nil {
		return nil, err
	}
	return build(form.Families, entries("", form.Tools), attack)
}

func build(families []familyForm, tools []entry, attack *Attack) (*Catalogue, error) {
	p := newParser(attack)
	for i := range families {
		p.addFamily(&families[i])
	}
	for i := range tools {
		p.addTool(&tools[i])
	}
	if len(p.Tools) == 0 {
		p.faultf("has no tools")
	}
	if err := errors.Join(p.faults...); err != nil {
		return nil, err
	}
	return p.Catalogue, nil
}

func newParser(attack *Attack) *parser {
	return &parser{
		Catalogue: &Catalogue{Attack: attack, byName: make(map[string]*Tool)},
		defaults:  make(map[*Family]Tool),
		named:     make(map[grammar.Direction]grammar.Grammar),
	}
}

func (p *parser) addFamily(form *familyForm) {
	where := fmt.Sprintf("family %q", form.ID)
	if !familyID.MatchString(form.ID) {
		p.faultf("%s: id is not lower-case words joined by hyphens", where)
	}
	if p.family(form.ID) != nil {
		p.faultf("%s: is there twice", where)
	}
	if form.Title == "" {
		p.faultf("%s: has no title", where)
	}
	if form.Protocol == "" {
		p.faultf("%s: has no protocol; where it is not one for all tools, write %q", where, protocolVaries)
	}
	family := &Family{ID: form.ID, Title: form.Title}
	defaults := Tool{Family: family, Tier: p.tier(where, form.Tier), Protocol: p.protocol(where, form.Protocol)}
	p.setThreats(where, &defaults, &form.Techniques)
	p.Families = append(p.Families, family)
	p.defaults[family] = defaults
}

func (p *parser) family(id string) *Family {
	i := slices.IndexFunc(p.Families, func(f *Family) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return p.Families[i]
}

func (p *parser) addTool(form *entry) {
	where := form.where()
	family := p.family(form.Family)
	if family == nil {
		p.faultf("%s: there is no family %q", where, form.Family)
	}
	if form.About == "" {
		p.faultf("%s: has no about", where)
	}
	tool := p.defaults[family]
	tool.Name, tool.Aliases, tool.About, tool.Ambiguous = form.Name, form.Aliases, form.About, form.Ambiguous
	if form.Tier != "" {
		tool.Tier = p.tier(where, form.Tier)
	}
	if form.Protocol != "" {
		tool.Protocol = p.protocol(where, form.Protocol)
	}
	if form.Techniques != nil {
		p.setThreats(where, &tool, form.Techniques)
	}
	p.setGrammar(where, &tool, &form.ToolForm)
	p.addNames(where, &tool)
	p.Tools = append(p.Tools, &tool)
}

func (p *parser) addNames(where string, tool *Tool) {
	names := append([]string{tool.Name}, tool.Aliases...)
	for _, name := range names {
		if !toolName.MatchString(name) {
			p.faultf("%s: name %q is not a base name in lower case", where, name)
		}
		if len(name) > maxName {
			p.faultf("%s: name %q has more than %d bytes", where, name, maxName)
		}
		if other, taken := p.byName[name]; taken {
			p.faultf("%s: name %q is already one of tool %q", where, name, other.Name)
			continue
		}
		p.byName[name] = tool
	}
	for _, name := range slices.Sorted(maps.Keys(tool.Ambiguous)) {
		if !slices.Contains(names, name) {
			p.faultf("%s: ambiguous %q is not one of its names", where, name)
		}
		if tool.Ambiguous[name] == "" {
			p.faultf("%s: ambiguous %q does not say what else it is", where, name)
		}
	}
}

func (p *parser) tier(where string, tier Tier) Tier {
	if tier != Dedicated && tier != General {
		p.faultf("%s: tier %q is neither %s nor %s", where, tier, Dedicated, General)
	}
	return tier
}

func (p *parser) protocol(where, name string) string {
	if name == protocolVaries {
		return ""
	}
	if name != "" && !protocolName.MatchString(name) {
		p.faultf("%s: protocol %q is not a lower-case name", where, name)
	}
	return name
}

// setGrammar says how the tool's arguments are read: by a grammar, by a table, or not, since the name says all.
func (p *parser) setGrammar(where string, tool *Tool, form *ToolForm) {
	given := 0
	tool.Known = NotKnown
	if form.Grammar != "" {
		given++
		tool.Known = ByArguments
		g, ok := grammar.Find(form.Grammar)
		if !ok {
			p.faultf("%s: grammar: there is none of the name %q", where, form.Grammar)
		}
		tool.grammar = g
	}
	if form.Table != nil {
		given++
		tool.Known = ByArguments
		tool.grammar = p.table(where+": table", form.Table)
	}
	if form.Direction != "" {
		given++
		tool.Known = ByName
		if p.named[form.Direction] == nil {
			p.named[form.Direction] = p.table(where, &grammar.Table{Permute: true, Direction: form.Direction})
		}
		tool.grammar = p.named[form.Direction]
	}
	switch {
	case given > 1:
		p.faultf("%s: has more than one of grammar, table and direction", where)
	case tool.Tier == General && tool.Known != ByArguments:
		p.faultf("%s: is general and has no grammar or table, so that nothing would show a copy", where)
	}
}

func (p *parser) table(where string, table *grammar.Table) grammar.Grammar {
	g, err := table.Grammar()
	if err != nil {
		p.faultf("%s: %w", where, err)
	}
	return g
}

// setThreats resolves techniques by direction. Upload must have some: it stands in for a direction that is unknown.
func (p *parser) setThreats(where string, tool *Tool, form *TechniquesForm) {
	if len(form.Upload) == 0 {
		p.faultf("%s: has no techniques for upload", where)
	}
	t := &tool.threats
	for _, list := range []struct {
		field string
		to    *Threat
		ids   []string
	}{
		{"upload", &tool.Upload, form.Upload},
		{"upload_clear", &t.uploadClear, form.UploadClear},
		{"upload_encrypted", &t.uploadEncrypted, form.UploadEncrypted},
		{"download", &tool.Download, form.Download},
		{"listen", &t.listen, form.Listen},
		{"remote_to_remote", &t.remoteToRemote, form.RemoteToRemote},
	} {
		threat, err := p.Attack.Threat(list.ids...)
		if err != nil {
			p.faultf("%s: %s: %w", where, list.field, err)
		}
		*list.to = threat
	}
	t.both, _ = p.Attack.Threat(slices.Concat(form.Upload, form.Download)...) // their faults are told above
}
