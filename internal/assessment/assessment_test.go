package assessment

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func load(t testing.TB) *Table {
	t.Helper()
	table, err := Load()
	require.NoError(t, err)
	return table
}

// readRows reads a table of testdata/assessment strictly.
func readRows(t testing.TB, name string, rows any) {
	t.Helper()
	content, err := os.ReadFile("../../testdata/assessment/" + name)
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(rows), name)
}

func TestScores(t *testing.T) {
	var rows []struct {
		Name       string   `yaml:"name"`
		Terms      []string `yaml:"terms"` // code, or code:value
		Score      int      `yaml:"score"`
		Importance string   `yaml:"importance"`
		Reasons    []string `yaml:"reasons"` // nil for the terms
	}
	readRows(t, "scores.yaml", &rows)
	table := load(t)
	for _, r := range rows {
		t.Run(r.Name, func(t *testing.T) {
			sum := table.Start()
			for _, term := range r.Terms {
				code, value, _ := strings.Cut(term, ":")
				sum.Add(code, value)
			}
			score, band, reasons := sum.Result()
			assert.Equal(t, r.Score, score)
			assert.Equal(t, r.Importance, band.Importance)
			if r.Reasons == nil {
				r.Reasons = r.Terms
			}
			if len(r.Reasons) == 0 {
				assert.Empty(t, reasons)
			} else {
				assert.Equal(t, r.Reasons, reasons)
			}
		})
	}
}

func TestNotBelow(t *testing.T) {
	table := load(t)
	for floor, want := range map[int]int{-5: 5, 0: 5, 5: 5, 30: 30, 99: 99, 200: 100} {
		sum := table.Start()
		sum.Add(DirectionNone, "")
		sum.NotBelow(floor)
		sum.NotBelow(floor - 1)
		score, _, _ := sum.Result()
		assert.Equal(t, want, score, floor)
	}
}

// Severities and bands are a contract with those who search for them.
func TestBands(t *testing.T) {
	table := load(t)
	for score, want := range map[int]string{
		100: "critical CRITICAL 21 FATAL", 80: "critical CRITICAL 21 FATAL", 79: "high HIGH 17 ERROR", 60: "high HIGH 17 ERROR",
		59: "medium MEDIUM 13 WARN", 30: "medium MEDIUM 13 WARN", 29: "low LOW 10 INFO2", 0: "low LOW 10 INFO2", -1: "low LOW 10 INFO2",
	} {
		b := table.BandOf(score)
		assert.Equal(t, want, strings.Join([]string{b.Importance, b.Label, strconv.Itoa(int(b.Number)), b.Text}, " "), score)
	}
}

// constantsIn are the values of the constants of a Go file, by name; of one type where it is not empty.
func constantsIn(t *testing.T, file, typeName string) map[string]string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	values := make(map[string]string)
	for _, declaration := range parsed.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok || general.Tok != token.CONST {
			continue
		}
		for _, spec := range general.Specs {
			constant := spec.(*ast.ValueSpec)
			if named, _ := constant.Type.(*ast.Ident); typeName != "" && (named == nil || named.Name != typeName) {
				continue
			}
			value, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			values[constant.Names[0].Name] = value
		}
	}
	require.NotEmpty(t, values, file)
	return values
}

// A code that is misspelt would be told and count nothing; so the constants are those of score.yaml, all of them.
func TestEveryTermHasAConstant(t *testing.T) {
	var codes []string
	for name, code := range constantsIn(t, "codes.go", "") {
		if !strings.HasSuffix(code, "_") { // a prefix
			codes = append(codes, code)
			assert.True(t, ast.IsExported(name), name)
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(load(t).byCode)), codes)
}

