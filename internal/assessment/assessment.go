// Package assessment rates a copy and says what to do about it: the terms of
// the score, the bands it falls into, what an ancestor tells, and guidance by
// environment and direction.
//
// It is data: score.yaml, lineage.yaml and guidance.yaml say what their fields
// mean, and are checked when they are loaded. What applies to a record is the
// processor's to find out.
package assessment

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
)

//go:embed score.yaml
var scoreYAML []byte

//go:embed lineage.yaml
var lineageYAML []byte

//go:embed guidance.yaml
var guidanceYAML []byte

// Table is all that a rating goes by. It does not change after it is loaded,
// and may be used from several goroutines.
type Table struct {
	Terms []Term // in the order of score.yaml
	Bands []Band // the highest first

	byCode       map[string]*Term
	directions   map[string]string // by value of filecopy.direction, the code
	destinations map[string]string // by value of filecopy.destination_class, the code
	classes      []lineageForm     // for the documentation
	lineage      map[string]string // by name of an executable, the code
	environments []*environment
	byName       map[string]*environment // by name and alias
}

// Term is one reason for a score.
type Term struct {
	Code   string
	Points int // -100 to 100
	Group  string
	When   string // for people
	Value  string // for people: what stands after the colon in filecopy.reasons; empty where nothing does
	// Each says that every value of the term adds the points; else the first does.
	Each bool
	// RaisesOnly says that the process itself controls it, so that it may not have negative points.
	RaisesOnly bool
	// AtLeast and AtMost are bands that bound the whole score, or nil.
	AtLeast, AtMost *Band

	index int // in Terms
}

// Band is a range of scores, with the severity that it has as a log record.
type Band struct {
	Importance string // as in filecopy.importance
	From       int    // the lowest score
	Label      string // of the importance in the body
	Number     plog.SeverityNumber
	Text       string // of the severity
}

// Options are changes of a user.
type Options struct {
	Points map[string]int // by code of a term
	Bands  map[string]int // by importance, the lowest score
}

// Load returns the table that is built in. An error is one of its data, and says where.
func Load() (*Table, error) { return LoadWith(Options{}) }

// LoadWith returns the table that is built in, with changes. An error names the entry that is wrong.
func LoadWith(options Options) (*Table, error) {
	t, err := parseScore(scoreYAML)
	if err != nil {
		return nil, fmt.Errorf("assessment: score.yaml: %w", err)
	}
	if err := t.parseLineage(lineageYAML); err != nil {
		return nil, fmt.Errorf("assessment: lineage.yaml: %w", err)
	}
	if err := t.parseGuidance(guidanceYAML); err != nil {
		return nil, fmt.Errorf("assessment: guidance.yaml: %w", err)
	}
	if err := t.change(options); err != nil {
		return nil, fmt.Errorf("assessment: %w", err)
	}
	return t, nil
}

// Term returns the term of a code.
func (t *Table) Term(code string) (*Term, bool) {
	term, ok := t.byCode[code]
	return term, ok
}

// Direction returns the code for a value of filecopy.direction. One that there
// is no term for counts as unknown.
func (t *Table) Direction(direction string) string {
	if code, ok := t.directions[direction]; ok {
		return code
	}
	return DirectionUnknown
}

// Destination returns the code for a value of filecopy.destination_class. One
// that there is no term for counts as unknown.
func (t *Table) Destination(class string) string {
	if code, ok := t.destinations[class]; ok {
		return code
	}
	return DestinationUnknown
}

// Lineage returns what a program tells about a copy tool that it runs, by the
// base name of its executable or script; a version at the end need not be
// known. It does not allocate.
func (t *Table) Lineage(name string) (code string, ok bool) {
	if code, ok = t.lineage[name]; ok {
		return code, true
	}
	bare := strings.TrimRight(name, "0123456789.-")
	if bare == name || bare == "" {
		return "", false
	}
	code, ok = t.lineage[bare]
	return code, ok
}

// BandOf returns the band of a score.
func (t *Table) BandOf(score int) *Band {
	for i := range t.Bands {
		if score >= t.Bands[i].From {
			return &t.Bands[i]
		}
	}
	return &t.Bands[len(t.Bands)-1]
}

func (t *Table) change(options Options) error {
	for _, code := range slices.Sorted(maps.Keys(options.Points)) {
		term, ok := t.byCode[code]
		if !ok {
			return fmt.Errorf("points: there is no term %q", code)
		}
		term.Points = options.Points[code]
		if err := term.check(); err != nil {
			return fmt.Errorf("points: %s: %w", code, err)
		}
	}
	for _, importance := range slices.Sorted(maps.Keys(options.Bands)) {
		i := slices.IndexFunc(t.Bands, func(b Band) bool { return b.Importance == importance })
		if i < 0 {
			return fmt.Errorf("bands: there is no band %q", importance)
		}
		t.Bands[i].From = options.Bands[importance]
	}
	if err := checkBands(t.Bands); err != nil {
		return fmt.Errorf("bands: %w", err)
	}
	return nil
}
