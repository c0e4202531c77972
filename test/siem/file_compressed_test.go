//go:build linux

package siem

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/copywatch/copywatch/internal/testhost"
)

// readCompressed reads what a file exporter with compression wrote: frames of
// zstd, each behind its length in four bytes. A frame at the end that is not
// whole yet is left out. zstd itself unpacks the frames, which makes one JSON
// document after another, without a line end between them.
func readCompressed(t *testing.T, path string) (records []plog.LogRecord) {
	t.Helper()
	program := testhost.NeedCommand(t, "zstd", "zstd")
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	var frames bytes.Buffer
	for len(content) >= 4 {
		length := int(binary.BigEndian.Uint32(content))
		if len(content) < 4+length {
			break
		}
		frames.Write(content[4 : 4+length])
		content = content[4+length:]
	}
	if frames.Len() == 0 {
		return nil
	}
	cmd := exec.Command(program, "--decompress", "--stdout", "--quiet")
	cmd.Stdin = &frames
	unpacked, err := cmd.Output()
	require.NoError(t, err)
	documents := json.NewDecoder(bytes.NewReader(unpacked))
	for {
		var document json.RawMessage
		if err := documents.Decode(&document); errors.Is(err, io.EOF) {
			return records
		} else {
			require.NoError(t, err)
		}
		logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(document)
		require.NoError(t, err)
		records = append(records, recordsOf(logs)...)
	}
}
