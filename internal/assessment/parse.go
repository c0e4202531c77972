package assessment

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/strict"
)

// The forms of the YAML files, whose heads describe the fields.
type (
	scoreForm struct {
		Bands []bandForm `yaml:"bands"`
		Terms []termForm `yaml:"terms"`
	}
	bandForm struct {
		Importance string              `yaml:"importance"`
		From       int                 `yaml:"from"`
		Label      string              `yaml:"label"`
		Number     plog.SeverityNumber `yaml:"severity_number"`
		Text       string              `yaml:"severity_text"`
	}
	termForm struct {
		Code       string `yaml:"code"`
		Points     *int   `yaml:"points"`
		Group      string `yaml:"group"`
		When       string `yaml:"when"`
		Value      string `yaml:"value"`
		Each       bool   `yaml:"each"`
		RaisesOnly bool   `yaml:"raises_only"`
		AtLeast    string `yaml:"at_least"`
		AtMost     string `yaml:"at_most"`
	}
	lineagesForm struct {
		Lineage []lineageForm `yaml:"lineage"`
	}
	lineageForm struct {
		Code  string   `yaml:"code"`
		Title string   `yaml:"title"`
		Names []string `yaml:"names"`
	}
	guidanceForm struct {
		Environments []environmentForm `yaml:"environments"`
	}
	environmentForm struct {
		ID      string      `yaml:"id"`
		Title   string      `yaml:"title"`
		Aliases []string    `yaml:"aliases"`
		Entries []entryForm `yaml:"entries"`
	}
	entryForm struct {
		For          []string `yaml:"for"`
		Implications string   `yaml:"implications"`
		Actions      []string `yaml:"actions"`
	}
)

// The groups of terms, in the order in which they are documented.
var groups = []string{"direction", "destination", "content", "evasion", "lineage", "environment", "context", "noise"}

const groupLineage = "lineage"

var termCode = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// faults collects every fault of a file rather than the first.
type faults []error

func (f *faults) addf(format string, args ...any) {
	*f = append(*f, fmt.Errorf(format, args...))
}

func parseScore(data []byte) (*Table, error) {
	var form scoreForm
	if err := strict.Decode(data, &form); err != nil {
		return nil, err
	}
	t := &Table{byCode: make(map[string]*Term), directions: make(map[string]string), destinations: make(map[string]string)}
	var f faults
	for i := range form.Bands {
		t.Bands = append(t.Bands, form.Bands[i].band())
	}
	if err := checkBands(t.Bands); err != nil {
		f.addf("bands: %w", err)
	}
	if len(form.Terms) > maxTerms {
		f.addf("has %d terms; at most %d can be", len(form.Terms), maxTerms)
	}
	t.Terms = make([]Term, len(form.Terms))
	for i := range form.Terms {
		t.Terms[i].index = i % maxTerms
		t.addTerm(&f, &t.Terms[i], &form.Terms[i])
	}
	if err := errors.Join(f...); err != nil {
		return nil, err
	}
	return t, nil
}

func (form *bandForm) band() Band {
	return Band{Importance: form.Importance, From: form.From, Label: form.Label, Number: form.Number, Text: form.Text}
}

// checkBands wants at least one, from high to low scores and severities, down to 0.
func checkBands(bands []Band) error {
	if len(bands) == 0 {
		return errors.New("there are none")
	}
	above := Band{From: maxScore + 1, Number: plog.SeverityNumberFatal4 + 1}
	for _, band := range bands {
		switch {
		case band.Importance == "" || band.Label == "" || band.Text == "":
			return fmt.Errorf("%q: has no importance, label or severity_text", band.Importance)
		case band.From >= above.From || band.From < minScore:
			return fmt.Errorf("%s: from %d is not between %d and the band above", band.Importance, band.From, minScore)
		case band.Number >= above.Number || band.Number < plog.SeverityNumberTrace:
			return fmt.Errorf("%s: severity_number %d is not between 1 and that of the band above", band.Importance, band.Number)
		}
		above = band
	}
	if above.From != minScore {
		return fmt.Errorf("%s: from %d: the lowest band is from %d", above.Importance, above.From, minScore)
	}
	return nil
}

func (t *Table) addTerm(f *faults, term *Term, form *termForm) {
	where := fmt.Sprintf("term %q", form.Code)
	*term = Term{
		Code: form.Code, Group: form.Group, When: form.When, Value: form.Value, Each: form.Each, RaisesOnly: form.RaisesOnly,
		AtLeast: t.bandNamed(f, where, form.AtLeast), AtMost: t.bandNamed(f, where, form.AtMost), index: term.index,
	}
	if !termCode.MatchString(form.Code) {
		f.addf("%s: code is not lower-case words joined by underscores", where)
	}
	if _, twice := t.byCode[form.Code]; twice {
		f.addf("%s: is there twice", where)
	}
	if form.Points == nil {
		f.addf("%s: has no points", where)
	} else {
		term.Points = *form.Points
	}
	if !slices.Contains(groups, form.Group) {
		f.addf("%s: group %q is not one of %v", where, form.Group, groups)
	}
	if form.When == "" {
		f.addf("%s: does not say when", where)
	}
	if err := term.check(); err != nil {
		f.addf("%s: %w", where, err)
	}
	t.byCode[form.Code] = term
	if value, ok := strings.CutPrefix(form.Code, directionPrefix); ok {
		t.directions[value] = form.Code
	}
	if value, ok := strings.CutPrefix(form.Code, destinationPrefix); ok {
		t.destinations[value] = form.Code
	}
}

