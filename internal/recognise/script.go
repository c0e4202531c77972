package recognise

import "strings"

// script returns the tool or the runner that a #! script is, by its name or by
// what is in it.
func (t *trail) script(p *program) (program, bool) {
	x := t.exec
	argv := scriptArgv(x)
	s := program{name: base(x.ScriptPath), match: Script, argv: argv, argv0: base(x.ScriptPath)}
	s.meaning = t.recogniser.scriptMeaning(x.ScriptPath)
	if content := t.recogniser.lookup(x.OriginalName); content.role == Tool {
		if content.is(s.meaning) {
			t.confirmed = content
		} else {
			s.meaning, s.name, s.match = content, x.OriginalName, Content
			t.copied = true
		}
	}
	t.interpreter = p.meaning.interpreter
	return s, s.meaning.role == Tool || s.meaning.isRunner()
}

// ScriptOf returns the script that an executable of this name is told to run,
// as it is given there; "" where it is no interpreter of scripts, or runs none.
func (r *Recogniser) ScriptOf(name string, argv []string) string {
	in := r.lookup(name).interpreter
	if in == nil {
		return ""
	}
	_, kind, script := in.scan(argv)
	if kind != scriptOperand {
		return ""
	}
	return script
}

// scriptArgv is argv from the script on. The kernel puts the interpreter before
// it and the one argument that the #! line may have; an interpreter that is a
// script itself has its own in front.
func scriptArgv(x *Exec) []string {
	const most = 12
	head := x.Args[:min(len(x.Args), most)]
	for i := 1; i < len(head); i++ {
		if head[i] == x.ScriptPath {
			return x.Args[i:]
		}
	}
	for i := 1; i < len(head); i++ {
		if base(head[i]) == base(x.ScriptPath) {
			return x.Args[i:]
		}
	}
	i := 1
	if len(head) > 1 && strings.HasPrefix(head[1], "-") {
		i = 2
	}
	return x.Args[min(i, len(x.Args)):]
}

// scriptMeaning returns the tool or the runner that a script's file is. A
// package that is run as a directory is known as the module.
func (r *Recogniser) scriptMeaning(path string) *meaning {
	path = strings.TrimRight(path, "/")
	name := base(path)
	if m, ok := r.files[name]; ok {
		return m
	}
	if name == "__main__.py" && len(path) > len(name) {
		return r.moduleMeaning(base(path[:len(path)-len(name)-1]))
	}
	if m := r.lookup(name); m.role == Tool || m.isRunner() {
		return m
	}
	return &nothing
}
