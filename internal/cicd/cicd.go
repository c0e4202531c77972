// Package cicd says which run of which pipeline a process belongs to, from the
// variables that CI systems set for the jobs they run, in the attributes of the
// semantic conventions (cicd.*, vcs.*).
//
// What a variable holds is claimed by the job, which can set it to anything or
// remove it. So a context names the change that is to be looked at and may raise
// a score, and never lowers one.
//
// It is data: ci.yaml says what the fields mean, and is checked when it is loaded.
package cicd

import (
	_ "embed"
	"fmt"
)

//go:embed ci.yaml
var systemsYAML []byte

// Systems is all that is known of CI systems. It does not change after it is
// loaded, and may be used from several goroutines.
type Systems struct {
	systems   []*system // in the order of ci.yaml, in which they are tried
	variables []string  // of the environment, sorted
	resource  []string  // resource attributes, sorted
}

// Context is the run of a pipeline, as the job claims it to be.
type Context struct {
	System     string      // id in ci.yaml, such as github_actions
	Attributes []Attribute // each key once, in the order of the package's list of keys
	// Fork says that the code is that of a fork: of someone who need not have
	// any right in the repository. False where it is not known.
	Fork bool
	// Trigger is what started the run: one of the constants or, where none
	// fits, the system's own word; empty where the variables do not tell.
	Trigger string
	// EventFile is the path of the file that [ReadEventFile] reads, in the
	// mount namespace of the process. The process chose it: open nothing but a
	// regular file, beneath the root of the process.
	EventFile string
}

// Attribute is an attribute of the semantic conventions. The value is never empty.
type Attribute struct{ Key, Value string }

// What starts a run.
const (
	TriggerPush              = "push"
	TriggerTag               = "tag"
	TriggerPullRequest       = "pull_request"
	TriggerPullRequestTarget = "pull_request_target" // GitHub: with the base's secrets, on the change of a fork
	TriggerSchedule          = "schedule"
	TriggerManual            = "manual"
	TriggerAPI               = "api"
	TriggerPipeline          = "pipeline" // another pipeline
)

// Load returns the CI systems that are built in. An error is one of their data, and says where.
func Load() (*Systems, error) {
	s, err := parse(systemsYAML)
	if err != nil {
		return nil, fmt.Errorf("cicd: ci.yaml: %w", err)
	}
	return s, nil
}

// Variables returns the names of the environment variables that Describe asks
// for, sorted: what a sensor has to take from the environment. None is a secret.
func (s *Systems) Variables() []string { return s.variables }

// ResourceAttributes returns the names of the resource attributes that Describe
// asks for, sorted: labels of the pod, for systems that set no variables.
func (s *Systems) ResourceAttributes() []string { return s.resource }

// Describe returns the run that a process belongs to, false where it shows
// none. The function returns the value of a variable of [Systems.Variables] or
// of a resource attribute of [Systems.ResourceAttributes], or "".
func (s *Systems) Describe(env func(string) string) (Context, bool) {
	for _, system := range s.systems {
		if system.detected(env) {
			return system.describe(env), true
		}
	}
	return Context{}, false
}

// Add takes over what the event file says, which is more exact than the variables.
func (c *Context) Add(facts EventFacts) {
	for _, a := range facts.Attributes() {
		c.set(a)
	}
	c.Fork = c.Fork || facts.Fork
}

func (c *Context) set(attribute Attribute) {
	for i := range c.Attributes {
		if c.Attributes[i].Key == attribute.Key {
			c.Attributes[i].Value = attribute.Value
			return
		}
	}
	c.Attributes = append(c.Attributes, attribute)
}

// Get returns the value of an attribute, or "".
func (c *Context) Get(key string) string {
	for i := range c.Attributes {
		if c.Attributes[i].Key == key {
			return c.Attributes[i].Value
		}
	}
	return ""
}
