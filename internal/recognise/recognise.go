package recognise

import (
	"fmt"
	"strings"
	"sync"

	"github.com/copywatch/copywatch/internal/catalogue"
)

// Exec is what a record says of one execution. All fields may be empty; strings are what the sensor wrote.
type Exec struct {
	ExecutableName string // base name of the resolved executable
	ExecutablePath string
	RequestedPath  string   // as asked for (symlink, script), where it differs
	ScriptPath     string   // of a #! script
	OriginalName   string   // the tool that the content shows: of the script, where there is one
	Args           []string // argv, argv[0] included; nil where they are not known
}

// Values of filecopy.match: how a tool was recognised. What the loader was given is Loader, be it a script.
const (
	Name      = "name"      // of the executed file
	Script    = "script"    // an interpreter was given a file of the tool's name
	Applet    = "applet"    // of busybox or its like
	Loader    = "loader"    // the dynamic loader was given the tool
	Module    = "module"    // an interpreter was given a module or package that is the tool
	Content   = "content"   // what is in the file, under another name
	Arguments = "arguments" // an unknown executable has arguments of the tool's shape: a guess
)

// Finding is the tool and the arguments that are its own.
type Finding struct {
	Tool      *catalogue.Tool
	Name      string   // under which it was found, as in the record
	Match     string   // one of the constants
	Args      []string // what follows the tool's own name: a sub-slice of Exec.Args
	Evasions  []string // signs of hiding, see [Renamed]
	Ambiguous bool     // the name alone does not show that files are copied, and nothing but the name is known
}

// Recogniser knows the names of tools and of what runs them. It does not
// change, and may be used from several goroutines.
type Recogniser struct {
	names    map[string]*meaning // in lower case
	files    map[string]*meaning // of scripts, where the file is not named after the tool
	modules  map[string]*meaning
	wrappers map[string]bool
	reasons  map[string]string // of ancestors
	shapes   shapes
}

// New returns a recogniser of the catalogue's tools. An error is one of the tables that are built in.
func New(c *catalogue.Catalogue) (*Recogniser, error) {
	tools := make(map[string]*catalogue.Tool)
	for _, name := range c.Names() {
		tools[name], _ = c.Lookup(name)
	}
	r, err := build(rolesYAML, tools)
	if err != nil {
		return nil, fmt.Errorf("recognise: roles.yaml: %w", err)
	}
	return r, nil
}

// Default is the recogniser of the tools that are built in.
var Default = sync.OnceValues(func() (*Recogniser, error) {
	tools, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	return New(tools)
})

// Role says what the executable's name alone means. Nearly every name takes one
// map access; none allocates. [Recogniser.Find] may find a tool for None too:
// where there is a script or an original name, or [Recogniser.HasShape].
func (r *Recogniser) Role(executableName string) Role {
	return r.lookup(executableName).role
}

// maxSteps bounds how far programs that run programs are followed: a loader
// that runs busybox that runs a shell that runs a script has four.
const maxSteps = 8

// program is what runs at one step: the executed file, or what it was given to run.
type program struct {
	meaning *meaning
	name    string   // as in the record
	match   string   // how it was come by
	argv    []string // its own name first; may be empty
	argv0   string   // base name of what it takes for its name
}

// args are those that follow the program's name.
func (p *program) args() []string {
	if len(p.argv) == 0 {
		return nil
	}
	return p.argv[1:]
}

// Find returns the tool that was executed. It does not allocate when there is none.
func (r *Recogniser) Find(x *Exec) (Finding, bool) {
	t := trail{recogniser: r, exec: x}
	p := t.executed()
	if x.ScriptPath != "" && p.meaning.role != Tool && p.meaning.role != LoaderRole {
		if r.isWrapped(x, &p) {
			return Finding{}, false
		}
		if next, ok := t.script(&p); ok {
			p = next
		}
	}
	for range maxSteps {
		var ok bool
		switch p.meaning.role {
		case Tool:
			return t.finding(&p), true
		case LoaderRole:
			p, ok = t.loaded(&p)
		case Box:
			p, ok = t.applet(&p)
		case Interpreter:
			if next, runs := t.given(&p); runs {
				p, ok = next, true
			} else if p.meaning.tool != nil {
				return t.finding(&p), true // its own grammar looks at what it does
			}
		default:
			p, ok = t.shaped(&p)
		}
		if !ok {
			return Finding{}, false
		}
	}
	return Finding{}, false
}

// through is how what p runs is come by.
func (p *program) through(match string) string {
	if p.match == Loader {
		return Loader
	}
	return match
}

// isWrapped says that a program which execs another was executed to run the
// script, which a further exec will show: env in #!/usr/bin/env python3.
func (r *Recogniser) isWrapped(x *Exec, p *program) bool {
	return r.wrappers[p.name] || p.meaning.role == Box && len(x.Args) > 0 && r.wrappers[base(x.Args[0])]
}

// base returns what follows the last slash.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
