//go:build linux

package siem

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// lokiDashboard is what the tests read of the dashboard for Loki.
type lokiDashboard struct {
	UID           string
	Title         string
	SchemaVersion int `json:"schemaVersion"`
	Templating    struct {
		List []struct {
			Name, Type string
			Query      any
			Datasource lokiDatasource
		}
	}
	Panels []lokiPanel
}

type lokiDatasource struct{ Type, UID string }

type lokiPanel struct {
	ID              int
	Type, Title     string
	Datasource      lokiDatasource
	GridPos         struct{ X, Y, W, H int } `json:"gridPos"`
	Targets         []lokiTarget
	Transformations []struct {
		ID      string
		Options struct {
			Source       string
			Include      struct{ Names []string }
			IndexByName  map[string]int    `json:"indexByName"`
			RenameByName map[string]string `json:"renameByName"`
		}
	}
}

type lokiTarget struct {
	Datasource   lokiDatasource
	Expr         string
	QueryType    string `json:"queryType"`
	LegendFormat string `json:"legendFormat"`
}

func readLokiDashboard(t *testing.T) (dashboard lokiDashboard) {
	t.Helper()
	content, err := os.ReadFile("../../deploy/grafana/dashboard-loki.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &dashboard))
	return dashboard
}

// query is a panel's expression as Grafana sends it when nothing is chosen.
func (t lokiTarget) query() string {
	return strings.NewReplacer("$host", ".+", "$importance", ".+", "$__range", "1h", "$__interval", "1m").Replace(t.Expr)
}

// columns are the fields that the transformations of a table name.
func (p lokiPanel) columns() (names []string) {
	for _, transformation := range p.Transformations {
		names = append(names, transformation.Options.Include.Names...)
		for name := range transformation.Options.IndexByName {
			names = append(names, name)
		}
		for name := range transformation.Options.RenameByName {
			names = append(names, name)
		}
	}
	return names
}

// lokiAlert is an alert rule of Loki's ruler.
type lokiAlert struct {
	Alert       string
	Expr        string
	Labels      map[string]string
	Annotations map[string]string
}

// readLokiAlerts reads the rules of deploy/grafana, by their names.
func readLokiAlerts(t *testing.T) map[string]lokiAlert {
	t.Helper()
	files, err := filepath.Glob(lokiRules + "/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	alerts := map[string]lokiAlert{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		var rules struct{ Groups []struct{ Rules []lokiAlert } }
		require.NoError(t, yaml.Unmarshal(content, &rules), file)
		for _, group := range rules.Groups {
			for _, alert := range group.Rules {
				require.NotContains(t, alerts, alert.Alert)
				alerts[alert.Alert] = alert
			}
		}
	}
	return alerts
}

// A dashboard that Grafana shows as it is meant: with the data source that
// the user chose in every panel, and no panel over another.
func TestLokiDashboardIsWhole(t *testing.T) {
	dashboard := readLokiDashboard(t)
	require.NotEmpty(t, dashboard.UID)
	require.NotEmpty(t, dashboard.Title)
	require.GreaterOrEqual(t, dashboard.SchemaVersion, 36)
	require.Equal(t, "datasource", dashboard.Templating.List[0].Type)
	chosen := lokiDatasource{Type: "loki", UID: "${" + dashboard.Templating.List[0].Name + "}"}
	var names []string
	for _, variable := range dashboard.Templating.List {
		names = append(names, "$"+variable.Name)
	}
	ids, cells := map[int]bool{}, map[[2]int]string{}
	for _, panel := range dashboard.Panels {
		require.False(t, ids[panel.ID], panel.Title)
		ids[panel.ID] = true
		require.Equal(t, chosen, panel.Datasource, panel.Title)
		require.NotEmpty(t, panel.Targets, panel.Title)
		for _, target := range panel.Targets {
			require.Equal(t, chosen, target.Datasource, panel.Title)
			require.NotContains(t, target.query(), "$", "a variable that the dashboard lacks, it has %v", names)
		}
		requireFreeInGrafana(t, cells, panel)
	}
}

// requireFreeInGrafana wants a panel within the 24 columns and where no other is.
func requireFreeInGrafana(t *testing.T, cells map[[2]int]string, panel lokiPanel) {
	t.Helper()
	at := panel.GridPos
	require.LessOrEqual(t, at.X+at.W, 24, panel.Title)
	for x := at.X; x < at.X+at.W; x++ {
		for y := at.Y; y < at.Y+at.H; y++ {
			require.Empty(t, cells[[2]int{x, y}], panel.Title)
			cells[[2]int{x, y}] = panel.Title
		}
	}
}
