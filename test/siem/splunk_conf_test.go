package siem

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const splunkApp = "../../deploy/splunk/copywatch"

// splunkConf is a configuration file of Splunk: settings in stanzas, in their order.
type splunkConf struct {
	name    string
	stanzas []splunkStanza
}

type splunkStanza struct {
	name     string
	settings []splunkSetting
}

type splunkSetting struct{ key, value string }

// readSplunkConf reads a file of the app's default directory. What Splunk would
// merge without a word (a stanza or a key that is there twice) is an error.
func readSplunkConf(t *testing.T, name string) splunkConf {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(splunkApp, "default", name))
	require.NoError(t, err)
	return parseSplunkConf(t, name, string(content))
}

var splunkStanzaHead = regexp.MustCompile(`^\[(.*)\]$`)

func parseSplunkConf(t *testing.T, name, content string) splunkConf {
	t.Helper()
	c := splunkConf{name: name}
	require.NotContains(t, content, "\\ \n", "%s: a blank after a backslash ends the setting", name)
	for line := range strings.Lines(strings.ReplaceAll(content, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if head := splunkStanzaHead.FindStringSubmatch(line); head != nil {
			require.Nil(t, c.stanza(head[1]), "%s: [%s] is there twice", name, head[1])
			c.stanzas = append(c.stanzas, splunkStanza{name: head[1]})
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		require.True(t, ok && len(c.stanzas) > 0, "%s: %q is no setting of a stanza", name, line)
		last := &c.stanzas[len(c.stanzas)-1]
		key = strings.TrimSpace(key)
		require.False(t, last.has(key), "%s: [%s] has %s twice", name, last.name, key)
		last.settings = append(last.settings, splunkSetting{key, strings.TrimSpace(value)})
	}
	return c
}

func (c splunkConf) stanza(name string) *splunkStanza {
	for i := range c.stanzas {
		if c.stanzas[i].name == name {
			return &c.stanzas[i]
		}
	}
	return nil
}

func (c splunkConf) value(stanza, key string) string {
	if s := c.stanza(stanza); s != nil {
		return s.value(key)
	}
	return ""
}

func (s splunkStanza) has(key string) bool {
	for _, setting := range s.settings {
		if setting.key == key {
			return true
		}
	}
	return false
}

func (s splunkStanza) value(key string) string {
	for _, setting := range s.settings {
		if setting.key == key {
			return setting.value
		}
	}
	return ""
}
