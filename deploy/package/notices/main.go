// Command notices prints the licences and notices of every module that a
// program was linked from, which must go along with the program:
//
//	notices PROGRAM
//
// It reads the modules from the program itself, and their texts from the
// module cache, where the build left them.
package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"unicode"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: notices PROGRAM")
	}
	if err := write(os.Stdout, os.Args[1]); err != nil {
		log.Fatalf("notices: %v", err)
	}
}

func write(w io.Writer, program string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return fmt.Errorf("read the modules of %s: %w", program, err)
	}
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	cache, root, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err := writeTexts(w, "Go "+strings.TrimPrefix(info.GoVersion, "go"), root); err != nil {
		return err
	}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		if isLocal(module) { // this repository, whose LICENSE is beside the notices
			continue
		}
		dir := filepath.Join(cache, escape(module.Path)+"@"+escape(module.Version))
		if err := writeTexts(w, module.Path+" "+module.Version, dir); err != nil {
			return err
		}
	}
	return nil
}

func isLocal(module *debug.Module) bool {
	return strings.HasPrefix(module.Path, ".") || filepath.IsAbs(module.Path)
}

// textName matches the files at the top of a module that its licence wants to be handed on.
var textName = regexp.MustCompile(`(?i)^(licen[sc]e|copying|notice|copyright|patents|unlicense)([._-].*)?$`)

// writeTexts writes the texts of one module. One that has none is an error:
// what may not be handed on must not be packaged.
func writeTexts(w io.Writer, title, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, entry := range entries {
		if entry.IsDir() || !textName.MatchString(entry.Name()) || filepath.Ext(entry.Name()) == ".go" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		found = true
		heading := title + ": " + entry.Name()
		if _, err := fmt.Fprintf(w, "%s\n%s\n\n%s\n\n", heading, strings.Repeat("=", len(heading)), bytes.TrimSpace(content)); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("%s has no licence in %s", title, dir)
	}
	return nil
}

// escape writes a path or version as the module cache does: an upper case
// letter as "!" and its lower case.
func escape(path string) string {
	var b strings.Builder
	for _, r := range path {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
