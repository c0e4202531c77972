package grammar

// scriptGrammars are those of interpreters and servers of files.
var scriptGrammars = map[string]Grammar{}
