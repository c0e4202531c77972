package recognise

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/strict"
)

//go:embed roles.yaml
var rolesYAML []byte

// Role is what an executable is by its name alone.
type Role int

// The roles.
const (
	None        Role = iota // nothing that is known
	Tool                    // a tool of the catalogue
	Interpreter             // runs scripts or modules, and may be a tool besides
	Box                     // a program of many programs: busybox
	LoaderRole              // the dynamic loader
)

// meaning is what a name stands for.
type meaning struct {
	role        Role
	tool        *catalogue.Tool // nil for boxes, loaders, and interpreters that are not in the catalogue
	ambiguous   bool            // this name of the tool
	interpreter *interpreter
	box         *box
	group       int // of names that stand for each other; 0 is none
}

var (
	nothing meaning
	loader  = meaning{role: LoaderRole}
)

// is says that both are the same program, under whatever names.
func (m *meaning) is(other *meaning) bool {
	return m.tool != nil && m.tool == other.tool ||
		m.interpreter != nil && m.interpreter == other.interpreter ||
		m.box != nil && m.box == other.box ||
		m.role == LoaderRole && other.role == LoaderRole
}

// isRunner says that it is an interpreter of packages, such as npx, which is a script itself.
func (m *meaning) isRunner() bool {
	return m.interpreter != nil && m.interpreter.operand == packageOperand
}

// The form of roles.yaml, whose head describes the fields.
type (
	rolesForm struct {
		Interpreters []interpreterForm `yaml:"interpreters"`
		Boxes        []boxForm         `yaml:"boxes"`
		Loaders      []string          `yaml:"loaders"`
		Files        map[string]string `yaml:"files"`
		Modules      map[string]string `yaml:"modules"`
		NoModules    []string          `yaml:"no_modules"`
		Alternatives [][]string        `yaml:"alternatives"`
		Wrappers     []string          `yaml:"wrappers"`
		Ancestors    map[string]string `yaml:"ancestors"`
	}
	interpreterForm struct {
		Names   []string `yaml:"names"`
		Letters struct {
			Value  string `yaml:"value"`
			Glued  string `yaml:"glued"`
			Next   string `yaml:"next"`
			File   string `yaml:"file"`
			Module string `yaml:"module"`
			Code   string `yaml:"code"`
		} `yaml:"letters"`
		Words struct {
			Value []string `yaml:"value"`
			File  []string `yaml:"file"`
			Code  []string `yaml:"code"`
		} `yaml:"words"`
		Operand   string `yaml:"operand"`
		Plus      bool   `yaml:"plus"`
		DashesEnd bool   `yaml:"dashes_end"`
	}
	boxForm struct {
		Name    string   `yaml:"name"`
		Names   []string `yaml:"names"`
		Prefix  bool     `yaml:"prefix"`
		Nested  bool     `yaml:"nested"`
		Applets []string `yaml:"applets"`
	}
)

// builder collects the recogniser, and every fault of the table rather than the first.
type builder struct {
	*Recogniser
	tools  map[string]*catalogue.Tool // by all their names
	faults []error
}

func (b *builder) faultf(format string, args ...any) {
	b.faults = append(b.faults, fmt.Errorf(format, args...))
}

// build reads the table. What it says of tools that are not in the catalogue is left out.
func build(data []byte, tools map[string]*catalogue.Tool) (*Recogniser, error) {
	var form rolesForm
	if err := strict.Decode(data, &form); err != nil {
		return nil, err
	}
	b := builder{tools: tools, Recogniser: &Recogniser{
		names: make(map[string]*meaning), files: make(map[string]*meaning), modules: make(map[string]*meaning),
		wrappers: make(map[string]bool), reasons: form.Ancestors,
	}}
	for name, tool := range tools {
		_, ambiguous := tool.Ambiguous[name]
		b.names[name] = &meaning{role: Tool, tool: tool, ambiguous: ambiguous}
	}
	for i := range form.Interpreters {
		b.addInterpreter(&form.Interpreters[i])
	}
	for i := range form.Boxes {
		b.addBox(&form.Boxes[i])
	}
	for _, name := range form.Loaders {
		b.set(name, &loader)
	}
	for i, group := range form.Alternatives {
		b.addGroup(i+1, group)
	}
	b.addTables(&form)
	b.shapes = newShapes(b.Recogniser)
	if err := errors.Join(b.faults...); err != nil {
		return nil, err
	}
	return b.Recogniser, nil
}

