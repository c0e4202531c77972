package recognise

import "strings"

// loaded returns the program that the dynamic loader was given. Options are
// those of glibc 2.36 (ld.so --help) and musl 1.2.3 (ldso/dynlink.c).
func (t *trail) loaded(p *program) (program, bool) {
	t.viaLoader = true
	argv0 := ""
	for i := 1; i < len(p.argv); i++ {
		arg := p.argv[i]
		if !strings.HasPrefix(arg, "--") {
			return t.target(p.argv[i:], argv0), true
		}
		option, value, glued := strings.Cut(arg, "=") // musl only
		switch option {
		case "--list", "--verify", "--help", "--version", "--list-tunables", "--list-diagnostics":
			return program{}, false
		case "--argv0", "--preload", "--library-path", "--audit", "--inhibit-rpath", "--glibc-hwcaps-prepend", "--glibc-hwcaps-mask":
			if !glued && i+1 < len(p.argv) {
				i++
				value = p.argv[i]
			}
			if option == "--argv0" {
				argv0 = value
			}
		}
	}
	return program{}, false
}

// target is the program whose path is argv[0], and whose argv[0] may be replaced.
func (t *trail) target(argv []string, argv0 string) program {
	name := base(argv[0])
	p := program{meaning: t.recogniser.lookup(name), name: name, match: Loader, argv: argv, argv0: name}
	if argv0 != "" {
		t.argv0, p.argv0 = argv0, base(argv0)
	}
	return p
}
