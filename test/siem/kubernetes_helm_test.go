//go:build linux

package siem

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// What the chart is told is what the base says: privileges, rights, variables
// and mounts.
func TestKubernetesHelmValues(t *testing.T) {
	all := kubernetesRaw(t)
	for _, c := range []struct{ kind, name, values string }{
		{"DaemonSet", "copywatch-agent", "agent.yaml"},
		{"StatefulSet", "copywatch-gateway", "gateway.yaml"},
	} {
		var values map[string]any
		require.NoError(t, yaml.Unmarshal(readFile(t, "../../deploy/helm", c.values), &values))
		object := all[c.kind+" "+c.name]
		pod := fieldAt(object, "spec", "template", "spec")
		container := fieldAt(pod, "containers").([]any)[0]
		require.Equal(t, fieldAt(container, "securityContext"), values["securityContext"])
		require.Equal(t, fieldAt(container, "resources"), values["resources"])
		require.Equal(t, fieldAt(container, "volumeMounts"), values["extraVolumeMounts"])
		require.Equal(t, fieldAt(pod, "volumes"), values["extraVolumes"])
		require.Equal(t, withoutMemoryLimit(fieldAt(container, "env").([]any)), values["extraEnvs"])
		require.Equal(t, fieldAt(container, "envFrom"), values["extraEnvsFrom"])
		require.Equal(t, fieldAt(pod, "hostPID"), values["hostPID"])
		require.Equal(t, fieldAt(pod, "securityContext"), values["podSecurityContext"])
		require.Equal(t, fieldAt(pod, "tolerations"), values["tolerations"])
		require.Equal(t, fieldAt(container, "args").([]any)[1:], fieldAt(values, "command", "extraArgs"))
		require.Equal(t, fieldAt(container, "command").([]any)[0], "/"+fieldAt(values, "command", "name").(string))
		require.Equal(t, fieldAt(container, "image"), fieldAt(values, "image", "repository").(string)+":"+fieldAt(values, "image", "tag").(string))
		require.Equal(t, c.name, fieldAt(values, "configMap", "existingName"))
		require.Equal(t, fieldAt(all["ClusterRole "+c.name], "rules"), fieldAt(values, "clusterRole", "rules"))
	}
}

// A destination that fails neither restarts a pod nor takes it out of service:
// no probe asks the path whose answer depends on destinations.
func TestKubernetesProbes(t *testing.T) {
	all := kubernetesRaw(t)
	for _, c := range []struct{ kind, name, values string }{
		{"DaemonSet", "copywatch-agent", "agent.yaml"},
		{"StatefulSet", "copywatch-gateway", "gateway.yaml"},
	} {
		var values map[string]any
		require.NoError(t, yaml.Unmarshal(readFile(t, "../../deploy/helm", c.values), &values))
		pod := fieldAt(all[c.kind+" "+c.name], "spec", "template", "spec")
		container := fieldAt(pod, "containers").([]any)[0]
		require.Equal(t, "/live", fieldAt(container, "livenessProbe", "httpGet", "path"))
		require.NotNil(t, fieldAt(container, "readinessProbe"))
		for _, probe := range []string{"livenessProbe", "readinessProbe", "startupProbe"} {
			if fieldAt(container, probe, "httpGet") != nil {
				require.Equal(t, "/live", fieldAt(container, probe, "httpGet", "path"), probe)
			}
			if probe != "startupProbe" { // the chart asks / unless it is told otherwise
				require.Equal(t, "/live", fieldAt(values, probe, "httpGet", "path"), probe)
				require.Equal(t, 13133, fieldAt(values, probe, "httpGet", "port"), probe)
			}
		}
	}
}

// withoutMemoryLimit leaves out what the chart sets by itself (useGOMEMLIMIT).
func withoutMemoryLimit(env []any) any {
	var kept []any
	for _, variable := range env {
		if fieldAt(variable, "name") != "GOMEMLIMIT" {
			kept = append(kept, variable)
		}
	}
	return kept
}

// kubernetesRaw returns the objects of the base's files by kind and name.
func kubernetesRaw(t *testing.T) map[string]map[string]any {
	t.Helper()
	all := map[string]map[string]any{}
	for _, document := range kubernetesDocuments(t) {
		var object map[string]any
		require.NoError(t, yaml.Unmarshal(document, &object))
		all[object["kind"].(string)+" "+fieldAt(object, "metadata", "name").(string)] = object
	}
	return all
}

// fieldAt follows keys, and is nil where there is none.
func fieldAt(value any, keys ...string) any {
	for _, key := range keys {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[key]
	}
	return value
}