// set gives a name its role. It may have been a tool's, but no other role's.
func (b *builder) set(name string, m *meaning) {
	if other, ok := b.names[name]; ok && other.role != Tool {
		b.faultf("%q has two roles", name)
	}
	b.names[name] = m
}

// addInterpreter adds an interpreter under all its names. As a tool it is the
// catalogue's of that name, or else the one of its first name.
func (b *builder) addInterpreter(form *interpreterForm) {
	if len(form.Names) == 0 {
		b.faultf("an interpreter has no names")
		return
	}
	in := &interpreter{words: make(map[string]wordKind), plus: form.Plus, dashesEnd: form.DashesEnd}
	kinds := map[string]operandKind{"": scriptOperand, "script": scriptOperand, "package": packageOperand, "none": noOperand}
	var ok bool
	if in.operand, ok = kinds[form.Operand]; !ok {
		b.faultf("interpreter %q: there is no operand %q", form.Names[0], form.Operand)
	}
	b.addOptions(in, form)
	for _, name := range form.Names {
		m := meaning{role: Interpreter, interpreter: in, tool: b.tools[name]}
		if m.tool == nil {
			m.tool = b.tools[form.Names[0]]
		}
		if m.tool != nil {
			_, m.ambiguous = m.tool.Ambiguous[name]
		}
		b.set(name, &m)
	}
}

func (b *builder) addOptions(in *interpreter, form *interpreterForm) {
	l, w := &form.Letters, &form.Words
	for kind, letters := range map[letterKind]string{
		valueLetter: l.Value, gluedLetter: l.Glued, nextLetter: l.Next, fileLetter: l.File, moduleLetter: l.Module, codeLetter: l.Code,
	} {
		for _, letter := range []byte(letters) {
			if in.letters[letter] != switchLetter {
				b.faultf("interpreter %q: -%c is there twice", form.Names[0], letter)
			}
			in.letters[letter] = kind
		}
	}
	for kind, words := range map[wordKind][]string{valueWord: w.Value, fileWord: w.File, codeWord: w.Code} {
		for _, word := range words {
			if in.words[word] != switchWord || !strings.HasPrefix(word, "-") {
				b.faultf("interpreter %q: %s is there twice, or is no option", form.Names[0], word)
			}
			in.words[word] = kind
		}
	}
}

func (b *builder) addBox(form *boxForm) {
	if form.Name == "" || len(form.Applets) == 0 {
		b.faultf("box %q: has no name or no applets", form.Name)
	}
	m := &meaning{role: Box, box: &box{name: form.Name, prefix: form.Prefix, nested: form.Nested, applets: make(map[string]bool)}}
	for _, applet := range form.Applets {
		m.box.applets[applet] = true
	}
	for _, name := range append([]string{form.Name}, form.Names...) {
		b.set(name, m)
	}
}

// addGroup notes names that stand for each other, such as those of /etc/alternatives.
func (b *builder) addGroup(id int, group []string) {
	for _, name := range group {
		m, ok := b.names[name]
		if !ok {
			variant := *b.variant(name) // nc.traditional is nc
			variant.group = 0
			m = &variant
			b.names[name] = m
		}
		if m.group != 0 || m.role == LoaderRole {
			b.faultf("%q is in two groups of alternatives, or cannot be in one", name)
		}
		m.group = id
	}
}

// addTables adds what is by name alone.
func (b *builder) addTables(form *rolesForm) {
	for file, name := range form.Files {
		if m, ok := b.names[name]; ok && (m.role == Tool || m.isRunner()) {
			b.files[file] = m
		}
	}
	for name, m := range b.names {
		if python := strings.ReplaceAll(name, "-", "_"); python != name && m.role == Tool && !m.ambiguous {
			b.modules[python] = m
		}
	}
	for module, name := range form.Modules {
		if m, ok := b.names[name]; ok && m.role == Tool {
			b.modules[module] = m
		}
	}
	for _, module := range form.NoModules {
		b.modules[module] = &nothing
	}
	for _, name := range form.Wrappers {
		b.wrappers[name] = true
	}
	for name, reason := range form.Ancestors {
		if !slices.Contains(form.Wrappers, name) || !strings.HasPrefix(reason, "via_") {
			b.faultf("ancestor %q: is no wrapper, or %q does not begin with via_", name, reason)
		}
	}
}
