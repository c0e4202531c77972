//go:build linux

package packaging

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

// The versions of the tests' packages: an upgrade is from one to the other.
const (
	oldVersion = "0.0.9"
	newVersion = "0.1.0"
)

// sourceDate is the time of everything in the tests' packages and images.
const sourceDate = "1700000000"

func needTime(t *testing.T) {
	t.Helper()
	if os.Getenv("COPYWATCH_PACKAGE") == "" {
		t.Skip("optional: takes a minute, run make test-packaging")
	}
}

// fromRoot is the absolute path of a file of the repository.
func fromRoot(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../..", name))
	require.NoError(t, err)
	return path
}

func needCollector(t *testing.T) string {
	t.Helper()
	path := fromRoot(t, "dist/otelcol-copywatch")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("needs a collector, run make test: %v", err)
	}
	return path
}

// must runs a program and returns what it printed.
func must(t *testing.T, name string, args ...string) string {
	t.Helper()
	return mustRun(t, exec.Command(name, args...))
}

func mustRun(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%q: %s", cmd.Args, out)
	return strings.TrimSpace(string(out))
}

// stage lays out what a package holds.
func stage(t *testing.T) string {
	t.Helper()
	collector := needCollector(t)
	dir := t.TempDir()
	notices := filepath.Join(dir, "NOTICES")
	out, err := exec.Command("go", "run", "../../deploy/package/notices", collector).Output()
	require.NoError(t, err, "the notices of what is built in")
	require.NoError(t, os.WriteFile(notices, out, 0o600))
	stage := filepath.Join(dir, "stage")
	mustRun(t, withDate(exec.Command("sh", fromRoot(t, "deploy/package/stage.sh"), stage, collector, notices)))
	return stage
}

// pack makes a package of what was laid out. The format is deb or rpm.
func pack(t *testing.T, stage, version, format string) string {
	t.Helper()
	if _, err := os.Stat(fromRoot(t, ".tools/nfpm")); err != nil {
		t.Skipf("optional: needs .tools/nfpm, run make test-packaging: %v", err)
	}
	output := filepath.Join(t.TempDir(), "copywatch_"+version+"_"+runtime.GOARCH+"."+format)
	mustRun(t, withDate(exec.Command("sh", fromRoot(t, "deploy/package/package.sh"), stage, runtime.GOARCH, version, output)))
	return output
}

func withDate(cmd *exec.Cmd) *exec.Cmd {
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+sourceDate)
	return cmd
}

func needRoot(t *testing.T) {
	t.Helper()
	testhost.NeedBPF(t)
}
