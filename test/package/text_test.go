//go:build linux

package packaging

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

const manPage = "../../docs/man/otelcol-copywatch.1"

// The scripts are POSIX shell without the mistakes that shellcheck knows, and stop at the first error.
func TestScripts(t *testing.T) {
	var scripts []string
	for _, pattern := range []string{"../../deploy/package/*.sh", "../../deploy/package/*/*.sh", "testdata/*.sh"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		scripts = append(scripts, found...)
	}
	require.GreaterOrEqual(t, len(scripts), 9)
	for _, script := range scripts {
		content, err := os.ReadFile(script)
		require.NoError(t, err)
		require.Regexp(t, `^#!/bin/sh\n`, string(content), script)
		require.Regexp(t, `(?m)^set -eu?$`, string(content), script)
	}
	shellcheck := testhost.WantCommand(t, "shellcheck", "shellcheck")
	must(t, shellcheck, append([]string{"--shell=sh"}, scripts...)...)
}

func TestManPageFormat(t *testing.T) {
	man := testhost.WantCommand(t, "man", "man-db")
	cmd := exec.Command(man, "--warnings", "-E", "UTF-8", "--local-file", manPage)
	cmd.Env = append(os.Environ(), "MANWIDTH=80", "LC_ALL=C.UTF-8")
	var page, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &page, &complaints
	require.NoError(t, cmd.Run())
	require.Contains(t, page.String(), "otelcol-copywatch - see network file copies")
	require.Empty(t, complaints.String())
}

func TestManPageLint(t *testing.T) {
	must(t, testhost.WantCommand(t, "mandoc", "mandoc"), "-T", "lint", "-W", "style", manPage)
}

// What the man page says of files and variables is so.
func TestManPageFacts(t *testing.T) {
	content, err := os.ReadFile(manPage)
	require.NoError(t, err)
	files := regexp.MustCompile(`(?m)^\.TP\n\.I (/\S+)`).FindAllStringSubmatch(string(content), -1)
	require.Len(t, files, 6)
	for _, file := range files {
		_, own := installed[file[1]]
		require.True(t, own || isParent(file[1]), "%s is not installed", file[1])
	}
	variables := regexp.MustCompile(`(?m)^\.TP\n\.B ([A-Z]{2}[A-Z_]+)$`).FindAllStringSubmatch(string(content), -1)
	require.GreaterOrEqual(t, len(variables), 5)
	for _, variable := range variables {
		if variable[1] == "CAP_SYS_PTRACE" || variable[1] == "SIGHUP" {
			continue
		}
		known := false
		for _, file := range []string{unitFile, "../../deploy/package/config.yaml"} {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			known = known || regexp.MustCompile(`\b`+variable[1]+`\b`).Match(text)
		}
		require.True(t, known, "%s is used nowhere", variable[1])
	}
}
