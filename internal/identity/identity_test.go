package identity

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/testhost"
)

type knownTool struct{ command, debianPackage, tool string }

// installed are the tools as Debian packages them.
var installed = []knownTool{
	{"ssh", "openssh-client", "ssh"},
	{"scp", "openssh-client", "scp"},
	{"sftp", "openssh-client", "sftp"},
	{"rsync", "rsync", "rsync"},
	{"curl", "curl", "curl"},
	{"wget", "wget", "wget"},
	{"wget2", "wget2", "wget2"},
	{"lftp", "lftp", "lftp"},
	{"tnftp", "tnftp", "ftp"},
	{"busybox", "busybox-static", "busybox"},
	{"tftp", "tftp-hpa", "tftp"},
	{"socat", "socat", "socat"},
	{"nc.openbsd", "netcat-openbsd", "nc"},
	{"nc.traditional", "netcat-traditional", "nc"},
	{"ncat", "ncat", "ncat"},
	{"smbclient", "smbclient", "smbclient"},
	{"s3fs", "s3fs", "s3fs"},
	{"sshfs", "sshfs", "sshfs"},
	{"aria2c", "aria2", "aria2c"},
	{"dbclient", "dropbear-bin", "dbclient"},
	{"iodine", "iodine", "iodine"},
	{"rclone", "rclone", "rclone"},
	{"restic", "restic", "restic"},
}

func readFile(t testing.TB, path string) (Identity, error) {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	return Read(f, info.Size())
}

func readAll(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

func readBytes(data []byte) (Identity, error) {
	return Read(bytes.NewReader(data), int64(len(data)))
}

func TestReadInstalledTools(t *testing.T) {
	for _, tt := range installed {
		t.Run(tt.command, func(t *testing.T) {
			path := testhost.WantCommand(t, tt.command, tt.debianPackage)
			data := readAll(t, path)
			renamed := filepath.Join(t.TempDir(), "kworker")
			require.NoError(t, os.WriteFile(renamed, data, 0o600))

			id, err := readFile(t, renamed)
			require.NoError(t, err)
			assert.Equal(t, tt.tool, id.Tool)
			assert.Equal(t, gnuBuildID(t, path), id.GNUBuildID)
		})
	}
}

// gnuBuildID reads the build id in another way: by the section headers.
func gnuBuildID(t *testing.T, path string) string {
	t.Helper()
	f, err := elf.Open(path)
	require.NoError(t, err)
	defer f.Close()
	section := f.Section(".note.gnu.build-id")
	if section == nil {
		return ""
	}
	data, err := section.Data()
	require.NoError(t, err)
	return hex.EncodeToString(data[16:])
}

// otherNames are those of executables that are neither the tool's nor an alias in the catalogue.
var otherNames = map[string]string{
	"nc.openbsd": "nc", "nc.traditional": "nc", "socat1": "socat", "ncftp3": "ncftp", "ncftpspooler": "ncftpbatch",
	"stunnel4": "stunnel", "libaria2.so": "aria2c", "gsutil.py": "gsutil", "s4cmd.py": "s4cmd", "backblaze-b2": "b2", "borgbackup": "borg", "borgfs": "borg", "smbclient.py": "impacket-smbclient", "smbserver.py": "impacket-smbserver",
}

// versionSuffix is what keeps versions of one program apart, as in kubectl.1.33.
var versionSuffix = regexp.MustCompile(`[.-][0-9][0-9.]*$`)

// Nothing on the machine may be taken for a tool that its package does not say it is.
func TestReadEveryExecutableOfTheMachine(t *testing.T) {
	executables := 0
	for _, dir := range []string{"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/lib/openssh", "/usr/libexec"} {
		identified, tools := readTree(t, dir)
		executables += len(tools)
		t.Logf("%s: %d executables and scripts, of which %d are tools", dir, len(tools), identified)
	}
	if executables == 0 {
		t.Skip("no ELF executables in the usual directories")
	}
}

// Packages of other releases and architectures, each unpacked with dpkg -x
// somewhere below one directory, show whether the markers hold there.
func TestReadUnpackedPackages(t *testing.T) {
	dir := os.Getenv("IDENTITY_PACKAGES")
	if dir == "" {
		t.Skip("optional: needs a directory of unpacked packages in IDENTITY_PACKAGES")
	}
	identified, tools := readTree(t, dir)
	t.Logf("%d executables and scripts, of which %d are tools", len(tools), identified)
	for path, id := range tools {
		// Up to Go 1.17 a program that was built without modules says nothing of itself.
		if id.Tool == "" && id.GoBuildID == "" && slices.ContainsFunc(installed, func(known knownTool) bool { return known.command == filepath.Base(path) }) {
			t.Errorf("%s is not identified", path)
		}
	}
}

// readTree reads all executables below dir, and returns what tool each is.
// Whatever is identified must have the name of that tool.
func readTree(t *testing.T, dir string) (identified int, tools map[string]Identity) {
	t.Helper()
	cat, err := catalogue.Load()
	require.NoError(t, err)
	tools = make(map[string]Identity)
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil
		}
		id, err := readFile(t, path)
		if errors.Is(err, ErrNotExecutable) {
			if id.Tool, err = readScript(t, path); errors.Is(err, ErrNotScript) {
				return nil
			}
		}
		assert.NoError(t, err, path)
		tools[path] = id
		if id.Tool != "" {
			identified++
			assert.Equal(t, toolOfName(cat, filepath.Base(path)), id.Tool, path)
		}
		return nil
	})
	require.NoError(t, err)
	return identified, tools
}

