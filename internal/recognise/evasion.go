package recognise

import "strings"

// Signs of hiding: values of filecopy.evasions.
const (
	Renamed       = "renamed"        // the file has another name than the tool that it is
	ScriptCopied  = "script_copied"  // the same of a script
	Symlinked     = "symlinked"      // it was asked for by a name that is none of the tool's
	ViaLoader     = "loader"         // the dynamic loader was executed instead of the tool
	Argv0Mismatch = "argv0_mismatch" // argv[0] is a name of something else
)

// trail is what was met on the way to the tool.
type trail struct {
	recogniser  *Recogniser
	exec        *Exec
	file        *meaning     // what the executed file is
	confirmed   *meaning     // what the content shows as the name does
	interpreter *interpreter // that ran the script
	argv0       string       // what the loader was told to pass as argv[0]

	renamed, copied, viaLoader bool
}

// finding is what is known once a step is the tool.
func (t *trail) finding(p *program) Finding {
	return Finding{
		Tool:      p.meaning.tool,
		Name:      p.name,
		Match:     p.match,
		Args:      p.args(),
		Evasions:  t.evasions(p),
		Ambiguous: p.meaning.ambiguous && t.onlyName(p),
	}
}

// onlyName says that neither content nor arguments speak for the tool.
func (t *trail) onlyName(p *program) bool {
	return p.match != Content && p.match != Arguments && (t.confirmed == nil || !t.confirmed.is(p.meaning))
}

func (t *trail) evasions(p *program) []string {
	var all []string
	if t.renamed {
		all = append(all, Renamed)
	}
	if t.copied {
		all = append(all, ScriptCopied)
	}
	if t.isSymlinked(p) {
		all = append(all, Symlinked)
	}
	if t.viaLoader {
		all = append(all, ViaLoader)
	}
	if t.isDisguised(p) {
		all = append(all, Argv0Mismatch)
	}
	return all
}

// isSymlinked: of an unknown program no name is wrong, and one that is executed
// by its descriptor has none to go by.
func (t *trail) isSymlinked(p *program) bool {
	asked := t.exec.RequestedPath
	if asked == "" || p.match == Arguments || t.copied || t.exec.ScriptPath == asked {
		return false
	}
	for _, way := range [...]string{"/etc/alternatives/", "/dev/fd/", "/proc/"} {
		if strings.HasPrefix(asked, way) {
			return false
		}
	}
	name := base(asked)
	return name != executableName(t.exec) && !t.isName(name, p)
}

// isDisguised says that argv[0] is neither what was executed nor what it is.
func (t *trail) isDisguised(p *program) bool {
	x := t.exec
	if t.argv0 != "" && !t.isName(withoutDash(base(t.argv0)), p) && base(t.argv0) != p.name {
		return true
	}
	if len(x.Args) == 0 {
		return false
	}
	name := withoutDash(base(x.Args[0]))
	return name != executableName(x) && name != base(x.RequestedPath) && name != base(x.ScriptPath) && !t.isName(name, p) || name == ""
}

// isName says that name is one of the tool's, or of what ran it, or a usual alternative.
func (t *trail) isName(name string, p *program) bool {
	m := t.recogniser.lookup(name)
	return m.is(p.meaning) || m.is(t.file) ||
		m.group != 0 && m.group == p.meaning.group ||
		m.interpreter != nil && m.interpreter == t.interpreter ||
		t.file.box != nil && t.file.box.holds(name)
}
