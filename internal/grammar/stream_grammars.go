package grammar

// streamGrammars are those of tools that move bytes between a socket and their descriptors.
var streamGrammars = map[string]Grammar{}
