package grammar

import (
	"maps"
	"slices"
)

// Grammar reads a command line. It is called from several goroutines.
type Grammar func(*Command) Transfer

// groups of grammars, by their names in the catalogue. Each is next to its grammars.
var groups = []map[string]Grammar{
	sshGrammars,
	webGrammars,
	fileTransferGrammars,
	streamGrammars,
	cloudGrammars,
	containerGrammars,
	peerGrammars,
	scriptGrammars,
}

var byName = func() map[string]Grammar {
	all := make(map[string]Grammar)
	for _, group := range groups {
		for name, g := range group {
			if _, twice := all[name]; twice {
				panic("grammar: there are two of the name " + name)
			}
			all[name] = g
		}
	}
	return all
}()

// Find returns the grammar of that name.
func Find(name string) (Grammar, bool) {
	g, ok := byName[name]
	return g, ok
}

// Names returns the names of all grammars, sorted.
func Names() []string { return slices.Sorted(maps.Keys(byName)) }
