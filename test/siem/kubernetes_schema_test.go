//go:build linux

package siem

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// Kubernetes' own types know every field of every object.
func TestKubernetesSchema(t *testing.T) {
	peer := needBinary(t, "kubernetes-peer")
	documents := kubernetesDocuments(t)
	read := func(documents ...[]byte) (string, error) {
		cmd := exec.Command(peer)
		cmd.Stdin = bytes.NewReader(bytes.Join(documents, []byte("\n---\n")))
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := read(append(documents, readFile(t, kubernetesBase, "../pinned/agent.yaml"))...)
	require.NoError(t, err, out)
	require.Equal(t, len(documents)+1, strings.Count(out, "\n"), out)

	out, err = read(bytes.Replace(bytes.Join(documents, []byte("\n---\n")), []byte("hostPID"), []byte("hostPid"), 1))
	require.Error(t, err, "the peer is not strict")
	require.Contains(t, out, "hostPid")
}

// kubernetesDocuments returns the YAML documents of the base's files.
func kubernetesDocuments(t *testing.T) (documents [][]byte) {
	t.Helper()
	var k struct{ Resources []string }
	require.NoError(t, yaml.Unmarshal(readFile(t, kubernetesBase, "kustomization.yaml"), &k))
	require.NotEmpty(t, k.Resources)
	for _, name := range k.Resources {
		documents = append(documents, bytes.Split(readFile(t, kubernetesBase, name), []byte("\n---\n"))...)
	}
	return documents
}
