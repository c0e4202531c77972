// Command image makes a container image of one static program, without a
// container engine and without a registry:
//
//	image -arch amd64 -version 0.1.0 -o copywatch-image-amd64.tar -config deploy/image/image.json FILE=PATH...
//
// FILE (or a directory, with what is below it) goes to PATH in the image. The
// archive is an OCI image layout, and has the manifest.json of `docker save`
// beside it, so that docker, podman and skopeo all take it. The same files make
// the same bytes: every time in it is SOURCE_DATE_EPOCH.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	arch := flag.String("arch", "amd64", "architecture of the program, as Go calls it")
	version := flag.String("version", "", "version, which is the image's tag")
	configFile := flag.String("config", "", "JSON file with the name and the OCI configuration of the image")
	output := flag.String("o", "", "archive to write")
	flag.Parse()
	if err := run(*arch, *version, *configFile, *output, flag.Args()); err != nil {
		log.Fatalf("image: %v", err)
	}
}

func run(arch, version, configFile, output string, mappings []string) error {
	created, err := sourceDate()
	if err != nil {
		return err
	}
	recipe, err := readRecipe(configFile)
	if err != nil {
		return err
	}
	layer := newLayer(created)
	for _, mapping := range mappings {
		from, to, ok := strings.Cut(mapping, "=")
		if !ok {
			return fmt.Errorf("%q is not FILE=PATH", mapping)
		}
		if err := layer.add(from, to); err != nil {
			return err
		}
	}
	for _, dir := range recipe.Directories {
		layer.addDirectory(dir)
	}
	archive, err := recipe.archive(arch, version, created, layer)
	if err != nil {
		return err
	}
	return os.WriteFile(output, archive, 0o644)
}

// sourceDate is the time that everything in the image has.
func sourceDate() (time.Time, error) {
	seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH, the seconds of every time in the image: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
