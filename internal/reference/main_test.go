package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDocumentsAreCurrent(t *testing.T) {
	documents, err := print()
	require.NoError(t, err)
	for name, want := range documents {
		got, err := os.ReadFile(filepath.Join("../../docs", name))
		require.NoError(t, err)
		assert.True(t, string(got) == want, "docs/%s is not what the data says: make generate", name)
		assert.False(t, strings.HasPrefix(want[strings.Index(want, "-->"):], "# "), "%s has two titles", name)
	}
}

func TestWriteNamesWhatItCannotWrite(t *testing.T) {
	assert.ErrorContains(t, write(filepath.Join(t.TempDir(), "missing")), "missing")
}
