// Package catalogue knows the tools that copy files over a network: the names
// their executables have, the family they belong to, and what a copy with them
// means in ATT&CK.
//
// It is data: tools.yaml and attack.yaml say what the fields mean, and both
// are checked when they are loaded.
package catalogue

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
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
	Tools    []*Tool   // in the order of tools.yaml

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
	// Protocol is what network.protocol.name should be; empty where the tool's name does not tell it.
	Protocol string
	// Ambiguous has those names of the tool that alone do not show that files are copied, each with what else it is.
	Ambiguous map[string]string
	// Upload and Download are what a copy in that direction means. Upload is never empty.
	Upload, Download Threat
}

// Load returns the catalogue that is built in. An error is one of its data, and says where.
func Load() (*Catalogue, error) {
	attack, err := parseAttack(attackYAML)
	if err != nil {
		return nil, fmt.Errorf("catalogue: attack.yaml: %w", err)
	}
	c, err := parseTools(toolsYAML, attack)
	if err != nil {
		return nil, fmt.Errorf("catalogue: tools.yaml: %w", err)
	}
	return c, nil
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
