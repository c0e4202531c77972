package siem

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/schema"
)

// splunkFields are the fields that come with events: every attribute that the
// code declares, and what the exporter makes of the rest of a record.
func splunkFields(t *testing.T) []string {
	t.Helper()
	fields := []string{"otel.log.severity.text", "otel.log.severity.number"}
	for _, path := range []string{"../../internal/schema/schema.go", "../../internal/cicd/keys.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 && !isSchemaValue(spec.Names[0].Name) {
				if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
					name, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					fields = append(fields, name)
				}
			}
			return true
		})
	}
	fields = slices.DeleteFunc(fields, func(name string) bool { return name == schema.HostName }) // it is the event's host
	require.Contains(t, fields, schema.Importance)
	require.NotContains(t, fields, schema.EventCopy)
	return fields
}

// isSchemaValue is true for constants of the schema that are not names of attributes.
func isSchemaValue(constant string) bool {
	return constant != "EventAction" && regexp.MustCompile(`^(Event|Action|Reason)[A-Z]`).MatchString(constant)
}

// splunkProps is what props.conf makes at search time.
type splunkProps struct {
	aliases map[string]string // the new name, and of what
	evals   map[string]string // the name, and its expression
}

var splunkAliasPair = regexp.MustCompile(`^(\S+) AS (\S+)\s*`)

func readSplunkProps(t *testing.T) splunkProps {
	t.Helper()
	p := splunkProps{aliases: map[string]string{}, evals: map[string]string{}}
	stanza := readSplunkConf(t, "props.conf").stanza("copywatch:event")
	require.NotNil(t, stanza)
	for _, s := range stanza.settings {
		if name, ok := strings.CutPrefix(s.key, "EVAL-"); ok {
			p.evals[name] = s.value
		}
		if !strings.HasPrefix(s.key, "FIELDALIAS-") {
			continue
		}
		for rest := s.value; rest != ""; {
			pair := splunkAliasPair.FindStringSubmatch(rest)
			require.NotNil(t, pair, "%s: %q", s.key, rest)
			require.NotContains(t, p.aliases, pair[2], "one name of two fields")
			p.aliases[pair[2]] = pair[1]
			rest = rest[len(pair[0]):]
		}
	}
	return p
}

func (p splunkProps) names() (names []string) {
	for name := range p.aliases {
		names = append(names, name)
	}
	for name := range p.evals {
		names = append(names, name)
	}
	return names
}

func readSPL(t *testing.T) spl {
	t.Helper()
	macros := map[string]string{}
	for _, stanza := range readSplunkConf(t, "macros.conf").stanzas {
		macros[stanza.name] = stanza.value("definition")
	}
	return newSPL(macros, splunkFields(t), readSplunkProps(t).names())
}

func TestSplunkProps(t *testing.T) {
	s, p := readSPL(t), readSplunkProps(t)
	sources := splFields{}
	for name := range s.indexed {
		sources[name] = true
	}
	for name, source := range p.aliases {
		assert.True(t, s.indexed[source], "%s is an alias of %s, which no event has", name, source)
		sources[name] = true // an expression may name aliases, and no other expression
	}
	for name, expression := range p.evals {
		assert.Empty(t, s.checkExpression(expression, sources), "EVAL-%s", name)
		assert.NotContains(t, p.aliases, name)
	}
	for _, name := range p.names() {
		assert.NotContains(t, name, ".", "a name that fields.conf may take for an indexed one")
	}
}

// The table of names in the documentation is that of props.conf.
func TestSplunkNamesAreDocumented(t *testing.T) {
	documentation, err := os.ReadFile("../../docs/splunk.md")
	require.NoError(t, err)
	p := readSplunkProps(t)
	for name, source := range p.aliases {
		assert.Contains(t, string(documentation), "| `"+name+"` | `"+source+"` |\n")
	}
	for name := range p.evals {
		assert.Contains(t, string(documentation), "| `"+name+"` | ")
	}
}

