//go:build linux

package siem

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var overlays = []string{"events-file.yaml", "events-otlp.yaml"}

// pipeline is one as it is after a merge.
type pipeline struct{ Receivers, Processors, Exporters []string }

// Every configuration for a SIEM takes the overlays: its own pipeline stays as
// it is, and one more is there.
func TestEventsOverlaysMergeWithEveryConfig(t *testing.T) {
	paths, err := filepath.Glob("../../config/*.yaml")
	require.NoError(t, err)
	merged := 0
	for _, path := range paths {
		name := filepath.Base(path)
		if slices.Contains(overlays, name) || !watchesMatches(t, path) {
			continue
		}
		merged++
		for _, overlay := range overlays {
			t.Run(name+"+"+overlay, func(t *testing.T) {
				alone := mergedService(t, path)
				both := mergedService(t, path, filepath.Join("../../config", overlay))
				require.Subset(t, append(both.Extensions, "health_check"), alone.Extensions, "the guard is a health check")
				before, after := alone.Pipelines, both.Pipelines
				require.Equal(t, before["logs/matches"], after["logs/matches"])
				require.Equal(t, []string{"ebpf_exec"}, after["logs/events"].Receivers)
				require.NotContains(t, after["logs/events"].Processors, "net_filecopy")
				want := map[string]string{"events-file.yaml": "file/events", "events-otlp.yaml": "otlp_grpc/events"}[overlay]
				require.Equal(t, []string{want}, after["logs/events"].Exporters)
			})
		}
	}
	require.GreaterOrEqual(t, merged, 4)
}

// watchesMatches says whether a configuration is one for a SIEM: the probe, and logs/matches with a queue's storage.
func watchesMatches(t *testing.T, path string) bool {
	t.Helper()
	var config struct {
		Extensions map[string]any
		Service    struct{ Pipelines map[string]pipeline }
	}
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, &config), path)
	_, stored := config.Extensions["file_storage"]
	return stored && slices.Contains(config.Service.Pipelines["logs/matches"].Receivers, "ebpf_exec")
}

// service is what runs after a merge.
type service struct {
	Extensions []string
	Pipelines  map[string]pipeline
}

// mergedService validates configurations, merged, as a user would start them, and returns what they make.
func mergedService(t *testing.T, paths ...string) service {
	t.Helper()
	var args, variables []string
	binary := distribution
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		if strings.Contains(string(content), fullDistribution) {
			binary = fullDistribution
		}
		args = append(args, "--config", path)
		variables = append(variables, someValues(string(content))...)
	}
	binary = needBinary(t, binary)
	for _, command := range []string{"validate", "print-config"} {
		cmd := exec.Command(binary, append([]string{command}, args...)...)
		cmd.Env = append(os.Environ(), variables...)
		var complaint strings.Builder
		cmd.Stderr = &complaint
		output, err := cmd.Output()
		require.NoError(t, err, "%s %s: %s", command, paths, &complaint)
		if command == "print-config" {
			var config struct{ Service service }
			require.NoError(t, yaml.Unmarshal(output, &config))
			return config.Service
		}
	}
	return service{}
}

var variableWithoutDefault = regexp.MustCompile(`\$\{env:([A-Z0-9_]+)\}`)

// someValues gives each variable that has no default a value of its kind.
func someValues(config string) (variables []string) {
	for _, match := range variableWithoutDefault.FindAllStringSubmatch(config, -1) {
		value := "something"
		switch name := match[1]; {
		case strings.Contains(name, "URL"):
			value = "https://127.0.0.1:9/otlp"
		case strings.HasSuffix(name, "ENDPOINT"), strings.HasSuffix(name, "BROKERS"):
			value = "127.0.0.1:9"
		}
		variables = append(variables, match[1]+"="+value)
	}
	return variables
}
