package grammar

// peerGrammars are those of tools that back up, that look names up, and some more,
// where a table cannot express the syntax. Tools that share with a peer and
// tools that tunnel are tables in the catalogue.
var peerGrammars = map[string]Grammar{
	"restic":     readRestic, // restic, rustic
	"tarsnap":    tarsnap,
	"borg":       readBorg,
	"duplicity":  readDuplicity,
	"duply":      readDuply,
	"dig":        readLookup, // dig, kdig, delv, mdig, drill, dog, doggo, q
	"host":       readLookup,
	"nslookup":   readLookup,
	"jrunscript": readJrunscript, // jrunscript, jjs
}
