package grammar

// sshGrammars are those of tools that copy over SSH.
var sshGrammars = map[string]Grammar{}
