package catalogue

import (
	"slices"

	"github.com/copywatch/copywatch/internal/grammar"
)

// ToolForm is a tool as tools.yaml and the collector's configuration have it.
// The head of tools.yaml describes the fields.
type ToolForm struct {
	Name       string            `yaml:"name" mapstructure:"name"`
	Family     string            `yaml:"family" mapstructure:"family"`
	About      string            `yaml:"about" mapstructure:"about"`
	Aliases    []string          `yaml:"aliases" mapstructure:"aliases"`
	Ambiguous  map[string]string `yaml:"ambiguous" mapstructure:"ambiguous"`
	Tier       Tier              `yaml:"tier" mapstructure:"tier"`
	Protocol   string            `yaml:"protocol" mapstructure:"protocol"`
	Techniques *TechniquesForm   `yaml:"techniques" mapstructure:"techniques"`
	// At most one of these.
	Grammar   string            `yaml:"grammar" mapstructure:"grammar"`
	Table     *grammar.Table    `yaml:"table" mapstructure:"table"`
	Direction grammar.Direction `yaml:"direction" mapstructure:"direction"`
}

// TechniquesForm are ids of ATT&CK by what is done.
type TechniquesForm struct {
	Upload          []string `yaml:"upload" mapstructure:"upload"`
	UploadClear     []string `yaml:"upload_clear" mapstructure:"upload_clear"`
	UploadEncrypted []string `yaml:"upload_encrypted" mapstructure:"upload_encrypted"`
	Download        []string `yaml:"download" mapstructure:"download"`
	Listen          []string `yaml:"listen" mapstructure:"listen"`
	RemoteToRemote  []string `yaml:"remote_to_remote" mapstructure:"remote_to_remote"`
}

// familyForm is a family as tools.yaml has it.
type familyForm struct {
	ID         string         `yaml:"id"`
	Title      string         `yaml:"title"`
	Tier       Tier           `yaml:"tier"`
	Protocol   string         `yaml:"protocol"`
	Techniques TechniquesForm `yaml:"techniques"`
}

// toolsForm is tools.yaml.
type toolsForm struct {
	Families []familyForm `yaml:"families"`
	Tools    []ToolForm   `yaml:"tools"`
}

// change replaces the fields of f that by gives.
func (f *ToolForm) change(by *ToolForm) {
	replace(&f.Family, by.Family)
	replace(&f.About, by.About)
	replace(&f.Tier, by.Tier)
	replace(&f.Protocol, by.Protocol)
	if by.Aliases != nil {
		f.Aliases = by.Aliases
	}
	if by.Ambiguous != nil {
		f.Ambiguous = by.Ambiguous
	}
	if by.Techniques != nil {
		f.Techniques = by.Techniques
	}
	if by.Grammar != "" || by.Table != nil || by.Direction != "" { // they stand for each other
		f.Grammar, f.Table, f.Direction = by.Grammar, by.Table, by.Direction
	}
}

func replace[T comparable](field *T, value T) {
	var empty T
	if value != empty {
		*field = value
	}
}

// withoutName is f without one of its further names.
func (f ToolForm) withoutName(name string) ToolForm {
	f.Aliases = slices.DeleteFunc(slices.Clone(f.Aliases), func(s string) bool { return s == name })
	if _, ok := f.Ambiguous[name]; ok {
		kept := make(map[string]string)
		for key, value := range f.Ambiguous {
			if key != name {
				kept[key] = value
			}
		}
		f.Ambiguous = kept
	}
	return f
}
