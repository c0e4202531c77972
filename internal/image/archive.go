package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"time"
)

// recipe is what an image is beside its files.
type recipe struct {
	Name        string         `json:"name"`
	Directories []string       `json:"directories"` // empty ones, for mounts
	Config      map[string]any `json:"config"`      // as in the OCI image specification
}

func readRecipe(name string) (*recipe, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	r := new(recipe)
	if err := decoder.Decode(r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// Media types of the OCI image specification 1.0.
const (
	typeManifest = "application/vnd.oci.image.manifest.v1+json"
	typeConfig   = "application/vnd.oci.image.config.v1+json"
	typeLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

type object = map[string]any

// archive writes the image: blobs, the index that leads to them, and the
// manifest.json by which `docker load` finds the same blobs.
func (r *recipe) archive(arch, version string, created time.Time, files *layer) ([]byte, error) {
	content, err := files.tar()
	if err != nil {
		return nil, err
	}
	packed, err := compress(content)
	if err != nil {
		return nil, err
	}
	a := &archive{}
	a.buffer.Grow(len(packed) + 1<<16)
	a.w, a.created = tar.NewWriter(&a.buffer), created

	layer := a.blob(typeLayer, packed)
	config := a.blob(typeConfig, encode(object{
		"architecture": arch, "os": "linux", "created": created,
		"config":  r.labelled(version, created),
		"rootfs":  object{"type": "layers", "diff_ids": []string{digest(content)}},
		"history": []object{{"created": created, "created_by": "internal/image"}},
	}))
	manifest := a.blob(typeManifest, encode(object{
		"schemaVersion": 2, "mediaType": typeManifest, "config": config, "layers": []object{layer},
	}))
	tag := r.Name + ":" + version
	manifest["platform"] = object{"architecture": arch, "os": "linux"}
	manifest["annotations"] = object{"org.opencontainers.image.ref.name": version, "io.containerd.image.name": tag}
	a.file("index.json", encode(object{"schemaVersion": 2, "manifests": []object{manifest}}))
	a.file("oci-layout", encode(object{"imageLayoutVersion": "1.0.0"}))
	a.file("manifest.json", encode([]object{{
		"Config": blobPath(config), "Layers": []string{blobPath(layer)}, "RepoTags": []string{tag},
	}}))
	return a.close()
}

// labelled is the configuration with the labels that a release changes.
func (r *recipe) labelled(version string, created time.Time) object {
	config := maps.Clone(r.Config)
	labels, _ := config["Labels"].(object) // without any it is nil, and cloned as such
	labels = maps.Clone(labels)
	if labels == nil {
		labels = object{}
	}
	labels["org.opencontainers.image.version"] = version
	labels["org.opencontainers.image.created"] = created.Format(time.RFC3339)
	config["Labels"] = labels
	return config
}

// archive collects the files of an OCI image layout. The first error is kept for close.
type archive struct {
	buffer  bytes.Buffer
	w       *tar.Writer
	created time.Time
	err     error
}

func (a *archive) file(name string, content []byte) {
	if a.err == nil {
		a.err = writeEntry(a.w, name, 0o644, content, a.created)
	}
}

// blob adds a file that is named by its content, and describes it.
func (a *archive) blob(mediaType string, content []byte) object {
	descriptor := object{"mediaType": mediaType, "digest": digest(content), "size": len(content)}
	a.file(blobPath(descriptor), content)
	return descriptor
}

func (a *archive) close() ([]byte, error) {
	if a.err == nil {
		a.err = a.w.Close()
	}
	return a.buffer.Bytes(), a.err
}

func blobPath(descriptor object) string {
	return "blobs/sha256/" + descriptor["digest"].(string)[len("sha256:"):]
}

func digest(content []byte) string {
	return fmt.Sprintf("sha256:%x", sha256.Sum256(content))
}

// encode writes values of this package, which are all of kinds that JSON has.
func encode(value any) []byte {
	content, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return content
}

func compress(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
