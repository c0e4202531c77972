package assessment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// UnknownEnvironment is the environment of records that do not say theirs, or say one that there is no guidance for.
const UnknownEnvironment = "unknown"

// Guidance is what a copy in one direction may mean in one environment, and what to do.
type Guidance struct {
	implications text
	actions      []text
}

// Values replace the placeholders of guidance; an empty one is replaced by a general word.
type Values struct{ Tool, Remote, Pipeline string }

// Guidance returns that for a value of deployment.environment.name and one of
// filecopy.direction, which both need not be known.
func (t *Table) Guidance(environmentName, direction string) *Guidance {
	env, ok := t.byName[environmentName]
	if !ok {
		if env, ok = t.byName[strings.ToLower(environmentName)]; !ok {
			env = t.byName[UnknownEnvironment]
		}
	}
	if g, ok := env.byDirection[direction]; ok {
		return g
	}
	return env.byDirection[unknownDirection]
}

// unknownDirection is the value of filecopy.direction for one that is not known.
const unknownDirection = "unknown"

// Fill returns the implications and the actions, the most urgent first, with
// the values put in. What is in a value is not looked at for placeholders.
func (g *Guidance) Fill(values Values) (implications string, actions []string) {
	actions = make([]string, len(g.actions))
	for i := range g.actions {
		actions[i] = g.actions[i].fill(&values)
	}
	return g.implications.fill(&values), actions
}

// environment is one of guidance.yaml.
type environment struct {
	form        environmentForm
	byDirection map[string]*Guidance
}

// text is a text with placeholders.
type text struct {
	pieces []piece
	length int // of the pieces in bytes, without values
}

// piece is text, or a placeholder.
type piece struct {
	text        string
	placeholder string // empty for text
}

// The placeholders, each with what stands for it where there is no value.
var placeholders = map[string]string{
	"tool":     "the tool",
	"remote":   "the remote end",
	"pipeline": "the pipeline",
}

// fill puts the values in; a text begins with a capital letter even where a general word stands first.
func (t *text) fill(values *Values) string {
	if len(t.pieces) == 1 && t.pieces[0].placeholder == "" {
		return t.pieces[0].text
	}
	var b strings.Builder
	b.Grow(t.length + len(values.Tool) + len(values.Remote) + len(values.Pipeline))
	for i, p := range t.pieces {
		switch word := values.of(p.placeholder); {
		case p.placeholder == "":
			b.WriteString(p.text)
		case word != "":
			b.WriteString(word)
		case i == 0:
			b.WriteString(capitalized(placeholders[p.placeholder]))
		default:
			b.WriteString(placeholders[p.placeholder])
		}
	}
	return b.String()
}

func (v *Values) of(placeholder string) string {
	switch placeholder {
	case "tool":
		return v.Tool
	case "remote":
		return v.Remote
	case "pipeline":
		return v.Pipeline
	}
	return ""
}

func capitalized(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
