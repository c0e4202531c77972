package netfilecopyprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/copywatch/copywatch/internal/grammar"
)

func TestAFaultOfAGrammarEndsNothing(t *testing.T) {
	p := newProcessor(t, Config{})
	core, logged := observer.New(zapcore.ErrorLevel)
	p.logger = zap.New(core)
	e := newExecution()
	e.ExecutablePath = "/usr/bin/git-shell"
	read := func(toolIsKnown bool) (m match, ok bool) {
		defer p.survive(e, &m, &ok)
		if toolIsKnown {
			m.Tool, _ = p.catalogue.Lookup("git")
		}
		var words []string
		return match{transfer: grammar.Transfer{LocalPaths: words[1:]}}, false
	}
	m, ok := read(true)
	require.True(t, ok, "it is a match all the same")
	assert.Equal(t, grammar.Unknown, m.transfer.Direction)
	assert.Equal(t, "git", m.Tool.Name)
	_, ok = read(false)
	assert.False(t, ok, "of what, is not known")
	require.Equal(t, 2, logged.Len())
	fields := logged.All()[0].ContextMap()
	assert.Equal(t, "/usr/bin/git-shell", fields["process.executable.path"])
	assert.Contains(t, fields["fault"], "slice bounds out of range")
	assert.Contains(t, fields["stack"], "survive_test.go")
}
