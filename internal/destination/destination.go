// Package destination says what kind of place a remote end is: this host, a
// private network, cloud storage, a paste site, and so on.
//
// It goes by the name that is in the arguments and asks no name server: what a
// name resolves to may be another at every call, and to ask would tell whoever
// runs the server for it.
//
// It is data: classes.yaml says what the fields mean, and is checked when it is loaded.
package destination

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed classes.yaml
var classesYAML []byte

// Class is the value of filecopy.destination_class.
type Class string

// The classes.
const (
	Loopback       Class = "loopback"
	Private        Class = "private"
	Public         Class = "public"
	CloudStorage   Class = "cloud_storage"
	CodeRepository Class = "code_repository"
	Paste          Class = "paste"
	Webhook        Class = "webhook"
	FileShare      Class = "file_share"
	Alias          Class = "alias"
	Unknown        Class = "unknown"
)

var classes = []Class{Loopback, Private, Public, CloudStorage, CodeRepository, Paste, Webhook, FileShare, Alias, Unknown}

// Facts are what else a name or address shows. Each is a reason by itself.
type Facts struct {
	RawIP           bool // an address, no name
	ObscuredIP      bool // an address in a notation that people do not use: 2130706433, 0x7f.1
	DynamicDNS      bool // under a domain that gives names to anyone without asking who it is
	Onion           bool // in an overlay network that hides where it is
	Punycode        bool // has letters other than those of ASCII, as names have that look like another
	MetadataService bool // where a cloud gives its machines their credentials
}

// Names returns the codes of those facts that hold, for filecopy.reasons.
func (f Facts) Names() []string {
	if f == (Facts{}) {
		return nil
	}
	names := make([]string, 0, 2)
	for _, fact := range []struct {
		holds bool
		name  string
	}{
		{f.RawIP, "raw_ip"}, {f.ObscuredIP, "obscured_ip"}, {f.DynamicDNS, factDynamicDNS}, {f.Onion, factOnion},
		{f.Punycode, "punycode"}, {f.MetadataService, factMetadataService},
	} {
		if fact.holds {
			names = append(names, fact.name)
		}
	}
	return names
}

// Classes is all that is known of remote ends. It does not change after it is
// loaded, and may be used from several goroutines.
type Classes struct {
	forms   fileForm // for the documentation
	schemes map[string]Class
	hosts   map[string]*entry // by suffix of the name
	facts   map[string]fact   // by suffix of the name, or address
	ranges  []addressRange    // the most exact first
}

// Options are additions of a user.
type Options struct {
	// Add has by class host names (with all names under them, as classes.yaml
	// describes), and addresses or prefixes in CIDR notation. They go before
	// what is built in.
	Add map[Class][]string
}

// Load returns the classes that are built in. An error is one of their data, and says where.
func Load() (*Classes, error) { return LoadWith(Options{}) }

// LoadWith returns the classes that are built in, with additions. An error names the entry that is wrong.
func LoadWith(options Options) (*Classes, error) {
	c, err := parse(classesYAML)
	if err != nil {
		return nil, fmt.Errorf("destination: classes.yaml: %w", err)
	}
	if err := c.add(options.Add); err != nil {
		return nil, fmt.Errorf("destination: %w", err)
	}
	return c, nil
}

// Of returns the class of a remote end: by the scheme where that tells it (s3,
// rclone), else by the address or the name, for some hosts by the path. All
// three are as in the arguments; each may be empty. Where nothing is known of a
// name that is fully qualified, it is Public; a name without a dot is an Alias.
func (c *Classes) Of(scheme, host, path string) Class {
	if class, ok := c.ofScheme(scheme); ok {
		return class
	}
	var buffer nameBuffer
	name, ok := normalize(&buffer, host)
	if !ok {
		return Unknown
	}
	if address, _, ok := parseAddress(name); ok {
		return c.ofAddress(address)
	}
	if class, ok := c.ofName(name, path); ok {
		return class
	}
	if !isName(name) {
		return Unknown
	}
	if bytes.IndexByte(name, '.') < 0 {
		return Alias
	}
	return Public
}

// Facts returns what else the host shows.
func (c *Classes) Facts(host string) Facts {
	var buffer nameBuffer
	name, ok := normalize(&buffer, host)
	if !ok {
		return Facts{}
	}
	if address, usual, ok := parseAddress(name); ok {
		var text [maxAddress]byte
		f := Facts{RawIP: true, ObscuredIP: !usual}
		if known, ok := c.facts[string(address.AppendTo(text[:0]))]; ok {
			f.set(known.code)
		}
		return f
	}
	f := c.factsOf(name)
	f.Punycode = hasForeignLetters(name)
	return f
}

func (c *Classes) ofScheme(scheme string) (Class, bool) {
	if class, ok := c.schemes[scheme]; ok || scheme == "" {
		return class, ok
	}
	class, ok := c.schemes[strings.ToLower(scheme)]
	return class, ok
}

// add takes over a user's entries: names before the labels and paths of names,
// because a name replaces what is built in for it.
func (c *Classes) add(add map[Class][]string) error {
	given := make(map[string]Class)
	for _, ruled := range []bool{false, true} {
		for _, class := range slices.Sorted(maps.Keys(add)) {
			if !slices.Contains(classes, class) {
				return fmt.Errorf("add: there is no class %q; the classes are %v", class, classes)
			}
			for _, text := range add[class] {
				if hasRule(text) != ruled {
					continue
				}
				if other, twice := given[text]; twice && other != class {
					return fmt.Errorf("add: %s: %q is in %s as well", class, text, other)
				}
				given[text] = class
				if err := c.addEntry(class, text, true); err != nil {
					return fmt.Errorf("add: %s: %w", class, err)
				}
			}
		}
	}
	c.sortRanges()
	return nil
}

// hasRule says whether an entry is for labels or paths of a name, or a range of addresses.
func hasRule(text string) bool {
	return strings.Contains(text, "/") || strings.Contains(text, anyLabels)
}
