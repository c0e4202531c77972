package cicd

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// row is the environment of a job in testdata/cicd, with all that should be said of it.
type row struct {
	Name string            `yaml:"name"`
	Env  map[string]string `yaml:"env"`
	Want *struct {
		System     string            `yaml:"system"`
		Trigger    string            `yaml:"trigger"`
		Fork       bool              `yaml:"fork"`
		EventFile  string            `yaml:"event_file"`
		Attributes map[string]string `yaml:"attributes"`
	} `yaml:"want"` // nil where no system should be seen
}

func load(t testing.TB) *Systems {
	t.Helper()
	s, err := Load()
	require.NoError(t, err)
	return s
}

// readRows reads a table strictly.
func readRows(t testing.TB, path string, rows any) {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(rows), path)
}

func TestRows(t *testing.T) {
	s := load(t)
	files, err := filepath.Glob("../../testdata/cicd/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	asked := append(slices.Clone(s.Variables()), s.ResourceAttributes()...)
	for _, file := range files {
		var rows []row
		readRows(t, file, &rows)
		for _, r := range rows {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml")+"/"+r.Name, func(t *testing.T) {
				requireRow(t, s, &r, asked)
			})
		}
	}
}

func requireRow(t *testing.T, s *Systems, r *row, asked []string) {
	t.Helper()
	got, ok := s.Describe(func(name string) string {
		assert.Contains(t, asked, name, "asked for a variable that it does not list")
		return r.Env[name]
	})
	if r.Want == nil {
		assert.False(t, ok)
		assert.Equal(t, Context{}, got)
		return
	}
	require.True(t, ok)
	assert.Equal(t, r.Want.System, got.System)
	assert.Equal(t, r.Want.Trigger, got.Trigger)
	assert.Equal(t, r.Want.Fork, got.Fork)
	assert.Equal(t, r.Want.EventFile, got.EventFile)
	attributes := make(map[string]string)
	for _, a := range got.Attributes {
		_, twice := attributes[a.Key]
		assert.False(t, twice, "%s is there twice", a.Key)
		attributes[a.Key] = a.Value
	}
	assert.Equal(t, r.Want.Attributes, attributes)
}

// What holds a secret must not even be asked for: what is asked for is taken out of the process and sent.
func TestNoVariableIsASecret(t *testing.T) {
	s := load(t)
	for _, name := range append(slices.Clone(s.Variables()), s.ResourceAttributes()...) {
		upper := strings.ToUpper(name)
		for _, word := range []string{"TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "NETRC", "AUTHORIZATION"} {
			assert.NotContains(t, upper, word, name)
		}
		if strings.Contains(upper, "KEY") {
			assert.True(t, strings.HasSuffix(upper, "_STEP_KEY"), name)
		}
	}
	assert.NotContains(t, s.Variables(), "CI_REPOSITORY_URL", "has CI_JOB_TOKEN in it")
}

func TestVariables(t *testing.T) {
	s := load(t)
	assert.True(t, slices.IsSorted(s.Variables()))
	assert.Contains(t, s.Variables(), "GITHUB_EVENT_PATH")
	assert.Contains(t, s.Variables(), "BUILDKITE_STEP_KEY")
	assert.NotContains(t, strings.Join(s.Variables(), " "), ".")
	assert.Contains(t, s.ResourceAttributes(), "k8s.pod.label.tekton.dev/taskRun")
	assert.Contains(t, s.ResourceAttributes(), "k8s.pod.labels.tekton.dev/taskRun")
}

func TestLongValuesAreNotLookedAt(t *testing.T) {
	env := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_JOB": strings.Repeat("x", maxValue+1), "GITHUB_WORKFLOW": strings.Repeat("y", maxValue)}
	got, ok := load(t).Describe(func(name string) string { return env[name] })
	require.True(t, ok)
	assert.Empty(t, got.Get(keyTaskName))
	assert.Len(t, got.Get(keyPipelineName), maxValue)
}

func TestAddTakesTheEventFileOverTheVariables(t *testing.T) {
	c := Context{Attributes: []Attribute{{keyHeadName, "fix"}, {keyHeadRevision, "merge"}}}
	c.Add(EventFacts{Number: "7", HeadSHA: "11", HeadRef: "fix", Fork: true})
	assert.Equal(t, []Attribute{
		{keyHeadName, "fix"}, {keyHeadRevision, "11"}, {keyChangeID, "7"}, {keyHeadType, "branch"},
	}, c.Attributes)
	assert.True(t, c.Fork)
	c.Add(EventFacts{})
	assert.True(t, c.Fork, "what says nothing of forks takes nothing back")
}

func TestMarkdown(t *testing.T) {
	s := load(t)
	text := s.Markdown()
	for _, system := range s.systems {
		assert.Contains(t, text, "`"+system.id+"`, told by")
	}
	assert.Contains(t, text, "| `cicd.pipeline.run.url.full` | `{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}` |\n")
	assert.Contains(t, text, "| `vcs.change.id` | `GITHUB_REF` within `refs/pull/…/merge` (number) |\n")
	assert.Contains(t, text, "| fork | `TRAVIS_REPO_SLUG` differs from `TRAVIS_PULL_REQUEST_SLUG` |\n")
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "|") {
			assert.Equal(t, 3, strings.Count(line, "|"), line)
		}
	}
}

func BenchmarkDescribe(b *testing.B) {
	s := load(b)
	var rows []row
	readRows(b, "../../testdata/cicd/github_actions.yaml", &rows)
	for name, env := range map[string]map[string]string{"job": rows[3].Env, "no job": {}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			get := func(name string) string { return env[name] }
			for b.Loop() {
				s.Describe(get)
			}
		})
	}
}
