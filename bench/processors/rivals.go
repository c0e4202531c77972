package processors

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/transformprocessor"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/processor/netfilecopyprocessor"
)

// rival is a processor with a configuration that tags executions of copy tools.
type rival struct {
	name    string
	factory processor.Factory
	config  map[string]any
}

// wellKnown are names that such a rule usually has.
var wellKnown = []string{
	"scp", "sftp", "rsync", "curl", "wget", "ftp", "tftp", "lftp", "ncftp", "nc", "ncat", "netcat", "socat", "rclone", "aws",
	"gsutil", "azcopy", "s3cmd", "smbclient", "telnet",
}

// tagging is what the transform processor does to a match: next to nothing, compared with ours.
var tagging = []string{
	`set(log.severity_number, SEVERITY_NUMBER_WARN)`,
	`set(log.severity_text, "WARN")`,
	`set(log.attributes["event.action"], "net_filecopy_tool_exec")`,
	`set(log.attributes["security_rule.name"], "net_filecopy_tool_exec")`,
	`set(log.attributes["security_rule.category"], "Exfiltration")`,
	`set(log.attributes["threat.framework"], "MITRE ATT&CK")`,
	`set(log.attributes["threat.tactic.name"], "Exfiltration")`,
	`set(log.attributes["filecopy.tool"], log.attributes["process.executable.name"])`,
}

// rivals are ours, and the transform processor in the best form that we know, with as many names as ours has, and as one writes it first.
func rivals() ([]rival, error) {
	tools, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	return []rival{
		{"net_filecopy", netfilecopyprocessor.NewFactory(), map[string]any{}},
		{"transform-20-names", transformprocessor.NewFactory(), onCondition(wellKnown)},
		{"transform-all-names", transformprocessor.NewFactory(), onCondition(tools.Names())},
		{"transform-naive-20-names", transformprocessor.NewFactory(), inEachStatement(wellKnown)},
	}, nil
}

// onCondition asks once for each record.
func onCondition(names []string) map[string]any {
	return logStatements(map[string]any{"conditions": []any{nameMatches(names)}, "statements": list(tagging)})
}

// inEachStatement asks once for each record and statement.
func inEachStatement(names []string) map[string]any {
	guarded := make([]string, len(tagging))
	for i, statement := range tagging {
		guarded[i] = statement + " where " + nameMatches(names)
	}
	return logStatements(map[string]any{"statements": list(guarded)})
}

func logStatements(group map[string]any) map[string]any {
	return map[string]any{"log_statements": []any{group}}
}

func nameMatches(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		// Backslashes of the expression are escaped in OTTL's string.
		quoted[i] = strings.ReplaceAll(regexp.QuoteMeta(name), `\`, `\\`)
	}
	return fmt.Sprintf(`IsMatch(log.attributes["process.executable.name"], "^(?:%s)$")`, strings.Join(quoted, "|"))
}

func list(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}

// start returns the processor as the collector makes it of its configuration.
func (r rival) start(next consumer.Logs) (processor.Logs, error) {
	cfg := r.factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(r.config).Unmarshal(cfg); err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	p, err := r.factory.CreateLogs(context.Background(), processortest.NewNopSettings(r.factory.Type()), cfg, next)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return p, p.Start(context.Background(), nil)
}
