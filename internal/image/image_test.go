package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// files makes a program and a directory, and returns how they are given to run.
func files(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	program, etc := filepath.Join(dir, "program"), filepath.Join(dir, "etc")
	require.NoError(t, os.Mkdir(etc, 0o700))
	require.NoError(t, os.WriteFile(program, []byte("program"), 0o711))
	require.NoError(t, os.WriteFile(filepath.Join(etc, "a.yaml"), []byte("a"), 0o600))
	return []string{program + "=/usr/bin/program", etc + "=/etc/program"}
}

func recipeFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "image.json")
	require.NoError(t, os.WriteFile(name, []byte(`{"name": "box", "directories": ["/var/log/box"], "config": {"User": "0:0", "Labels": {"a": "b"}}}`), 0o600))
	return name
}

func entries(t *testing.T, content []byte) map[string]*tar.Header {
	t.Helper()
	found := map[string]*tar.Header{}
	for r := tar.NewReader(bytes.NewReader(content)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		require.NoError(t, err)
		found[header.Name] = header
	}
}

// read returns a file of an archive.
func read(t *testing.T, archive []byte, name string) []byte {
	t.Helper()
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		header, err := r.Next()
		require.NoError(t, err, "%s is not in the archive", name)
		if header.Name == name {
			content, err := io.ReadAll(r)
			require.NoError(t, err)
			return content
		}
	}
}

func decode(t *testing.T, content []byte) (value map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(content, &value))
	return value
}

// Both ways into the archive lead to the same blobs, and each digest is that of what it names.
func TestArchive(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	output := filepath.Join(t.TempDir(), "image.tar")
	mappings, recipe := files(t), recipeFile(t)
	require.NoError(t, run("arm64", "1.2.3", recipe, output, mappings))
	archive, err := os.ReadFile(output)
	require.NoError(t, err)

	index := decode(t, read(t, archive, "index.json"))["manifests"].([]any)
	manifest := decode(t, read(t, archive, blobPath(index[0].(object))))
	configBlob := blobPath(manifest["config"].(object))
	layerBlob := blobPath(manifest["layers"].([]any)[0].(object))
	var saved []struct {
		Config           string
		Layers, RepoTags []string
	}
	require.NoError(t, json.Unmarshal(read(t, archive, "manifest.json"), &saved))
	require.Equal(t, configBlob, saved[0].Config)
	require.Equal(t, []string{layerBlob}, saved[0].Layers)
	require.Equal(t, []string{"box:1.2.3"}, saved[0].RepoTags)
	for _, blob := range []string{configBlob, layerBlob, blobPath(index[0].(object))} {
		require.Equal(t, "blobs/sha256/"+digest(read(t, archive, blob))[len("sha256:"):], blob)
	}

	config := decode(t, read(t, archive, configBlob))
	require.Equal(t, "arm64", config["architecture"])
	require.Equal(t, "2023-11-14T22:13:20Z", config["created"])
	labels := config["config"].(object)["Labels"].(object)
	require.Equal(t, "b", labels["a"])
	require.Equal(t, "1.2.3", labels["org.opencontainers.image.version"])

	r, err := gzip.NewReader(bytes.NewReader(read(t, archive, layerBlob)))
	require.NoError(t, err)
	layer, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, []any{digest(layer)}, config["rootfs"].(object)["diff_ids"])
	requireLayer(t, entries(t, layer))

	again := filepath.Join(t.TempDir(), "again.tar")
	require.NoError(t, run("arm64", "1.2.3", recipe, again, mappings))
	content, err := os.ReadFile(again)
	require.NoError(t, err)
	require.Equal(t, archive, content, "the same files make the same bytes")
}

func requireLayer(t *testing.T, found map[string]*tar.Header) {
	t.Helper()
	want := map[string]int64{
		"usr/": 0o755, "usr/bin/": 0o755, "usr/bin/program": 0o755,
		"etc/": 0o755, "etc/program/": 0o755, "etc/program/a.yaml": 0o644,
		"var/": 0o755, "var/log/": 0o755, "var/log/box/": 0o755,
	}
	require.Len(t, found, len(want))
	for name, mode := range want {
		require.Contains(t, found, name)
		require.Equal(t, mode, found[name].Mode, name)
		require.True(t, found[name].ModTime.Equal(time.Unix(1700000000, 0)), name)
		require.Zero(t, found[name].Uid+found[name].Gid, name)
	}
}

func TestMistakes(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	output := filepath.Join(t.TempDir(), "image.tar")
	for name, test := range map[string]struct {
		mapping, want string
	}{
		"no destination": {"program", `"program" is not FILE=PATH`},
		"no such file":   {"missing=/usr/bin/program", "missing: no such file"},
		"a device":       {"/dev/null=/usr/bin/program", "/dev/null is not a regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, run("amd64", "1", recipeFile(t), output, []string{test.mapping}), test.want)
			require.NoFileExists(t, output)
		})
	}
	t.Setenv("SOURCE_DATE_EPOCH", "")
	require.ErrorContains(t, run("amd64", "1", recipeFile(t), output, nil), "SOURCE_DATE_EPOCH")
}
