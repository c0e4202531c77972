// Package sensitive says which local paths hold what nobody should copy away:
// keys, credentials, password stores, databases, memory, and the directories
// that contain them.
//
// It goes by the path in the arguments and opens nothing. It is data:
// classes.yaml says what the fields mean, and is checked when it is loaded.
package sensitive

import (
	_ "embed"
	"fmt"
	"math/bits"
)

//go:embed classes.yaml
var classesYAML []byte

// Class is a kind of sensitive paths.
type Class struct {
	ID    string `yaml:"id"`    // slug, such as ssh_keys
	Title string `yaml:"title"` // for people
	// Patterns are those of its paths, and Not of those among them that are
	// harmless. The head of classes.yaml has their notation.
	Patterns []string `yaml:"patterns"`
	Not      []string `yaml:"not"`
}

// Classes is all that is known of sensitive paths. It does not change after it
// is loaded, and may be used from several goroutines.
type Classes struct {
	classes []*Class // the most severe first
	index
}

// Options are additions of a user.
type Options struct {
	// Add are further classes, more severe than those that are built in. One
	// with the id of a built-in class adds its patterns to that.
	Add []Class
}

// Load returns the classes that are built in. An error is one of their data, and says where.
func Load() (*Classes, error) { return LoadWith(Options{}) }

// LoadWith returns the classes that are built in, with additions. An error names the entry that is wrong.
func LoadWith(options Options) (*Classes, error) {
	classes, err := parse(classesYAML)
	if err != nil {
		return nil, fmt.Errorf("sensitive: classes.yaml: %w", err)
	}
	c, err := build(merge(classes, options.Add))
	if err != nil {
		return nil, fmt.Errorf("sensitive: %w", err)
	}
	return c, nil
}

// Of returns the most severe class of a path as it stands in the arguments,
// and false where it has none. The directory is the working directory that a
// relative path is resolved against, or empty where it is not known. ~, ~user
// and $HOME are understood as any home directory; a pattern is taken as the
// files it may match. Symbolic links are not followed.
func (c *Classes) Of(directory, path string) (*Class, bool) {
	if path == "" || path == "-" || len(path) > maxPath || len(directory) > maxPath {
		return nil, false
	}
	var stack [usualDepth]string
	p := resolve(stack[:0], directory, path)
	found := c.match(&p)
	if found == 0 {
		return nil, false
	}
	return c.classes[bits.TrailingZeros64(found)], true
}

// merge puts a user's classes before those that are built in, or into them.
func merge(builtIn, add []Class) []*Class {
	var first, rest []*Class
	byID := make(map[string]*Class)
	for i := range builtIn {
		rest = append(rest, &builtIn[i])
		byID[builtIn[i].ID] = &builtIn[i]
	}
	for i := range add {
		class := add[i]
		if known, ok := byID[class.ID]; ok {
			known.Patterns = append(known.Patterns, class.Patterns...)
			known.Not = append(known.Not, class.Not...)
			continue
		}
		first = append(first, &class)
		byID[class.ID] = &class
	}
	return append(first, rest...)
}
