package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMirrorsOfBothFormats(t *testing.T) {
	want := mirrors{debian: "http://mirror.example/debian", security: "http://mirror.example/debian-security"}
	for _, test := range []struct{ name, sources string }{
		{"deb822", "Types: deb\n# URIs: http://old.example/debian\nURIs: http://mirror.example/debian/\nSuites: trixie\n\n" +
			"Types: deb\nURIs: http://mirror.example/debian-security\nSuites: trixie-security\n"},
		{"one line each", "# deb http://old.example/debian sid main\n" +
			"deb [signed-by=/usr/share/keyrings/k.gpg arch=amd64] http://mirror.example/debian trixie main\n" +
			"deb-src http://source.example/debian trixie main\n" +
			"deb http://mirror.example/debian-security/ trixie-security main\n"},
		{"others between them", "deb https://vendor.example/apt stable main\n" +
			"URIs: http://mirror.example/debian http://mirror.example/debian-security\n" +
			"deb http://second.example/debian sid main\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var m mirrors
			m.add(test.sources)
			assert.Equal(t, want, m)
		})
	}
}

func TestMachineMirrors(t *testing.T) {
	etc := t.TempDir()
	_, err := machineMirrors(etc)
	assert.ErrorContains(t, err, "no source of apt in "+etc+" is a Debian mirror")

	require.NoError(t, os.Mkdir(filepath.Join(etc, "sources.list.d"), 0o700))
	list := filepath.Join(etc, "sources.list.d", "debian.sources")
	require.NoError(t, os.WriteFile(list, []byte("URIs: http://mirror.example/debian\n"), 0o600))
	m, err := machineMirrors(etc)
	require.NoError(t, err)
	assert.Len(t, m.suites(), 4, "without a mirror of the security archive")
}
