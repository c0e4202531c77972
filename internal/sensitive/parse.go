package sensitive

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/copywatch/copywatch/internal/strict"
)

// fileForm is the form of classes.yaml, whose head describes the fields.
type fileForm struct {
	Classes []Class `yaml:"classes"`
}

var classID = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// maxClasses is how many have a bit.
const maxClasses = 64

func parse(data []byte) ([]Class, error) {
	var form fileForm
	if err := strict.Decode(data, &form); err != nil {
		return nil, err
	}
	if len(form.Classes) == 0 {
		return nil, errors.New("has no classes")
	}
	return form.Classes, nil
}

// builder collects the index, and every fault of the classes rather than the first.
type builder struct {
	index
	owner  map[string]string // by pattern, the class that has it
	faults []error
}

func (b *builder) faultf(format string, args ...any) {
	b.faults = append(b.faults, fmt.Errorf(format, args...))
}

func build(classes []*Class) (*Classes, error) {
	b := builder{
		index: index{exact: make(map[string][]pattern), suffixes: make(map[string][]pattern)},
		owner: make(map[string]string),
	}
	if len(classes) > maxClasses {
		b.faultf("there are %d classes; at most %d can be", len(classes), maxClasses)
	}
	ids := make(map[string]struct{})
	for i, class := range classes {
		if _, twice := ids[class.ID]; twice {
			b.faultf("class %q: is there twice", class.ID)
		}
		ids[class.ID] = struct{}{}
		b.addClass(class, 1<<(i%maxClasses))
	}
	if err := errors.Join(b.faults...); err != nil {
		return nil, err
	}
	b.names = slices.Sorted(maps.Keys(b.exact))
	return &Classes{classes: classes, index: b.index}, nil
}

func (b *builder) addClass(class *Class, bit uint64) {
	where := fmt.Sprintf("class %q", class.ID)
	if !classID.MatchString(class.ID) {
		b.faultf("%s: id is not lower-case words joined by underscores", where)
	}
	if class.Title == "" {
		b.faultf("%s: has no title", where)
	}
	if len(class.Patterns) == 0 {
		b.faultf("%s: has no patterns", where)
	}
	for _, text := range class.Patterns {
		if other, taken := b.owner[text]; taken {
			b.faultf("%s: pattern %q is already in class %q", where, text, other)
		}
		b.owner[text] = class.ID
		if err := b.addPattern(text, pattern{class: bit}); err != nil {
			b.faultf("%s: pattern %q: %w", where, text, err)
		}
	}
	for _, text := range class.Not {
		if err := b.addPattern(text, pattern{class: bit, not: true}); err != nil {
			b.faultf("%s: not %q: %w", where, text, err)
		}
	}
}

// addPattern reads the notation that classes.yaml describes.
func (b *builder) addPattern(text string, p pattern) error {
	if text == "/" {
		b.root |= p.class
		return nil
	}
	rest, absolute := strings.CutPrefix(text, "/")
	rest, under := strings.CutSuffix(rest, "/")
	p.absolute, p.under = absolute, under
	components := strings.Split(rest, "/")
	for _, component := range components {
		if component == "" || component == "." || component == ".." {
			return fmt.Errorf("%q is no component of a path", component)
		}
	}
	last := len(components) - 1
	p.parents = components[:last]
	for _, parent := range p.parents {
		if parent != anyComponent && strings.ContainsAny(parent, "*#") {
			return fmt.Errorf("%q: a directory before the last component is a name, or *", parent)
		}
	}
	return b.addName(components[last], p)
}

// addName puts a pattern where its last component is found.
func (b *builder) addName(name string, p pattern) error {
	begin, isPrefix := strings.CutSuffix(name, "*")
	end, isSuffix := strings.CutPrefix(name, "*")
	digits, isNumber := strings.CutSuffix(name, "#")
	switch {
	case name == anyComponent && !p.under && len(p.parents) > 0:
		b.any = append(b.any, p)
	case name == anyComponent || name == "#" || isPrefix && isSuffix || strings.ContainsAny(strings.Trim(strings.TrimSuffix(name, "#"), "*"), "*#"):
		return fmt.Errorf("%q: the last component has one * or #, at an end", name)
	case p.under && (isPrefix || isSuffix || isNumber):
		return fmt.Errorf("%q: a directory with all that is in it is a name", name)
	case isPrefix || isNumber:
		p.text, p.digits = begin, isNumber
		if isNumber {
			p.text = digits
		}
		b.prefixes[p.text[0]] = append(b.prefixes[p.text[0]], p)
	case isSuffix:
		dot := strings.LastIndexByte(end, '.')
		if dot < 0 || len(end)-dot-1 > maxExtension {
			return fmt.Errorf("%q: an end has a dot, and at most %d bytes after it", name, maxExtension)
		}
		extension := strings.ToLower(end[dot+1:])
		p.text = end
		b.suffixes[extension] = append(b.suffixes[extension], p)
	default:
		b.exact[name] = append(b.exact[name], p)
	}
	return nil
}
