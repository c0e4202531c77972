package grammar

// webGrammars are those of HTTP clients.
var webGrammars = map[string]Grammar{}
