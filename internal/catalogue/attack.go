package catalogue

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/copywatch/copywatch/internal/strict"
)

// Attack is the part of MITRE ATT&CK that copies over a network fall under, as
// of one version. Names change from version to version; ids do not.
type Attack struct {
	Framework string // MITRE ATT&CK
	Version   string

	tactics    map[string]Reference
	techniques map[string]technique
}

// Reference is a tactic, technique or sub-technique, and the page that describes it.
type Reference struct {
	ID, Name, URL string
}

// Threat is what one act means in ATT&CK. In each list no entry is there twice.
type Threat struct {
	Tactics       []Reference
	Techniques    []Reference
	Subtechniques []Reference
}

// technique is a technique, or a sub-technique with the technique that it is part of.
type technique struct {
	Reference
	parent  *Reference // nil for a technique
	tactics []Reference
}

// Threat resolves the ids of techniques and sub-techniques (T1105,
// T1048.002). A sub-technique brings its technique along. An error names all
// ids that are unknown.
func (a *Attack) Threat(ids ...string) (Threat, error) {
	var threat Threat
	var unknown []error
	for _, id := range ids {
		entry, ok := a.techniques[id]
		if !ok {
			unknown = append(unknown, fmt.Errorf("no technique %q in the ATT&CK table", id))
			continue
		}
		for _, tactic := range entry.tactics {
			threat.Tactics = appendOnce(threat.Tactics, tactic)
		}
		if entry.parent == nil {
			threat.Techniques = appendOnce(threat.Techniques, entry.Reference)
			continue
		}
		threat.Techniques = appendOnce(threat.Techniques, *entry.parent)
		threat.Subtechniques = appendOnce(threat.Subtechniques, entry.Reference)
	}
	return threat, errors.Join(unknown...)
}

func appendOnce(list []Reference, entry Reference) []Reference {
	if slices.Contains(list, entry) {
		return list
	}
	return append(list, entry)
}

// The forms of attack.yaml, whose head describes the fields.
type (
	attackForm struct {
		Framework  string          `yaml:"framework"`
		Version    string          `yaml:"version"`
		Tactics    []tacticForm    `yaml:"tactics"`
		Techniques []techniqueForm `yaml:"techniques"`
	}
	tacticForm struct {
		ID   string `yaml:"id"`
		Name string `yaml:"name"`
	}
	techniqueForm struct {
		ID      string   `yaml:"id"`
		Name    string   `yaml:"name"`
		Tactics []string `yaml:"tactics"`
	}
)

const attackSite = "https://attack.mitre.org/"

var (
	tacticID    = regexp.MustCompile(`^TA\d{4}$`)
	techniqueID = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)
)

func parseAttack(data []byte) (*Attack, error) {
	var form attackForm
	if err := strict.Decode(data, &form); err != nil {
		return nil, err
	}
	a := &Attack{
		Framework:  form.Framework,
		Version:    form.Version,
		tactics:    make(map[string]Reference),
		techniques: make(map[string]technique),
	}
	var faults []error
	if a.Framework == "" || a.Version == "" {
		faults = append(faults, errors.New("framework or version is empty"))
	}
	for _, t := range form.Tactics {
		faults = append(faults, a.addTactic(t))
	}
	for _, t := range form.Techniques {
		faults = append(faults, a.addTechnique(t))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Attack) addTactic(form tacticForm) error {
	_, twice := a.tactics[form.ID]
	switch {
	case !tacticID.MatchString(form.ID):
		return fmt.Errorf("tactic %q: id is not of the form TA0010", form.ID)
	case form.Name == "":
		return fmt.Errorf("tactic %s: has no name", form.ID)
	case twice:
		return fmt.Errorf("tactic %s: is there twice", form.ID)
	}
	a.tactics[form.ID] = Reference{ID: form.ID, Name: form.Name, URL: attackSite + "tactics/" + form.ID + "/"}
	return nil
}

func (a *Attack) addTechnique(form techniqueForm) error {
	_, twice := a.techniques[form.ID]
	switch {
	case !techniqueID.MatchString(form.ID):
		return fmt.Errorf("technique %q: id is not of the form T1048 or T1048.002", form.ID)
	case form.Name == "":
		return fmt.Errorf("technique %s: has no name", form.ID)
	case twice:
		return fmt.Errorf("technique %s: is there twice", form.ID)
	}
	entry := technique{Reference: Reference{
		ID:   form.ID,
		Name: form.Name,
		URL:  attackSite + "techniques/" + strings.Replace(form.ID, ".", "/", 1) + "/",
	}}
	if err := a.place(&entry, form.Tactics); err != nil {
		return fmt.Errorf("technique %s: %w", form.ID, err)
	}
	a.techniques[form.ID] = entry
	return nil
}

// place gives a technique its tactics, and a sub-technique its technique and the tactics of that.
func (a *Attack) place(entry *technique, tactics []string) error {
	if of, _, sub := strings.Cut(entry.ID, "."); sub {
		parent, ok := a.techniques[of]
		if !ok {
			return fmt.Errorf("there is no technique %s above it", of)
		}
		if len(tactics) > 0 {
			return errors.New("has tactics of its own; a sub-technique has those of its technique")
		}
		entry.parent, entry.tactics = &parent.Reference, parent.tactics
		return nil
	}
	if len(tactics) == 0 {
		return errors.New("has no tactics")
	}
	for _, id := range tactics {
		tactic, ok := a.tactics[id]
		if !ok {
			return fmt.Errorf("there is no tactic %q", id)
		}
		entry.tactics = append(entry.tactics, tactic)
	}
	return nil
}
