package sensitive

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const goodClasses = `
classes:
  - id: keys
    title: Keys
    patterns: [.ssh/, "*.key", id_*, core.#, /srv/*/store, /home/*]
    not: ["*.pub"]
  - id: trees
    title: Trees
    patterns: [/, /etc]
`

func buildFrom(data string) (*Classes, error) {
	list, err := parse([]byte(data))
	if err != nil {
		return nil, err
	}
	return build(merge(list, nil))
}

// Each bad file is the good one with one thing changed, so this test vouches for them.
func TestBuild(t *testing.T) {
	c, err := buildFrom(goodClasses)
	require.NoError(t, err)
	for path, want := range map[string]string{
		"/": "trees", "/etc": "trees", "/x/etc": "", "/a/.ssh/b": "keys", "/a/.ssh/b.pub": "", "x.KEY": "keys", "id_x": "keys", "id_": "", "id_x.pub": "",
		"core.1": "keys", "core.x": "", "/srv/a/store": "keys", "/srv/a/b/store": "", "/srv/a/store/b": "", "/home/x": "keys", "/home/x/y": "",
	} {
		assert.Equal(t, want, idOf(c, "", path), path)
	}
}

func TestBadClasses(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown field", "title: Keys", "titel: Keys", "field titel not found"},
		{"not YAML", "classes:", "classes: [", "yaml: "},
		{"two documents", "  - id: trees", "---\n  - id: trees", "has more than one document"},
		{"id with upper case", "id: keys", "id: Keys", `class "Keys": id is not lower-case words joined by underscores`},
		{"id twice", "id: trees", "id: keys", `class "keys": is there twice`},
		{"no title", "title: Trees", "title: ''", `class "trees": has no title`},
		{"no patterns", "[/, /etc]", "[]", `class "trees": has no patterns`},
		{"pattern twice", "[/, /etc]", "[/, .ssh/]", `class "trees": pattern ".ssh/" is already in class "keys"`},
		{"empty pattern", "[/, /etc]", "['']", `class "trees": pattern "": "" is no component of a path`},
		{"empty component", "[/, /etc]", "[a//b]", `class "trees": pattern "a//b": "" is no component of a path`},
		{"parent", "[/, /etc]", "[../b]", `class "trees": pattern "../b": ".." is no component of a path`},
		{"star within a directory", "[/, /etc]", "[a*/b]", `class "trees": pattern "a*/b": "a*": a directory before the last component is a name, or *`},
		{"star in the middle", "[/, /etc]", "[a*b]", `class "trees": pattern "a*b": "a*b": the last component has one * or #, at an end`},
		{"two stars", "[/, /etc]", "['*a*']", `class "trees": pattern "*a*": "*a*": the last component has one * or #, at an end`},
		{"only a star", "[/, /etc]", "['*']", `class "trees": pattern "*": "*": the last component has one * or #, at an end`},
		{"only digits", "[/, /etc]", "['#']", `class "trees": pattern "#": "#": the last component has one * or #, at an end`},
		{"directory with a star", "[/, /etc]", "['a*/']", `class "trees": pattern "a*/": "a*": a directory with all that is in it is a name`},
		{"end without a dot", "[/, /etc]", "['*key']", `class "trees": pattern "*key": "*key": an end has a dot`},
		{"long extension", "[/, /etc]", "['*.abcdefghijklmnopq']", "at most 16 bytes after it"},
		{"bad not", `["*.pub"]`, `["*pub"]`, `class "keys": not "*pub": "*pub": an end has a dot`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(goodClasses, tt.old), "%q must be in the good file once", tt.old)
			c, err := buildFrom(strings.Replace(goodClasses, tt.old, tt.new, 1))
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, c)
		})
	}
}

func TestEmptyClasses(t *testing.T) {
	for data, want := range map[string]string{"": "is empty", "classes: []": "has no classes"} {
		_, err := parse([]byte(data))
		assert.ErrorContains(t, err, want)
	}
}

func TestTooManyClasses(t *testing.T) {
	var list []*Class
	for i := range maxClasses + 1 {
		list = append(list, &Class{ID: fmt.Sprintf("c%d", i), Title: "T", Patterns: []string{fmt.Sprintf("p%d", i)}})
	}
	_, err := build(list)
	assert.ErrorContains(t, err, "there are 65 classes; at most 64 can be")
	_, err = build(list[:maxClasses])
	assert.NoError(t, err)
}
