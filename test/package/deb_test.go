//go:build linux

package packaging

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/schema"
	"github.com/copywatch/copywatch/internal/testprocess"
)

// The life of the Debian package: with systemd the service is enabled and
// started, sees copies, takes over at an upgrade, and leaves nothing when it is purged.
func TestDebianPackage(t *testing.T) {
	needTime(t)
	needRoot(t)
	next := stage(t)
	before := stage(t)
	writeFile(t, before+"/etc/copywatch/config.yaml", "# of the version before\n"+readFile(t, before+"/etc/copywatch/config.yaml"))
	old, latest := pack(t, before, oldVersion, "deb"), pack(t, next, newVersion, "deb")
	root := makeDebian(t, "openssh-client", "curl")

	requireChrootInstall(t, root, latest)
	m := boot(t, root)
	m.put(t, old, "/root/old.deb", 0o644)
	m.put(t, latest, "/root/new.deb", 0o644)

	m.must(t, "dpkg", "--install", "/root/old.deb")
	require.Equal(t, "active enabled", m.state())
	m.requireReady(t)
	requireModes(t, m)
	requireHardened(t, m)
	requireCopies(t, m)
	requireCarefulReload(t, m)
	requireReadyConfiguration(t, m)
	requireUpgrade(t, m)
	requireStaysDisabled(t, m)
	requireRemoval(t, m)
}

// requireChrootInstall installs and purges where systemd does not run, as in an image that is built.
func requireChrootInstall(t *testing.T, root, deb string) {
	t.Helper()
	content, err := os.ReadFile(deb)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(root+"/root/first.deb", content, 0o600))
	must(t, "chroot", root, "dpkg", "--install", "/root/first.deb")
	require.Contains(t, must(t, "chroot", root, "otelcol-copywatch", "--version"), newVersion)
	require.FileExists(t, root+"/etc/systemd/system/multi-user.target.wants/copywatch.service", "enabled for the first boot")
	must(t, "chroot", root, "dpkg", "--purge", "copywatch")
	requireNothingLeft(t, root)
}

// requireModes compares what is there with what the package lists.
func requireModes(t *testing.T, m *machine) {
	t.Helper()
	for name, want := range installed {
		require.Equal(t, want, m.must(t, "stat", "--format=%A %U/%G", name), name)
	}
}

// requireHardened wants of the running collector what the unit says.
func requireHardened(t *testing.T, m *machine) {
	t.Helper()
	pid := m.mainPID()
	status := m.must(t, "cat", "/proc/"+pid+"/status")
	// CAP_SYS_PTRACE is 19, CAP_PERFMON 38, CAP_BPF 39.
	for _, set := range []string{"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"} {
		require.Contains(t, status, set+":\t000000c000080000\n")
	}
	for _, line := range []string{"NoNewPrivs:\t1\n", "Seccomp:\t2\n"} {
		require.Contains(t, status, line)
	}
	require.Equal(t, "copywatch", m.must(t, "stat", "--format=%U", "/proc/"+pid))
	var writable []string
	for line := range strings.Lines(m.must(t, "cat", "/proc/"+pid+"/mounts")) {
		if fields := strings.Fields(line); strings.HasPrefix(fields[3], "rw") {
			writable = append(writable, fields[1])
		}
	}
	for _, dir := range []string{"/", "/usr", "/home", "/tmp", "/etc", "/sys/fs/cgroup", "/proc/sys"} {
		require.NotContains(t, writable, dir)
	}
	require.Contains(t, writable, "/var/log/copywatch")
	require.Contains(t, writable, "/var/lib/copywatch")
}

// requireCopies runs tools, also under other names and where options of the unit could hide them.
func requireCopies(t *testing.T, m *machine) {
	t.Helper()
	logs := m.root + "/var/log/copywatch"
	_, _ = m.command("curl", "--silent", "--upload-file", "/etc/hostname", "http://127.0.0.1:1/").Output() // nobody answers
	curl := awaitCopy(t, logs, "curl")
	require.Equal(t, "upload", curl[schema.Direction])
	require.Equal(t, "root", curl[schema.UserName])

	m.must(t, "mkdir", "--parents", "/home/ana")
	for name, dir := range map[string]string{"in-home": "/home/ana", "in-tmp": "/tmp", "in-shm": "/dev/shm"} {
		path := filepath.Join(dir, name)
		m.must(t, "cp", "/usr/bin/scp", path)
		_, _ = m.command(path, "/etc/hostname", "deploy@127.0.0.1:/in/").Output()
		scp := awaitCopy(t, logs, name)
		require.Equal(t, "scp", scp[schema.Tool], path)
		require.Equal(t, "scp", scp[schema.ExecutableOriginalName], "%s was looked into", path)
	}
}

