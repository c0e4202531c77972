//go:build linux

package siem

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/processor/netfilecopyprocessor"
)

// Every rule is whole, and known by an id that no other has.
func TestSigmaRulesAreValid(t *testing.T) {
	ids := map[string]string{}
	for _, rule := range readSigmaRules(t) {
		assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, rule.ID, rule.name)
		assert.Empty(t, ids[rule.ID], "%s has its id too", rule.name)
		ids[rule.ID] = rule.name
		assert.NotEmpty(t, rule.Title, rule.name)
		assert.LessOrEqual(t, len(rule.Title), 256, rule.name)
		assert.Contains(t, []string{"stable", "test", "experimental"}, rule.Status, rule.name)
		assert.NotEmpty(t, rule.Description, rule.name)
		assert.NotEmpty(t, rule.References, rule.name)
		assert.NotEmpty(t, rule.Author, rule.name)
		_, err := time.Parse(time.DateOnly, rule.Date)
		assert.NoError(t, err, rule.name)
		assert.Equal(t, "copywatch", rule.Logsource["product"], rule.name)
		assert.Contains(t, []string{"net_filecopy", "sensor"}, rule.Logsource["service"], rule.name)
		assert.NotEmpty(t, rule.FalsePositives, rule.name)
		assert.Contains(t, []string{"low", "medium", "high", "critical"}, rule.Level, rule.name)
	}
}

// The tags are of the ATT&CK table that the records' threat.* is from: each
// technique is there, and the tactics are those of the techniques.
func TestSigmaTagsAreThoseOfTheRecords(t *testing.T) {
	known, err := catalogue.Load()
	require.NoError(t, err)
	for _, rule := range readSigmaRules(t) {
		var techniques, tactics []string
		for _, tag := range rule.Tags {
			value, ok := strings.CutPrefix(tag, "attack.")
			require.True(t, ok, "%s: %s", rule.name, tag)
			if regexp.MustCompile(`^t[0-9]`).MatchString(value) {
				techniques = append(techniques, strings.ToUpper(value))
			} else {
				tactics = append(tactics, value)
			}
		}
		if len(techniques) == 0 {
			assert.Equal(t, []string{"defense-impairment"}, tactics, "%s: as the table names TA0112", rule.name)
			continue
		}
		threat, err := known.Attack.Threat(techniques...)
		require.NoError(t, err, rule.name)
		var want []string
		for _, tactic := range threat.Tactics {
			want = append(want, strings.ReplaceAll(strings.ToLower(tactic.Name), " ", "-"))
		}
		assert.ElementsMatch(t, want, tactics, rule.name)
	}
}

// A field that no record has, or a value that the field never has, would make a rule that is silent for ever.
func TestSigmaFieldsAndValuesAreThoseOfTheSchema(t *testing.T) {
	values := sigmaValues(t)
	for _, rule := range readSigmaRules(t) {
		for _, selection := range rule.selections() {
			for _, field := range rule.fields(t, selection) {
				assert.Contains(t, schema.Names, field.name, rule.name)
				possible := values[field.name]
				require.NotEmpty(t, possible, "%s: the possible values of %s", rule.name, field.name)
				for _, value := range field.values {
					assert.Contains(t, possible, value, "%s: %s", rule.name, field.name)
				}
			}
		}
	}
}

// Each case of deploy/sigma/cases.yaml goes through the processor, and exactly
// the rules match that it says. Each rule has a case, and each has one that is not its own.
func TestSigmaRulesMatchWhatTheyAreFor(t *testing.T) {
	rules := readSigmaRules(t)
	hits, misses := map[string]int{}, map[string]int{}
	for _, c := range readSigmaCases(t) {
		records := sigmaRecords(t, c.logs(t), c.GeneralDownloads)
		require.Len(t, records, 1)
		got := []string{}
		for _, rule := range rules {
			if rule.matches(t, records[0]) {
				got = append(got, rule.name)
				hits[rule.name]++
			} else {
				misses[rule.name]++
			}
		}
		slices.Sort(c.Rules)
		assert.Equal(t, c.Rules, got, "%s: %v %v", c.Name, records[0][schema.Reasons], records[0][schema.Evasions])
	}
	for _, rule := range rules {
		assert.NotZero(t, hits[rule.name], "%s: no case", rule.name)
		assert.NotZero(t, misses[rule.name], "%s: matches every case", rule.name)
	}
}

// Of records that were recorded, or that test the processor: what is no copy
// matches nothing, and each copy matches the one rule of its level.
func TestSigmaLevelsOfRecordedEvents(t *testing.T) {
	rules := readSigmaRules(t)
	inputs := []plog.Logs{readRecordedBuild(t)}
	cases, err := filepath.Glob("../../testdata/processor/*/in.yaml")
	require.NoError(t, err)
	for _, name := range cases {
		inputs = append(inputs, readOCSFInput(t, name))
	}
	copies, others := 0, 0
	for _, logs := range inputs {
		for _, record := range sigmaRecords(t, logs, false) {
			var levels, all []string
			for _, rule := range rules {
				if rule.matches(t, record) {
					all = append(all, rule.name)
					if strings.HasPrefix(rule.name, "copy_") {
						levels = append(levels, rule.Level)
					}
				}
			}
			if importance := record[schema.Importance]; record[schema.EventAction] == schema.ActionCopy && importance != nil {
				assert.Equal(t, []string{importance.(string)}, levels, "%v", record)
				copies++
			} else {
				assert.Empty(t, all, "%v", record)
				others++
			}
		}
	}
	assert.Greater(t, copies, 10)
	assert.Greater(t, others, 20)
}

