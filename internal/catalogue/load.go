package catalogue

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/copywatch/copywatch/internal/strict"
)

// Options are what a user has different from the catalogue that is built in.
type Options struct {
	// Add are further tools. Those without a family are of the family "other".
	Add []ToolForm `mapstructure:"add"`
	// Change are tools that are built in, by their canonical names: the fields that are given replace theirs.
	Change []ToolForm `mapstructure:"change"`
	// Disable are tools that are built in, by their canonical names, or single other names of such.
	Disable []string `mapstructure:"disable"`
}

// otherFamily is that of tools that users add.
const otherFamily = "other"

// Load returns the catalogue that is built in, which is read once for all who
// ask. An error is one of its data, and says where.
func Load() (*Catalogue, error) { return builtIn() }

var builtIn = sync.OnceValues(func() (*Catalogue, error) { return assemble(Options{}) })

// LoadWith returns the catalogue that is built in with the changes of a user. The
// error has every fault, each with the list, the tool and the field that it is in.
func LoadWith(o Options) (*Catalogue, error) {
	if o.isEmpty() {
		return Load()
	}
	return assemble(o)
}

func (o *Options) isEmpty() bool { return len(o.Add) == 0 && len(o.Change) == 0 && len(o.Disable) == 0 }

func assemble(o Options) (*Catalogue, error) {
	attack, err := parseAttack(attackYAML)
	if err != nil {
		return nil, fmt.Errorf("catalogue: attack.yaml: %w", err)
	}
	var form toolsForm
	if err := strict.Decode(toolsYAML, &form); err != nil {
		return nil, fmt.Errorf("catalogue: tools.yaml: %w", err)
	}
	if o.isEmpty() {
		c, err := build(form.Families, entries("", form.Tools), attack)
		if err != nil {
			return nil, fmt.Errorf("catalogue: tools.yaml: %w", err)
		}
		return c, nil
	}
	tools, err := o.apply(entries("", form.Tools))
	if err != nil {
		return nil, err
	}
	return build(form.Families, tools, attack)
}

// entry is a tool's form, and the list of the configuration that has it.
type entry struct {
	ToolForm
	list string
}

func (e *entry) where() string {
	if e.list == "" {
		return fmt.Sprintf("tool %q", e.Name)
	}
	return fmt.Sprintf("%s: tool %q", e.list, e.Name)
}

func entries(list string, forms []ToolForm) []entry {
	all := make([]entry, len(forms))
	for i, f := range forms {
		all[i] = entry{ToolForm: f, list: list}
	}
	return all
}

// apply disables first, so that a name that is free then may be added.
func (o *Options) apply(tools []entry) ([]entry, error) {
	var faults []error
	for _, name := range o.Disable {
		var err error
		if tools, err = disable(tools, name); err != nil {
			faults = append(faults, err)
		}
	}
	for i := range o.Change {
		faults = append(faults, change(tools, &o.Change[i]))
	}
	for _, added := range entries("add", o.Add) {
		if added.Family == "" {
			added.Family = otherFamily
		}
		if added.About == "" {
			added.About = "added by the configuration"
		}
		tools = append(tools, added)
	}
	return tools, errors.Join(faults...)
}

func disable(tools []entry, name string) ([]entry, error) {
	for i := range tools {
		switch {
		case tools[i].Name == name:
			return slices.Delete(tools, i, i+1), nil
		case slices.Contains(tools[i].Aliases, name):
			tools[i].ToolForm = tools[i].withoutName(name)
			return tools, nil
		}
	}
	return tools, fmt.Errorf("disable: there is no tool %q", name)
}

func change(tools []entry, by *ToolForm) error {
	for i := range tools {
		if tools[i].Name == by.Name {
			tools[i].change(by)
			tools[i].list = "change"
			return nil
		}
		if slices.Contains(tools[i].Aliases, by.Name) {
			return fmt.Errorf("change: tool %q: that is a name of tool %q; change that one", by.Name, tools[i].Name)
		}
	}
	return fmt.Errorf("change: there is no tool %q", by.Name)
}
