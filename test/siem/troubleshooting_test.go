//go:build linux

package siem

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whoever searches for a message finds it as it is written: in our source, or
// in what the collector's other components were seen to log.
func TestTroubleshootingQuotesMessagesThatThereAre(t *testing.T) {
	known := sources(t, "../../receiver", "../../processor", "../../extension", "../../bpf")
	captured, err := os.ReadFile("testdata/delivery-messages.txt")
	require.NoError(t, err)
	known += strings.ReplaceAll(string(captured), `\"`, `"`)
	guide, err := os.ReadFile("../../docs/troubleshooting.md")
	require.NoError(t, err)
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .+ \\| .+ \\|$").FindAllStringSubmatch(string(guide), -1)
	require.Greater(t, len(rows), 50)
	for _, row := range rows {
		assert.Contains(t, known, row[1])
	}
	assert.Equal(t, strings.Count(string(guide), "\n| `"), len(rows), "a row has a message, a cause and a cure")
}

// Every message of ours that an operator reads is in the guide.
func TestTroubleshootingHasOurMessages(t *testing.T) {
	guide, err := os.ReadFile("../../docs/troubleshooting.md")
	require.NoError(t, err)
	logged := regexp.MustCompile(`[lL]ogger\.(?:Error|Warn)\(\s*"([^"]+)"`)
	messages := logged.FindAllStringSubmatch(sources(t, "../../receiver", "../../processor", "../../extension"), -1)
	require.NotEmpty(t, messages)
	for _, message := range messages {
		assert.Contains(t, string(guide), message[1])
	}
}

func sources(t *testing.T, dirs ...string) string {
	t.Helper()
	var all strings.Builder
	for _, dir := range dirs {
		require.NoError(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := os.ReadFile(path)
			all.Write(content)
			return err
		}))
	}
	return all.String()
}
