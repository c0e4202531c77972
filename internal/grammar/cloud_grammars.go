package grammar

// cloudGrammars are those of clients of cloud storage.
var cloudGrammars = map[string]Grammar{}
