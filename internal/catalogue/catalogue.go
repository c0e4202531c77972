// Package catalogue knows the tools that copy files over a network: the names
// their executables have, the family they belong to, how their arguments are
// read, and what a copy with them means in ATT&CK.
//
// It is data: tools.yaml and attack.yaml say what the fields mean, and both
// are checked when they are loaded. A user's configuration has tools in the same form.
package catalogue

import (
	_ "embed"
	"maps"
	"slices"

	"github.com/copywatch/copywatch/internal/grammar"
)

//go:embed tools.yaml
var toolsYAML []byte

//go:embed attack.yaml
var attackYAML []byte

// Catalogue is all that is known of file copy tools. It does not change after
// it is loaded, and may be used from several goroutines.
type Catalogue struct {
	Attack   *Attack
	Families []*Family // in the order of tools.yaml
	Tools    []*Tool   // in the order of tools.yaml, then those that were added

	byName map[string]*Tool
}

// Family is a group of tools that have their protocol and techniques in common.
type Family struct {
	ID    string // slug, such as ssh-copy
	Title string // for people
}

// Tool is a program that copies files over a network, with what its entry
// leaves to its family filled in.
type Tool struct {
	Name    string   // canonical, and a name of the executable
	Aliases []string // further names of the executable
	About   string
	Family  *Family
	Tier    Tier
	// Protocol is what network.protocol.name should be; empty where the tool's name does not tell it.
	Protocol string
	// Ambiguous has those names of the tool that alone do not show that files are copied, each with
	// what else it is. Such a name needs evidence from the arguments.
	Ambiguous map[string]string
	// Known is what tells the direction of a copy.
	Known DirectionSource
	// Upload and Download are what a copy in that direction means. Upload is never empty.
	Upload, Download Threat

	grammar grammar.Grammar // nil where there is none
	threats threats
}

// Tier says whether an execution of a tool is a copy by itself.
type Tier string

// The tiers.
const (
	Dedicated Tier = "dedicated" // an execution of it always matches
	General   Tier = "general"   // it matches only where its arguments or descriptors show a copy, or a file may hide one
)

// DirectionSource is what tells the direction of a copy with a tool.
type DirectionSource string

// The sources.
const (
	ByArguments DirectionSource = "arguments" // a grammar reads them
	ByName      DirectionSource = "name"      // the tool does nothing else
	NotKnown    DirectionSource = "unknown"
)

// threats are those of a [Tool] that are not fields of it. An empty one stands for Upload.
type threats struct {
	uploadClear, uploadEncrypted, listen, remoteToRemote, both Threat
}

// Lookup returns the tool that has an executable of exactly this name. It does not allocate.
func (c *Catalogue) Lookup(name string) (*Tool, bool) {
	tool, ok := c.byName[name]
	return tool, ok
}

// Names returns every name that Lookup knows, in no order.
func (c *Catalogue) Names() []string {
	return slices.Collect(maps.Keys(c.byName))
}

// interpreters is the family of programs that run others' code: their names say nothing.
const interpreters = "interpreter"

// Telling returns the names of which an execution is worth to be kept when not
// all can be: all but those of interpreters, which run all the time.
func (c *Catalogue) Telling() []string {
	return slices.DeleteFunc(c.Names(), func(name string) bool { return c.byName[name].Family.ID == interpreters })
}

// Transfer reads a command line of the tool. Of a dedicated tool whose arguments
// nothing reads it says that the direction is unknown, of a general one that
// there is no copy.
func (t *Tool) Transfer(command *grammar.Command) grammar.Transfer {
	if t.grammar == nil {
		if t.Tier == General {
			return grammar.Transfer{}
		}
		return grammar.Transfer{Direction: grammar.Unknown}
	}
	command.Tool = t.Name
	return t.grammar(command)
}

// Threat returns what a copy in that direction means, over that channel where it
// is known. Data that leaves is worst, and stands for what is not known.
func (t *Tool) Threat(direction grammar.Direction, channel grammar.Channel) *Threat {
	switch direction {
	case grammar.Download, grammar.ServeIn:
		return &t.Download
	case grammar.Listen:
		return t.orUpload(&t.threats.listen)
	case grammar.RemoteToRemote:
		return t.orUpload(&t.threats.remoteToRemote)
	case grammar.Bidirectional:
		return &t.threats.both
	}
	switch channel {
	case grammar.Clear:
		return t.orUpload(&t.threats.uploadClear)
	case grammar.Encrypted:
		return t.orUpload(&t.threats.uploadEncrypted)
	}
	return &t.Upload
}

func (t *Tool) orUpload(threat *Threat) *Threat {
	if threat.empty() {
		return &t.Upload
	}
	return threat
}

func (t *Threat) empty() bool { return len(t.Techniques) == 0 }