// What the data models of the Common Information Model ask for, by their names.
func TestSplunkCommonInformationModel(t *testing.T) {
	names := readSplunkProps(t).names()
	for model, fields := range map[string]string{
		"Endpoint.Processes": "action dest original_file_name os parent_process parent_process_exec parent_process_guid parent_process_id " +
			"parent_process_name parent_process_path process process_current_directory process_exec process_guid process_id " +
			"process_name process_path user user_id vendor_product",
		"Alerts": "app description dest id mitre_technique_id severity severity_id signature signature_id type user vendor_product",
	} {
		for field := range strings.FieldsSeq(fields) {
			assert.Contains(t, names, field, model)
		}
	}
	eventtypes, tags := readSplunkConf(t, "eventtypes.conf"), readSplunkConf(t, "tags.conf")
	for _, stanza := range tags.stanzas {
		name, ok := strings.CutPrefix(stanza.name, "eventtype=")
		assert.True(t, ok, stanza.name)
		assert.NotNil(t, eventtypes.stanza(name), "%s is the tag of no event type", stanza.name)
	}
	assert.Equal(t, "enabled", tags.value("eventtype=copywatch_exec", "process"))
	assert.Equal(t, "enabled", tags.value("eventtype=copywatch_exec", "report"))
	for _, tag := range []string{"process", "report", "alert"} {
		assert.Equal(t, "enabled", tags.value("eventtype=copywatch_copy", tag))
	}
}

// Splunk looks for a field in the index where fields.conf says so: for all that come with an event, and for no other.
func TestSplunkFieldsConf(t *testing.T) {
	var prefixes []string
	for _, stanza := range readSplunkConf(t, "fields.conf").stanzas {
		scope, ok := strings.CutPrefix(stanza.name, "sourcetype::copywatch:event::")
		require.True(t, ok, stanza.name)
		prefix, ok := strings.CutSuffix(scope, ".*")
		require.True(t, ok, stanza.name)
		prefixes = append(prefixes, prefix)
		assert.Equal(t, "true", stanza.value("INDEXED"), stanza.name)
	}
	for _, field := range splunkFields(t) {
		prefix, _, _ := strings.Cut(field, ".")
		assert.Contains(t, prefixes, prefix, field)
	}
}

// The events are of the source type that the app is for.
func TestSplunkSourcetype(t *testing.T) {
	config, err := os.ReadFile("../../config/splunk.yaml")
	require.NoError(t, err)
	sourcetype := regexp.MustCompile(`sourcetype: (\S+)`).FindSubmatch(config)
	require.NotNil(t, sourcetype)
	assert.NotNil(t, readSplunkConf(t, "props.conf").stanza(string(sourcetype[1])))
	assert.Contains(t, readSplunkConf(t, "macros.conf").value("copywatch_events", "definition"), "sourcetype="+string(sourcetype[1]))
}

// splunkSearch is a search of the app or of its documentation.
type splunkSearch struct{ where, text string }

func TestSplunkSearches(t *testing.T) {
	s := readSPL(t)
	var searches []splunkSearch
	for file, key := range map[string]string{"savedsearches.conf": "search", "eventtypes.conf": "search"} {
		for _, stanza := range readSplunkConf(t, file).stanzas {
			searches = append(searches, splunkSearch{file + " [" + stanza.name + "]", stanza.value(key)})
		}
	}
	for _, panel := range readSplunkDashboard(t) {
		searches = append(searches, splunkSearch{"dashboard: " + panel.title, panel.query})
	}
	for i, block := range splSearchesOf(t, "../../docs/splunk.md") {
		searches = append(searches, splunkSearch{"docs/splunk.md, block " + strconv.Itoa(i+1), block})
	}
	require.Greater(t, len(searches), 20)
	for _, search := range searches {
		results, faults := s.check(search.text)
		assert.Empty(t, faults, "%s: %s", search.where, search.text)
		assert.NotEmpty(t, results, search.where)
	}
}

var splBlock = regexp.MustCompile("(?s)```spl\n(.*?)```")

// splSearchesOf returns the searches of a document: the blocks that are marked as such.
func splSearchesOf(t *testing.T, path string) (searches []string) {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, block := range splBlock.FindAllSubmatch(content, -1) {
		searches = append(searches, string(block[1]))
	}
	require.NotEmpty(t, searches)
	return searches
}