// What the other packages may say has a term.
func TestEveryFindingHasATerm(t *testing.T) {
	table := load(t)
	for name, direction := range constantsIn(t, "../grammar/transfer.go", "Direction") {
		if direction == "" { // no copy
			continue
		}
		assert.Equal(t, directionPrefix+direction, table.Direction(direction), name)
	}
	for name, class := range constantsIn(t, "../destination/destination.go", "Class") {
		assert.Equal(t, destinationPrefix+class, table.Destination(class), name)
	}
	for name, signal := range constantsIn(t, "../grammar/transfer.go", "Signal") {
		if signal == "alias" { // destination_alias says it
			continue
		}
		_, ok := table.Term(signal)
		assert.True(t, ok, name)
	}
	for _, fact := range []string{"raw_ip", "obscured_ip", "dynamic_dns", "onion", "punycode", "metadata_service"} {
		_, ok := table.Term(fact)
		assert.True(t, ok, fact)
	}
	assert.Equal(t, DirectionUnknown, table.Direction("sideways"))
	assert.Equal(t, DestinationUnknown, table.Destination("moon"))
}

// What a job or process claims of itself must not make a score lower, whoever edits the table.
func TestClaimsOnlyRaise(t *testing.T) {
	for _, term := range load(t).Terms {
		if strings.HasPrefix(term.Code, "ci_") || term.Group == "evasion" || term.Code == SensitivePath {
			assert.True(t, term.RaisesOnly, term.Code)
		}
		if term.RaisesOnly {
			assert.GreaterOrEqual(t, term.Points, 0, term.Code)
			assert.Nil(t, term.AtMost, term.Code)
		}
	}
}

func TestLineage(t *testing.T) {
	var rows []struct {
		Name  string `yaml:"name"`
		Want  string `yaml:"want"`
		About string `yaml:"about"`
	}
	readRows(t, "lineage.yaml", &rows)
	table := load(t)
	seen := make(map[string]bool)
	for _, r := range rows {
		t.Run(r.Name, func(t *testing.T) {
			code, ok := table.Lineage(r.Name)
			assert.Equal(t, r.Want, code, r.About)
			assert.Equal(t, r.Want != "", ok)
			assert.Zero(t, testing.AllocsPerRun(20, func() { table.Lineage(r.Name) }))
			seen[code] = true
		})
	}
	for _, class := range table.classes {
		assert.True(t, seen[class.Code], class.Code)
	}
}

func TestGuidance(t *testing.T) {
	var rows []struct {
		Environment string   `yaml:"environment"`
		Direction   string   `yaml:"direction"`
		Want        []string `yaml:"want"`
	}
	readRows(t, "guidance.yaml", &rows)
	table := load(t)
	for _, r := range rows {
		t.Run(r.Environment+" "+r.Direction, func(t *testing.T) {
			want := table.byName[r.Want[0]].byDirection[r.Want[1]]
			require.NotNil(t, want)
			assert.Same(t, want, table.Guidance(r.Environment, r.Direction))
		})
	}
}

func TestGuidanceIsFilledIn(t *testing.T) {
	g := load(t).Guidance("ci", "upload")
	implications, actions := g.Fill(Values{Tool: "scp", Remote: "203.0.113.7", Pipeline: "Build {tool}"})
	assert.Contains(t, implications, "A job of Build {tool} sent data to 203.0.113.7 with scp.", "what is in a value stays as it is")
	assert.Contains(t, actions[0], "the last run of Build {tool} that")
	assert.Len(t, actions, 5)
	implications, _ = g.Fill(Values{})
	assert.Contains(t, implications, "A job of the pipeline sent data to the remote end with the tool.")
	implications, _ = load(t).Guidance("", "none").Fill(Values{})
	assert.Equal(t, "The tool ran without copying over the network.", implications)
	implications, _ = load(t).Guidance("", "none").Fill(Values{Tool: "rsync"})
	assert.Equal(t, "rsync ran without copying over the network.", implications)
}

