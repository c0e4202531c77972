package cicd

import "strings"

// rule yields the value of an attribute from variables.
type rule struct {
	key        string
	conditions []indexed // all must hold
	template   []part
	// The value is what stands between prefix and suffix, where within.
	within         bool
	prefix, suffix string
	as             form // what is taken of the value
	url            bool // the value is a URL for people
	differ         bool // no value where the two variables of the template are the same
}

// indexed is a condition on a variable of the system's list.
type indexed struct {
	variable int
	condition
}

// part is a piece of a template: text, or the value of a variable where variable is not negative.
type part struct {
	text     string
	variable int
}

// value is the rule's value, "" where it yields none.
func (r *rule) value(values []string) string {
	for i := range r.conditions {
		if !r.conditions[i].holds(values[r.conditions[i].variable]) {
			return ""
		}
	}
	if r.differ {
		return r.difference(values)
	}
	value, ok := r.fill(values)
	if !ok {
		return ""
	}
	if r.within {
		if value, ok = between(value, r.prefix, r.suffix); !ok {
			return ""
		}
	}
	value = r.as.of(value)
	if r.url {
		return cleanURL(value)
	}
	return value
}

// difference is the second variable's value where both have one and they differ.
func (r *rule) difference(values []string) string {
	a, b := values[r.template[0].variable], values[r.template[1].variable]
	if x, y := r.as.of(a), r.as.of(b); x == "" || y == "" || strings.EqualFold(x, y) {
		return ""
	}
	return b
}

// fill puts the values into the template; false where a variable has none.
func (r *rule) fill(values []string) (string, bool) {
	if len(r.template) == 1 {
		return r.text(0, values)
	}
	var b strings.Builder
	for i := range r.template {
		text, ok := r.text(i, values)
		if !ok {
			return "", false
		}
		if strings.HasPrefix(text, "/") && strings.HasSuffix(b.String(), "/") { // a base URL may end in a slash, or not
			text = text[1:]
		}
		b.WriteString(text)
	}
	return b.String(), true
}

func (r *rule) text(i int, values []string) (string, bool) {
	if p := &r.template[i]; p.variable < 0 {
		return p.text, true
	}
	value := values[r.template[i].variable]
	return value, value != ""
}

// between is what a value has between a prefix and a suffix, where there is something.
func between(value, prefix, suffix string) (string, bool) {
	rest, ok := strings.CutPrefix(value, prefix)
	if !ok {
		return "", false
	}
	rest, ok = strings.CutSuffix(rest, suffix)
	return rest, ok && rest != ""
}

// condition is what a variable must hold.
type condition struct {
	kind  conditionKind
	value string
}

type conditionKind int

const (
	equals    conditionKind = iota
	isUnset                 // ""
	isSet                   // "*"
	isSetElse               // "!value": set, and to something else
)

// parseCondition reads the notation of ci.yaml.
func parseCondition(s string) condition {
	switch {
	case s == "":
		return condition{kind: isUnset}
	case s == "*":
		return condition{kind: isSet}
	case s[0] == '!':
		return condition{kind: isSetElse, value: s[1:]}
	}
	return condition{value: s}
}

func (c condition) holds(value string) bool {
	switch c.kind {
	case isUnset:
		return value == ""
	case isSet:
		return value != ""
	case isSetElse:
		return value != "" && value != c.value
	}
	return value == c.value
}

// form is which part of a value is taken.
type form string

// The forms, as ci.yaml names them.
const (
	asIs            form = ""
	asNumber        form = "number"         // decimal digits after the last slash, else nothing
	asBranch        form = "branch"         // a ref without refs/heads/ or refs/tags/
	asRefType       form = "ref_type"       // branch or tag, by such a prefix
	asRepository    form = "repository"     // the last part of owner/name or of a clone URL
	asOwner         form = "owner"          // what is before that
	asRepositoryURL form = "repository_url" // a clone URL in any notation, as a browser opens it
	asProvider      form = "provider"       // the forge that the host of a clone URL is known for
	asLower         form = "lower"          // in lower case
)

var forms = []form{asIs, asNumber, asBranch, asRefType, asRepository, asOwner, asRepositoryURL, asProvider, asLower}

func (f form) of(value string) string {
	switch f {
	case asNumber:
		return number(value)
	case asBranch:
		return branch(value)
	case asRefType:
		return refType(value)
	case asRepository:
		return parseRepository(value).name
	case asOwner:
		return parseRepository(value).owner
	case asRepositoryURL:
		return parseRepository(value).url()
	case asProvider:
		return parseRepository(value).provider()
	case asLower:
		return strings.ToLower(value)
	}
	return value
}

// maxDigits is more than any number of a change has.
const maxDigits = 19

func number(s string) string {
	s = s[strings.LastIndexByte(s, '/')+1:]
	if len(s) > maxDigits || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

func refType(ref string) string {
	switch {
	case strings.HasPrefix(ref, "refs/heads/"):
		return "branch"
	case strings.HasPrefix(ref, "refs/tags/"):
		return "tag"
	}
	return ""
}

func branch(ref string) string {
	for _, prefix := range []string{"refs/heads/", "refs/tags/"} {
		if name, ok := strings.CutPrefix(ref, prefix); ok {
			return name
		}
	}
	return ref
}
