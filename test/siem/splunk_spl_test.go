package siem

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// spl finds fields in searches that no event has. It reads the commands that
// the app uses, and takes every other for a mistake.
type spl struct {
	macros  map[string]string
	indexed splFields // what comes with an event
	known   splFields // and what props.conf makes of it
}

type splFields map[string]bool

// What Splunk gives to every event, and what only a search's terms may name.
var (
	splunkOwnFields  = []string{"_time", "_raw", "_indextime", "host", "source", "sourcetype", "index"}
	splTimeModifiers = []string{"earliest", "latest", "_index_earliest", "_index_latest"}
)

func newSPL(macros map[string]string, indexed, searched []string) spl {
	s := spl{macros: macros, indexed: splFields{}, known: splFields{}}
	for _, name := range slices.Concat(indexed, splunkOwnFields) {
		s.indexed[name], s.known[name] = true, true
	}
	for _, name := range searched {
		s.known[name] = true
	}
	return s
}

// check returns the fields of a search's results, and what is wrong with it.
func (s spl) check(search string) (results splFields, faults []string) {
	expanded, faults := s.expand(search)
	p := &splPipeline{spl: s, fields: maps.Clone(s.known)}
	p.run(splTokens(expanded))
	return p.fields, append(faults, p.faults...)
}

// checkExpression returns what is wrong with an expression of eval.
func (s spl) checkExpression(expression string, fields splFields) []string {
	p := &splPipeline{spl: s, fields: fields}
	p.expression(splTokens(expression))
	return p.faults
}

var (
	splMacroUse       = regexp.MustCompile("`([^`]*)`")
	splDashboardToken = regexp.MustCompile(`\$[a-z_.]+(\|s)?\$`)
)

// expand puts the macros' definitions in their places, and values in those of a dashboard's tokens.
func (s spl) expand(search string) (expanded string, faults []string) {
	expanded = splDashboardToken.ReplaceAllString(search, `"x"`)
	for range 10 { // macros in macros
		expanded = splMacroUse.ReplaceAllStringFunc(expanded, func(use string) string {
			definition, ok := s.macros[strings.Trim(use, "`")]
			if !ok {
				faults = append(faults, "no macro is named "+use)
			}
			return definition
		})
	}
	return expanded, faults
}

// splToken is a word, a 'name', a "string" or a sign.
type splToken struct {
	kind splKind
	text string
}

type splKind int

const (
	splWord splKind = iota
	splName
	splString
	splSign
)

