package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// apt asks Debian's archive by a configuration of its own, in its directory.
type apt struct {
	dir string // absolute
	// outdated is why the lists of packages could not be renewed, or not all of them.
	outdated error
}

// listsAge is how old the lists of packages may grow.
const listsAge = 24 * time.Hour

// openApt writes the configuration and brings the lists of packages up to date.
func openApt(ctx context.Context, workDir string) (*apt, error) {
	for _, command := range []string{"apt-get", "apt-cache", "apt-config", "dpkg-deb"} {
		if _, err := exec.LookPath(command); err != nil {
			return nil, fmt.Errorf("needs %s, of Debian and its kin", command)
		}
	}
	dir, err := filepath.Abs(filepath.Join(workDir, "apt"))
	if err != nil {
		return nil, err
	}
	m, err := machineMirrors("/etc/apt")
	if err != nil {
		return nil, err
	}
	a := &apt{dir: dir}
	if err := a.configure(ctx, m); err != nil {
		return nil, fmt.Errorf("configure apt in %s: %w", dir, err)
	}
	return a, a.update(ctx)
}

func (a *apt) configure(ctx context.Context, m mirrors) error {
	for _, sub := range []string{"lists/partial", "archives/partial"} {
		if err := os.MkdirAll(filepath.Join(a.dir, sub), 0o755); err != nil {
			return err
		}
	}
	// Proxies and the like are the machine's, hooks that change the machine are not.
	own, err := exec.CommandContext(ctx, "apt-config", "dump", "Acquire::http", "Acquire::https").Output()
	if err != nil {
		return fmt.Errorf("read the machine's settings with apt-config: %w", err)
	}
	var sources strings.Builder
	for _, s := range m.suites() {
		fmt.Fprintf(&sources, "deb [arch=amd64,arm64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n", s[0], s[1])
	}
	return errors.Join(
		os.WriteFile(a.path("status"), nil, 0o644),
		os.WriteFile(a.path("sources.list"), []byte(sources.String()), 0o644),
		os.WriteFile(a.path("apt.conf"), []byte(fmt.Sprintf(aptConf, a.dir, own)), 0o644),
	)
}

const aptConf = `Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "%[1]s/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "%[1]s";
Dir::State::status "%[1]s/status";
Dir::Cache "%[1]s";
APT::Architecture "amd64";
APT::Architectures { "amd64"; "arm64"; };
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
%[2]s`

func (a *apt) path(name string) string { return filepath.Join(a.dir, name) }

// update gets the lists of packages, unless they are there and fresh. Where
// some cannot be had, the kernels may be found in the others or in old ones.
func (a *apt) update(ctx context.Context) error {
	stamp := a.path("updated")
	info, err := os.Stat(stamp)
	if err == nil && time.Since(info.ModTime()) < listsAge {
		return nil
	}
	if _, err := a.run(ctx, "apt-get", "-q", "update"); err != nil {
		a.outdated = fmt.Errorf("the lists of packages are not up to date: %w", err)
		fmt.Println(a.outdated)
		return nil
	}
	return os.WriteFile(stamp, nil, 0o644)
}

// run returns what a command of apt writes. Its error has the first complaint of the command.
func (a *apt) run(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = a.path("archives")
	cmd.Env = append(os.Environ(), "APT_CONFIG="+a.path("apt.conf"), "LC_ALL=C")
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(complaints.String()), "\n")
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, first)
	}
	return string(out), nil
}
