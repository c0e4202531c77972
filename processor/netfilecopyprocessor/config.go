package netfilecopyprocessor

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/copywatch/copywatch/internal/assessment"
	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/destination"
	"github.com/copywatch/copywatch/internal/recognise"
	"github.com/copywatch/copywatch/internal/redact"
	"github.com/copywatch/copywatch/internal/sensitive"
)

// Config of the net_filecopy processor.
type Config struct {
	// MatchesOnly drops records that are not of a file copy tool, and the
	// scopes and resources that are empty without them. Records of lost events stay.
	MatchesOnly bool `mapstructure:"matches_only"`
	// GeneralDownloads also matches downloads by tools that do other things
	// too, such as curl and git. Uploads by them always match.
	GeneralDownloads bool `mapstructure:"general_downloads"`
	// Tools changes the catalogue.
	Tools ToolsConfig `mapstructure:"tools"`
	// Environment is the value of deployment.environment.name for records whose
	// resource has none and that no CI system ran.
	Environment string `mapstructure:"environment"`
	// EventFileRoot is below which the event files of GitHub Actions are read,
	// for the head of a pull request; empty reads none.
	EventFileRoot string `mapstructure:"event_file_root"`
	// Guidance adds implications and recommended actions.
	Guidance bool `mapstructure:"guidance"`
	// Score changes how copies are rated.
	Score ScoreConfig `mapstructure:"score"`
	// SensitivePaths are further classes of local paths; one with the id of a built-in class adds to that.
	SensitivePaths []SensitivePathsConfig `mapstructure:"sensitive_paths"`
	// Destinations are further hosts by class: a name stands for itself and all names below it.
	Destinations map[string][]string `mapstructure:"destinations"`
	// Overrides rate the records for which a condition holds in another way. The first that holds counts.
	Overrides []OverrideConfig `mapstructure:"overrides"`
	// Approvals are copies that somebody allowed. The first that applies counts.
	Approvals []ApprovalConfig `mapstructure:"approvals"`
	// DropApproved drops approved copies instead of tagging them.
	DropApproved bool `mapstructure:"drop_approved"`
	// Repeats says what becomes of copies that are like one before them.
	Repeats RepeatsConfig `mapstructure:"repeats"`
	// Redaction masks secrets in exec records of other origins than the ebpf_exec receiver, which does so itself.
	Redaction RedactionConfig `mapstructure:"redaction"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// ToolsConfig changes the catalogue of tools. A tool has the form that it has in docs/tools.md.
type ToolsConfig struct {
	// Add are further tools.
	Add []catalogue.ToolForm `mapstructure:"add"`
	// Change replaces the fields that are given of tools that are there.
	Change []catalogue.ToolForm `mapstructure:"change"`
	// Disable are names that match no more: of a tool, or one of its aliases.
	Disable []string `mapstructure:"disable"`

	_ struct{}
}

func (c *ToolsConfig) isEmpty() bool { return len(c.Add)+len(c.Change)+len(c.Disable) == 0 }

// ScoreConfig changes how copies are rated.
type ScoreConfig struct {
	// Points of terms, by their codes in filecopy.reasons.
	Points map[string]int `mapstructure:"points"`
	// Bands are the lowest scores by importance: medium, high, critical.
	Bands map[string]int `mapstructure:"bands"`

	_ struct{}
}

// SensitivePathsConfig is a class of local paths.
type SensitivePathsConfig struct {
	ID       string   `mapstructure:"id"`
	Title    string   `mapstructure:"title"`
	Patterns []string `mapstructure:"patterns"`
	Not      []string `mapstructure:"not"`

	_ struct{}
}

// RedactionConfig says which arguments are masked.
type RedactionConfig struct {
	// Enabled masks passwords, tokens and keys where their place or shape shows them.
	Enabled bool `mapstructure:"enabled"`
	// Names are further options and variables whose values are secret.
	Names []string `mapstructure:"names"`

	_ struct{}
}

func defaultConfig() component.Config {
	return &Config{
		EventFileRoot: "/",
		Guidance:      true,
		Repeats:       RepeatsConfig{Window: 5 * time.Minute, MaxTracked: 10_000},
		Redaction:     RedactionConfig{Enabled: true},
	}
}

// Validate reports everything that cannot work, each with its key.
func (c *Config) Validate() error {
	var errs []error
	check := func(key string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		}
	}
	_, err := c.catalogue()
	check("tools", err)
	_, err = c.scores()
	check("score", err)
	_, err = c.sensitive()
	check("sensitive_paths", err)
	_, err = c.destinations()
	check("destinations", err)
	_, err = c.redactor()
	check("redaction::names", err)
	for i := range c.Overrides {
		check(fmt.Sprintf("overrides[%d]", i), c.Overrides[i].validate())
	}
	ids := make(map[string]bool, len(c.Approvals))
	for i := range c.Approvals {
		check(fmt.Sprintf("approvals[%d]", i), c.Approvals[i].validate())
		if id := c.Approvals[i].ID; id != "" && ids[id] {
			check(fmt.Sprintf("approvals[%d]", i), fmt.Errorf("id: %q is there twice", id))
		} else {
			ids[id] = true
		}
	}
	if c.EventFileRoot != "" && !filepath.IsAbs(c.EventFileRoot) {
		check("event_file_root", fmt.Errorf("%q is not an absolute path", c.EventFileRoot))
	}
	if c.Repeats.Window < 0 {
		check("repeats::window", fmt.Errorf("%v is below 0", c.Repeats.Window))
	}
	if c.Repeats.Window > 0 && c.Repeats.MaxTracked < 1 {
		check("repeats::max_tracked", fmt.Errorf("%d is not above 0", c.Repeats.MaxTracked))
	}
	if c.Repeats.Hold && c.Repeats.Window <= 0 {
		check("repeats::hold", errors.New("needs a window"))
	}
	return errors.Join(errs...)
}

// catalogue and recogniser are shared with all others that use them, where the configuration changes nothing.
func (c *Config) catalogue() (*catalogue.Catalogue, error) {
	if c.Tools.isEmpty() {
		return catalogue.Load()
	}
	return catalogue.LoadWith(catalogue.Options{Add: c.Tools.Add, Change: c.Tools.Change, Disable: c.Tools.Disable})
}

func (c *Config) recogniser(tools *catalogue.Catalogue) (*recognise.Recogniser, error) {
	if c.Tools.isEmpty() {
		return recognise.Default()
	}
	return recognise.New(tools)
}

func (c *Config) scores() (*assessment.Table, error) {
	return assessment.LoadWith(assessment.Options{Points: c.Score.Points, Bands: c.Score.Bands})
}

func (c *Config) sensitive() (*sensitive.Classes, error) {
	var options sensitive.Options
	for _, class := range c.SensitivePaths {
		options.Add = append(options.Add, sensitive.Class{ID: class.ID, Title: class.Title, Patterns: class.Patterns, Not: class.Not})
	}
	return sensitive.LoadWith(options)
}

func (c *Config) destinations() (*destination.Classes, error) {
	options := destination.Options{Add: make(map[destination.Class][]string, len(c.Destinations))}
	for class, hosts := range c.Destinations {
		options.Add[destination.Class(class)] = hosts
	}
	return destination.LoadWith(options)
}

func (c *Config) redactor() (*redact.Redactor, error) {
	return redact.New(redact.Options{Names: c.Redaction.Names})
}
