package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// The forms of tools.yaml, whose head describes the fields.
type (
	toolsForm struct {
		Families []familyForm `yaml:"families"`
		Tools    []toolForm   `yaml:"tools"`
	}
	familyForm struct {
		ID         string         `yaml:"id"`
		Title      string         `yaml:"title"`
		Protocol   string         `yaml:"protocol"`
		Techniques techniquesForm `yaml:"techniques"`
	}
	toolForm struct {
		Name       string            `yaml:"name"`
		Family     string            `yaml:"family"`
		About      string            `yaml:"about"`
		Aliases    []string          `yaml:"aliases"`
		Ambiguous  map[string]string `yaml:"ambiguous"`
		Protocol   string            `yaml:"protocol"`
		Techniques *techniquesForm   `yaml:"techniques"`
	}
	techniquesForm struct {
		Upload   []string `yaml:"upload"`
		Download []string `yaml:"download"`
	}
)

// protocolVaries says that the name of a tool does not tell its protocol. An
// empty protocol would do, but could as well be a field that was forgotten.
const protocolVaries = "varies"

var (
	familyID     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	toolName     = regexp.MustCompile(`^[a-z0-9][a-z0-9._+-]*$`)
	protocolName = regexp.MustCompile(`^[a-z][a-z0-9.+-]*$`)
)

// decodeStrict reads the one document in data and refuses fields that the form does not have.
func decodeStrict(data []byte, form any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(form); errors.Is(err, io.EOF) {
		return errors.New("is empty")
	} else if err != nil {
		return err
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.New("has more than one document")
	}
	return nil
}

// parser collects the catalogue, and every fault of the file rather than the first.
type parser struct {
	*Catalogue
	defaults map[*Family]Tool // what a tool of the family has, where its entry says nothing
	faults   []error
}

func (p *parser) faultf(format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf(format, args...))
}

func parseTools(data []byte, attack *Attack) (*Catalogue, error) {
	var form toolsForm
	if err := decodeStrict(data, &form); err != nil {
		return nil, err
	}
	p := parser{
		Catalogue: &Catalogue{Attack: attack, byName: make(map[string]*Tool)},
		defaults:  make(map[*Family]Tool),
	}
	for i := range form.Families {
		p.addFamily(&form.Families[i])
	}
	for i := range form.Tools {
		p.addTool(&form.Tools[i])
	}
	if len(p.Tools) == 0 {
		p.faultf("has no tools")
	}
	if err := errors.Join(p.faults...); err != nil {
		return nil, err
	}
	return p.Catalogue, nil
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
	defaults := Tool{Family: family, Protocol: p.protocol(where, form.Protocol)}
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

func (p *parser) addTool(form *toolForm) {
	where := fmt.Sprintf("tool %q", form.Name)
	family := p.family(form.Family)
	if family == nil {
		p.faultf("%s: there is no family %q", where, form.Family)
	}
	if form.About == "" {
		p.faultf("%s: has no about", where)
	}
	tool := p.defaults[family]
	tool.Name, tool.Aliases, tool.About, tool.Ambiguous = form.Name, form.Aliases, form.About, form.Ambiguous
	if form.Protocol != "" {
		tool.Protocol = p.protocol(where, form.Protocol)
	}
	if form.Techniques != nil {
		p.setThreats(where, &tool, form.Techniques)
	}
	p.addNames(where, &tool)
	p.Tools = append(p.Tools, &tool)
}

func (p *parser) addNames(where string, tool *Tool) {
	names := append([]string{tool.Name}, tool.Aliases...)
	for _, name := range names {
		if !toolName.MatchString(name) {
			p.faultf("%s: name %q is not a base name in lower case", where, name)
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

func (p *parser) protocol(where, name string) string {
	if name == protocolVaries {
		return ""
	}
	if name != "" && !protocolName.MatchString(name) {
		p.faultf("%s: protocol %q is not a lower-case name", where, name)
	}
	return name
}

// setThreats resolves techniques by direction. Upload must have some: it stands in for a direction that is unknown.
func (p *parser) setThreats(where string, tool *Tool, form *techniquesForm) {
	if len(form.Upload) == 0 {
		p.faultf("%s: has no techniques for upload", where)
	}
	var err error
	if tool.Upload, err = p.Attack.Threat(form.Upload...); err != nil {
		p.faultf("%s: upload: %w", where, err)
	}
	if tool.Download, err = p.Attack.Threat(form.Download...); err != nil {
		p.faultf("%s: download: %w", where, err)
	}
}
