package recognise

import "strings"

// box is a program of many programs.
type box struct {
	name    string
	applets map[string]bool // those that copy files or run scripts
	// prefix: any name that begins with the box's is the box, as BusyBox and Toybox have it.
	prefix bool
	// nested: an applet of the box is the box itself.
	nested bool
}

func (b *box) isName(name string) bool {
	return name == b.name || b.prefix && strings.HasPrefix(name, b.name)
}

// holds says that the box runs something if it is called so.
func (b *box) holds(argv0 string) bool {
	name := withoutDash(argv0)
	return b.isName(name) || b.applets[name]
}

// applet returns what a box runs: the applet that it is called by, or else the
// one in its first argument. (BusyBox appletlib.c, Toybox main.c)
func (t *trail) applet(p *program) (program, bool) {
	b, argv, name := p.meaning.box, p.argv, withoutDash(p.argv0)
	const depth = 8
	for range depth {
		if b.applets[name] {
			m := t.recogniser.lookup(name)
			return program{meaning: m, name: name, match: p.through(Applet), argv: argv, argv0: name}, m.role != None
		}
		if !b.isName(name) || len(argv) < 2 || !b.nested && len(argv) < len(p.argv) {
			break
		}
		argv = argv[1:]
		name = base(argv[0])
	}
	return program{}, false
}
