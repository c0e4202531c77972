//go:build linux

package siem

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// matches says whether the rule matches a record, whose attributes are fields.
func (r *sigmaRule) matches(t *testing.T, record map[string]any) bool {
	t.Helper()
	return r.condition(func(selection string) bool {
		for _, field := range r.fields(t, selection) {
			if !field.matches(t, record[field.name]) {
				return false
			}
		}
		return true
	})
}

// matches compares a field as Sigma does: of a list, one element is enough;
// of several values, one; case does not count.
func (f *sigmaField) matches(t *testing.T, have any) bool {
	t.Helper()
	if slices.Equal(f.modifiers, []string{"exists"}) {
		return (have != nil) == f.values[0]
	}
	elements, isList := have.([]any)
	if !isList {
		elements = []any{have}
	}
	for _, element := range elements {
		if element != nil && slices.ContainsFunc(f.values, func(want any) bool { return f.matchesOne(t, element, want) }) {
			return true
		}
	}
	return false
}

func (f *sigmaField) matchesOne(t *testing.T, have, want any) bool {
	t.Helper()
	modifier := strings.Join(f.modifiers, "|")
	value, pattern := fmt.Sprint(have), fmt.Sprint(want)
	switch modifier {
	case "gte", "lt":
		number, err := strconv.ParseFloat(value, 64)
		limit, errWant := strconv.ParseFloat(pattern, 64)
		require.NoError(t, errWant)
		return err == nil && (number >= limit) == (modifier == "gte")
	case "re":
		return regexp.MustCompile(pattern).MatchString(value)
	case "contains":
		pattern = "*" + pattern + "*"
	case "startswith":
		pattern += "*"
	case "endswith":
		pattern = "*" + pattern
	case "":
	default:
		require.Fail(t, "a modifier that the test does not know", modifier)
	}
	return sigmaPattern(pattern).MatchString(value)
}

// sigmaPattern makes a regular expression of a value with wildcards.
func sigmaPattern(pattern string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, ".*"), `\?`, ".")
	return regexp.MustCompile(`(?is)^` + quoted + `$`)
}

// sigmaCondition decides with what the selections say.
type sigmaCondition func(selected func(selection string) bool) bool

// sigmaParser reads a condition: or, and, not, parentheses, selections, and
// "1 of" or "all of" a pattern of selections or them.
type sigmaParser struct {
	tokens     []string
	selections []string
}

func parseSigmaCondition(text string, selections []string) (sigmaCondition, error) {
	text = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)
	p := &sigmaParser{tokens: strings.Fields(text), selections: selections}
	condition, err := p.or()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("condition: %q is left over", p.tokens)
	}
	return condition, err
}