func toolOfName(cat *catalogue.Catalogue, name string) string {
	name = versionSuffix.ReplaceAllString(name, "")
	if tool, ok := cat.Lookup(name); ok {
		return tool.Name
	}
	if tool, ok := otherNames[name]; ok {
		return tool
	}
	return name
}

func TestReadTestBinary(t *testing.T) {
	path, err := os.Executable()
	require.NoError(t, err)
	id, err := readFile(t, path)
	if errors.Is(err, ErrNotExecutable) {
		t.Skip("the executables of this system are not ELF")
	}
	require.NoError(t, err)
	info, err := buildinfo.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, info.Main.Path, id.GoModule)
	// It carries the markers of all tools, and is none.
	assert.Empty(t, id.Tool)
}

func TestReadGoPrograms(t *testing.T) {
	goCommand := testhost.NeedCommand(t, "go", "golang-go")
	tests := []struct{ name, module, tool, goarch, flags string }{
		{"plain", "github.com/schollz/croc/v10", "croc", "amd64", "-trimpath"},
		{"stripped", "github.com/peak/s5cmd/v2", "s5cmd", "amd64", "-ldflags=-s -w"},
		{"position independent", "github.com/minio/mc", "mc", "amd64", "-buildmode=pie"},
		{"32 bit, big endian", "github.com/kopia/kopia", "kopia", "mips", "-trimpath"},
		{"unknown", "example.com/unknown", "", "amd64", "-trimpath"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module "+tt.module+"\n\ngo 1.24\n"), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\nfunc main() {}\n"), 0o600))
			build := exec.CommandContext(t.Context(), goCommand, "build", tt.flags, "-o", "kworker", ".")
			build.Dir = dir
			build.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+tt.goarch, "CGO_ENABLED=0",
				"GOWORK=off", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local")
			out, err := build.CombinedOutput()
			require.NoError(t, err, string(out))

			id, err := readFile(t, filepath.Join(dir, "kworker"))
			require.NoError(t, err)
			assert.Equal(t, tt.module, id.GoModule)
			assert.Equal(t, tt.tool, id.Tool)
			assert.Len(t, strings.Split(id.GoBuildID, "/"), 4)
		})
	}
}

func TestReadStaticProgramOfNothing(t *testing.T) {
	gcc := testhost.NeedCommand(t, "gcc", "gcc")
	dir := t.TempDir()
	source := filepath.Join(dir, "nothing.c")
	require.NoError(t, os.WriteFile(source, []byte("int main(void) { return 0; }\n"), 0o600))
	// Scp is its name, and all that it has of scp.
	program := filepath.Join(dir, "scp")
	if out, err := exec.CommandContext(t.Context(), gcc, "-static", "-s", "-Wl,--build-id=0xabcd", "-o", program, source).CombinedOutput(); err != nil {
		t.Skipf("needs a static libc (Debian package libc6-dev): %v: %s", err, out)
	}
	id, err := readFile(t, program)
	require.NoError(t, err)
	assert.Equal(t, Identity{GNUBuildID: "abcd"}, id)
}

// failing is a file of which the first bytes can be read.
type failing struct {
	io.ReaderAt
	from int64
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, errors.New("stale file handle")
	}
	return f.ReaderAt.ReadAt(p, off)
}

func TestReadErrors(t *testing.T) {
	file := forged{order: binary.LittleEndian, is64: true, segments: []forgedSegment{
		{kind: elf.PT_NOTE, content: note(binary.LittleEndian, "GNU\x00", noteGNUBuildID, []byte{1, 2}, 4)},
		{kind: elf.PT_LOAD, flags: elf.PF_R, content: make([]byte, 4096)},
	}}.bytes()
	size := int64(len(file))

	_, err := Read(failing{bytes.NewReader(file), 10}, size)
	require.EqualError(t, err, "identity: read ELF header: stale file handle")
	id, err := Read(failing{bytes.NewReader(file), 500}, size)
	require.EqualError(t, err, "identity: read executable: stale file handle")
	assert.Equal(t, Identity{GNUBuildID: "0102"}, id, "what was found before is returned")

	for name, data := range map[string][]byte{
		"empty": nil, "script": []byte("#!/bin/sh\n" + strings.Repeat("echo\n", 20)), "short": file[:63],
		"class": replace(file, elf.EI_CLASS, 3), "byte order": replace(file, elf.EI_DATA, 0), "object": replace(file, 16, byte(elf.ET_REL)),
	} {
		id, err := readBytes(data)
		require.ErrorIs(t, err, ErrNotExecutable, name)
		assert.Zero(t, id, name)
	}
}

func replace(data []byte, at int, value byte) []byte {
	changed := bytes.Clone(data)
	changed[at] = value
	return changed
}
