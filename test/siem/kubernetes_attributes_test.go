//go:build linux

package siem

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

const (
	shopContainer = "4f0c3a9d1f5b0d7c6e2a8b4c9d1e3f5a7b9c0d2e4f6a8b1c3d5e7f9a0b2c4d6e"
	shopPod       = "0b6e8f3a-52c1-4d53-9e0c-6a1d5f2e7b90"

	shopPods = `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"10"},"items":[{
"metadata":{"name":"web-7d4b9c5f6d-x2x7q","namespace":"shop","uid":"` + shopPod + `","resourceVersion":"9","creationTimestamp":"2026-11-20T08:00:00Z",
"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-7d4b9c5f6d","uid":"11111111-2222-3333-4444-555555555555","controller":true}]},
"spec":{"nodeName":"node-1","containers":[{"name":"app","image":"registry.example.org/web:1.4"},{"name":"proxy","image":"registry.example.org/proxy:2"}]},
"status":{"phase":"Running","podIP":"10.1.2.3","startTime":"2026-11-20T08:00:01Z","containerStatuses":[
{"name":"proxy","containerID":"containerd://aaaa","image":"registry.example.org/proxy:2","imageID":"","restartCount":0,"ready":true},
{"name":"app","containerID":"containerd://` + shopContainer + `","image":"registry.example.org/web:1.4","imageID":"","restartCount":0,"ready":true}]}}]}`

	shopReplicaSets = `{"kind":"ReplicaSetList","apiVersion":"apps/v1","metadata":{"resourceVersion":"10"},"items":[{
"metadata":{"name":"web-7d4b9c5f6d","namespace":"shop","uid":"11111111-2222-3333-4444-555555555555","resourceVersion":"8",
"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"66666666-7777-8888-9999-000000000000","controller":true}]}}]}`
)

// The gateway of the base, with an API server that grants what the base's
// ClusterRole grants, names what a container belongs to.
func TestKubernetesAttributes(t *testing.T) {
	binary := fullDistribution
	needBinary(t, binary)
	a := newAuthority(t)
	role := findObject(t, kubernetesObjects(t), "ClusterRole", "copywatch-gateway")
	api, kubeconfig := newKubernetesAPI(t, a, role, map[string]string{
		"/api/v1/pods": shopPods, "/apis/apps/v1/replicasets": shopReplicaSets,
	})
	siem := newTierPeer(t, a)
	gateway := newTierGateway(t, a, siem, "COPYWATCH_KUBERNETES_AUTH=kubeConfig", "KUBECONFIG="+kubeconfig)
	gateway.binary = needBinary(t, binary)
	gateway.configs = append(gateway.configs, kubernetesBase+"/config/k8sattributes.yaml", "testdata/replay.yaml")
	gateway.start(t)

	all := func(container string) map[string]string {
		want := map[string]string{
			"k8s.namespace.name": "shop", "k8s.pod.name": "web-7d4b9c5f6d-x2x7q", "k8s.pod.uid": shopPod,
			"k8s.node.name": "node-1", "k8s.deployment.name": "web", "k8s.container.name": container,
		}
		if container != "" {
			want["container.image.name"], want["container.image.tag"] = "registry.example.org/web", "1.4"
		}
		return want
	}
	for entity, c := range map[string]struct {
		resource, want map[string]string
	}{
		"by container": {map[string]string{schema.ContainerID: shopContainer}, all("app")},
		"by pod":       {map[string]string{schema.K8sPodUID: shopPod}, all("")},
		"by both":      {map[string]string{schema.ContainerID: shopContainer, schema.K8sPodUID: shopPod}, all("app")},
		"of the host":  {map[string]string{schema.HostName: "node-1"}, map[string]string{"k8s.pod.name": "", schema.HostName: "node-1"}},
	} {
		body := copyIn(t, entity, c.resource)
		found := testprocess.Await(func() bool { // the processor does not wait until it knows all pods
			require.NoError(t, (&replay{address: gateway.replay}).post(context.Background(), body))
			return siem.resourceOf(entity, "service.name") != "" && siem.resourceOf(entity, "k8s.pod.name") == c.want["k8s.pod.name"]
		})
		require.True(t, found, entity)
		for name, want := range c.want {
			require.Equal(t, want, siem.resourceOf(entity, name), "%s: %s", entity, name)
		}
	}
	api.requireExactly(t)
}

// In a pod the kernel's name of the host is the pod's: the base's agents give the node's.
func TestKubernetesNodeName(t *testing.T) {
	a := newAuthority(t)
	siem := newTierPeer(t, a)
	gateway := newTierGateway(t, a, siem)
	gateway.start(t)
	agent := newTierAgent(t, a, gateway, "COPYWATCH_NODE=node-1")
	agent.configs = append(agent.configs, kubernetesBase+"/config/node.yaml")
	agent.start(t)
	body := copyIn(t, "a copy", map[string]string{schema.HostName: "copywatch-agent-x2x7q"})
	require.NoError(t, (&replay{address: agent.replay}).post(context.Background(), body))
	require.True(t, testprocess.Await(func() bool { return siem.resourceOf("a copy", schema.HostName) == "node-1" }))
	require.Equal(t, "node-1", siem.resourceOf("a copy", "k8s.node.name"))
}

// copyIn is a request with the exec of an scp in a resource.
func copyIn(t *testing.T, entity string, resource map[string]string) []byte {
	t.Helper()
	logs := plog.NewLogs()
	to := logs.ResourceLogs().AppendEmpty()
	for name, value := range resource {
		to.Resource().Attributes().PutStr(name, value)
	}
	record := to.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetEventName(schema.EventExec)
	record.Body().SetStr("scp file ana@203.0.113.7:/in")
	record.Attributes().PutStr(schema.ExecutableName, "scp")
	record.Attributes().PutStr(schema.EntityID, entity)
	list := record.Attributes().PutEmptySlice(schema.CommandArgs)
	for _, argument := range []string{"scp", "file", "ana@203.0.113.7:/in"} {
		list.AppendEmpty().SetStr(argument)
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	return body
}
