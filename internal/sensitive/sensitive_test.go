package sensitive

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func load(t testing.TB) *Classes {
	t.Helper()
	c, err := Load()
	require.NoError(t, err)
	return c
}

// row is a path in testdata/sensitive/paths.yaml.
type row struct {
	Path  string `yaml:"path"`
	In    string `yaml:"in"`    // the working directory
	Want  string `yaml:"want"`  // id of the class
	About string `yaml:"about"` // for the reader
}

func rows(t testing.TB) []row {
	t.Helper()
	content, err := os.ReadFile("../../testdata/sensitive/paths.yaml")
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	var list []row
	require.NoError(t, decoder.Decode(&list))
	return list
}

func idOf(c *Classes, directory, path string) string {
	class, ok := c.Of(directory, path)
	if !ok {
		return ""
	}
	return class.ID
}

func TestPaths(t *testing.T) {
	c := load(t)
	for _, r := range rows(t) {
		t.Run(r.In+" "+r.Path, func(t *testing.T) {
			assert.Equal(t, r.Want, idOf(c, r.In, r.Path), r.About)
		})
	}
}

// Every class must be reached by some row, so that none is only a name.
func TestEveryClassHasRows(t *testing.T) {
	seen := make(map[string]bool)
	for _, r := range rows(t) {
		seen[r.Want] = true
	}
	for _, class := range load(t).classes {
		assert.True(t, seen[class.ID], class.ID)
	}
}

// Every pattern must match what it is a pattern of, so that none is hidden behind a not.
func TestEveryPatternMatches(t *testing.T) {
	c := load(t)
	fill := strings.NewReplacer("*", "x", "#", "7")
	for i, class := range c.classes {
		for _, pattern := range class.Patterns {
			class, ok := c.Of("", fill.Replace(pattern))
			if assert.True(t, ok, "%s: %s", c.classes[i].ID, pattern) && class != c.classes[i] {
				t.Logf("%s: %s is in %s, which is more severe", c.classes[i].ID, pattern, class.ID)
			}
		}
	}
}

func TestUserClasses(t *testing.T) {
	c, err := LoadWith(Options{Add: []Class{
		{ID: "crown_jewels", Title: "Designs", Patterns: []string{"/srv/designs/", "*.dwg", ".ssh/vault"}, Not: []string{"sample.dwg"}},
		{ID: "databases", Patterns: []string{"*.fdb"}, Not: []string{"seed.sql"}},
	}})
	require.NoError(t, err)
	for path, want := range map[string]string{
		"/srv/designs": "crown_jewels", "/srv/designs/a/b": "crown_jewels", "/mnt/srv/designs/a": "", "x.DWG": "crown_jewels", "sample.dwg": "",
		"/root/.ssh/vault": "crown_jewels", "/root/.ssh/id_rsa": "ssh_keys", "x.fdb": "databases", "x.sql": "databases", "seed.sql": "",
	} {
		assert.Equal(t, want, idOf(c, "", path), path)
	}
	assert.Equal(t, "", idOf(load(t), "", "x.fdb"), "what one adds another does not see")
}

func TestBadUserClasses(t *testing.T) {
	c, err := LoadWith(Options{Add: []Class{{ID: "x", Title: "X", Patterns: []string{".env"}}}})
	assert.ErrorContains(t, err, `sensitive: class "environment_files": pattern ".env" is already in class "x"`)
	assert.Nil(t, c)
}

func TestOfDoesNotAllocate(t *testing.T) {
	c := load(t)
	for _, r := range rows(t) {
		assert.Zero(t, testing.AllocsPerRun(20, func() { c.Of(r.In, r.Path) }), r.Path)
	}
}

// What a path costs is bounded by its length, whatever is in it; what is longer than one can be costs nothing.
func TestLongPaths(t *testing.T) {
	c := load(t)
	for name, piece := range map[string]string{
		"components": "a/", "parents": "../", "up and down": "a/../", "dots": "./", "slashes": "/", "patterns": "*/", "one name": "a", "stars": "*",
		"directories": ".ssh/", "extensions": ".sql", "matching": "proc/self/",
	} {
		path := "/" + strings.Repeat(piece, maxPath/len(piece)-1)
		start := time.Now()
		for range 256 { // a megabyte of arguments
			c.Of("/work", path)
		}
		assert.Less(t, time.Since(start), 2*time.Second, name)
	}
	_, ok := c.Of("", "/etc/shadow"+strings.Repeat("/", maxPath))
	assert.False(t, ok)
	_, ok = c.Of(strings.Repeat("/", maxPath+1), "id_rsa")
	assert.False(t, ok)
}

func TestMarkdown(t *testing.T) {
	c := load(t)
	text := c.Markdown()
	for _, class := range c.classes {
		assert.Contains(t, text, "| `"+class.ID+"` | "+class.Title+" |")
	}
}

func FuzzOf(f *testing.F) {
	c := load(f)
	for _, r := range rows(f) {
		f.Add(r.In, r.Path)
	}
	f.Fuzz(func(t *testing.T, directory, path string) {
		c.Of(directory, path)
	})
}

func BenchmarkOf(b *testing.B) {
	c := load(b)
	for _, r := range []row{{Path: "build.tgz", In: "/home/runner/work/app/app"}, {Path: "/home/ana/src/project/docs/index.html"}, {Path: "~/.ssh/id_rsa"}} {
		b.Run(r.Path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Of(r.In, r.Path)
			}
		})
	}
}
