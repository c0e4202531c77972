//go:build linux

package siem

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/copywatch/copywatch/internal/testhost"
)

// The agent has the capabilities that the receiver's page names, sees the
// node's processes, writes to nothing but its queues, and is nothing more.
func TestKubernetesAgentPrivileges(t *testing.T) {
	pod := findObject(t, kubernetesObjects(t), "DaemonSet", "copywatch-agent").Spec.Template.Spec
	require.True(t, pod.HostPID)
	require.False(t, pod.HostNetwork || pod.HostIPC)
	require.False(t, *pod.AutomountServiceAccountToken)
	requireConfined(t, pod)
	require.Equal(t, []string{"BPF", "PERFMON", "SYS_PTRACE"}, pod.Containers[0].SecurityContext.Capabilities.Add)
	page := string(readFile(t, "../../receiver/ebpfexecreceiver/README.md"))
	for _, capability := range pod.Containers[0].SecurityContext.Capabilities.Add {
		require.Contains(t, page, "`CAP_"+capability+"`")
	}
	for _, mount := range pod.Containers[0].VolumeMounts {
		require.Equal(t, mount.MountPath != "/var/lib/copywatch", mount.ReadOnly, mount.MountPath)
	}
}

func TestKubernetesGatewayPrivileges(t *testing.T) {
	pod := findObject(t, kubernetesObjects(t), "StatefulSet", "copywatch-gateway").Spec.Template.Spec
	require.False(t, pod.HostPID || pod.HostNetwork || pod.HostIPC)
	require.True(t, pod.SecurityContext.RunAsNonRoot)
	requireConfined(t, pod)
	require.Empty(t, pod.Containers[0].SecurityContext.Capabilities.Add)
	for _, volume := range pod.Volumes {
		require.Empty(t, volume.HostPath.Path)
	}
}

func requireConfined(t *testing.T, pod kubernetesPod) {
	t.Helper()
	require.Len(t, pod.Containers, 1)
	c := pod.Containers[0].SecurityContext
	require.False(t, c.Privileged)
	require.False(t, *c.AllowPrivilegeEscalation)
	require.True(t, c.ReadOnlyRootFilesystem)
	require.Equal(t, []string{"ALL"}, c.Capabilities.Drop)
}

// The configurations in the base are those of config/, which a kustomization
// cannot reach from where it is.
func TestKubernetesConfigurations(t *testing.T) {
	for _, name := range []string{"agent.yaml", "gateway.yaml"} {
		require.Equal(t, string(readFile(t, "../../config", name)), string(readFile(t, kubernetesBase, "config", name)),
			"run: cp config/%[1]s deploy/kubernetes/base/config/%[1]s", name)
	}
	// Lists are replaced when configurations are merged, so an addition repeats them.
	for addition, base := range map[string]string{"node.yaml": "agent.yaml", "k8sattributes.yaml": "gateway.yaml"} {
		added := pipelineProcessors(t, addition)
		for pipeline, processors := range pipelineProcessors(t, base) {
			kept := slices.DeleteFunc(slices.Clone(added[pipeline]), func(p string) bool { return p == "resource/node" || p == "k8sattributes" })
			require.Equal(t, processors, kept, "%s of %s", pipeline, addition)
			require.Len(t, added[pipeline], len(processors)+1)
		}
	}
}

func pipelineProcessors(t *testing.T, config string) map[string][]string {
	t.Helper()
	var c struct {
		Service struct {
			Pipelines map[string]struct{ Processors []string }
		}
	}
	require.NoError(t, yaml.Unmarshal(readFile(t, kubernetesBase, "config", config), &c))
	lists := map[string][]string{}
	for name, pipeline := range c.Service.Pipelines {
		lists[name] = pipeline.Processors
	}
	require.Len(t, lists, 2)
	return lists
}

// Each workload's arguments name files that it has mounted, its variables are
// ones that those files read, and the collector takes them as they are.
func TestKubernetesWorkloads(t *testing.T) {
	all := kubernetesObjects(t)
	for _, w := range []struct{ kind, name, binary string }{
		{"DaemonSet", "copywatch-agent", distribution},
		{"StatefulSet", "copywatch-gateway", fullDistribution},
	} {
		t.Run(w.name, func(t *testing.T) {
			object := findObject(t, all, w.kind, w.name)
			pod := object.Spec.Template.Spec
			c := pod.Containers[0]
			require.Equal(t, []string{"/usr/bin/" + w.binary}, c.Command)
			volumes := map[string]bool{}
			for _, volume := range pod.Volumes {
				volumes[volume.Name] = true
			}
			for _, claim := range object.Spec.VolumeClaimTemplates {
				volumes[claim.Metadata.Name] = true
			}
			for _, mount := range c.VolumeMounts {
				require.True(t, volumes[mount.Name], "nothing is mounted at %s", mount.MountPath)
			}
			files := findObject(t, all, "ConfigMap", w.name).Data
			args, config := []string{"validate"}, ""
			dir := t.TempDir()
			for _, arg := range c.Args {
				name, found := strings.CutPrefix(arg, "--config=/etc/copywatch/")
				require.True(t, found, arg)
				require.Contains(t, files, name)
				require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(files[name]), 0o644))
				args, config = append(args, "--config="+filepath.Join(dir, name)), config+files[name]
			}
			require.Len(t, files, len(c.Args))
			requireValid(t, w.binary, args, config, c)
		})
	}
}

func requireValid(t *testing.T, binary string, args []string, config string, c kubernetesContainer) {
	t.Helper()
	env := []string{"SIEM_OTLP_ENDPOINT=https://siem.example.org:4318"}
	for _, variable := range c.Env {
		if variable.Name != "GOMEMLIMIT" { // Go's own
			require.Regexp(t, regexp.MustCompile(`\$\{env:`+variable.Name+`(:-[^}]*)?\}`), config, "no configuration reads it")
		}
		if variable.Value == "" { // it comes from the pod
			variable.Value = "node-1"
		}
		env = append(env, fmt.Sprintf("%s=%s", variable.Name, variable.Value))
	}
	cmd := exec.Command(needBinary(t, binary), args...)
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// kubectl builds what is in the repository, and the addition adds what it should.
func TestKubernetesKustomize(t *testing.T) {
	kubectl := testhost.WantCommand(t, "kubectl", "kubernetes-client")
	for _, dir := range []string{"base", "pinned"} {
		out, err := exec.Command(kubectl, "kustomize", "../../deploy/kubernetes/"+dir).Output()
		require.NoError(t, err)
		all := decodeObjects(t, out)
		require.GreaterOrEqual(t, len(all), len(kubernetesObjects(t)))
		pod := findObject(t, all, "DaemonSet", "copywatch-agent").Spec.Template.Spec
		for _, volume := range pod.Volumes {
			if volume.Name == "config" { // under the name with the hash of its content
				findObject(t, all, "ConfigMap", volume.ConfigMap.Name)
			}
		}
		pinned := strings.Contains(string(out), "name: COPYWATCH_PIN_PATH\n")
		require.Equal(t, dir == "pinned", pinned)
		for _, o := range all {
			if o.Metadata.Namespace != "" {
				require.Equal(t, "copywatch", o.Metadata.Namespace)
			}
		}
	}
}
