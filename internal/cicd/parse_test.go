package cicd

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const goodSystems = `
systems:
  - id: one
    title: One
    docs: https://one.example
    detect: [{ONE: "true"}]
    attributes:
      cicd.pipeline.name: "{ONE_NAME}"
      vcs.change.id: {from: "{ONE_REF}", within: "refs/{}/head", as: number, if: {ONE_KIND: "!push"}}
      vcs.ref.head.type: branch
    trigger: "{ONE_KIND}"
    fork: [{differ: [ONE_REPO, ONE_HEAD_REPO]}]
  - id: two
    title: Two
    docs: https://two.example
    detect: [{TWO: "*"}]
    inherits: one
    attributes: {cicd.pipeline.name: two}
`

// Each bad file is the good one with one thing changed, so this test vouches for them.
func TestParse(t *testing.T) {
	s, err := parse([]byte(goodSystems))
	require.NoError(t, err)
	assert.Equal(t, []string{"ONE", "ONE_HEAD_REPO", "ONE_KIND", "ONE_NAME", "ONE_REF", "ONE_REPO", "TWO"}, s.Variables())
	env := map[string]string{"TWO": "x", "ONE_REF": "refs/4/head", "ONE_KIND": "pull"}
	got, ok := s.Describe(func(name string) string { return env[name] })
	require.True(t, ok)
	assert.Equal(t, Context{
		System: "two", Trigger: "pull",
		Attributes: []Attribute{{keyPipelineName, "two"}, {keyChangeID, "4"}, {keyHeadType, "branch"}},
	}, got)
}

func TestBadSystems(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown field", "title: One", "titel: One", "field titel not found"},
		{"unknown field of a source", "within:", "wihtin:", "field wihtin not found in a source"},
		{"not YAML", "systems:", "systems: [", "yaml: "},
		{"two documents", "  - id: two", "---\n  - id: two", "has more than one document"},
		{"id with upper case", "id: one", "id: One", `system "One": id is not lower-case words joined by underscores`},
		{"id twice", "id: two", "id: one", `system "one": is there twice`},
		{"no title", "title: One", "title: ''", `system "one": has no title or no docs`},
		{"no docs", "docs: https://one.example", "docs: ''", `system "one": has no title or no docs`},
		{"no detect", `detect: [{TWO: "*"}]`, "detect: []", `system "two": has no detect`},
		{"empty detect", `detect: [{TWO: "*"}]`, "detect: [{}]", `system "two": detect: an entry holds where nothing is set`},
		{"detect by what is not there", `detect: [{TWO: "*"}]`, `detect: [{TWO: ""}]`, `system "two": detect: an entry holds where nothing is set`},
		{"inherits nothing", "inherits: one", "inherits: three", `system "two": inherits "three", which is not a system before it`},
		{"inherits itself", "inherits: one", "inherits: two", `system "two": inherits "two", which is not a system before it`},
		{"unknown attribute", "vcs.change.id", "vcs.change.number", `system "one": "vcs.change.number" is not one of the attributes in keys.go`},
		{"unknown form", "as: number", "as: digits", `system "one": vcs.change.id: there is no form "digits"`},
		{"within without place", "refs/{}/head", "refs/head", `system "one": vcs.change.id: within "refs/head" has no {}`},
		{"brace without end", `"{ONE_NAME}"`, `"{ONE_NAME"`, `system "one": cicd.pipeline.name: "{ONE_NAME" has a { without }`},
		{"name with space", `"{ONE_NAME}"`, `"{ONE NAME}"`, `system "one": cicd.pipeline.name: "ONE NAME" is not a name of a variable`},
		{"token", "{ONE_NAME}", "{ONE_TOKEN}", `system "one": cicd.pipeline.name: ONE_TOKEN is named as if it held a secret`},
		{"key", "{ONE_NAME}", "{one_api_key}", `system "one": cicd.pipeline.name: one_api_key is named as if it held a secret`},
		{"URL with a token", "{ONE_NAME}", "{CI_REPOSITORY_URL}", "CI_REPOSITORY_URL is named as if it held a secret"},
		{"secret in a condition", "ONE_KIND: \"!push\"", "ONE_PASSWORD: \"*\"", "ONE_PASSWORD is named as if it held a secret"},
		{"value outside the enumeration", "vcs.ref.head.type: branch", "vcs.ref.head.type: commit", `system "one": vcs.ref.head.type: cannot be "commit"`},
		{"nothing to take", `from: "{ONE_REF}", `, "", `system "one": vcs.change.id: needs either from or differ`},
		{"differ of three", "[ONE_REPO, ONE_HEAD_REPO]", "[A, B, C]", `system "one": fork: differ takes two variables`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(goodSystems, tt.old), "%q must be in the good file once", tt.old)
			s, err := parse([]byte(strings.Replace(goodSystems, tt.old, tt.new, 1)))
			assert.ErrorContains(t, err, tt.want)
			assert.Nil(t, s)
		})
	}
}

func TestEmptySystems(t *testing.T) {
	for data, want := range map[string]string{"": "is empty", "systems: []": "has no systems"} {
		_, err := parse([]byte(data))
		assert.ErrorContains(t, err, want)
	}
}

func TestRepositories(t *testing.T) {
	tests := []struct{ in, owner, name, url, provider string }{
		{"octo/app", "octo", "app", "", ""},
		{"app", "", "app", "", ""},
		{"grp/sub/app", "grp/sub", "app", "", ""},
		{"git@github.com:octo/app.git", "octo", "app", "https://github.com/octo/app", "github"},
		{"github.com:octo/app.git", "octo", "app", "https://github.com/octo/app", "github"},
		{"https://github.com/octo/app.git/", "octo", "app", "https://github.com/octo/app", "github"},
		{"https://u:p@GitHub.com/octo/app", "octo", "app", "https://GitHub.com/octo/app", "github"},
		{"http://git.corp.example:3000/octo/app.git", "octo", "app", "http://git.corp.example:3000/octo/app", ""},
		{"ssh://git@git.corp.example:2222/octo/app.git", "octo", "app", "https://git.corp.example/octo/app", ""},
		{"git://bitbucket.org/octo/app", "octo", "app", "https://bitbucket.org/octo/app", "bitbucket"},
		{"https://github.com.evil.example/octo/app", "octo", "app", "https://github.com.evil.example/octo/app", ""},
		{"https://git.example/app", "", "app", "https://git.example/app", ""},
		{"https://github.com/", "", "", "", "github"},
		{"/srv/git/app.git", "", "", "", ""},
		{"../app", "", "", "", ""},
		{"", "", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			r := parseRepository(tt.in)
			assert.Equal(t, tt.owner, r.owner)
			assert.Equal(t, tt.name, r.name)
			assert.Equal(t, tt.url, r.url())
			assert.Equal(t, tt.provider, r.provider())
		})
	}
}

func TestCleanURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://ci.example/a b":               "https://ci.example/a%20b",
		"https://u:p@ci.example/x?y=z@w":       "https://ci.example/x?y=z@w",
		"https://u:p@a@ci.example":             "https://ci.example",
		"https://ci.example/@scope/x":          "https://ci.example/@scope/x",
		"javascript:alert(1)":                  "",
		"file:///etc/passwd":                   "",
		"":                                     "",
		"HTTPS://ci.example":                   "",
		"http://ci.example:8080/job/x%20y/12/": "http://ci.example:8080/job/x%20y/12/",
	} {
		assert.Equal(t, want, cleanURL(in), in)
	}
}
