package recognise

// executed returns the file that the kernel ran, by its name and by its content.
func (t *trail) executed() program {
	x := t.exec
	p := program{name: executableName(x), match: Name, argv: x.Args}
	p.meaning = t.recogniser.lookup(p.name)
	if len(x.Args) > 0 {
		p.argv0 = base(x.Args[0])
	} else {
		p.argv0 = base(x.RequestedPath)
	}
	t.byContent(&p)
	if p.meaning.role == None && x.ScriptPath == "" && !t.recogniser.wrappers[p.name] {
		t.byRequest(&p)
	}
	t.file = p.meaning
	return p
}

// executableName is the base name of the executed file, or the best that the record has for it.
func executableName(x *Exec) string {
	switch {
	case x.ExecutableName != "":
		return x.ExecutableName
	case x.ExecutablePath != "":
		return base(x.ExecutablePath)
	case x.RequestedPath != "":
		return base(x.RequestedPath)
	case len(x.Args) > 0:
		return base(x.Args[0])
	default:
		return ""
	}
}

// byContent goes by what is in the file where that is not what its name says.
// Of a script's exec the sensor looked into the script, not into this file.
func (t *trail) byContent(p *program) {
	x, named := t.exec, p.meaning
	if x.OriginalName == "" || x.ScriptPath != "" {
		return
	}
	content := t.recogniser.lookup(x.OriginalName)
	switch {
	case content.role == None:
	case content.is(named):
		t.confirmed = content
	case content.is(t.recogniser.generic(p.name)): // nc.openbsd says more than nc
		t.confirmed = content
	case named.role == Box && named.box.applets[x.OriginalName]: // one of its applets was taken for all of it
	case content.role == Box && content.box.applets[p.name]: // a hard link, as small systems have them
		p.meaning = content
	case content.role == Box && named.role == Tool && !content.box.holds(p.argv0):
		// It would run no applet: the name is the better guess.
	default:
		p.meaning, p.name, p.match = content, x.OriginalName, Content
		t.renamed = named.group == 0 || named.group != content.group
	}
}

// byRequest goes by the name that was asked for where the file has an unknown
// one and was told the same name: a program of many names, such as k3s, which
// is kubectl too.
func (t *trail) byRequest(p *program) {
	asked := base(t.exec.RequestedPath)
	if asked == "" || p.argv0 != asked {
		return
	}
	if m := t.recogniser.lookup(asked); m.role == Tool {
		p.meaning, p.name = m, asked
	}
}