// check holds a term to what it promises.
func (t *Term) check() error {
	switch {
	case t.Points < -maxScore || t.Points > maxScore:
		return fmt.Errorf("%d points are not between %d and %d", t.Points, -maxScore, maxScore)
	case t.RaisesOnly && t.Points < 0:
		return fmt.Errorf("%d points: what the process itself controls must not lower a score", t.Points)
	case t.RaisesOnly && t.AtMost != nil:
		return errors.New("at_most: what the process itself controls must not lower a score")
	}
	return nil
}

func (t *Table) bandNamed(f *faults, where, importance string) *Band {
	if importance == "" {
		return nil
	}
	i := slices.IndexFunc(t.Bands, func(b Band) bool { return b.Importance == importance })
	if i < 0 {
		f.addf("%s: there is no band %q", where, importance)
		return nil
	}
	return &t.Bands[i]
}

func (t *Table) parseLineage(data []byte) error {
	var form lineagesForm
	if err := strict.Decode(data, &form); err != nil {
		return err
	}
	t.classes, t.lineage = form.Lineage, make(map[string]string)
	var f faults
	seen := make(map[string]struct{})
	for _, class := range form.Lineage {
		where := fmt.Sprintf("class %q", class.Code)
		if term, ok := t.byCode[class.Code]; !ok || term.Group != groupLineage {
			f.addf("%s: is not the code of a term of the group %s", where, groupLineage)
		}
		if _, twice := seen[class.Code]; twice {
			f.addf("%s: is there twice", where)
		}
		seen[class.Code] = struct{}{}
		if class.Title == "" || len(class.Names) == 0 {
			f.addf("%s: has no title or no names", where)
		}
		t.addNames(&f, where, &class)
	}
	for i := range t.Terms {
		if _, ok := seen[t.Terms[i].Code]; t.Terms[i].Group == groupLineage && !ok {
			f.addf("term %q: has no class", t.Terms[i].Code)
		}
	}
	return errors.Join(f...)
}

func (t *Table) addNames(f *faults, where string, class *lineageForm) {
	for _, name := range class.Names {
		if name == "" || strings.ContainsAny(name, "/ \t\n") {
			f.addf("%s: %q is not the base name of a program", where, name)
		}
		if other, taken := t.lineage[name]; taken {
			f.addf("%s: %q is already in class %q", where, name, other)
		}
		t.lineage[name] = class.Code
	}
}

func (t *Table) parseGuidance(data []byte) error {
	var form guidanceForm
	if err := strict.Decode(data, &form); err != nil {
		return err
	}
	t.environments, t.byName = nil, make(map[string]*environment)
	var f faults
	for _, env := range form.Environments {
		t.addEnvironment(&f, env)
	}
	if _, ok := t.byName[UnknownEnvironment]; !ok {
		f.addf("there is no environment %q", UnknownEnvironment)
	}
	return errors.Join(f...)
}

func (t *Table) addEnvironment(f *faults, form environmentForm) {
	where := fmt.Sprintf("environment %q", form.ID)
	env := &environment{form: form, byDirection: make(map[string]*Guidance)}
	if form.ID == "" || form.Title == "" {
		f.addf("%s: has no id or no title", where)
	}
	names := form.Aliases
	if !slices.Contains(names, form.ID) {
		names = append([]string{form.ID}, names...)
	}
	for _, name := range names {
		if name != strings.ToLower(name) {
			f.addf("%s: alias %q is not in lower case", where, name)
		}
		if other, taken := t.byName[name]; taken {
			f.addf("%s: %q is already a name of environment %q", where, name, other.form.ID)
		}
		t.byName[name] = env
	}
	for i := range form.Entries {
		t.addEntry(f, where, env, &form.Entries[i])
	}
	for direction := range t.directions {
		if env.byDirection[direction] == nil {
			f.addf("%s: has no entry for the direction %q", where, direction)
		}
	}
	t.environments = append(t.environments, env)
}

func (t *Table) addEntry(f *faults, where string, env *environment, form *entryForm) {
	where = fmt.Sprintf("%s: entry for %v", where, form.For)
	if form.Implications == "" || len(form.Actions) == 0 {
		f.addf("%s: has no implications or no actions", where)
	}
	g := &Guidance{implications: parseText(f, where, form.Implications)}
	for _, action := range form.Actions {
		g.actions = append(g.actions, parseText(f, where, action))
	}
	for _, direction := range form.For {
		if _, ok := t.directions[direction]; !ok {
			f.addf("%s: there is no direction %q", where, direction)
		}
		if env.byDirection[direction] != nil {
			f.addf("%s: the direction %q has an entry already", where, direction)
		}
		env.byDirection[direction] = g
	}
}

// parseText splits a text at its placeholders.
func parseText(f *faults, where, s string) text {
	t := text{length: len(s)}
	for s != "" {
		before, rest, ok := strings.Cut(s, "{")
		if before != "" {
			t.pieces = append(t.pieces, piece{text: before})
		}
		if !ok {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if _, known := placeholders[name]; !closed || !known {
			f.addf("%s: %q has a placeholder that is none of {tool}, {remote} and {pipeline}", where, s)
			break
		}
		t.pieces = append(t.pieces, piece{placeholder: name})
		s = after
	}
	return t
}