var splLexeme = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_.:*@%{}]+)|([=!<>]=|\S)`)

func splTokens(text string) (tokens []splToken) {
	for _, match := range splLexeme.FindAllStringSubmatch(text, -1) {
		switch {
		case match[0][0] == '"':
			tokens = append(tokens, splToken{splString, match[1]})
		case match[0][0] == '\'' && len(match[0]) > 1:
			tokens = append(tokens, splToken{splName, match[2]})
		case match[3] != "":
			tokens = append(tokens, splToken{splWord, match[3]})
		default:
			tokens = append(tokens, splToken{splSign, match[0]})
		}
	}
	return tokens
}

func (t splToken) is(sign string) bool    { return t.kind == splSign && t.text == sign }
func (t splToken) isWord(w string) bool   { return t.kind == splWord && strings.EqualFold(t.text, w) }
func (t splToken) isIn(of ...string) bool { return t.kind != splString && slices.Contains(of, t.text) }

// splitSPL splits at a sign that is in no brackets.
func splitSPL(tokens []splToken, sign string) (parts [][]splToken) {
	depth, start := 0, 0
	for i, t := range tokens {
		switch {
		case t.is("(") || t.is("["):
			depth++
		case t.is(")") || t.is("]"):
			depth--
		case t.is(sign) && depth == 0:
			parts = append(parts, tokens[start:i])
			start = i + 1
		}
	}
	return append(parts, tokens[start:])
}

// splPipeline follows the fields from command to command.
type splPipeline struct {
	spl
	fields splFields
	faults []string
}

func (p *splPipeline) fault(format string, args ...any) {
	p.faults = append(p.faults, fmt.Sprintf(format, args...))
}

func (p *splPipeline) want(field string) {
	if !p.fields[field] {
		p.fault("there is no field %s here", field)
	}
}

func (p *splPipeline) run(tokens []splToken) {
	for i, command := range splitSPL(tokens, "|") {
		switch {
		case i == 0 && len(command) == 0: // the first command makes its own events
		case i == 0 && !command[0].isWord("search"):
			p.terms(command)
		case len(command) == 0:
			p.fault("a command is missing")
		default:
			p.command(strings.ToLower(command[0].text), command[1:])
		}
	}
}

func (p *splPipeline) command(name string, rest []splToken) {
	switch name {
	case "search":
		p.terms(rest)
	case "where":
		p.expression(rest)
	case "eval":
		p.eval(rest)
	case "tstats":
		p.tstats(rest)
	case "stats", "timechart":
		p.aggregate(rest, name == "timechart")
	case "table", "fields":
		p.fields = p.list(rest)
	case "top":
		p.fields = p.list(rest)
		p.fields["count"], p.fields["percent"] = true, true
	case "dedup", "sort", "fillnull", "mvexpand", "head":
		p.list(rest)
	case "rename":
		p.rename(rest)
	case "append":
		p.append(rest)
	default:
		p.fault("the command %s is not known to this test", name)
	}
}

// terms reads what search takes: field=value, field IN (…), and words to look for.
func (p *splPipeline) terms(tokens []splToken) {
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		next := splToken{splSign, ""}
		if i+1 < len(tokens) {
			next = tokens[i+1]
		}
		comparison := next.isIn("=", "!=", "<", ">", "<=", ">=")
		if t.kind == splSign || !(comparison || next.isWord("IN")) {
			continue
		}
		if !slices.Contains(splTimeModifiers, t.text) {
			p.want(t.text)
		}
		i += 2 // to the value
		for i < len(tokens) && tokens[i].isIn("-", "+") {
			i++
		}
		if i >= len(tokens) {
			p.fault("%s is compared with nothing", t.text)
		}
		for next.isWord("IN") && i < len(tokens) && !tokens[i].is(")") {
			i++
		}
	}
}

var (
	splNumber    = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	splFunctions = []string{
		"case", "coalesce", "if", "isnotnull", "isnull", "mvappend", "mvcount", "mvdedup", "mvjoin", "mvindex",
		"now", "null", "relative_time", "round", "strftime", "true", "false", "upper", "lower", "in", "like", "match",
	}
	splAggregates = []string{"count", "sum", "min", "max", "avg", "values", "list", "dc", "latest", "earliest"}
)

// expression reads what eval and where take. There a bare a.b is two fields, put together.
func (p *splPipeline) expression(tokens []splToken) {
	for i, t := range tokens {
		isCall := i+1 < len(tokens) && tokens[i+1].is("(")
		switch {
		case t.kind == splName:
			p.want(t.text)
		case t.kind != splWord || splNumber.MatchString(t.text) || slices.Contains([]string{"AND", "OR", "NOT", "LIKE", "IN"}, t.text):
		case isCall:
			if !slices.Contains(splFunctions, t.text) {
				p.fault("the function %s is not known to this test", t.text)
			}
		case strings.Contains(t.text, "."):
			p.fault("%s needs single quotes in an expression", t.text)
		default:
			p.want(t.text)
		}
	}
}

func (p *splPipeline) eval(tokens []splToken) {
	for _, assignment := range splitSPL(tokens, ",") {
		if len(assignment) < 3 || !assignment[1].is("=") {
			p.fault("eval assigns nothing")
			continue
		}
		p.expression(assignment[2:])
		p.fields[assignment[0].text] = true
	}
}

// tstats sees what is indexed, and nothing that props.conf makes.
func (p *splPipeline) tstats(tokens []splToken) {
	p.fields = maps.Clone(p.indexed)
	where := slices.IndexFunc(tokens, func(t splToken) bool { return t.isWord("WHERE") })
	by := slices.IndexFunc(tokens, func(t splToken) bool { return t.isWord("BY") })
	if where < 0 || by < where {
		p.fault("tstats is read with WHERE and BY only")
		return
	}
	p.terms(tokens[where+1 : by])
	p.aggregate(slices.Concat(tokens[:where], tokens[by:]), false)
}

// aggregate reads `f(field) AS name … BY field …`. What is not named there is gone.
func (p *splPipeline) aggregate(tokens []splToken, isChart bool) {
	results := splFields{}
	by := slices.IndexFunc(tokens, func(t splToken) bool { return t.isWord("BY") })
	if by >= 0 {
		for field := range p.list(tokens[by+1:]) {
			results[field] = true
		}
		tokens = tokens[:by]
	}
	if isChart {
		results = splFields{"_time": true}
	}
	for len(tokens) > 0 {
		result := tokens[0].text
		if !slices.Contains(splAggregates, result) {
			p.fault("the aggregate %s is not known to this test", result)
		}
		tokens = tokens[1:]
		if len(tokens) > 2 && tokens[0].is("(") && tokens[2].is(")") {
			p.want(tokens[1].text)
			result += "(" + tokens[1].text + ")"
			tokens = tokens[3:]
		}
		if len(tokens) > 1 && tokens[0].isWord("AS") {
			result = tokens[1].text
			tokens = tokens[2:]
		}
		results[result] = true
	}
	p.fields = results
}

// list reads fields, between which there may be counts, signs and option=value.
func (p *splPipeline) list(tokens []splToken) splFields {
	named := splFields{}
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case i+2 < len(tokens) && tokens[i+1].is("="):
			i += 2
		case t.isIn("-", "+", ",") || splNumber.MatchString(t.text):
		default:
			p.want(t.text)
			named[t.text] = true
		}
	}
	return named
}

func (p *splPipeline) rename(tokens []splToken) {
	for _, pair := range splitSPL(tokens, ",") {
		if len(pair) != 3 || !pair[1].isWord("AS") {
			p.fault("rename is read as `a AS b, c AS d` only")
			continue
		}
		p.want(pair[0].text)
		delete(p.fields, pair[0].text)
		p.fields[pair[2].text] = true
	}
}

// append adds the results of another search.
func (p *splPipeline) append(tokens []splToken) {
	if len(tokens) < 3 || !tokens[0].is("[") || !tokens[len(tokens)-1].is("]") {
		p.fault("append has no search")
		return
	}
	other := &splPipeline{spl: p.spl, fields: maps.Clone(p.known)}
	other.run(tokens[1 : len(tokens)-1])
	p.faults = append(p.faults, other.faults...)
	maps.Copy(p.fields, other.fields)
}