func (p *sigmaParser) next(token string) bool {
	if len(p.tokens) == 0 || p.tokens[0] != token {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *sigmaParser) or() (sigmaCondition, error) {
	left, err := p.and()
	for err == nil && p.next("or") {
		first := left
		var second sigmaCondition
		second, err = p.and()
		left = func(s func(string) bool) bool { return first(s) || second(s) }
	}
	return left, err
}

func (p *sigmaParser) and() (sigmaCondition, error) {
	left, err := p.not()
	for err == nil && p.next("and") {
		first := left
		var second sigmaCondition
		second, err = p.not()
		left = func(s func(string) bool) bool { return first(s) && second(s) }
	}
	return left, err
}

func (p *sigmaParser) not() (sigmaCondition, error) {
	if p.next("not") {
		of, err := p.not()
		return func(s func(string) bool) bool { return !of(s) }, err
	}
	if p.next("(") {
		inner, err := p.or()
		if err == nil && !p.next(")") {
			err = fmt.Errorf("condition: a parenthesis is open before %q", p.tokens)
		}
		return inner, err
	}
	return p.selection()
}

func (p *sigmaParser) selection() (sigmaCondition, error) {
	if len(p.tokens) == 0 {
		return nil, fmt.Errorf("condition: ends too early")
	}
	name := p.tokens[0]
	p.tokens = p.tokens[1:]
	if (name == "1" || name == "all") && p.next("of") && len(p.tokens) > 0 {
		return p.quantified(name == "all")
	}
	if !slices.Contains(p.selections, name) {
		return nil, fmt.Errorf("condition: no selection %q", name)
	}
	return func(s func(string) bool) bool { return s(name) }, nil
}

func (p *sigmaParser) quantified(all bool) (sigmaCondition, error) {
	pattern := p.tokens[0]
	p.tokens = p.tokens[1:]
	if pattern == "them" {
		pattern = "*"
	}
	var of []string
	for _, name := range p.selections {
		if ok, _ := path.Match(pattern, name); ok {
			of = append(of, name)
		}
	}
	if len(of) == 0 {
		return nil, fmt.Errorf("condition: no selection is like %q", pattern)
	}
	return func(s func(string) bool) bool {
		if all {
			return !slices.ContainsFunc(of, func(name string) bool { return !s(name) })
		}
		return slices.ContainsFunc(of, s)
	}, nil
}

// What finds out whether the rules work must work itself.
func TestSigmaConditions(t *testing.T) {
	selections := []string{"a", "b", "filter_x", "filter_y"}
	for text, want := range map[string]string{ // the selections that hold, and what follows
		"a":                                 "yes a, no b, no filter_x",
		"a and not b":                       "yes a, no a+b, no b",
		"a or b and filter_x":               "yes a, no b, yes b+filter_x",
		"(a or b) and filter_x":             "no a, no b, yes b+filter_x",
		"not (a or b)":                      "no a, no b, yes filter_x",
		"a and not 1 of filter_*":           "yes a, no a+filter_y, no filter_x",
		"all of filter_*":                   "no filter_x, yes filter_x+filter_y",
		"1 of them":                         "yes a, yes filter_y",
		"all of them":                       "no a+b, yes a+b+filter_x+filter_y",
		"not a and b or filter_x and not b": "yes b, no a+b, yes a+filter_x",
	} {
		condition, err := parseSigmaCondition(text, selections)
		require.NoError(t, err, text)
		for _, line := range strings.Split(want, ", ") {
			answer, holds, _ := strings.Cut(line, " ")
			got := condition(func(name string) bool { return slices.Contains(strings.Split(holds, "+"), name) })
			assert.Equal(t, answer == "yes", got, "%s, where %s", text, holds)
		}
	}
	for _, text := range []string{"", "a b", "a and", "(a", "a)", "c", "1 of z*", "1 of"} {
		_, err := parseSigmaCondition(text, selections)
		assert.Error(t, err, text)
	}
}

func TestSigmaFields(t *testing.T) {
	for _, tt := range []struct {
		modifiers string
		want      any
		have      any
		matches   bool
	}{
		{"", "scp", "SCP", true},
		{"", "scp", "scpx", false},
		{"", "s*p", "scp", true},
		{"", "s?p", "scp", true},
		{"", "a.c", "abc", false},
		{"", "scp", nil, false},
		{"", true, true, true},
		{"", 12, int64(12), true},
		{"", "b", []any{"a", "b"}, true},
		{"contains", "en:", []any{"seen:x"}, true},
		{"contains", "a\nb", "xa\nbx", true},
		{"startswith", "/etc", "/etc/shadow", true},
		{"startswith", "/etc", "x/etc", false},
		{"endswith", "dow", "/etc/shadow", true},
		{"endswith", "dow", "dows", false},
		{"re", "^a.c$", "abc", true},
		{"re", "^a.c$", "abcd", false},
		{"gte", 60, int64(60), true},
		{"gte", 60, int64(59), false},
		{"gte", 60, "many", false},
		{"lt", 60, int64(59), true},
		{"exists", true, []any{}, true},
		{"exists", true, nil, false},
		{"exists", false, nil, true},
	} {
		field := sigmaField{values: []any{tt.want}}
		if tt.modifiers != "" {
			field.modifiers = []string{tt.modifiers}
		}
		assert.Equal(t, tt.matches, field.matches(t, tt.have), "%+v", tt)
	}
}