// Guidance is read in a SIEM: complete sentences on one line, of a length that a column shows.
func TestGuidanceReadsWell(t *testing.T) {
	for _, env := range load(t).environments {
		for direction, g := range env.byDirection {
			implications, actions := g.Fill(Values{Tool: "scp", Remote: "files.example.com", Pipeline: "Release"})
			for _, s := range append([]string{implications}, actions...) {
				where := env.form.ID + " " + direction + ": " + s
				assert.True(t, strings.HasSuffix(s, "."), where)
				assert.NotContains(t, s, "\n", where)
				assert.NotContains(t, s, "  ", where)
				assert.NotContains(t, s, "{", where)
				assert.Less(t, len(s), 400, where)
			}
		}
	}
}

func TestChanges(t *testing.T) {
	table, err := LoadWith(Options{
		Points: map[string]int{DirectionUpload: 20, DestinationPrivate: 5, LineageConfigManagement: 0},
		Bands:  map[string]int{"critical": 90, "medium": 40},
	})
	require.NoError(t, err)
	sum := table.Start()
	sum.Add(DirectionUpload, "")
	sum.Add(DestinationPrivate, "nas.lan")
	sum.Add(LineageConfigManagement, "ansible")
	score, band, reasons := sum.Result()
	assert.Equal(t, 25, score)
	assert.Equal(t, "low", band.Importance)
	assert.Equal(t, []string{"direction_upload", "destination_private:nas.lan"}, reasons)
	sum.Add(Evasion, "renamed")
	score, band, _ = sum.Result()
	assert.Equal(t, 45, score, "the sum is above the band that bounds it")
	assert.Equal(t, "medium", band.Importance)
	capped := table.Start()
	capped.Add(DirectionUpload, "")
	capped.Add(Evasion, "renamed")
	capped.Add(Approved, "x")
	score, _, _ = capped.Result()
	assert.Equal(t, 40, score, "bounds follow the bands")

	untouched, _ := load(t).Term(DirectionUpload)
	assert.Equal(t, 60, untouched.Points)
}

func TestBadChanges(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		want    string
	}{
		{"unknown term", Options{Points: map[string]int{"direction_up": 1}}, `assessment: points: there is no term "direction_up"`},
		{"too many points", Options{Points: map[string]int{DirectionUpload: 101}}, `points: direction_upload: 101 points are not between -100 and 100`},
		{"lowers", Options{Points: map[string]int{CIFork: -1}}, `points: ci_fork: -1 points: what the process itself controls must not lower a score`},
		{"unknown band", Options{Bands: map[string]int{"urgent": 1}}, `bands: there is no band "urgent"`},
		{"bands out of order", Options{Bands: map[string]int{"high": 85}}, `bands: high: from 85 is not between 0 and the band above`},
		{"nothing is low", Options{Bands: map[string]int{"low": 1}}, `bands: low: from 1: the lowest band is from 0`},
		{"a band that nothing reaches", Options{Bands: map[string]int{"critical": 101}}, `bands: critical: from 101 is not between 0 and the band above`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, err := LoadWith(tt.options)
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, table)
		})
	}
}

func TestMarkdown(t *testing.T) {
	table := load(t)
	text := table.Markdown()
	for _, term := range table.Terms {
		assert.Contains(t, text, "| `"+term.Code+"` |")
	}
	assert.Contains(t, text, "| `critical` | 80 to 100 | 21 `FATAL` |\n")
	assert.Contains(t, text, "| `approved` | -40 | the user's configuration approves of it; after the colon, the id of the approval; at most low |\n")
	assert.Contains(t, text, "### Guidance: production\n")
}

func BenchmarkSum(b *testing.B) {
	table := load(b)
	b.ReportAllocs()
	for b.Loop() {
		sum := table.Start()
		sum.Add(table.Direction("upload"), "")
		sum.Add(table.Destination("public"), "files.example.com")
		sum.Add(SensitivePath, "ssh_keys")
		sum.Add(LineageWebServer, "nginx")
		sum.Result()
	}
}

func BenchmarkGuidance(b *testing.B) {
	table := load(b)
	b.ReportAllocs()
	for b.Loop() {
		table.Guidance("production", "upload").Fill(Values{Tool: "scp", Remote: "files.example.com"})
	}
}