// The pipelines map every field that a rule uses to the name that it has at the destination.
func TestSigmaPipelinesMapEveryField(t *testing.T) {
	rename := map[string]func(string) string{
		"elasticsearch": func(name string) string { return "attributes." + name },
		"loki":          func(name string) string { return strings.ReplaceAll(name, ".", "_") },
		"splunk":        func(name string) string { return name },
	}
	for destination, want := range rename {
		mapping := readSigmaPipeline(t, destination)
		for _, rule := range readSigmaRules(t) {
			for _, selection := range rule.selections() {
				for _, field := range rule.fields(t, selection) {
					assert.Equal(t, want(field.name), mapping[field.name], "%s: %s", destination, field.name)
				}
			}
		}
	}
}

// The rules and pipelines are those that Sigma's own converter takes.
func TestSigmaConverterTakesThem(t *testing.T) {
	converter, err := exec.LookPath("sigma")
	if err != nil {
		t.Skip("optional: needs sigma, the converter of sigma-cli")
	}
	targets, err := exec.Command(converter, "list", "targets").Output()
	require.NoError(t, err)
	for destination, target := range map[string]string{"splunk": "splunk", "elasticsearch": "lucene", "loki": "loki"} {
		if !strings.Contains(string(targets), target) {
			continue
		}
		out, err := exec.Command(converter, "convert", "--target", target,
			"--pipeline", "../../deploy/sigma/pipelines/"+destination+".yml", "../../deploy/sigma/rules").CombinedOutput()
		assert.NoError(t, err, "%s", out)
	}
}

// sigmaCase is an execution, and the rules that match its record.
type sigmaCase struct {
	Name             string         `yaml:"name"`
	Args             []any          `yaml:"args"`
	Attributes       map[string]any `yaml:"attributes"`
	GeneralDownloads bool           `yaml:"general_downloads"`
	Rules            []string       `yaml:"rules"`
}

func readSigmaCases(t *testing.T) (cases []sigmaCase) {
	t.Helper()
	content, err := os.ReadFile("../../deploy/sigma/cases.yaml")
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&cases))
	return cases
}

// logs are one record, as the receiver would send it.
func (c *sigmaCase) logs(t *testing.T) plog.Logs {
	t.Helper()
	attributes := map[string]any{}
	if len(c.Args) > 0 {
		program := c.Args[0].(string)
		attributes[schema.EventAction] = schema.ActionExec
		attributes[schema.ExecutableName] = path.Base(program)
		attributes[schema.ExecutablePath] = program
		if !path.IsAbs(program) {
			attributes[schema.ExecutablePath] = "/usr/bin/" + program
		}
		attributes[schema.CommandArgs] = c.Args
	}
	maps.Copy(attributes, c.Attributes)
	for name := range attributes {
		if !strings.HasPrefix(name, schema.EnvironmentPrefix) {
			require.Contains(t, schema.Names, name, c.Name)
		}
	}
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	require.NoError(t, record.Attributes().FromRaw(attributes), c.Name)
	return logs
}

// sigmaRecords returns the attributes of all records, after the processor.
func sigmaRecords(t *testing.T, logs plog.Logs, generalDownloads bool) (records []map[string]any) {
	t.Helper()
	sink := new(consumertest.LogsSink)
	factory := netfilecopyprocessor.NewFactory()
	config := factory.CreateDefaultConfig().(*netfilecopyprocessor.Config)
	config.GeneralDownloads = generalDownloads
	p, err := factory.CreateLogs(context.Background(), processortest.NewNopSettings(factory.Type()), config, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, p.ConsumeLogs(context.Background(), logs))
	require.NoError(t, p.Shutdown(context.Background()))
	for _, logs := range sink.AllLogs() {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					records = append(records, record.Attributes().AsRaw())
				}
			}
		}
	}
	return records
}

// sigmaValues are the values that fields of enumerations have, from the
// documentation that is printed from the code, and from the schema.
func sigmaValues(t *testing.T) map[string][]string {
	t.Helper()
	values := map[string][]string{
		schema.EventAction: {schema.ActionExec, schema.ActionExecError, schema.ActionExit, schema.ActionLoss, schema.ActionCopy},
		schema.Reasons:     sigmaDocumentedNames(t, "../../docs/reasons.md"),
	}
	documentation, err := os.ReadFile("../../docs/schema.md")
	require.NoError(t, err)
	for _, name := range []string{schema.Importance, schema.Direction, schema.DestinationClass, schema.Evasions, schema.Confidence, schema.LostReason, schema.Match} {
		for line := range strings.Lines(string(documentation)) {
			cells := strings.SplitN(line, "|", 4)
			if len(cells) == 4 && strings.Contains(cells[1], "`"+name+"`") {
				for _, value := range regexp.MustCompile("`([a-z0-9_]+)`").FindAllStringSubmatch(cells[3], -1) {
					values[name] = append(values[name], value[1])
				}
			}
		}
	}
	return values
}

// sigmaDocumentedNames are the names in the first column of a document's tables.
func sigmaDocumentedNames(t *testing.T, document string) (names []string) {
	t.Helper()
	content, err := os.ReadFile(document)
	require.NoError(t, err)
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\|").FindAllStringSubmatch(string(content), -1) {
		names = append(names, row[1])
	}
	return names
}

// readSigmaPipeline returns the field names of a pipeline of pySigma.
func readSigmaPipeline(t *testing.T, destination string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(fmt.Sprintf("../../deploy/sigma/pipelines/%s.yml", destination))
	require.NoError(t, err)
	var pipeline struct {
		Name            string
		Priority        int
		Transformations []struct {
			ID      string
			Type    string
			Mapping map[string]string
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &pipeline))
	for _, transformation := range pipeline.Transformations {
		if transformation.Type == "field_name_mapping" {
			return transformation.Mapping
		}
	}
	return nil
}
