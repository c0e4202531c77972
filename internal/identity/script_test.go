package identity

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/testhost"
)

func readScript(t testing.TB, path string) (string, error) {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	return ReadScript(f, info.Size())
}

func readScriptText(text string) (string, error) {
	return ReadScript(strings.NewReader(text), int64(len(text)))
}

func TestReadInstalledScripts(t *testing.T) {
	for _, tt := range []knownTool{
		{"rsync-ssl", "rsync", "rsync-ssl"},
		{"lftpget", "lftp", "lftpget"},
		{"s3cmd", "s3cmd", "s3cmd"},
		{"s4cmd", "s4cmd", "s4cmd"},
		{"aws", "awscli", "aws"},
		{"az", "azure-cli", "az"},
		{"swift", "python3-swiftclient", "swift"},
		{"openstack", "python3-openstackclient", "openstack"},
		{"backblaze-b2", "backblaze-b2", "b2"},
		{"gcloud", "google-cloud-cli", "gcloud"},
		{"wormhole", "magic-wormhole", "wormhole"},
		{"duplicity", "duplicity", "duplicity"},
		{"borg", "borgbackup", "borg"},
		{"yt-dlp", "yt-dlp", "yt-dlp"},
	} {
		t.Run(tt.command, func(t *testing.T) {
			// By its path: the one that is found first may be a shim of pyenv.
			path := testhost.WantCommand(t, "/usr/bin/"+tt.command, tt.debianPackage)
			tool, err := readScript(t, path)
			require.NoError(t, err)
			assert.Equal(t, tt.tool, tool)
		})
	}
}

// A script with the texts of one entry, and no more, is that tool, as long as it is not too long.
func TestEverySetOfScriptsIsFoundAlone(t *testing.T) {
	table, err := builtin()
	require.NoError(t, err)
	for _, set := range table.scripts.sets {
		text := "#!/bin/sh\n"
		for _, i := range set.markers {
			text += table.scripts.patterns.texts[i] + "\n"
		}
		tool, err := readScriptText(text)
		require.NoError(t, err)
		assert.Equal(t, set.tool, tool)
		if set.within != 0 {
			tool, err = readScriptText(text + strings.Repeat("#\n", int(set.within)))
			require.NoError(t, err)
			assert.Empty(t, tool, "a long one does more")
		}
	}
}

func TestReadScripts(t *testing.T) {
	const s4cmd = "\nSuper S3 command line tool.\nS4CMD_NUM_THREADS\n"
	far := strings.Repeat("# nothing\n", maxScript/10-10)
	tests := []struct{ name, text, tool string }{
		{"as it is", "#!/usr/bin/python3" + s4cmd, "s4cmd"},
		{"as far as it is read", "#!/usr/bin/python3\n" + far + s4cmd, "s4cmd"},
		{"further", "#!/usr/bin/python3\n" + far + far + s4cmd, ""},
		{"one text of two", "#!/usr/bin/python3\nSuper S3 command line tool.\n", ""},
		{"texts of two tools", "#!/bin/sh" + s4cmd + "S3cmd is a tool for managing objects in \nInvoke interactive (re)configuration tool.", ""},
		{"of every tool", "#!/bin/sh\n" + string(markersYAML), ""},
		{"of an executable", "#!/bin/sh\nusage: scp [-346ABC\nExecuting: program %s host %s, user %s, command %s\n", ""},
		{"a starter by pip", "#!/opt/venv/bin/python\nimport sys\nfrom oci_cli.cli import cli\nif __name__ == '__main__':\n    sys.argv[0] = sys.argv[0].removesuffix('.exe')\n    sys.exit(cli())\n", "oci"},
		{"which imports, but calls something else", "#!/opt/venv/bin/python\nfrom oci_cli.cli import cli\nsys.exit(other())\n", ""},
		{"no more than a first line", "#!/bin/sh", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tool, err := readScriptText(tt.text)
			require.NoError(t, err)
			assert.Equal(t, tt.tool, tool)
		})
	}
	for _, text := range []string{"", "#", "#!", "\x7fELF" + s4cmd, " #!/bin/sh" + s4cmd} {
		_, err := readScriptText(text)
		require.ErrorIs(t, err, ErrNotScript)
	}
	_, err := ReadScript(failing{bytes.NewReader([]byte("#!/bin/sh")), 0}, 9)
	require.EqualError(t, err, "identity: read script: stale file handle")
}

func FuzzReadScript(f *testing.F) {
	f.Add([]byte("#!/usr/bin/python3\nimport awscli.clidriver\nreturn awscli.clidriver.main()\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		count := &counting{ReaderAt: bytes.NewReader(data)}
		if _, err := ReadScript(count, int64(len(data))); err != nil && !errors.Is(err, ErrNotScript) {
			t.Error(err)
		}
		if count.read > maxScript+chunkSize || count.largest > chunkSize+maxOverlap {
			t.Errorf("read %d bytes, %d at once", count.read, count.largest)
		}
	})
}
