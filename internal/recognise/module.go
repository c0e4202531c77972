package recognise

import "strings"

// given returns what an interpreter was given to run; runs says that this is a tool or a runner.
func (t *trail) given(p *program) (next program, runs bool) {
	t.interpreter = p.meaning.interpreter
	r := t.recogniser
	at, kind, name := p.meaning.interpreter.scan(p.argv)
	name = strings.TrimRight(name, "/")
	next = program{name: base(name), argv: p.argv[at:], argv0: base(name), match: p.through(Module)}
	switch kind {
	case scriptOperand:
		next.match = p.through(Script)
		next.meaning = r.scriptMeaning(name)
	case moduleOperand:
		next.meaning = r.moduleMeaning(name)
	case packageOperand:
		next.meaning = r.packageMeaning(name)
	default:
		return program{}, false
	}
	return next, next.meaning.role == Tool || next.meaning.isRunner()
}

// moduleMeaning returns the tool that a module is: by the table, or by its
// name, in which Python has _ for - and standard modules come first.
func (r *Recogniser) moduleMeaning(name string) *meaning {
	if m, ok := r.modules[name]; ok {
		return m
	}
	if m, ok := r.names[name]; ok && m.role == Tool && !m.ambiguous {
		return m
	}
	return &nothing
}

// packageMeaning returns the tool that a package of npm is: http-server, http-server@14, @scope/http-server.
func (r *Recogniser) packageMeaning(name string) *meaning {
	if name == "" {
		return &nothing
	}
	if at := strings.IndexByte(name[1:], '@'); at >= 0 {
		name = name[:at+1]
	}
	if m, ok := r.names[base(name)]; ok && m.role == Tool {
		return m
	}
	return &nothing
}
