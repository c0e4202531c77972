package siem

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// splunkPanel is an element of the dashboard with a search.
type splunkPanel struct {
	title, query string
	formats      []string // fields that are formatted
	labels       []string // fields that fill an input
}

// What Simple XML has, as far as it is used.
var splunkSimpleXML = strings.Fields("form label description fieldset input default earliest latest choice fieldForLabel fieldForValue " +
	"search query row panel single chart table title option format colorPalette")

// readSplunkDashboard returns what has a search, and wants nothing there that Simple XML has not.
func readSplunkDashboard(t *testing.T) (panels []splunkPanel) {
	t.Helper()
	file, err := os.Open(filepath.Join(splunkApp, "default/data/ui/views/copies.xml"))
	require.NoError(t, err)
	defer file.Close()
	var p splunkPanel
	text := ""
	for decoder := xml.NewDecoder(file); ; {
		item, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch item := item.(type) {
		case xml.CharData:
			text += string(item)
		case xml.StartElement:
			require.Contains(t, splunkSimpleXML, item.Name.Local)
			text = ""
			if slices.Contains([]string{"single", "chart", "table", "input"}, item.Name.Local) {
				p = splunkPanel{}
			}
			if item.Name.Local == "format" {
				p.formats = append(p.formats, xmlAttribute(item, "field"))
			}
		case xml.EndElement:
			p.take(item.Name.Local, strings.TrimSpace(text))
			if p.query != "" && slices.Contains([]string{"single", "chart", "table", "input"}, item.Name.Local) {
				panels = append(panels, p)
			}
		}
	}
	require.Greater(t, len(panels), 10)
	return panels
}

func (p *splunkPanel) take(element, text string) {
	switch element {
	case "title", "label":
		p.title = text
	case "query":
		p.query = text
	case "fieldForLabel", "fieldForValue":
		p.labels = append(p.labels, text)
	}
}

func xmlAttribute(element xml.StartElement, name string) string {
	for _, a := range element.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Fields that a panel formats, or fills an input with, are in the results of its search; the tokens are its inputs'.
func TestSplunkDashboard(t *testing.T) {
	s := readSPL(t)
	formatted := 0
	for _, panel := range readSplunkDashboard(t) {
		results, _ := s.check(panel.query)
		for _, field := range slices.Concat(panel.formats, panel.labels) {
			assert.True(t, results[field], "%s: %s is no field of the results", panel.title, field)
			formatted++
		}
	}
	assert.Equal(t, 3, formatted)
	content, err := os.ReadFile(filepath.Join(splunkApp, "default/data/ui/views/copies.xml"))
	require.NoError(t, err)
	inputs := []string{"when.earliest", "when.latest"}
	for _, input := range regexp.MustCompile(`token="(\w+)"`).FindAllStringSubmatch(string(content), -1) {
		inputs = append(inputs, input[1])
	}
	for _, used := range regexp.MustCompile(`\$([a-z.]+)(\|s)?\$`).FindAllStringSubmatch(string(content), -1) {
		assert.Contains(t, inputs, used[1])
	}
	nav, err := os.ReadFile(filepath.Join(splunkApp, "default/data/ui/nav/default.xml"))
	require.NoError(t, err)
	assert.Contains(t, string(nav), `<view name="copies" default="true"/>`)
}
