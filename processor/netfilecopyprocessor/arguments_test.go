package netfilecopyprocessor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestJoinArgs(t *testing.T) {
	long := strings.Repeat("文", 500)
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"none", nil, ""},
		{"quoted where a shell needs it", []string{"scp", "", "a b", "it's", "h:"}, `scp '' 'a b' 'it'\''s' h:`},
		{"first one empty", []string{"", "a"}, "'' a"},
		{"controls", []string{"a\nb"}, `$'a\nb'`},
		{"cut between characters", []string{long, "never seen"}, "'" + long[:1026] + "'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, joinArgs(tt.args))
		})
	}
}

func TestJoinArgsWritesNoMoreThanIsShown(t *testing.T) {
	args := make([]string, 1000)
	for i := range args {
		args[i] = strings.Repeat("x", 1<<20)
	}
	line := joinArgs(args)
	assert.Greater(t, len(line), commandLineLimit, "or nothing would show that it was cut")
	assert.Less(t, len(line), 2*commandLineLimit)
}
