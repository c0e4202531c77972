package netfilecopyprocessor

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAppendText(t *testing.T) {
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"empty", "", 10, ""},
		{"plain", "scp f h:", 10, "scp f h:"},
		{"other scripts", "é文😀", 20, "é文😀"},
		{"exactly full", "0123456789", 10, "0123456789"},
		{"one too many", "0123456789a", 10, "0123456…"},
		{"no character is halved", "12345文文文", 10, "12345…"},
		{"no escape is halved", "123\x01\x01", 10, `123\x01…`},
		{"newline, return, tab, NUL", "a\n\r\t\x00", 20, `a\n\r\t\x00`},
		{"escape sequence", "\x1b[31m", 20, `\x1b[31m`},
		{"C1 control", "\u0085\u009b", 20, `\xc2\x85\xc2\x9b`},
		{"line and paragraph separators", "\u2028\u2029", 24, `\xe2\x80\xa8\xe2\x80\xa9`},
		{"direction of writing", "\u202e\u2066", 24, `\xe2\x80\xae\xe2\x81\xa6`},
		{"invisible", "\u200b\ufeff\u00ad", 32, `\xe2\x80\x8b\xef\xbb\xbf\xc2\xad`},
		{"beyond the basic plane", "\U000e0001", 20, `\xf3\xa0\x80\x81`},
		{"not UTF-8", "a\xff\xc3\x28\xed\xa0\x80", 40, `a\xff\xc3(\xed\xa0\x80`},
		{"replacement character", "\ufffd", 20, "\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, "> "+tt.want, string(appendText([]byte("> "), tt.in, tt.limit)))
		})
	}
}

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
			assert.Equal(t, tt.want, joinArgs(slices.Values(tt.args)))
		})
	}
}

func TestJoinArgsReadsNoMoreThanIsShown(t *testing.T) {
	read := 0
	line := joinArgs(func(yield func(string) bool) {
		for range 1000 {
			read++
			if !yield(strings.Repeat("x", 1<<20)) {
				return
			}
		}
	})
	assert.Equal(t, 1, read)
	assert.Greater(t, len(line), commandLineLimit, "or nothing would show that it was cut")
	assert.Less(t, len(line), 2*commandLineLimit)
}
