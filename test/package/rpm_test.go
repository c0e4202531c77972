//go:build linux

package packaging

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The life of the rpm package, in a Debian that has rpm: it is neither enabled
// against the presets nor started, an upgrade restarts what runs, and a
// configuration that was changed is kept.
func TestRPMPackage(t *testing.T) {
	needTime(t)
	needRoot(t)
	next := stage(t)
	before := stage(t)
	writeFile(t, before+"/etc/copywatch/config.yaml", "# of the version before\n"+readFile(t, before+"/etc/copywatch/config.yaml"))
	old, latest := pack(t, before, oldVersion, "rpm"), pack(t, next, newVersion, "rpm")
	m := boot(t, makeDebian(t, "rpm", "curl"))
	m.put(t, old, "/root/old.rpm", 0o644)
	m.put(t, latest, "/root/new.rpm", 0o644)
	rpm := func(args ...string) string { // its database knows nothing of the system that it is in
		return m.must(t, append([]string{"rpm", "--force-debian", "--nodeps"}, args...)...)
	}

	rpm("--install", "/root/old.rpm")
	requireModes(t, m)
	require.Equal(t, "inactive enabled", m.state(), "Debian's preset enables what is installed")
	m.must(t, "systemctl", "start", "copywatch")
	m.requireReady(t)
	_, _ = m.command("curl", "--silent", "--upload-file", "/etc/hostname", "http://127.0.0.1:1/").Output() // nobody answers
	awaitCopy(t, m.root+"/var/log/copywatch", "curl")

	pid, changed := m.mainPID(), "# changed by the administrator\n"
	writeFile(t, m.root+"/etc/copywatch/config.yaml", changed+m.read(t, "/etc/copywatch/config.yaml"))
	rpm("--upgrade", "/root/new.rpm")
	require.Contains(t, m.read(t, "/etc/copywatch/config.yaml"), changed)
	require.FileExists(t, m.root+"/etc/copywatch/config.yaml.rpmnew")
	requireModes(t, m)
	require.Equal(t, "active enabled", m.state())
	require.NotEqual(t, pid, m.mainPID())
	m.requireReady(t)

	rpm("--erase", "copywatch")
	require.Contains(t, m.state(), "inactive")
	require.NoFileExists(t, m.root+"/usr/bin/otelcol-copywatch")
	require.NoFileExists(t, m.root+"/etc/systemd/system/multi-user.target.wants/copywatch.service")
	require.FileExists(t, m.root+"/etc/copywatch/config.yaml.rpmsave")
	require.FileExists(t, m.root+"/var/log/copywatch/matches.json", "what was recorded is kept")
	require.Contains(t, m.read(t, "/etc/passwd"), "copywatch")
}
