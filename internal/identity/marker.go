package identity

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/copywatch/copywatch/internal/strict"
)

//go:embed markers.yaml
var markersYAML []byte

// The form of markers.yaml, whose head describes the fields.
type (
	markersForm struct {
		Go      []goForm    `yaml:"go"`
		Texts   []textsForm `yaml:"texts"`
		Scripts []textsForm `yaml:"scripts"`
	}
	goForm struct {
		Tool     string   `yaml:"tool"`
		Packages []string `yaml:"packages"`
	}
	textsForm struct {
		Tool   string   `yaml:"tool"`
		Within int64    `yaml:"within"`
		All    []string `yaml:"all"`
	}
)

const (
	// A shorter marker could be found anywhere, and would slow the search down.
	minMarker = 12
	maxMarker = 128
	// With more the search, in whose tables they all are, should be looked at again.
	maxMarkers = 1000
	// maxSegmentSearch is how much of a program is searched for markers, over all segments.
	maxSegmentSearch = 8 << 20
)

// markerTable is markers.yaml in the form for looking things up.
type markerTable struct {
	goPackages map[string]string // to the tool, from import paths without the major version
	texts      textTable
	scripts    textTable
}

// textTable knows tools by texts, of one kind of file.
type textTable struct {
	sets     []markerSet
	patterns *patterns
}

// markerSet is one way to know a tool: each of its markers is there.
type markerSet struct {
	tool    string
	within  int64 // size of the file at most; 0 is any
	markers []int // in the patterns
}

var (
	toolName     = regexp.MustCompile(`^[a-z0-9][a-z0-9._+-]*$`)
	majorVersion = regexp.MustCompile(`/v[0-9]+(/|$)`)
)

func parseMarkers(data []byte) (*markerTable, error) {
	var form markersForm
	if err := strict.Decode(data, &form); err != nil {
		return nil, err
	}
	b := tableBuilder{markerTable: &markerTable{goPackages: make(map[string]string)}}
	for _, entry := range form.Go {
		b.addGo(entry)
	}
	for _, entry := range form.Texts {
		if entry.Within != 0 {
			b.faultf("tool %q: within is for scripts", entry.Tool)
		}
	}
	texts, scripts := b.addTexts(form.Texts), b.addTexts(form.Scripts)
	if err := errors.Join(b.faults...); err != nil {
		return nil, err
	}
	b.texts, b.scripts = texts.table(), scripts.table()
	return b.markerTable, nil
}

// tableBuilder collects the table, and every fault of the file rather than the first.
type tableBuilder struct {
	*markerTable
	faults []error
}

// textsBuilder collects one of the lists of texts.
type textsBuilder struct {
	sets    []markerSet
	markers []string
}

func (t *textsBuilder) table() textTable {
	return textTable{sets: t.sets, patterns: newPatterns(t.markers)}
}

func (b *tableBuilder) faultf(format string, args ...any) {
	b.faults = append(b.faults, fmt.Errorf(format, args...))
}

func (b *tableBuilder) addGo(entry goForm) {
	if !toolName.MatchString(entry.Tool) {
		b.faultf("go tool %q: is not the name of an executable in lower case", entry.Tool)
	}
	if len(entry.Packages) == 0 {
		b.faultf("go tool %q: has no packages", entry.Tool)
	}
	for _, path := range entry.Packages {
		if path == "" || withoutMajor(path) != path {
			b.faultf("go tool %q: package %q must be a path without its major version", entry.Tool, path)
		}
		if other := b.goPackages[path]; other != "" {
			b.faultf("go tool %q: package %q is that of %q", entry.Tool, path, other)
		}
		b.goPackages[path] = entry.Tool
	}
}

func (b *tableBuilder) addTexts(entries []textsForm) *textsBuilder {
	var texts textsBuilder
	for _, entry := range entries {
		b.addSet(&texts, entry)
	}
	if len(texts.markers) > maxMarkers {
		b.faultf("has %d markers, more than %d", len(texts.markers), maxMarkers)
	}
	return &texts
}

func (b *tableBuilder) addSet(texts *textsBuilder, entry textsForm) {
	if !toolName.MatchString(entry.Tool) {
		b.faultf("tool %q: is not the name of an executable in lower case", entry.Tool)
	}
	if len(entry.All) < 2 {
		b.faultf("tool %q: needs two markers at least; a single text may be quoted elsewhere", entry.Tool)
	}
	if entry.Within < 0 {
		b.faultf("tool %q: within is negative", entry.Tool)
	}
	set := markerSet{tool: entry.Tool, within: entry.Within}
	for _, marker := range entry.All {
		if len(marker) < minMarker || len(marker) > maxMarker {
			b.faultf("tool %q: marker %q is not of %d to %d bytes", entry.Tool, marker, minMarker, maxMarker)
		}
		i := slices.Index(texts.markers, marker)
		if i < 0 {
			i = len(texts.markers)
			texts.markers = append(texts.markers, marker)
		}
		if slices.Contains(set.markers, i) {
			b.faultf("tool %q: marker %q is there twice", entry.Tool, marker)
		}
		set.markers = append(set.markers, i)
	}
	texts.sets = append(texts.sets, set)
}

// tool returns the one tool all of whose markers were found in a file of that
// size. A program that carries those of several is none of them: it knows tools, rather than being one.
func (t *textTable) tool(found []bool, size int64) string {
	tool := ""
	for _, set := range t.sets {
		if set.within != 0 && size > set.within || slices.ContainsFunc(set.markers, func(i int) bool { return !found[i] }) {
			continue
		}
		if tool != "" && tool != set.tool {
			return ""
		}
		tool = set.tool
	}
	return tool
}

// goTool returns the tool of a Go program. The main package decides, because a module may have several programs.
func (t *markerTable) goTool(program goProgram) string {
	path := program.mainPackage
	if path == "" || path == "command-line-arguments" {
		path = program.module
	}
	return t.goPackages[withoutMajor(path)]
}

// withoutMajor takes the major version out of an import path, which differs between releases of a program.
func withoutMajor(path string) string {
	return strings.TrimSuffix(majorVersion.ReplaceAllString(path, "/"), "/")
}