// requireCarefulReload reloads a configuration with a mistake, which leaves the
// collector as it is, and one without.
func requireCarefulReload(t *testing.T, m *machine) {
	t.Helper()
	file := m.root + "/etc/copywatch/config.yaml"
	good, pid := readFile(t, file), m.mainPID()
	writeFile(t, file, "receivers: {no_such_receiver: }\n")
	require.Error(t, m.command("systemctl", "reload", "copywatch").Run())
	require.Equal(t, pid, m.mainPID())
	require.Equal(t, "active enabled", m.state())
	writeFile(t, file, good)
	m.must(t, "systemctl", "reload", "copywatch")
	reloaded := testprocess.Await(func() bool {
		return strings.Count(m.says("journalctl", "--unit=copywatch", "--output=cat", "_PID="+pid), "Everything is ready.") == 2
	})
	require.True(t, reloaded)
	require.Equal(t, pid, m.mainPID())
}

// requireReadyConfiguration has the environment name configurations of the
// package, one for a SIEM (which is not there) and one that is merged into it.
func requireReadyConfiguration(t *testing.T, m *machine) {
	t.Helper()
	require.NoError(t, os.WriteFile(m.root+"/etc/hosts", []byte("127.0.0.1 localhost\n"), 0o644)) // the health check listens there
	file := m.root + "/etc/copywatch/environment"
	before := readFile(t, file)
	writeFile(t, file, before+`
COPYWATCH_CONFIG=/usr/share/copywatch/config/splunk.yaml
COPYWATCH_OPTIONS=--config=/usr/share/copywatch/config/events-file.yaml
SPLUNK_HEC_URL=https://127.0.0.1:1/services/collector
SPLUNK_HEC_TOKEN=token
`)
	m.must(t, "systemctl", "restart", "copywatch")
	m.requireReady(t)
	require.Equal(t, "copywatch", m.must(t, "stat", "--format=%U", "/var/lib/copywatch/queue"), "what is not delivered is kept")
	written := testprocess.Await(func() bool {
		info, err := os.Stat(m.root + "/var/log/copywatch/events.json.zst")
		return err == nil && info.Size() > 0
	})
	require.True(t, written, "every exec goes to the file of the second configuration")
	writeFile(t, file, before)
	m.must(t, "systemctl", "restart", "copywatch")
	m.requireReady(t)
}

// requireUpgrade wants the new version to run, with the configuration as the
// administrator has changed it: also where the package has changed it too.
func requireUpgrade(t *testing.T, m *machine) {
	t.Helper()
	const mark = "# changed by the administrator\n"
	for _, name := range configurations {
		writeFile(t, m.root+name, mark+readFile(t, m.root+name))
	}
	pid := m.mainPID()
	m.must(t, "dpkg", "--force-confold", "--install", "/root/new.deb")
	require.Equal(t, newVersion+"-1", m.must(t, "dpkg-query", "--show", "--showformat=${Version}", "copywatch"))
	for _, name := range configurations {
		require.Contains(t, m.read(t, name), mark)
	}
	require.FileExists(t, m.root+"/etc/copywatch/config.yaml.dpkg-dist")
	requireModes(t, m)
	require.Equal(t, "active enabled", m.state())
	require.NotEqual(t, pid, m.mainPID())
	m.requireReady(t)
}

// requireStaysDisabled wants an upgrade to leave alone what the administrator has switched off.
func requireStaysDisabled(t *testing.T, m *machine) {
	t.Helper()
	m.must(t, "systemctl", "disable", "--now", "copywatch")
	m.must(t, "dpkg", "--force-confold", "--install", "/root/new.deb")
	require.Equal(t, "inactive disabled", m.state())
	m.must(t, "systemctl", "enable", "--now", "copywatch")
	require.Equal(t, "active enabled", m.state())
}

// requireRemoval removes, which keeps configuration and records, and purges.
func requireRemoval(t *testing.T, m *machine) {
	t.Helper()
	m.must(t, "dpkg", "--remove", "copywatch")
	require.Contains(t, m.state(), "inactive")
	require.NoFileExists(t, m.root+"/usr/bin/otelcol-copywatch")
	for _, name := range append(configurations, "/var/log/copywatch/matches.json") {
		require.FileExists(t, m.root+name)
	}
	m.must(t, "dpkg", "--purge", "copywatch")
	requireNothingLeft(t, m.root)
}

func requireNothingLeft(t *testing.T, root string) {
	t.Helper()
	for name := range installed {
		require.NoFileExists(t, root+name)
		require.NoDirExists(t, root+name)
	}
	require.NoFileExists(t, root+"/etc/systemd/system/multi-user.target.wants/copywatch.service")
	for _, name := range []string{"/etc/passwd", "/etc/group", "/etc/shadow"} {
		require.NotContains(t, readFile(t, root+name), "copywatch")
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(content)
}

// writeFile changes the content of a file and nothing else of it.
func writeFile(t *testing.T, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
}
