package netfilecopyprocessor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/copywatch/copywatch/internal/schema"
)

// tagsOf processes the execution of a program in /usr/bin and returns the attributes after it.
func tagsOf(t *testing.T, cfg Config, line string) map[string]any {
	t.Helper()
	logs := readCase(t, "scp/in.yaml")
	attrs := records(logs)[0].Attributes()
	name, _, _ := strings.Cut(line, " ")
	attrs.PutStr(schema.ExecutableName, name)
	attrs.PutStr(schema.ExecutablePath, "/usr/bin/"+name)
	attrs.PutStr(schema.CommandLine, line)
	attrs.PutStr(schema.Command, name)
	words := strings.Fields(line)
	list := attrs.PutEmptySlice(schema.CommandArgs)
	for _, word := range words {
		list.AppendEmpty().SetStr(word)
	}
	attrs.RemoveIf(func(key string, _ pcommon.Value) bool { return key == schema.ExecutableRequestedPath })
	return records(process(t, cfg, logs))[0].Attributes().AsRaw()
}

// A general tool matches where its arguments show a copy, and where a file was given that may hide one.
func TestGeneralToolsMatchWhatIsACopy(t *testing.T) {
	downloads := *defaultConfig().(*Config)
	downloads.GeneralDownloads = true
	for _, test := range []struct {
		line                   string
		usually, withDownloads string // direction, empty: no match
	}{
		{"curl -T f https://h.example/", "upload", "upload"},
		{"curl -o f https://h.example/", "", "download"},
		{"curl -K c", "unknown", "unknown"},
		{"curl --config c https://h.example/", "download", "download"},
		{"curl -K c -T f", "upload", "upload"},
		{"curl --version", "", ""},
		{"wget --config=c https://h.example/", "download", "download"},
		{"wget https://h.example/", "", "download"},
		{"hurl api.hurl", "", ""}, // whose arguments never say more
		{"ssh -F c h.example -s sftp", "", ""},
		{"ssh -F c h.example uptime", "", ""},
	} {
		for cfg, want := range map[*Config]string{defaultConfig().(*Config): test.usually, &downloads: test.withDownloads} {
			attrs := tagsOf(t, *cfg, test.line)
			got, _ := attrs[schema.Direction].(string)
			assert.Equal(t, want, got, "%s, general_downloads: %v", test.line, cfg.GeneralDownloads)
		}
	}
}

func TestWhatAFileHidesIsNeverLow(t *testing.T) {
	attrs := tagsOf(t, *defaultConfig().(*Config), "curl -K c")
	assert.Equal(t, "medium", attrs[schema.Importance])
	assert.Contains(t, attrs[schema.Reasons], "opaque_config:c")
	assert.Contains(t, attrs[schema.Evasions], "opaque_config")
}
