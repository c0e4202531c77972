package destination

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/copywatch/copywatch/internal/strict"
)

// The forms of classes.yaml, whose head describes the fields.
type (
	fileForm struct {
		Classes []classForm `yaml:"classes"`
		Facts   []factForm  `yaml:"facts"`
	}
	classForm struct {
		ID      Class    `yaml:"id"`
		Title   string   `yaml:"title"`
		Schemes []string `yaml:"schemes"`
		Hosts   []string `yaml:"hosts"`
	}
	factForm struct {
		ID    string   `yaml:"id"`
		Title string   `yaml:"title"`
		Hosts []string `yaml:"hosts"`
	}
)

// The facts that classes.yaml has hosts for.
const (
	factDynamicDNS      = "dynamic_dns"
	factOnion           = "onion"
	factMetadataService = "metadata_service"
)

var listedFacts = []string{factDynamicDNS, factOnion, factMetadataService}

var (
	schemeName = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)
	hostName   = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)
	labelText  = regexp.MustCompile(`^[a-z0-9_-]+\*?$`)
)

// parser collects the classes, and every fault of the file rather than the first.
type parser struct {
	*Classes
	faults []error
}

func (p *parser) faultf(format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf(format, args...))
}

func parse(data []byte) (*Classes, error) {
	p := parser{Classes: &Classes{schemes: make(map[string]Class), hosts: make(map[string]*entry), facts: make(map[string]fact)}}
	if err := strict.Decode(data, &p.forms); err != nil {
		return nil, err
	}
	for i := range p.forms.Classes {
		p.addClass(&p.forms.Classes[i])
	}
	for i := range p.forms.Facts {
		p.addFact(&p.forms.Facts[i])
	}
	for _, class := range classes {
		if !slices.ContainsFunc(p.forms.Classes, func(form classForm) bool { return form.ID == class }) {
			p.faultf("class %q: is not there", class)
		}
	}
	if err := errors.Join(p.faults...); err != nil {
		return nil, err
	}
	p.sortRanges()
	return p.Classes, nil
}

func (p *parser) addClass(form *classForm) {
	where := fmt.Sprintf("class %q", form.ID)
	if !slices.Contains(classes, form.ID) {
		p.faultf("%s: is not one of %v", where, classes)
	}
	if form.Title == "" {
		p.faultf("%s: has no title", where)
	}
	for _, scheme := range form.Schemes {
		if !schemeName.MatchString(scheme) {
			p.faultf("%s: scheme %q is not a lower-case name", where, scheme)
		}
		if other, taken := p.schemes[scheme]; taken {
			p.faultf("%s: scheme %q is already one of class %q", where, scheme, other)
		}
		p.schemes[scheme] = form.ID
	}
	for _, text := range form.Hosts {
		if err := p.addEntry(form.ID, text, false); err != nil {
			p.faultf("%s: %w", where, err)
		}
	}
}

func (p *parser) addFact(form *factForm) {
	where := fmt.Sprintf("fact %q", form.ID)
	if !slices.Contains(listedFacts, form.ID) {
		p.faultf("%s: is not one of %v", where, listedFacts)
	}
	if form.Title == "" {
		p.faultf("%s: has no title", where)
	}
	for _, text := range form.Hosts {
		name, under := strings.CutPrefix(text, ".")
		address, err := netip.ParseAddr(name)
		if err == nil {
			name = address.String()
		} else if !hostName.MatchString(name) {
			p.faultf("%s: %q is neither a name in lower case nor an address", where, text)
		}
		if other, taken := p.Classes.facts[name]; taken {
			p.faultf("%s: %q is already one of fact %q", where, text, other.code)
		}
		p.Classes.facts[name] = fact{code: form.ID, under: under}
	}
}

// addEntry takes over a host, in the notation that classes.yaml describes. A
// user's goes before what is there; of two in the file one is a fault.
func (c *Classes) addEntry(class Class, text string, user bool) error {
	if prefix, ok := parsePrefix(text); ok {
		r := addressRange{prefix: prefix, class: class}
		c.ranges = slices.Insert(c.ranges, place(len(c.ranges), user), r)
		return nil
	}
	host, path, hasPath := strings.Cut(text, "/")
	label, host, hasLabel := cutLabel(host)
	if user {
		host = strings.ToLower(strings.TrimSuffix(host, "."))
	}
	name, under := strings.CutPrefix(host, ".")
	_, _, isAddress := parseAddress([]byte(name))
	switch {
	case isAddress || !hostName.MatchString(name):
		return fmt.Errorf("%q is neither a name, nor an address, nor a range of addresses as 192.0.2.0/24", text)
	case hasLabel && !labelText.MatchString(label):
		return fmt.Errorf("%q: %q is not a label, which may end in *", text, label)
	}
	e := c.hosts[name]
	if e == nil {
		e = &entry{}
		c.hosts[name] = e
	}
	switch {
	case hasPath:
		rule := pathRule{components: strings.Split(path, "/"), class: class}
		if slices.Contains(rule.components, "") {
			return fmt.Errorf("%q: a component of the path is empty", text)
		}
		e.paths = slices.Insert(e.paths, place(len(e.paths), user), rule)
	case hasLabel:
		begin, prefix := strings.CutSuffix(label, "*")
		rule := labelRule{text: begin, prefix: prefix, class: class}
		e.labels = slices.Insert(e.labels, place(len(e.labels), user), rule)
	case e.class != "" && !user:
		return fmt.Errorf("%q is already in class %q", text, e.class)
	case user:
		*e = entry{class: class, under: under}
	default:
		e.class, e.under = class, under
	}
	return nil
}

// anyLabels stands for any number of labels between one and the rest of a name.
const anyLabels = ".**."

func cutLabel(host string) (label, rest string, ok bool) {
	if label, rest, ok = strings.Cut(host, anyLabels); ok {
		return label, rest, true
	}
	return "", host, false
}

// place is where a rule goes among as many others: the first that matches counts.
func place(others int, user bool) int {
	if user {
		return 0
	}
	return others
}

// parsePrefix reads an address or a range of addresses.
func parsePrefix(text string) (netip.Prefix, bool) {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return prefix.Masked(), true
	}
	address, err := netip.ParseAddr(text)
	if err != nil || address.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(address, address.BitLen()), true
}
