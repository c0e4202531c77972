package grammar

// containerGrammars are those of tools of containers, clusters, machines and code hosts.
var containerGrammars = map[string]Grammar{}