func TestSplunkAlerts(t *testing.T) {
	s := readSPL(t)
	keys := []string{
		"description", "search", "cron_schedule", "dispatch.earliest_time", "dispatch.latest_time", "enableSched", "realtime_schedule",
		"counttype", "relation", "quantity", "alert.severity", "alert.track", "alert.digest_mode", "alert.suppress",
		"alert.suppress.period", "alert.suppress.fields", "request.ui_dispatch_app",
	}
	seen := map[string]bool{}
	for _, stanza := range readSplunkConf(t, "savedsearches.conf").stanzas {
		for _, setting := range stanza.settings {
			assert.Contains(t, keys, setting.key, stanza.name)
		}
		assert.Equal(t, "1", stanza.value("enableSched"), stanza.name)
		assert.Len(t, strings.Fields(stanza.value("cron_schedule")), 5, stanza.name)
		results, _ := s.check(stanza.value("search"))
		for field := range strings.FieldsFuncSeq(stanza.value("alert.suppress.fields"), func(r rune) bool { return r == ',' || r == ' ' }) {
			assert.True(t, results[field], "%s: %s is no field of the results", stanza.name, field)
		}
		if importance := regexp.MustCompile(`filecopy\.importance=(\w+)`).FindStringSubmatch(stanza.value("search")); importance != nil {
			seen[importance[1]] = true
		}
		requireAlertWindow(t, stanza)
	}
	assert.Equal(t, map[string]bool{"critical": true, "high": true, "medium": true}, seen, "an alert for each importance above low")
}

var splunkIndexWindow = regexp.MustCompile(`_index_earliest=-(\d+)m@m _index_latest=-1m@m`)

// requireAlertWindow wants an alert to look once at each minute: for as many as there are from one run to the next.
func requireAlertWindow(t *testing.T, alert splunkStanza) {
	t.Helper()
	window := splunkIndexWindow.FindStringSubmatch(alert.value("search"))
	if window == nil {
		assert.Contains(t, alert.value("search"), "| where last <", "%s looks at what it has looked at before", alert.name)
		return
	}
	minutes := map[string]string{"* * * * *": "2", "*/5 * * * *": "6", "7 * * * *": "61"}
	assert.Equal(t, minutes[alert.value("cron_schedule")], window[1], alert.name)
	assert.Equal(t, "0", alert.value("realtime_schedule"), alert.name)
}

// Values that a search compares with are those that records have.
func TestSplunkValues(t *testing.T) {
	actions := []string{schema.ActionExec, schema.ActionExit, schema.ActionExecError, schema.ActionLoss, schema.ActionCopy}
	importances := []string{"critical", "high", "medium", "low"}
	compared := regexp.MustCompile(`(event\.action|filecopy\.importance)'?={1,2}"?([a-z_]+)`)
	found := 0
	require.NoError(t, filepath.WalkDir(splunkApp, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, match := range compared.FindAllStringSubmatch(string(content), -1) {
			found++
			if match[1] == schema.EventAction {
				assert.Contains(t, actions, match[2], path)
			} else {
				assert.Contains(t, importances, match[2], path)
			}
		}
		return err
	}))
	require.Greater(t, found, 10)
}

// The test of the searches would be worth nothing if it let mistakes pass.
func TestSPLFindsMistakes(t *testing.T) {
	s := readSPL(t)
	for search, fault := range map[string]string{
		"`copywatch_copies` filecopy.importence=high":                                      "no field filecopy.importence",
		"`copywatch_copys` filecopy.importance=high":                                       "no macro is named `copywatch_copys`",
		"`copywatch_copies` | stats count BY process.exe":                                  "no field process.exe",
		"`copywatch_copies` | stats count BY host | table user":                            "no field user",
		"`copywatch_copies` | stats sum(lost)":                                             "no field lost",
		"`copywatch_copies` | where process.pid > 1":                                       "process.pid needs single quotes",
		"`copywatch_copies` | eval x=coalesce('server.adress', \"none\")":                  "no field server.adress",
		"`copywatch_copies` | eval x=y":                                                    "no field y",
		"`copywatch_copies` | table _time processname":                                     "no field processname",
		"`copywatch_copies` | dedup process.entity":                                        "no field process.entity",
		"`copywatch_copies` | rename usr AS u":                                             "no field usr",
		"`copywatch_copies` | frobnicate user":                                             "command frobnicate is not known",
		"| tstats count WHERE `copywatch_events` BY process_name":                          "no field process_name",
		"| tstats count WHERE index=x filecopy.tol=scp BY host":                            "no field filecopy.tol",
		"| tstats count WHERE index=x BY host | append [search usr=x | stats count BY tl]": "no field tl",
		"host.name=x": "no field host.name",
		"filecopy.tool IN (scp, rsync) filecopy.tol IN (scp)": "no field filecopy.tol",
	} {
		_, faults := s.check(search)
		assert.Contains(t, strings.Join(faults, "; "), fault, search)
	}
}
