//go:build linux

package siem

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const kubernetesBase = "../../deploy/kubernetes/base"

// kubernetesObject has the fields of Kubernetes' objects that the tests look at.
type kubernetesObject struct {
	Kind     string
	Metadata struct{ Name, Namespace string }
	Data     map[string]string // of a ConfigMap
	Rules    []struct {        // of a ClusterRole
		APIGroups []string `yaml:"apiGroups"`
		Resources []string
		Verbs     []string
	}
	Spec struct {
		Template struct {
			Spec kubernetesPod
		}
		VolumeClaimTemplates []struct{ Metadata struct{ Name string } } `yaml:"volumeClaimTemplates"`
	}
}

type kubernetesPod struct {
	HostPID                      bool  `yaml:"hostPID"`
	HostNetwork                  bool  `yaml:"hostNetwork"`
	HostIPC                      bool  `yaml:"hostIPC"`
	AutomountServiceAccountToken *bool `yaml:"automountServiceAccountToken"`
	SecurityContext              struct {
		RunAsNonRoot bool `yaml:"runAsNonRoot"`
	} `yaml:"securityContext"`
	Containers []kubernetesContainer
	Volumes    []struct {
		Name      string
		ConfigMap struct{ Name string } `yaml:"configMap"`
		HostPath  struct{ Path string } `yaml:"hostPath"`
	}
}

type kubernetesContainer struct {
	Command, Args []string
	Env           []struct{ Name, Value string }
	VolumeMounts  []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
		ReadOnly  bool   `yaml:"readOnly"`
	} `yaml:"volumeMounts"`
	SecurityContext struct {
		Privileged               bool
		AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
		ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
		Capabilities             struct{ Drop, Add []string }
	} `yaml:"securityContext"`
}

// kubernetesObjects returns the objects of the base: those of its files, and
// its ConfigMaps, under the names that they have in the files.
func kubernetesObjects(t *testing.T) []kubernetesObject {
	t.Helper()
	var k struct {
		Resources          []string
		ConfigMapGenerator []struct {
			Name  string
			Files []string
		} `yaml:"configMapGenerator"`
	}
	require.NoError(t, yaml.Unmarshal(readFile(t, kubernetesBase, "kustomization.yaml"), &k))
	var all []kubernetesObject
	for _, name := range k.Resources {
		all = append(all, decodeObjects(t, readFile(t, kubernetesBase, name))...)
	}
	for _, generator := range k.ConfigMapGenerator {
		o := kubernetesObject{Kind: "ConfigMap", Data: map[string]string{}}
		o.Metadata.Name = generator.Name
		for _, name := range generator.Files {
			o.Data[filepath.Base(name)] = string(readFile(t, kubernetesBase, name))
		}
		all = append(all, o)
	}
	return all
}

func decodeObjects(t *testing.T, content []byte) (all []kubernetesObject) {
	t.Helper()
	for decoder := yaml.NewDecoder(bytes.NewReader(content)); ; {
		var o kubernetesObject
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, o)
	}
}

func findObject(t *testing.T, all []kubernetesObject, kind, name string) kubernetesObject {
	t.Helper()
	for _, o := range all {
		if o.Kind == kind && o.Metadata.Name == name {
			return o
		}
	}
	t.Fatalf("there is no %s %s", kind, name)
	return kubernetesObject{}
}

func readFile(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return content
}
