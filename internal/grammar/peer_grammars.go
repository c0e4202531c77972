package grammar

// peerGrammars are those of tools that share with a peer, back up, and tunnel.
var peerGrammars = map[string]Grammar{}
