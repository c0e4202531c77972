// Command reference writes the parts of docs/ that are printed from data: what
// the tools, the score, the classes of paths and remote ends, and the CI systems are.
//
//	go run ./internal/reference docs
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/copywatch/copywatch/internal/assessment"
	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/cicd"
	"github.com/copywatch/copywatch/internal/destination"
	"github.com/copywatch/copywatch/internal/sensitive"
)

//go:generate go run . ../../docs

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: reference DIRECTORY")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	documents, err := print()
	if err != nil {
		return err
	}
	for name, text := range documents {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// print returns the documents by the names of their files.
func print() (map[string]string, error) {
	scores, err := assessment.Load()
	if err != nil {
		return nil, err
	}
	paths, err := sensitive.Load()
	if err != nil {
		return nil, err
	}
	ends, err := destination.Load()
	if err != nil {
		return nil, err
	}
	tools, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	systems, err := cicd.Load()
	if err != nil {
		return nil, err
	}
	document := func(title, about, tables string) string {
		return "# " + title + "\n\n<!-- Printed by internal/reference. Do not edit. -->\n\n" + about + "\n\n" + tables
	}
	return map[string]string{
		"tools.md": tools.Document(),
		"reasons.md": document("The score and its reasons",
			"Every copy is rated by a sum of terms, from 0 to 100. Each term that applied is in\n"+
				"`filecopy.reasons`, as `code` or `code:value`. `score::points` and `score::bands` of\n"+
				"the `net_filecopy` processor change the numbers.", scores.Markdown()),
		"sensitive-paths.md": document("Sensitive paths",
			"The classes of local paths that raise the score of a copy, the most severe first.\n"+
				"`sensitive_paths` of the `net_filecopy` processor adds others.", paths.Markdown()),
		"destinations.md": document("Destinations",
			"What kind of place a remote end is, by its name or address alone: no name server is\n"+
				"asked. `destinations` of the `net_filecopy` processor adds hosts to a class.", ends.Markdown()),
		"ci.md": document("CI systems",
			"How a CI system is recognised, and which variables tell about the run. What a job\n"+
				"says of itself only ever raises a score.", systems.Markdown()),
	}, nil
}
